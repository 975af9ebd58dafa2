import json
from datetime import date
from fractions import Fraction

import pytest
from django_scopes import scope

from nghitruong.council.councils.roles import Actor
from nghitruong.council.councils.tests.factories import (
    make_cast,
    make_commune_council,
    make_council,
)
from nghitruong.council.procedure import actions
from nghitruong.council.procedure.models import Holiday, RuleOverride
from nghitruong.council.procedure.profiles import (
    calendar_for,
    due_date,
    freeze,
    holiday_rows,
    profile_for,
    ratio,
    verify_snapshot,
)
from nghitruong.lib.days import HolidayCalendar
from nghitruong.platform.audit.models import Entry
from nghitruong.platform.errors import NotAllowed, Refused

pytestmark = pytest.mark.django_db
OPENING = date(2026, 12, 8)


@pytest.fixture
def council():
    return make_council()


def override(council, key="session.documents_before", value="10", **more):
    with scope(council=council.pk):
        options = {"reason": "Quy chế riêng", "valid_from": date(2026, 10, 1), **more}
        return actions.override_rule(key, value, by=Actor.system(council), **options)


@pytest.mark.parametrize(
    ("key", "nominal", "due", "article"),
    [
        ("question.call", date(2026, 11, 8), date(2026, 11, 6), "Điều 19(1)"),
        ("session.documents_before", date(2026, 11, 23), date(2026, 11, 23), "Điều 12(1)"),
        ("question.choose", date(2026, 11, 28), date(2026, 11, 27), "Điều 21(2)"),
        ("verify.report_before", date(2026, 12, 1), date(2026, 12, 1), "Điều 27(3)"),
    ],
)
def test_deadlines_of_a_real_session_roll_back(council, key, nominal, due, article):
    snapshot = freeze(profile_for(council, OPENING))
    found = due_date(snapshot, key, OPENING, calendar_for(council))
    assert (found.nominal, found.due) == (nominal, due)
    assert article in found.article
    assert found.overdue(date(2026, 12, 8))
    assert not found.overdue(due)


def test_fixed_dates_and_days_of_a_month_are_deadlines_too(council):
    snapshot = freeze(profile_for(council, OPENING))
    calendar = HolidayCalendar()
    # 20/12/2026 is a Sunday; 25/10/2026 too.
    found = due_date(snapshot, "oversight.committee_programme_by", OPENING, calendar)
    assert (found.nominal, found.due) == (date(2026, 12, 20), date(2026, 12, 18))
    found = due_date(snapshot, "oversight.monthly_report_by", date(2026, 10, 2), calendar)
    assert (found.nominal, found.due) == (date(2026, 10, 25), date(2026, 10, 23))


def test_what_is_no_deadline_says_so(council):
    snapshot = freeze(profile_for(council, OPENING))
    with pytest.raises(ValueError):
        due_date(snapshot, "vote.majority", OPENING, HolidayCalendar())
    with pytest.raises(KeyError):
        due_date(snapshot, "no.such.rule", OPENING, HolidayCalendar())
    with pytest.raises(ValueError):
        ratio(snapshot, "question.call")


def test_majorities_are_exact_fractions(council):
    snapshot = freeze(profile_for(council, OPENING))
    assert ratio(snapshot, "vote.majority") == (Fraction(1, 2), True)
    assert ratio(snapshot, "vote.recall_majority") == (Fraction(2, 3), False)


def test_a_snapshot_is_json_keeps_its_hash_and_notices_a_change(council):
    snapshot = freeze(profile_for(council, OPENING))
    again = json.loads(json.dumps(snapshot))
    assert again == snapshot
    assert verify_snapshot(again)
    again["rules"]["vote.majority"]["value"] = "1/3"
    assert not verify_snapshot(again)


def test_a_councils_own_value_wins_from_its_day_and_a_frozen_session_keeps_the_old(council):
    before = freeze(profile_for(council, OPENING))
    override(council)
    assert profile_for(council, date(2026, 9, 30))["session.documents_before"] == 15
    after = profile_for(council, OPENING)
    assert after["session.documents_before"] == 10
    assert after.hash != before["hash"]
    assert before["rules"]["session.documents_before"]["value"] == 15
    entry = freeze(after)["rules"]["session.documents_before"]
    assert (entry["default"], entry["reason"]) == (15, "Quy chế riêng")
    with scope(council=council.pk):
        logged = Entry.objects.get(action="procedure.override_rule")
    assert logged.payload["default"] == 15


def test_the_newest_value_wins_and_can_be_taken_back(council):
    override(council, value="10")
    override(council, value="12")
    assert profile_for(council, OPENING)["session.documents_before"] == 12
    with scope(council=council.pk):
        actions.reset_rule(
            "session.documents_before",
            reason="theo mẫu",
            by=Actor.system(council),
            valid_from=date(2026, 10, 1),
        )
    assert profile_for(council, OPENING)["session.documents_before"] == 15


def test_what_the_law_fixes_changes_only_with_a_legal_text(council):
    with pytest.raises(Refused) as refused:
        override(council, "vote.majority", "2/3")
    assert refused.value.code == "basis_missing"
    assert "Điều 35" in refused.value.article
    override(council, "vote.majority", "2/3", legal_basis="Luật X, Điều 1")
    assert "Luật X" in profile_for(council, OPENING).rules["vote.majority"].article


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("session.documents_before", "mười"),
        ("session.documents_before", "-1"),
        ("session.documents_before", "5000"),
        ("session.quorum_ratio", "3/2"),
        ("session.quorum_ratio", "0/3"),
        ("vote.only_present", "maybe"),
    ],
)
def test_a_value_that_does_not_fit_is_refused(council, key, value):
    with pytest.raises(Refused) as refused:
        override(council, key, value)
    assert refused.value.code == "bad_value"


def test_a_reason_is_always_needed(council):
    with pytest.raises(Refused) as refused:
        override(council, reason="  ")
    assert refused.value.code == "reason_missing"


def test_a_commune_cannot_override_a_provinces_rule():
    commune = make_commune_council()
    with pytest.raises(Refused) as refused:
        override(commune, "session.media_notice_before", "5")
    assert refused.value.code == "unknown_rule"


def test_delegates_do_not_change_rules(council):
    cast = make_cast(council)
    with scope(council=council.pk), pytest.raises(NotAllowed):
        actions.override_rule("session.documents_before", "10", reason="x", by=cast.delegates[0])


def test_one_councils_value_does_not_bind_another(council):
    override(council)
    commune = make_commune_council()
    assert profile_for(commune, OPENING)["session.documents_before"] == 15
    with scope(council=commune.pk):
        assert not RuleOverride.objects.exists()


def test_a_councils_own_day_off_moves_its_deadlines_only(council):
    commune = make_commune_council()
    with scope(council=council.pk):
        actions.set_holiday(
            date(2026, 11, 23), name="Ngày thành lập tỉnh", by=Actor.system(council)
        )
    snapshot = freeze(profile_for(council, OPENING))
    key = "session.documents_before"
    mine = due_date(snapshot, key, OPENING, calendar_for(council))
    theirs = due_date(snapshot, key, OPENING, calendar_for(commune))
    assert (mine.due, theirs.due) == (date(2026, 11, 20), date(2026, 11, 23))


def test_a_shipped_day_off_can_be_worked_and_taken_back(council):
    by = Actor.system(council)
    day = date(2026, 11, 24)
    assert calendar_for(council).is_day_off(day)
    with scope(council=council.pk):
        row = actions.set_holiday(day, name="Làm việc bình thường", working=True, by=by)
        assert not calendar_for(council).is_day_off(day)
        actions.remove_holiday(row, by=by)
    assert calendar_for(council).is_day_off(day)


def test_an_installation_that_edits_a_year_replaces_what_is_shipped(council):
    assert actions.load_shipped_holidays(2027) > 10
    assert actions.load_shipped_holidays(2027) == 0
    Holiday.objects.filter(day=date(2027, 9, 3)).delete()
    calendar = calendar_for(council)
    assert not calendar.is_day_off(date(2027, 9, 3))
    assert calendar.is_day_off(date(2026, 9, 2))  # 2026 still as shipped
    assert {row.source for row in holiday_rows(council)} == {"installation", "shipped"}


def test_resolving_a_profile_costs_one_query(council, django_assert_num_queries):
    with django_assert_num_queries(1):
        profile_for(council, OPENING)
    with django_assert_num_queries(1):
        calendar_for(council)
