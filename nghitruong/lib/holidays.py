"""Days off of Vietnam, 2026 and 2027, as shipped; every installation and council may change them.

Fixed dates come from Bộ luật Lao động 45/2019/QH14, Điều 112. What the Government announces year
by year (which days around Tết and Quốc khánh, days swapped with a Saturday) is marked
`confirmed=False` until an administrator has compared it with the announcement.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from nghitruong.lib.days import HolidayCalendar

_LABOUR: Final = "Bộ luật Lao động 45/2019/QH14, Điều 112"
_YEARLY: Final = "Thông báo hằng năm về lịch nghỉ lễ, Tết"
_CULTURE: Final = "Nghị quyết 80-NQ/TW năm 2026 (Ngày Văn hóa Việt Nam)"


@dataclass(frozen=True, slots=True)
class Holiday:
    """One date of the calendar: a day off, or (`working`) a weekend day worked in exchange."""

    day: date
    name: str
    source: str
    confirmed: bool = True
    working: bool = False


def _run(first: date, count: int, name: str) -> list[Holiday]:
    return [
        Holiday(first + timedelta(days=i), name, _YEARLY, confirmed=False) for i in range(count)
    ]


VIETNAM: Final[tuple[Holiday, ...]] = (
    Holiday(date(2026, 1, 1), "Tết Dương lịch", _LABOUR),
    Holiday(date(2026, 1, 2), "Nghỉ hoán đổi Tết Dương lịch", _YEARLY, confirmed=False),
    Holiday(date(2026, 1, 10), "Làm bù ngày 02/01", _YEARLY, confirmed=False, working=True),
    *_run(date(2026, 2, 16), 5, "Tết Nguyên đán Bính Ngọ"),
    Holiday(date(2026, 4, 26), "Giỗ Tổ Hùng Vương (10/3 âm lịch)", _LABOUR),
    Holiday(date(2026, 4, 27), "Nghỉ bù Giỗ Tổ Hùng Vương", _LABOUR),
    Holiday(date(2026, 4, 30), "Ngày Chiến thắng", _LABOUR),
    Holiday(date(2026, 5, 1), "Ngày Quốc tế lao động", _LABOUR),
    Holiday(date(2026, 8, 22), "Làm bù ngày 31/8", _YEARLY, confirmed=False, working=True),
    Holiday(date(2026, 8, 31), "Nghỉ hoán đổi Quốc khánh", _YEARLY, confirmed=False),
    Holiday(date(2026, 9, 1), "Quốc khánh (ngày liền kề)", _YEARLY, confirmed=False),
    Holiday(date(2026, 9, 2), "Quốc khánh", _LABOUR),
    Holiday(date(2026, 11, 24), "Ngày Văn hóa Việt Nam", _CULTURE, confirmed=False),
    Holiday(date(2027, 1, 1), "Tết Dương lịch", _LABOUR),
    *_run(date(2027, 2, 5), 7, "Tết Nguyên đán Đinh Mùi (kể cả nghỉ bù)"),
    Holiday(date(2027, 4, 16), "Giỗ Tổ Hùng Vương (10/3 âm lịch)", _LABOUR),
    Holiday(date(2027, 4, 30), "Ngày Chiến thắng", _LABOUR),
    Holiday(date(2027, 5, 1), "Ngày Quốc tế lao động", _LABOUR),
    Holiday(date(2027, 5, 3), "Nghỉ bù Ngày Quốc tế lao động", _LABOUR),
    Holiday(date(2027, 9, 2), "Quốc khánh", _LABOUR),
    Holiday(date(2027, 9, 3), "Quốc khánh (ngày liền kề)", _YEARLY, confirmed=False),
    Holiday(date(2027, 11, 24), "Ngày Văn hóa Việt Nam", _CULTURE, confirmed=False),
)


def calendar_of(holidays: Iterable[Holiday] = VIETNAM) -> HolidayCalendar:
    """The calendar value that `nghitruong.lib.days` counts with."""
    rows = list(holidays)
    return HolidayCalendar(
        days_off=frozenset(row.day for row in rows if not row.working),
        working_weekends=frozenset(row.day for row in rows if row.working),
    )
