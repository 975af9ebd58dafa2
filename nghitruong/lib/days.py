"""Civil dates: days, working days and months, with the days off of a calendar.

A period «not later than N days before» that ends on a day off is met on the last working day
before it; one that runs forward ends on the next working day (Bộ luật Dân sự 2015, Điều 148(5)).
The day the period is counted from is not counted itself (Điều 147(2)).
"""

from __future__ import annotations

import calendar as _calendar
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Final, Literal

Unit = Literal["day", "working_day", "month"]
Direction = Literal["before", "after"]
_DAY: Final = timedelta(days=1)
WEEKDAYS: Final = ("Thứ Hai", "Thứ Ba", "Thứ Tư", "Thứ Năm", "Thứ Sáu", "Thứ Bảy", "Chủ nhật")


@dataclass(frozen=True, slots=True)
class HolidayCalendar:
    """Which days are off: Saturday and Sunday, plus `days_off`, minus `working_weekends`.

    `working_weekends` are Saturdays and Sundays worked in exchange (làm bù); a date in both sets
    is a day off.
    """

    days_off: frozenset[date] = field(default_factory=frozenset)
    working_weekends: frozenset[date] = field(default_factory=frozenset)

    def is_day_off(self, day: date) -> bool:
        if day in self.days_off:
            return True
        return day.weekday() >= 5 and day not in self.working_weekends

    def roll(self, day: date, direction: Direction) -> date:
        """`day` itself, or the nearest working day before or after it.

        Raises ValueError when a whole year holds no working day.
        """
        step = -_DAY if direction == "before" else _DAY
        for _ in range(366):
            if not self.is_day_off(day):
                return day
            day += step
        raise ValueError("no working day within a year")

    def add_working_days(self, day: date, amount: int, direction: Direction) -> date:
        """The `amount`-th working day before or after `day`; `day` itself is not counted."""
        step = -_DAY if direction == "before" else _DAY
        for _ in range(amount):
            day = self.roll(day + step, direction)
        return day


@dataclass(frozen=True, slots=True)
class Deadline:
    """`nominal` is the date counted by the law's number, `due` the working day it is met on."""

    nominal: date
    due: date


def add_months(day: date, months: int) -> date:
    """The same day of another month, or that month's last day (31/01 + 1 month = 28/02)."""
    index = day.year * 12 + day.month - 1 + months
    year, month = divmod(index, 12)
    last = _calendar.monthrange(year, month + 1)[1]
    return date(year, month + 1, min(day.day, last))


def deadline(
    anchor: date, amount: int, unit: Unit, direction: Direction, calendar: HolidayCalendar
) -> Deadline:
    """The last day on which something due `amount` `unit`s before or after `anchor` is in time.

    Raises ValueError for a negative amount or an unknown unit.
    """
    if amount < 0:
        raise ValueError("amount must not be negative")
    sign = -1 if direction == "before" else 1
    if unit == "day":
        nominal = anchor + sign * amount * _DAY
    elif unit == "month":
        nominal = add_months(anchor, sign * amount)
    elif unit == "working_day":
        nominal = calendar.add_working_days(anchor, amount, direction)
        if amount:
            return Deadline(nominal, nominal)
    else:
        raise ValueError(f"unknown unit {unit!r}")
    return Deadline(nominal, calendar.roll(nominal, direction))


def weekday_name(day: date) -> str:
    return WEEKDAYS[day.weekday()]


def date_vn(day: date) -> str:
    """«08/12/2026»."""
    return f"{day.day:02d}/{day.month:02d}/{day.year:04d}"


def weekday_date_vn(day: date) -> str:
    """«Thứ Ba, ngày 08/12/2026»."""
    return f"{weekday_name(day)}, ngày {date_vn(day)}"


def date_words(day: date) -> str:
    """«ngày 08 tháng 12 năm 2026»: days under 10 and months 1, 2 with a zero (NĐ 30/2020)."""
    month = f"{day.month:02d}" if day.month <= 2 else str(day.month)
    return f"ngày {day.day:02d} tháng {month} năm {day.year}"
