"""A stale screen plus the events equals a fresh screen, over a long random day in the hall."""

from __future__ import annotations

import json
import random
import uuid
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest

from nghitruong.council.councils.models import Person
from nghitruong.council.councils.roles import Actor
from nghitruong.council.papers.actions import release_papers
from nghitruong.council.papers.models import Paper, PaperVersion
from nghitruong.platform.errors import Refused
from nghitruong.platform.live.api import person_stream, sitting_stream
from nghitruong.platform.live.models import Event
from nghitruong.session.floor import actions, queries
from nghitruong.session.floor.models import RequestState, SpeakerRequest, Speech
from nghitruong.session.floor.tests.conftest import apply as batch
from nghitruong.session.floor.tests.conftest import request
from nghitruong.session.floor.tests.reducer import apply, shown
from nghitruong.session.meetings.actions import agenda
from nghitruong.session.meetings.chairing import chair_people
from nghitruong.session.meetings.models import AgendaItem, RollEntry, Sitting
from nghitruong.session.voting import actions as voting
from nghitruong.session.voting.casting import Ballot, cast_votes
from nghitruong.session.voting.models import Choice, Poll

# The running count is pushed to screens without being journaled, so no event repeats it.
TRANSIENT = {"progress", "tally"}


def _json(value: Any) -> Any:
    return json.loads(json.dumps(value, default=str))


class Screens:
    """The chair's, a clerk's and two delegates' screens, kept up to date by events alone."""

    def __init__(self, sitting: Sitting, people: dict[uuid.UUID, bool]) -> None:
        self.sitting, self.people = sitting, people
        self.seen = 0
        self.states = self.fresh()
        self.seen = self._last()

    def _last(self) -> int:
        last = Event.objects.order_by("-pk").values_list("pk", flat=True).first()
        return int(last or 0)

    def fresh(self) -> dict[uuid.UUID, dict[str, Any]]:
        hall, chair = queries.hall_state(self.sitting.pk), queries.chair_state(self.sitting.pk)
        hall |= queries.named_state(self.sitting.pk)  # all of them may know who voted what
        own = queries.person_state(self.sitting.pk, list(self.people))
        return {
            person: _json({**hall, **(chair if at_desk else {}), **own[person]})
            for person, at_desk in self.people.items()
        }

    def follow(self) -> None:
        for event in Event.objects.filter(pk__gt=self.seen).order_by("pk"):
            for person, at_desk in self.people.items():
                heard = {sitting_stream(self.sitting.pk, "hall"), person_stream(person)}
                heard.add(sitting_stream(self.sitting.pk, "named"))
                if at_desk:
                    heard.add(sitting_stream(self.sitting.pk, "chair"))
                if event.stream in heard:
                    self.states[person] = apply(self.states[person], event.data)
            self.seen = event.pk

    def check(self) -> None:
        fresh = self.fresh()
        for person, state in self.states.items():
            for name in fresh[person].keys() - TRANSIENT:
                assert shown(state.get(name)) == shown(fresh[person][name]), name


class Day:
    """Random steps; a refused one is a step too (it must change nothing)."""

    def __init__(
        self, sitting: Sitting, chair: Actor, clerk: Actor, members: list[Actor], seed: int
    ) -> None:
        self.sitting, self.chair, self.clerk, self.members = sitting, chair, clerk, members
        self.chance = random.Random(seed)
        self.done: dict[str, int] = {}

    def people(self) -> list[uuid.UUID]:
        return list(RollEntry.objects.values_list("person_id", flat=True)) or [self.chair.id]

    def some(self, rows: Any) -> Any:
        found = list(rows)
        return self.chance.choice(found) if found else None

    def tap(self, command: str, **body: Any) -> None:
        people = self.chance.sample(self.people(), min(3, len(self.people())))
        batch(command, *[request(command, self.sitting, person, **body) for person in people])

    def step(self) -> None:
        name = self.chance.choice(list(STEPS))
        try:
            STEPS[name](self)
        except Refused:
            return
        self.done[name] = self.done.get(name, 0) + 1

    def by(self) -> Actor:
        return self.chance.choice([self.chair, self.clerk])


def _call(day: Day) -> None:
    waiting = day.some(SpeakerRequest.objects.filter(state=RequestState.WAITING))
    if waiting:
        start = day.chance.random() < 0.5
        actions.call_speaker(day.sitting, waiting.pk, by=day.by(), start=start)


def _start(day: Day) -> None:
    called = day.some(SpeakerRequest.objects.filter(state=RequestState.CALLED))
    if called:
        actions.start_speech(day.sitting, called.pk, by=day.by())


def _call_off(day: Day) -> None:
    called = day.some(SpeakerRequest.objects.filter(state=RequestState.CALLED))
    if called:
        actions.call_off(day.sitting, called.pk, by=day.by())


def _drop(day: Day) -> None:
    request = day.some(
        SpeakerRequest.objects.filter(state__in=[RequestState.WAITING, RequestState.CALLED])
    )
    if request:
        actions.drop_request(day.sitting, request.pk, by=day.by())


def _finish(day: Day) -> None:
    speech = day.some(Speech.objects.filter(ended_at__isnull=True))
    if speech:
        actions.finish_speech(day.sitting, speech.pk, by=day.by())


def _extend(day: Day) -> None:
    speech = day.some(Speech.objects.filter(ended_at__isnull=True))
    if speech:
        actions.extend_speech(day.sitting, speech.pk, seconds=60, by=day.by())


def _clock(action: Any) -> Any:
    def step(day: Day) -> None:
        speech = day.some(Speech.objects.filter(ended_at__isnull=True))
        if speech:
            action(day.sitting, speech.pk, by=day.by())

    return step


def _presence(day: Day) -> None:
    member = day.some(RollEntry.objects.values_list("membership_id", flat=True))
    if member:
        presence = day.chance.choice(["present", "present", "excused", "absent", "left"])
        reason = "ốm" if presence == "excused" else ""
        actions.set_presence(day.sitting, member, presence, by=day.clerk, reason=reason)


def _hand_over(day: Day) -> None:
    person = day.some(chair_people(queries.sitting_by_id(day.sitting.pk)))
    actions.hand_over(day.sitting, person, by=day.chair)


def _prepare(day: Day) -> None:
    item = Sitting.objects.get(pk=day.sitting.pk).current_item
    if item:
        voting.prepare_poll(item, by=day.by(), sitting=day.sitting, question="Đồng ý?")


def _poll(step: Callable[..., Any], **kwargs: Any) -> Callable[[Day], None]:
    def run(day: Day) -> None:
        poll = Poll.objects.order_by("-number").first()
        if poll:
            step(poll, by=day.by(), **kwargs)

    return run


def _vote(day: Day) -> None:
    poll = Poll.objects.order_by("-number").first()
    if poll:
        cast_votes(
            [
                Ballot(
                    poll.pk,
                    day.sitting.pk,
                    person,
                    day.chance.choice(Choice.values),
                    datetime.now(UTC),
                )
                for person in day.people()[:6]
            ],
            council_id=day.sitting.council_id,
        )


def _edit_item(day: Day) -> None:
    item = day.some(AgendaItem.objects.select_related("sitting"))
    agenda.edit_item(item, by=day.clerk, kind=item.kind, title=f"{item.title} (sửa)")


def _papers(day: Day) -> None:
    item = day.some(AgendaItem.objects.all())
    paper = Paper.objects.create(
        council_id=day.sitting.council_id,
        session_id=day.sitting.session_id,
        kind="report",
        title="Báo cáo",
        fold="bao cao",
    )
    PaperVersion.objects.create(
        council_id=day.sitting.council_id,
        paper=paper,
        number=1,
        sha256=uuid.uuid4().hex * 2,
        size=1,
        media_type="application/pdf",
        file_name="a.pdf",
        uploaded_by_name="Bình",
    )
    agenda.change_item_papers(item, more=[paper], by=day.clerk)
    release_papers([paper], by=day.clerk, late_approved_by="Chánh Văn phòng", late_reason="Bổ sung")


STEPS: dict[str, Callable[[Day], None]] = {
    "open_roll": lambda day: actions.open_roll(day.sitting, by=day.clerk),
    "close_roll": lambda day: actions.close_roll(day.sitting, by=day.clerk),
    "check_in": lambda day: day.tap("check-in"),
    "presence": _presence,
    "the rest": lambda day: actions.present_rest(
        day.sitting, list(RollEntry.objects.values_list("membership_id", flat=True)), by=day.clerk
    ),
    "open": lambda day: actions.open_sitting(day.sitting, by=day.by(), quorum_reason="cần"),
    "suspend": lambda day: actions.suspend_sitting(day.sitting, by=day.by()),
    "resume": lambda day: actions.resume_sitting(day.sitting, by=day.by()),
    "next": lambda day: actions.next_item(day.sitting, by=day.by()),
    "go_to": lambda day: actions.go_to_item(
        day.sitting, day.some(AgendaItem.objects.all()).pk, by=day.by()
    ),
    "minutes": lambda day: actions.set_speech_minutes(
        day.sitting, day.some(AgendaItem.objects.all()).pk, day.chance.randint(1, 9), by=day.by()
    ),
    "hand_over": _hand_over,
    "ask": lambda day: day.tap("ask", kind=day.chance.choice(["speech", "rebuttal"])),
    "ask again": lambda day: day.tap("ask", kind="speech"),
    "withdraw": lambda day: day.tap("withdraw"),
    "call": _call,
    "start": _start,
    "call_off": _call_off,
    "drop": _drop,
    "finish": _finish,
    "extend": _extend,
    "pause": _clock(actions.pause_clock),
    "run on": _clock(actions.resume_clock),
    "warn": _clock(actions.warn_speaker),
    "give_floor": lambda day: actions.give_floor(day.sitting, name="Khách", by=day.clerk),
    "note": lambda day: day.tap("note", text="Xin gặp Chủ tọa"),
    "announce": lambda day: actions.announce(day.sitting, "Nghỉ 15 phút", by=day.by()),
    "clear_notice": lambda day: actions.clear_notice(day.sitting, by=day.by()),
    "line": lambda day: actions.add_line(day.sitting, "Ghi thêm", by=day.clerk),
    "edit_item": _edit_item,
    "add_item": lambda day: agenda.add_item(
        day.sitting.session, by=day.clerk, sitting=day.sitting, kind="other", title="Thêm"
    ),
    "papers": _papers,
    "prepare": _prepare,
    "open_poll": _poll(voting.open_poll),
    "vote": _vote,
    "close_poll": _poll(voting.close_poll),
    "publish": _poll(voting.publish_poll),
    "annul": _poll(voting.annul_poll, reason="nhầm văn bản"),
}


@pytest.mark.parametrize("seed", range(2))
def test_a_random_day(
    sitting: Sitting, chair: Actor, clerk: Actor, cuc: Actor, dung: Actor, seed: int
) -> None:
    vice = Person.objects.filter(memberships__post="council_vice_chair").first()
    people = {chair.id: True, clerk.id: True, vice.pk: True, cuc.id: False, dung.id: False}
    screens = Screens(sitting, people)
    day = Day(sitting, chair, clerk, [cuc, dung], seed)
    for _ in range(80):
        day.step()
        screens.follow()
        screens.check()
    assert len(day.done) >= 15, "the day was too quiet to prove anything"
