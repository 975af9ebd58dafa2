from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from django.http import Http404

from nghitruong.council.councils.actions import start_term
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


def test_a_new_term_takes_no_address_of_the_one_before(session, cast, council, signed_in):
    """A link to khóa XVII's sixth session opens it also when khóa XVIII has one."""
    start_term(number=18, starts_on=date(2031, 4, 1), statutory_seats=5, by=cast.admin)
    later = actions.create_session(
        by=cast.admin, number=6, kind="regular", expected_opening=date(2031, 7, 1)
    )
    assert (session.address, later.address) == (6, 1806)
    with pytest.raises(Refused, match="session_number_taken"):
        actions.create_session(
            by=cast.admin, number=6, kind="regular", expected_opening=date(2031, 12, 1)
        )
    day = datetime(2031, 7, 1, 1, tzinfo=UTC)
    sitting = actions.add_sitting(
        later, kind="opening", starts_at=day, ends_at=day + timedelta(hours=2), by=cast.clerk
    )
    assert queries.sitting_at(cast.clerk, 1806, sitting.number) == sitting
    with pytest.raises(Http404):
        queries.sitting_at(cast.clerk, 6, sitting.number)
    slug = council.slug
    client = signed_in(cast.clerk)
    listed = client.get(f"/{slug}/ky-hop/").content.decode()
    for found in (session, later):
        assert f'href="/{slug}/ky-hop/{found.address}/"' in listed
        page = client.get(f"/{slug}/ky-hop/{found.address}/").content.decode()
        assert found.title in page
        assert f"/{slug}/ky-hop/{found.address}/chuong-trinh/" in page


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
