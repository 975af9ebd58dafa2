"""A delegate suspended, restored or gone while the roll is in use (L72/2025 Đ38)."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from nghitruong.council.councils.actions import people as councils
from nghitruong.council.councils.models import Membership
from nghitruong.council.councils.roles import Actor, actor_of_person
from nghitruong.platform.audit.models import Entry
from nghitruong.platform.errors import Refused
from nghitruong.platform.live.api import person_stream
from nghitruong.platform.live.models import Event
from nghitruong.session.floor import actions, queries
from nghitruong.session.floor.models import JournalEntry
from nghitruong.session.floor.tests import reducer
from nghitruong.session.meetings.chairing import acted_for, chair_people
from nghitruong.session.meetings.models import RollEntry, Sitting
from nghitruong.session.voting import actions as voting
from nghitruong.session.voting.casting import cast_votes
from nghitruong.session.voting.counting import counts_of
from nghitruong.session.voting.models import Poll
from nghitruong.session.voting.tests.conftest import ballot


def shown(opened: Sitting, key: object) -> tuple[int, bool, bool]:
    """Counted present; may act, by a fresh screen and by the events on a stale one."""
    fresh = queries.hall_state(opened.pk)["presence"]
    stale: dict[str, Any] = {}
    for event in Event.objects.filter(stream=f"sitting:{opened.pk.hex}:hall").order_by("seq"):
        if event.data["slice"] == "presence":
            stale |= event.data["value"]["members"]
    return (
        fresh["counts"]["present"],
        fresh["members"][str(key)]["entitled"],
        stale[str(key)]["entitled"],
    )


def test_the_open_roll_follows_a_suspension_and_its_end(
    opened: Sitting, clerk: Actor, cuc: Actor
) -> None:
    member, all_there = cuc.delegate, RollEntry.objects.count()
    assert member is not None
    councils.suspend_delegate(member, reason="bị khởi tố", by=clerk)
    assert shown(opened, member.pk) == (all_there - 1, False, False)
    member.refresh_from_db()
    councils.restore_delegate(member, reason="đình chỉ điều tra", by=clerk)
    assert shown(opened, member.pk) == (all_there, True, True)
    lines = JournalEntry.objects.filter(kind="floor.standing").order_by("pk")
    assert [line.text for line in lines] == [
        "Lê Thị Cúc bị tạm đình chỉ thực hiện nhiệm vụ đại biểu, không biểu quyết.",
        "Lê Thị Cúc được tiếp tục thực hiện nhiệm vụ đại biểu.",
    ]
    assert Entry.objects.filter(action="floor.standing").count() == 2


def test_who_is_no_delegate_any_more_may_not_act_and_leaves_the_total(
    opened: Sitting, clerk: Actor, cuc: Actor
) -> None:
    before = queries.presence_counts(queries.sitting_by_id(opened.pk))
    yesterday = timezone.localdate() - timedelta(days=1)
    assert cuc.delegate is not None
    councils.end_membership(cuc.delegate, ends_on=yesterday, reason="chuyển công tác", by=clerk)
    after = queries.presence_counts(queries.sitting_by_id(opened.pk))
    assert (after["in_office"], after["present"]) == (
        before["in_office"] - 1,
        before["present"] - 1,
    )
    assert RollEntry.objects.get(person=cuc.person).entitled is False


def vote_on_the_item(opened: Sitting, chair: Actor) -> Poll:
    """A running vote on the item the hall is at."""
    opened.refresh_from_db()
    assert opened.current_item is not None
    poll = voting.prepare_poll(opened.current_item, by=chair, sitting=opened)
    return voting.open_poll(poll, by=chair)


def test_a_removal_at_once_ends_the_vote_in_the_same_act(
    opened: Sitting, clerk: Actor, chair: Actor, cuc: Actor
) -> None:
    poll = vote_on_the_item(opened, chair)
    assert cuc.delegate is not None
    councils.end_membership(
        cuc.delegate, ends_on=timezone.localdate(), reason="bãi nhiệm", by=clerk, at_once=True
    )
    assert RollEntry.objects.get(person=cuc.person).entitled is False
    (answer,) = cast_votes([ballot(poll, cuc.id, "yes")], council_id=poll.council_id)
    assert isinstance(answer, Refused)
    assert counts_of(voting.close_poll(poll, by=chair)).in_office == 14
    line = JournalEntry.objects.get(kind="floor.standing")
    assert line.text == "Lê Thị Cúc thôi làm nhiệm vụ đại biểu, không còn biểu quyết."


def test_the_roll_opened_again_knows_who_was_suspended_meanwhile(
    opened: Sitting, clerk: Actor, cuc: Actor
) -> None:
    if queries.sitting_by_id(opened.pk).roll_open:
        actions.close_roll(opened, by=clerk)
    assert cuc.delegate is not None
    Membership.objects.filter(pk=cuc.delegate.pk).update(status="suspended")
    actions.open_roll(opened, by=clerk)
    assert RollEntry.objects.get(person=cuc.person).entitled is False


@pytest.mark.parametrize("presides", [False, True])
def test_a_suspended_chair_hears_the_chairs_stream_no_more(
    opened: Sitting, chair: Actor, clerk: Actor, presides: bool
) -> None:
    if presides:
        Sitting.objects.filter(pk=opened.pk).update(presiding=chair.person)
    sitting = queries.sitting_by_id(opened.pk)
    assert "chair" in queries.audiences_of_people(sitting, [chair.id])[chair.id]
    assert chair.delegate is not None
    councils.suspend_delegate(chair.delegate, reason="bị khởi tố", by=clerk)
    sitting = queries.sitting_by_id(opened.pk)
    assert chair.id not in chair_people(sitting)
    assert queries.audiences_of_people(sitting, [chair.id])[chair.id] == {"hall", "me", "named"}
    told = Event.objects.filter(stream=person_stream(chair.id)).order_by("seq")
    assert "rights" in [event.data["slice"] for event in told]
    assert chair.person is not None
    assert not actor_of_person(chair.person).is_chair
    member = Membership.objects.get(pk=chair.delegate.pk)
    councils.restore_delegate(member, reason="không có vi phạm", by=clerk)
    assert chair.id in chair_people(queries.sitting_by_id(opened.pk))


def remove_at_once(who: Actor, by: Actor) -> None:
    assert who.delegate is not None
    councils.end_membership(
        who.delegate, ends_on=timezone.localdate(), reason="bãi nhiệm", by=by, at_once=True
    )


@pytest.mark.parametrize("closed", [False, True])
def test_who_was_removed_at_once_hears_the_hall_no_more(
    opened: Sitting, clerk: Actor, cuc: Actor, django_assert_num_queries: Any, closed: bool
) -> None:
    Sitting.objects.filter(pk=opened.pk).update(closed_doors=closed)
    sitting = queries.sitting_by_id(opened.pk)
    assert queries.audiences_of_people(sitting, [cuc.id])[cuc.id] == {"hall", "me", "named"}
    remove_at_once(cuc, clerk)
    assert RollEntry.objects.filter(sitting=opened, person=cuc.person).exists()  # written down
    people = RollEntry.objects.filter(sitting=opened).values_list("person_id", flat=True)
    sitting = queries.sitting_by_id(opened.pk)
    everybody = list(people)
    with django_assert_num_queries(5):
        heard = queries.audiences_of_people(sitting, everybody)
    assert heard.pop(cuc.id) == set()
    assert all({"hall", "named"} <= streams for streams in heard.values())
    told = Event.objects.filter(stream=person_stream(cuc.id)).order_by("seq")
    assert "rights" in [event.data["slice"] for event in told]  # the screen asks again


def test_who_presides_and_is_removed_at_once_hears_no_count_and_reads_no_note(
    opened: Sitting, clerk: Actor, cuc: Actor
) -> None:
    Sitting.objects.filter(pk=opened.pk).update(presiding=cuc.person)
    sitting = queries.sitting_by_id(opened.pk)
    assert "chair" in queries.audiences_of_people(sitting, [cuc.id])[cuc.id]
    remove_at_once(cuc, clerk)
    sitting = queries.sitting_by_id(opened.pk)
    assert cuc.id not in chair_people(sitting)
    assert queries.audiences_of_people(sitting, [cuc.id])[cuc.id] == set()


def test_a_clerk_does_not_act_in_the_name_of_who_was_removed(
    opened: Sitting, clerk: Actor, chair: Actor, cuc: Actor
) -> None:
    Sitting.objects.filter(pk=opened.pk).update(presiding=cuc.person)
    assert acted_for(queries.sitting_by_id(opened.pk), clerk) == cuc.name
    remove_at_once(cuc, clerk)
    assert acted_for(queries.sitting_by_id(opened.pk), clerk) == chair.name


def test_who_was_to_preside_and_is_no_delegate_any_more_does_not_preside(
    rolled: Sitting, clerk: Actor, chair: Actor, cuc: Actor
) -> None:
    RollEntry.objects.filter(sitting=rolled).update(presence="present")
    Sitting.objects.filter(pk=rolled.pk).update(presiding=cuc.person)
    remove_at_once(cuc, clerk)
    assert actions.open_sitting(rolled, by=clerk).presiding == chair.person


def again(cuc: Actor, clerk: Actor) -> Membership:
    """Ended by mistake with yesterday's date, appointed again today."""
    member = cuc.delegate
    assert member is not None
    yesterday = timezone.localdate() - timedelta(days=1)
    councils.end_membership(member, ends_on=yesterday, reason="ghi nhầm", by=clerk)
    return councils.appoint(
        member.person,
        member.organization,
        post="delegate",
        post_label="Đại biểu",
        starts_on=timezone.localdate(),
        term=member.term,
        by=clerk,
    )


def screen(opened: Sitting) -> dict[str, Any]:
    """What a screen that heard every event shows."""
    state: dict[str, Any] = {}
    for event in Event.objects.filter(stream=f"sitting:{opened.pk.hex}:hall").order_by("seq"):
        state = reducer.apply(state, event.data)
    return state


def test_who_was_ended_by_mistake_and_appointed_again_goes_on(
    opened: Sitting, clerk: Actor, chair: Actor, cuc: Actor, tap: Any
) -> None:
    assert cuc.delegate is not None
    tap("ask", cuc, kind="speech")
    new = again(cuc, clerk)
    entry = RollEntry.objects.get(person=cuc.person)
    assert (entry.membership_id, entry.entitled, entry.presence) == (new.pk, True, "present")
    members = screen(opened)["presence"]["members"]
    assert str(cuc.delegate.pk) not in members
    assert members[str(new.pk)]["entitled"]
    waiting = queries.queue_slice(opened)["waiting"]
    assert [row["membership_id"] for row in waiting] == [str(new.pk)]
    poll = vote_on_the_item(opened, chair)
    (answer,) = cast_votes([ballot(poll, cuc.id, "yes")], council_id=poll.council_id)
    assert answer["choice"] == "yes"  # type: ignore[index]  # a refusal has none
    counts = counts_of(voting.close_poll(poll, by=chair))
    assert (counts.in_office, counts.yes) == (15, 1)


def test_not_in_the_middle_of_a_poll_where_they_have_voted(
    opened: Sitting, clerk: Actor, chair: Actor, cuc: Actor
) -> None:
    """One person, one vote: the roll follows when it is opened again after the poll."""
    poll = vote_on_the_item(opened, chair)
    cast_votes([ballot(poll, cuc.id, "yes")], council_id=poll.council_id)
    new = again(cuc, clerk)
    (answer,) = cast_votes([ballot(poll, cuc.id, "no")], council_id=poll.council_id)
    assert isinstance(answer, Refused)
    counts = counts_of(voting.close_poll(poll, by=chair))
    assert (counts.in_office, counts.yes, counts.no) == (15, 1, 0)
    if queries.sitting_by_id(opened.pk).roll_open:
        actions.close_roll(opened, by=clerk)
    actions.open_roll(opened, by=clerk)
    entry = RollEntry.objects.get(person=cuc.person)
    assert (entry.membership_id, entry.entitled) == (new.pk, True)
