"""Every deadline of a paper, counted over weekends, Tết and the days of September and May.

The dates were counted by hand on the calendar. «Not later than N days before» that falls on a day
off rolls back. Openings: an ordinary Tuesday; the Tuesday after Quốc khánh with its swapped days;
the Tuesday after Tết; a Friday after 30/4 and 1/5; a Monday, so that every seventh day is one.
"""

from __future__ import annotations

from datetime import date

import pytest

from nghitruong.council.councils.tests.factories import make_commune_council, make_council
from nghitruong.council.procedure.profiles import calendar_for, due_date, freeze, profile_for

pytestmark = pytest.mark.django_db


def day(text: str) -> date:
    number, month, year = (int(part) for part in text.split("/"))
    return date(year, month, number)


OPENINGS = [day(t) for t in ("8/12/2026", "8/9/2026", "16/2/2027", "8/5/2026", "6/7/2026")]

# rule: (levels, words of its article, the day it is due for each opening)
TABLE = {
    # §2: decision and notices
    "session.regular.decision_before": (
        "TX",
        "Điều 6",  # 20 days; 18/4/2026 is a Saturday
        ("18/11/2026", "19/8/2026", "27/1/2027", "17/4/2026", "16/6/2026"),
    ),
    "session.media_notice_before": (
        "T",
        "Điều 7(3)",  # 10 days: Saturday, Saturday, Saturday in Tết, Tuesday, Friday
        ("27/11/2026", "28/8/2026", "4/2/2027", "28/4/2026", "26/6/2026"),
    ),
    "session.special.media_notice_before": (
        "T",
        "Điều 7(3)",  # 3 days: Saturday, Saturday, Saturday, Tuesday, Friday
        ("4/12/2026", "4/9/2026", "12/2/2027", "5/5/2026", "3/7/2026"),
    ),
    # §2: papers to the delegates
    "session.documents_before": (
        "TX",
        "Điều 12(1)",  # 15 days; 21/6/2026 is a Sunday
        ("23/11/2026", "24/8/2026", "1/2/2027", "23/4/2026", "19/6/2026"),
    ),
    # §5: the dossier to the Ban, its report
    "verify.dossier_before": (
        "TX",
        "Điều 27(1)",
        ("23/11/2026", "24/8/2026", "1/2/2027", "23/4/2026", "19/6/2026"),
    ),
    "verify.report_before": (
        "TX",
        "Điều 27(3)",  # 5 working days: 31/8, 1/9 and 2/9, Tết, 30/4 and 1/5 are not counted
        ("1/12/2026", "27/8/2026", "2/2/2027", "29/4/2026", "29/6/2026"),
    ),
    # reports that other laws want before the opening
    "petition.agency_report_before": (
        "TX",
        "Điều 50(3)",  # 30 days: Sundays roll to Friday
        ("6/11/2026", "7/8/2026", "15/1/2027", "8/4/2026", "5/6/2026"),
    ),
    "question.impl_report": (
        "TX",
        "Điều 26(1)",
        ("18/11/2026", "19/8/2026", "27/1/2027", "17/4/2026", "16/6/2026"),
    ),
    "question.report": (
        "TX",
        "Điều 22(1)",  # 5 days: 11/2/2027 is Tết, 3/5/2026 a Sunday after two holidays
        ("3/12/2026", "3/9/2026", "4/2/2027", "29/4/2026", "1/7/2026"),
    ),
}


@pytest.mark.parametrize(("make", "level"), [(make_council, "T"), (make_commune_council, "X")])
def test_every_deadline_of_a_paper(make, level):
    council = make()
    calendar = calendar_for(council)
    snapshot = freeze(profile_for(council, date(2026, 4, 1)))  # as frozen on a session
    wrong = []
    for key, (levels, article, days) in TABLE.items():
        assert (key in snapshot["rules"]) == (level in levels), key
        if level not in levels:
            continue
        for opening, expected in zip(OPENINGS, days, strict=True):
            found = due_date(snapshot, key, opening, calendar)
            if found.due != day(expected) or article not in found.article:
                wrong.append(f"{key} {opening}: {found.due} ({found.article}), phải {expected}")
            assert not calendar.is_day_off(found.due)
            assert not found.overdue(found.due)
            assert found.overdue(date.fromordinal(found.due.toordinal() + 1))
    assert not wrong, "\n" + "\n".join(wrong)
