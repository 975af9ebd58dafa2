from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from nghitruong.council.councils.models import Membership
from nghitruong.council.councils.roles import Actor
from nghitruong.council.search.passages import key_of
from nghitruong.platform.audit.models import Entry
from nghitruong.platform.jobs.models import Job
from nghitruong.platform.live.models import Event
from nghitruong.session.floor import actions
from nghitruong.session.floor.models import JournalEntry
from nghitruong.session.floor.tests.conftest import apply, request
from nghitruong.session.meetings.models import RollEntry, Sitting
from nghitruong.session.minutes.collect import Line, gather


def test_one_tap_makes_a_delegate_present(rolled: Sitting, cuc: Actor, tap: Any) -> None:
    assert tap("check-in", cuc) == {"ok": True, "presence": "present"}
    line = RollEntry.objects.get(person=cuc.person)
    assert line.presence == "present"
    assert line.checked_in_at is not None
    assert line.checked_in_by == "Lê Thị Cúc"


def test_a_second_tap_gets_the_same_answer_and_changes_nothing(
    rolled: Sitting, cuc: Actor, tap: Any
) -> None:
    first = tap("check-in", cuc)
    when = RollEntry.objects.get(person=cuc.person).checked_in_at
    events = Event.objects.count()
    assert tap("check-in", cuc) == first
    assert RollEntry.objects.get(person=cuc.person).checked_in_at == when
    assert Event.objects.count() == events


def test_both_taps_in_one_batch_count_once(rolled: Sitting, cuc: Actor) -> None:
    taps = [request("check-in", rolled, cuc.id) for _ in range(2)]
    assert apply("check-in", *taps) == [{"ok": True, "presence": "present"}] * 2
    assert Entry.objects.filter(action="floor.check_in").count() == 1


def test_somebody_of_another_council_is_told_to_see_the_clerk(
    rolled: Sitting, giang: Actor, tap: Any
) -> None:
    assert tap("check-in", giang).code == "not_on_roll"


def test_a_suspended_member_cannot_check_in(
    sitting: Sitting, clerk: Actor, dung: Actor, tap: Any
) -> None:
    Membership.objects.filter(person=dung.person).update(status="suspended")
    actions.open_roll(sitting, by=clerk)
    refusal = tap("check-in", dung)
    assert refusal.code == "suspended_member"
    assert "Đ38" in refusal.article


def test_before_the_roll_call_nobody_checks_in(sitting: Sitting, cuc: Actor, tap: Any) -> None:
    assert tap("check-in", cuc).code == "roll_not_open"


def test_after_the_roll_call_the_clerk_enters_who_is_late(
    rolled: Sitting, clerk: Actor, cuc: Actor, tap: Any
) -> None:
    actions.close_roll(rolled, by=clerk)
    assert tap("check-in", cuc).code == "roll_not_open"
    actions.set_presence(rolled, cuc.delegate.pk, "present", by=clerk)
    assert tap("check-in", cuc) == {"ok": True, "presence": "present"}


def test_a_closed_sitting_refuses(opened: Sitting, chair: Actor, cuc: Actor, tap: Any) -> None:
    RollEntry.objects.filter(person=cuc.person).update(presence="unknown")
    actions.close_sitting(opened, by=chair)
    assert tap("check-in", cuc).code == "sitting_closed"


def test_a_screen_of_another_sitting_is_refused(rolled: Sitting, cuc: Actor) -> None:
    good = request("check-in", rolled, cuc.id)
    bad = replace(good, body={"sitting": "0190f000-0000-7000-8000-000000000000"})
    refusal, answer = apply("check-in", bad, good)
    assert refusal.code == "other_sitting"
    assert answer == {"ok": True, "presence": "present"}


def test_a_whole_hall_costs_a_fixed_number_of_statements(
    rolled: Sitting, django_assert_max_num_queries: Any
) -> None:
    people = list(RollEntry.objects.values_list("person_id", flat=True))
    taps = [request("check-in", rolled, person) for person in people]
    with django_assert_max_num_queries(25):
        answers = apply("check-in", *taps)
    assert len(answers) == 15
    hall = Event.objects.filter(type="presence.changed").order_by("seq").last()
    assert hall.data["value"]["counts"]["present"] == 15
    assert len(hall.data["value"]["members"]) == 15


@pytest.mark.parametrize("before", ["left", "absent", "excused"])
def test_who_comes_back_or_late_is_a_line_of_the_journal(
    opened: Sitting, clerk: Actor, cuc: Actor, tap: Any, before: str
) -> None:
    actions.set_presence(opened, cuc.delegate.pk, before, by=clerk, reason="đi công tác")
    assert tap("check-in", cuc) == {"ok": True, "presence": "present"}
    line = JournalEntry.objects.get(kind="floor.check_in")
    assert (line.text, line.by_name) == ("Lê Thị Cúc có mặt.", "Lê Thị Cúc")
    assert line.data["before"] == before
    entry = Entry.objects.get(action="floor.check_in")
    assert (entry.payload["before"], entry.payload["presence"]) == (before, "present")
    told = [line for part in gather(opened).parts for line in part.happened]
    assert [one.text for one in told if isinstance(one, Line)][-1] == "Lê Thị Cúc có mặt."


def test_an_answer_to_the_roll_call_is_no_line(opened: Sitting, cuc: Actor, tap: Any) -> None:
    RollEntry.objects.filter(person=cuc.person).update(presence="unknown")
    tap("check-in", cuc)
    assert not JournalEntry.objects.filter(kind="floor.check_in").exists()
    assert Entry.objects.get(action="floor.check_in").payload["before"] == "unknown"


def test_before_the_sitting_nobody_comes_late(rolled: Sitting, cuc: Actor, tap: Any) -> None:
    RollEntry.objects.filter(person=cuc.person).update(presence="excused", reason="ốm")
    tap("check-in", cuc)
    assert not JournalEntry.objects.filter(kind="floor.check_in").exists()


def test_a_whole_hall_that_comes_back_costs_two_statements_more(
    opened: Sitting, django_assert_max_num_queries: Any
) -> None:
    RollEntry.objects.update(presence="left")
    people = list(RollEntry.objects.values_list("person_id", flat=True))
    with django_assert_max_num_queries(27):
        apply("check-in", *(request("check-in", opened, person) for person in people))
    said = JournalEntry.objects.filter(kind="floor.check_in")
    assert said.count() == 15
    to_find = {key_of("journal", entry.pk) for entry in said}
    assert to_find <= set(Job.objects.filter(name="search.index").values_list("key", flat=True))
