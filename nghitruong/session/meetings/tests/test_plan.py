from __future__ import annotations

from datetime import date

import pytest

from nghitruong.platform.audit.models import Entry
from nghitruong.platform.errors import Refused
from nghitruong.platform.live.models import Event
from nghitruong.session.meetings import actions, queries
from nghitruong.session.meetings.models import PlanTask, Session, SessionNotice, Sitting
from nghitruong.session.meetings.plan import PRACTICE
from nghitruong.session.meetings.tests.conftest import at


def due(session, key, today=date(2026, 11, 22)):
    return next(line for line in queries.plan_lines(session, today) if line.task.key == key)


def test_the_deadlines_of_a_real_session_come_from_the_law(session):
    documents = due(session, "documents")
    assert documents.due == date(2026, 11, 23)
    assert "Điều 12" in documents.article
    petitions = due(session, "petition_report")
    assert (petitions.nominal, petitions.due) == (date(2026, 11, 8), date(2026, 11, 6))
    assert due(session, "question_choose").due == date(2026, 11, 27)
    assert due(session, "verify_report").due == date(2026, 12, 1)


def test_resolutions_are_posted_by_the_rule_counted_from_the_last_sitting(session, sitting, cast):
    """They are adopted in the course of the session, not on the day it opens."""
    last = actions.add_sitting(
        session, by=cast.clerk, kind="closing", starts_at=at(8, day=date(2026, 12, 10))
    )
    assert PlanTask.objects.get(key="resolutions").rule_key == "session.resolution_post_after"
    line = due(session, "resolutions")
    assert "Điều 19" in line.article
    assert (line.nominal, line.due) == (date(2026, 12, 20), date(2026, 12, 21))  # past a Sunday
    actions.edit_sitting(
        last, by=cast.clerk, kind="closing", starts_at=at(8, day=date(2026, 12, 11))
    )
    assert due(session, "resolutions").nominal == date(2026, 12, 21)
    # As it was held, when it was not held as planned.
    moment = at(17, day=date(2026, 12, 14))
    Sitting.objects.filter(pk=last.pk).update(state="closed", opened_at=moment, closed_at=moment)
    assert due(session, "resolutions").nominal == date(2026, 12, 24)


def test_a_plan_written_before_the_rule_was_named_has_it_too(session):
    PlanTask.objects.filter(key="resolutions").update(rule_key="")
    assert "Điều 19" in due(session, "resolutions").article


def test_where_no_rule_binds_resolutions_are_posted_by_practice(session):
    """A commune has no fixed number of days (law.md 2.21)."""
    rules = {k: v for k, v in session.profile["rules"].items() if "resolution_post" not in k}
    Session.objects.filter(pk=session.pk).update(profile={**session.profile, "rules": rules})
    session.refresh_from_db()
    PlanTask.objects.filter(session=session).delete()
    assert actions.write_plan(session)
    assert PlanTask.objects.get(key="resolutions").rule_key == ""
    line = due(session, "resolutions")
    assert line.article == PRACTICE
    assert line.nominal == date(2026, 12, 18)


def test_a_task_is_late_after_its_day_and_not_on_it(session):
    assert not due(session, "documents", date(2026, 11, 23)).late
    assert due(session, "documents", date(2026, 11, 24)).late


def test_moving_the_opening_moves_every_deadline_and_tells_everybody(session, sitting, cast):
    before = {line.task.key: line.due for line in queries.plan_lines(session)}
    actions.move_opening(session, date(2026, 12, 15), by=cast.clerk)
    after = {line.task.key: line.due for line in queries.plan_lines(session)}
    assert set(before) == set(after)
    assert all(before[key] < after[key] for key in before)
    notice = SessionNotice.objects.get()
    assert "08/12/2026" in notice.text
    assert "15/12/2026" in notice.text
    event = Event.objects.get(stream=f"sitting:{sitting.pk.hex}:hall", type="news")
    assert event.data["value"]["text"] == notice.text
    assert Entry.objects.get(action="meetings.move_opening").payload["to"] == "2026-12-15"


def test_moving_to_the_same_day_tells_nobody(session, cast):
    actions.move_opening(session, session.expected_opening, by=cast.clerk)
    assert not SessionNotice.objects.exists()


def test_a_ticked_task_is_not_late_and_can_be_taken_back(session, cast):
    task = PlanTask.objects.get(key="documents")
    actions.tick_task(task, by=cast.clerk)
    actions.tick_task(task, by=cast.chair)  # the first one stays
    line = due(session, "documents", date(2026, 12, 24))
    assert line.done
    assert not line.late
    assert line.task.done_by_name == cast.clerk.name
    actions.untick_task(task, by=cast.clerk)
    assert due(session, "documents", date(2026, 12, 24)).late


def test_a_date_of_its_own_wins_over_the_rule(session, cast):
    task = PlanTask.objects.get(key="documents")
    actions.set_task_due(task, date(2026, 11, 20), by=cast.clerk)
    assert due(session, "documents").due == date(2026, 11, 20)
    actions.set_task_due(task, None, by=cast.clerk)
    assert due(session, "documents").due == date(2026, 11, 23)


def test_a_task_of_this_session_alone(session, cast):
    actions.add_task(session, title="Thuê xe đón đại biểu", due=date(2026, 12, 1), by=cast.clerk)
    assert any(line.task.title == "Thuê xe đón đại biểu" for line in queries.plan_lines(session))


def test_a_delegate_neither_sees_nor_changes_the_plan(session, cast):
    task = PlanTask.objects.get(key="documents")
    with pytest.raises(Refused, match="meetings_not_yours"):
        actions.tick_task(task, by=cast.delegates[0])
    with pytest.raises(Refused, match="meetings_not_yours"):
        actions.move_opening(session, date(2026, 12, 15), by=cast.delegates[0])


def test_what_is_due_in_days_to_come_is_told_with_what_is_late(session, cast, monkeypatch):
    for day, late, soon in (
        (22, False, True),
        (20, False, True),
        (19, False, False),
        (24, True, True),
    ):
        today = date(2026, 11, day)
        monkeypatch.setattr(queries.timezone, "localdate", lambda today=today: today)
        told = {line.task.key: line.late for _, line in queries.late_tasks_for(cast.clerk, soon=3)}
        assert told.get("documents", False) is late
        assert ("documents" in told) is soon
    assert queries.late_tasks_for(cast.delegates[0], soon=3) == []
