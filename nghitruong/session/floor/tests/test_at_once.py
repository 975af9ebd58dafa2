"""Two people press at once, each on a connection of their own."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from django.db import connection, transaction
from django_scopes import scope

from nghitruong.council.councils.actions import suspend_delegate
from nghitruong.council.councils.models import Membership
from nghitruong.council.councils.roles import Actor
from nghitruong.council.papers.models import Paper
from nghitruong.platform.errors import Refused
from nghitruong.platform.live.api import sitting_stream
from nghitruong.platform.live.models import Event
from nghitruong.session.floor import actions
from nghitruong.session.floor.models import JournalEntry, SpeakerRequest, Speech
from nghitruong.session.floor.tests.conftest import apply, request
from nghitruong.session.meetings import actions as agenda
from nghitruong.session.meetings import events
from nghitruong.session.meetings.binder_door import MeetingsDoor
from nghitruong.session.meetings.models import RollEntry, Sitting
from nghitruong.session.voting import actions as voting
from nghitruong.session.voting import slices
from nghitruong.session.voting.casting import Ballot, cast_votes
from nghitruong.session.voting.models import Poll
from nghitruong.session.voting.signals import poll_moved

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.concurrency]


def at_once(sitting: Sitting, *steps: Callable[[], Any]) -> list[Any]:
    """Run the steps in threads that start together; each one's answer or refusal."""
    barrier = threading.Barrier(len(steps))
    answers: list[Any] = [None] * len(steps)

    def run(place: int, step: Callable[[], Any]) -> None:
        try:
            with scope(council=sitting.council_id):
                barrier.wait(timeout=30)
                answers[place] = step()
        except Refused as refusal:
            answers[place] = refusal
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(place, step)) for place, step in enumerate(steps)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    return answers


def test_two_clerks_call_different_people_and_one_wins(
    opened: Sitting, chair: Actor, clerk: Actor, cuc: Actor, dung: Actor
) -> None:
    first, second = (
        answer["request"]["id"]
        for answer in apply(
            "ask", *[request("ask", opened, who.id, kind="speech") for who in (cuc, dung)]
        )
    )
    answers = at_once(
        opened,
        lambda: actions.call_speaker(opened, first, by=chair),
        lambda: actions.call_speaker(opened, second, by=clerk),
    )
    refused = [answer for answer in answers if isinstance(answer, Refused)]
    won = [answer for answer in answers if isinstance(answer, SpeakerRequest)]
    assert (len(won), len(refused)) == (1, 1)
    assert refused[0].code == "somebody_speaks"
    assert refused[0].sentence.startswith(f"Đang có người phát biểu: {won[0].name}")
    assert Speech.objects.filter(ended_at__isnull=True).count() == 1
    assert SpeakerRequest.objects.filter(state="waiting").count() == 1


def test_chair_and_clerk_press_next_and_no_item_is_skipped(
    opened: Sitting, chair: Actor, clerk: Actor
) -> None:
    seen = opened.current_item_id
    at_once(
        opened,
        lambda: actions.next_item(opened, by=chair, after=seen),
        lambda: actions.next_item(opened, by=clerk, after=seen),
    )
    assert JournalEntry.objects.filter(kind="floor.go_to_item").count() == 2
    opened.refresh_from_db()
    assert opened.current_item.title == "Biểu quyết nghị quyết"


@pytest.mark.parametrize("act", ["move", "remove"])
def test_an_item_the_hall_is_going_to_stays_where_it_is(
    opened: Sitting, chair: Actor, clerk: Actor, act: str
) -> None:
    item = opened.items.order_by("-order").first()
    assert item is not None
    gone_to = threading.Event()

    def go() -> None:
        with transaction.atomic():
            actions.go_to_item(opened, item.pk, by=chair)
            gone_to.set()
            time.sleep(0.5)  # not seen by anybody else yet

    def take_away() -> Any:
        gone_to.wait(timeout=30)
        if act == "move":
            return agenda.move_item(item, sitting=None, by=clerk)
        return agenda.remove_item(item, by=clerk)

    answers = at_once(opened, go, take_away)
    assert isinstance(answers[1], Refused)
    assert answers[1].code == "item_current"
    opened.refresh_from_db()
    assert opened.current_item is not None
    assert (opened.current_item_id, opened.current_item.sitting_id) == (item.pk, opened.pk)


def test_two_open_the_sitting_and_it_opens_once(
    rolled: Sitting, chair: Actor, clerk: Actor
) -> None:
    answers = at_once(
        rolled,
        lambda: actions.open_sitting(rolled, by=chair, quorum_reason="cần họp ngay"),
        lambda: actions.open_sitting(rolled, by=clerk, quorum_reason="cần họp ngay"),
    )
    assert sorted(isinstance(answer, Refused) for answer in answers) == [False, True]
    assert JournalEntry.objects.filter(kind="floor.open_sitting").count() == 1


def test_batches_from_two_processes_keep_places_apart(opened: Sitting) -> None:
    people = list(RollEntry.objects.values_list("person_id", flat=True))
    halves = people[:8], people[8:]
    answers = at_once(
        opened,
        *[
            lambda half=half: apply(
                "ask", *[request("ask", opened, person, kind="speech") for person in half]
            )
            for half in halves
        ],
    )
    places = [answer["request"]["position"] for batch in answers for answer in batch]
    assert sorted(places) == list(range(1, 16))


MEANWHILE = 1.0  # seconds a step is held before its commit, long enough for the other to meet it


def during(sitting: Sitting, held: Callable[[Callable[[], None]], Any], other: Any) -> None:
    """Run ``other`` while ``held`` stands before its commit; neither may fail.

    ``held`` is given what it calls when all but the commit is done.
    """
    reached, failures = threading.Event(), []

    def pause() -> None:
        reached.set()
        begun.wait(30)
        time.sleep(MEANWHILE)

    def run(step: Callable[[], Any]) -> None:
        try:
            with scope(council=sitting.council_id):
                step()
        except BaseException as error:  # told to the test below
            failures.append(error)
        finally:
            reached.set()
            connection.close()

    begun = threading.Event()
    first = threading.Thread(target=run, args=(lambda: held(pause),))
    second = threading.Thread(target=run, args=(other,))
    first.start()
    assert reached.wait(30)
    second.start()
    begun.set()
    first.join(60)
    second.join(60)
    assert not first.is_alive()
    assert not second.is_alive()
    assert failures == []


def poll_of(opened: Sitting, chair: Actor) -> Poll:
    assert opened.current_item is not None
    poll = voting.prepare_poll(opened.current_item, by=chair, sitting=opened)
    return voting.open_poll(poll, by=chair)


@pytest.mark.parametrize("step", ["close", "publish", "annul"])
def test_a_step_of_the_roll_beside_a_step_of_the_vote_leaves_screens_with_the_truth(
    opened: Sitting, chair: Actor, clerk: Actor, cuc: Actor, step: str
) -> None:
    poll = poll_of(opened, chair)
    if step == "publish":
        voting.close_poll(poll, by=chair)
    gone = RollEntry.objects.get(sitting=opened, person_id=cuc.id)

    def held(pause: Callable[[], None]) -> None:
        def told(**_: Any) -> None:
            pause()

        poll_moved.connect(told)
        try:
            if step == "annul":
                voting.annul_poll(poll, by=chair, reason="bấm nhầm")
            else:
                getattr(voting, f"{step}_poll")(poll, by=chair)
        finally:
            poll_moved.disconnect(told)

    during(
        opened,
        held,
        lambda: actions.set_presence(opened, gone.membership_id, "left", by=clerk),
    )
    streams = Event.objects.filter(stream=sitting_stream(opened.pk, "hall")).order_by("seq")
    told = [event.data["value"] for event in streams if event.data["slice"] == "poll"]
    assert told[-1] == slices.poll_slice(opened.pk)
    gone.refresh_from_db()
    assert gone.presence == "left"


def test_a_delegate_suspended_while_their_vote_is_written_stops_neither(
    opened: Sitting, chair: Actor, clerk: Actor, cuc: Actor
) -> None:
    poll = poll_of(opened, chair)
    entry = RollEntry.objects.get(sitting=opened, person_id=cuc.id)

    def held(pause: Callable[[], None]) -> None:
        with transaction.atomic():
            vote = Ballot(poll.pk, opened.pk, cuc.id, "yes", datetime.now(UTC))
            cast_votes([vote], council_id=opened.council_id)
            pause()

    member = Membership.objects.get(pk=entry.membership_id)
    during(opened, held, lambda: suspend_delegate(member, reason="bị khởi tố", by=clerk))
    assert poll.votes.count() == 1
    entry.refresh_from_db()
    assert not entry.entitled


def test_papers_two_people_put_under_an_item_at_once_both_stay(
    opened: Sitting, chair: Actor, clerk: Actor
) -> None:
    item = opened.items.order_by("order").first()
    assert item is not None
    first, second = (
        Paper.objects.create(
            council_id=opened.council_id,
            session_id=opened.session_id,
            kind="report",
            title=title,
            fold=title.lower(),
        )
        for title in ("A", "B")
    )
    before = list(item.papers.order_by("item_papers__order"))

    def held(pause: Callable[[], None]) -> None:
        with transaction.atomic():
            agenda.change_item_papers(item, more=[first], by=chair)
            pause()

    def other() -> None:
        MeetingsDoor().attach({item.pk: [second.pk]}, by=clerk)

    during(opened, held, other)
    assert list(item.papers.order_by("item_papers__order")) == [*before, first, second]


def test_papers_sent_while_a_vote_ends_stop_nothing(
    opened: Sitting, chair: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    item = opened.current_item
    assert item is not None
    paper = Paper.objects.create(
        council_id=opened.council_id,
        session_id=opened.session_id,
        kind="report",
        title="A",
        fold="a",
        state="released",
    )
    agenda.change_item_papers(item, more=[paper], by=chair)
    poll = poll_of(opened, chair)

    def held(pause: Callable[[], None]) -> None:
        shown = events.agenda_changed

        def between(sittings: Any) -> None:
            pause()
            shown(sittings)

        with monkeypatch.context() as patch, transaction.atomic():
            patch.setattr(events, "agenda_changed", between)
            events.tell_of_papers([paper], "Văn phòng vừa thay 1 tài liệu bằng bản mới")

    during(opened, held, lambda: voting.close_poll(poll, by=chair))
    streams = Event.objects.filter(stream=sitting_stream(opened.pk, "hall")).order_by("seq")
    news = [event.data["value"] for event in streams if event.data["slice"] == "news"]
    assert news[-1]["text"] == "Văn phòng vừa thay 1 tài liệu bằng bản mới"
    poll.refresh_from_db()
    assert poll.state == "closed"
