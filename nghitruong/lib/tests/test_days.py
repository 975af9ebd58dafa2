from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nghitruong.lib.days import (
    HolidayCalendar,
    add_months,
    date_words,
    deadline,
    weekday_date_vn,
)
from nghitruong.lib.holidays import VIETNAM, calendar_of

OPENING = date(2026, 12, 8)
dates = st.dates(date(2020, 1, 1), date(2030, 12, 31))
calendars = st.builds(
    HolidayCalendar,
    days_off=st.frozensets(dates, max_size=40),
    working_weekends=st.frozensets(dates, max_size=40),
)
units = st.sampled_from(["day", "working_day", "month"])
directions = st.sampled_from(["before", "after"])


@pytest.mark.parametrize("calendar", [HolidayCalendar(), calendar_of()], ids=["plain", "vietnam"])
@pytest.mark.parametrize(
    ("amount", "unit", "nominal", "due"),
    [
        (30, "day", date(2026, 11, 8), date(2026, 11, 6)),
        (15, "day", date(2026, 11, 23), date(2026, 11, 23)),
        (10, "day", date(2026, 11, 28), date(2026, 11, 27)),
        (5, "working_day", date(2026, 12, 1), date(2026, 12, 1)),
    ],
)
def test_deadlines_before_an_opening_roll_back(calendar, amount, unit, nominal, due):
    result = deadline(OPENING, amount, unit, "before", calendar)
    assert (result.nominal, result.due) == (nominal, due)


def test_a_deadline_after_rolls_forward_over_a_holiday():
    calendar = calendar_of()
    # 20 days from Friday 10/04/2026 is Thursday 30/04, a holiday; Friday 01/05 is one too.
    result = deadline(date(2026, 4, 10), 20, "day", "after", calendar)
    assert (result.nominal, result.due) == (date(2026, 4, 30), date(2026, 5, 4))


def test_working_days_skip_holidays_and_count_saturdays_worked_in_exchange():
    calendar = HolidayCalendar(frozenset({date(2026, 8, 31)}), frozenset({date(2026, 8, 22)}))
    assert calendar.add_working_days(date(2026, 8, 21), 1, "after") == date(2026, 8, 22)
    assert calendar.add_working_days(date(2026, 8, 28), 1, "after") == date(2026, 9, 1)


def test_months_end_on_the_last_day_of_a_short_month():
    assert add_months(date(2027, 1, 31), 1) == date(2027, 2, 28)
    assert add_months(date(2028, 2, 29), -12) == date(2027, 2, 28)
    assert add_months(date(2026, 11, 21), 2) == date(2027, 1, 21)


def test_nonsense_is_refused():
    with pytest.raises(ValueError):
        deadline(OPENING, -1, "day", "before", HolidayCalendar())
    with pytest.raises(ValueError):
        deadline(OPENING, 1, "week", "before", HolidayCalendar())
    every_day = frozenset(OPENING - timedelta(days=i) for i in range(400))
    with pytest.raises(ValueError):
        HolidayCalendar(every_day).roll(OPENING, "before")


@given(
    dates,
    st.integers(0, 90),
    st.sampled_from(["day", "working_day", "month"]),
    directions,
    calendars,
)
def test_a_due_date_is_a_working_day_on_the_safe_side(anchor, amount, unit, direction, calendar):
    result = deadline(anchor, amount, unit, direction, calendar)
    assert not calendar.is_day_off(result.due)
    if direction == "before":
        assert result.due <= result.nominal <= anchor
        between = (result.nominal - result.due).days
        assert all(calendar.is_day_off(result.nominal - timedelta(days=i)) for i in range(between))
    else:
        assert result.due >= result.nominal >= anchor


@given(dates, st.integers(1, 60), directions, calendars)
def test_working_days_counted_one_by_one_are_that_many(anchor, amount, direction, calendar):
    end = calendar.add_working_days(anchor, amount, direction)
    low, high = sorted((anchor, end))
    days = [low + timedelta(days=i) for i in range((high - low).days + 1)]
    days.remove(anchor)
    assert sum(not calendar.is_day_off(day) for day in days) == amount


@given(dates, st.integers(0, 60), st.sampled_from(["day", "working_day"]), directions, calendars)
def test_more_days_are_never_nearer(anchor, amount, unit, direction, calendar):
    near = deadline(anchor, amount, unit, direction, calendar).due
    far = deadline(anchor, amount + 1, unit, direction, calendar).due
    assert far <= near if direction == "before" else far >= near


def test_shipped_holidays_name_their_source_and_are_each_given_once():
    assert len({row.day for row in VIETNAM}) == len(VIETNAM)
    assert all(row.source and row.name for row in VIETNAM)
    assert {2026, 2027} == {row.day.year for row in VIETNAM}
    assert all(row.day.weekday() >= 5 for row in VIETNAM if row.working)
    for year in (2026, 2027):
        off = [row for row in VIETNAM if row.day.year == year and not row.working]
        # 11 days by the Labour Code (1 + 5 + 1 + 1 + 1 + 2); more only through exchanges.
        assert len(off) >= 11


def test_dates_are_written_as_officials_write_them():
    assert weekday_date_vn(OPENING) == "Thứ Ba, ngày 08/12/2026"
    assert date_words(date(2026, 2, 5)) == "ngày 05 tháng 02 năm 2026"
    assert date_words(date(2026, 3, 15)) == "ngày 15 tháng 3 năm 2026"
