from __future__ import annotations

from datetime import date

import pytest

from nghitruong.council.procedure.profiles import verify_snapshot
from nghitruong.platform.audit.models import Entry
from nghitruong.platform.errors import Refused
from nghitruong.session.meetings import actions, queries


def test_the_rules_of_the_day_are_frozen_with_the_session(session):
    assert session.profile_code == "vn-2026-province"
    assert verify_snapshot(session.profile)
    assert session.title == "Kỳ họp thứ sáu (thường lệ cuối năm 2026)"
    assert Entry.objects.get(action="meetings.create_session").payload["number"] == 6


def test_the_next_number_is_proposed(session, cast):
    assert queries.next_number(cast.clerk, date(2026, 12, 20)) == 7


def test_a_number_is_used_once_in_a_term(session, cast):
    with pytest.raises(Refused, match="session_number_taken"):
        actions.create_session(
            by=cast.clerk, number=6, kind="regular", expected_opening=date(2027, 7, 1)
        )


def test_a_thematic_session_names_who_required_it(cast):
    day = date(2026, 10, 6)
    with pytest.raises(Refused, match="requirer_missing") as refused:
        actions.create_session(by=cast.clerk, number=5, kind="thematic", expected_opening=day)
    assert "Điều 34" in refused.value.article
    made = actions.create_session(
        by=cast.clerk,
        number=5,
        kind="thematic",
        expected_opening=day,
        required_by="Chủ tịch Ủy ban nhân dân",
    )
    lines = {line.task.key: line for line in queries.plan_lines(made)}
    assert lines["convene_special"].due == date(2026, 9, 29)
    assert "documents" not in lines


def test_a_day_outside_every_term_is_refused(cast):
    with pytest.raises(Refused, match="no_term"):
        actions.create_session(
            by=cast.clerk, number=9, kind="regular", expected_opening=date(2001, 1, 1)
        )


def test_a_delegate_creates_none(cast):
    with pytest.raises(Refused, match="meetings_not_yours"):
        actions.create_session(
            by=cast.delegates[0], number=7, kind="regular", expected_opening=date(2026, 12, 8)
        )


def test_a_session_is_postponed_with_its_reason_and_prepared_again(session, cast):
    with pytest.raises(Refused, match="reason_missing"):
        actions.move_session(session, "postponed", by=cast.chair)
    actions.move_session(session, "postponed", by=cast.chair, reason="Bão số 9")
    assert actions.move_session(session, "preparing", by=cast.chair).state == "preparing"
    with pytest.raises(Refused, match="cannot_move"):
        actions.move_session(session, "closed", by=cast.chair)
