"""Who is sent what: everybody, one person, the chair, people outside the hall."""

from __future__ import annotations

import asyncio

import pytest
from django.db import transaction

from nghitruong.platform.live import api, progress, tickets
from nghitruong.platform.live.events import RightsMoved
from nghitruong.platform.live.tests.browser import Bell, Stream, call, headers_for, snapshot
from nghitruong.platform.live.tests.conftest import (
    COUNCIL,
    SITTING,
    Said,
    hall,
    person,
    say,
    ticket,
)
from nghitruong.platform.live.tests.streaming import (  # noqa: F401  # a fixture
    here,
    in_thread,
    play,
    running,
)

pytestmark = pytest.mark.django_db(transaction=True)


def test_everybody_is_sent_the_same_and_a_person_only_their_own():
    async def scenario():
        async with running() as app:
            first = await snapshot(app)
            async with (
                Stream(app, ticket(1), first["id"]) as one,
                Stream(app, ticket(2), first["id"]) as two,
            ):
                await one.next("ping")
                await two.next("ping")
                await in_thread(_say_to, 2, "riêng")
                await in_thread(say, "chung")
                assert await two.texts(2) == ["riêng", "chung"]
                assert await one.texts(1) == ["chung"]

    def _say_to(number, text):
        api.emit(api.person_stream(person(number)), Said(text=text), council_id=COUNCIL)

    play(scenario)


def test_a_person_who_may_hear_nothing_gets_a_sentence(registry):
    registry.audiences = lambda tickets: {}

    async def scenario():
        async with running() as app:
            for what in ("stream", "snapshot"):
                path = f"/live/lao-cai/{what}?sitting={SITTING}"
                reply = await call(app, "GET", path, headers=headers_for(ticket()))
                assert reply.status == 403
                assert reply.json()["code"] == "not_in_sitting"

    play(scenario)


def test_the_chairs_part_is_only_for_those_who_may(registry):
    registry.chair = lambda sitting: {"tally": 1}
    registry.audiences = lambda tickets: {
        one: {"hall", "chair", "me"} if one.person_id == person(1) else {"hall"} for one in tickets
    }

    async def scenario():
        async with running() as app:
            chair, guest = await snapshot(app, ticket(1)), await snapshot(app, ticket(2))
            assert set(chair["state"]) == {"said", "tally", "me"}
            assert set(guest["state"]) == {"said"}
            assert ";chair=0" in chair["id"]
            assert "chair" not in guest["id"]

    play(scenario)


def test_a_snapshot_is_computed_once_per_version_and_shared(registry):
    computed, asked = [], []
    registry.hall = lambda sitting: computed.append(1) or {"said": len(computed)}
    registry.person = lambda sitting, people: asked.append(len(people)) or {}

    async def scenario():
        async with running() as app:
            await asyncio.gather(*(snapshot(app, ticket(n)) for n in range(150)))
            assert len(computed) == 1
            assert sum(asked) == 150
            assert len(asked) < 20
            await in_thread(say, "new")
            assert (await snapshot(app))["state"]["said"] == 2

    play(scenario)


def test_a_running_count_is_sent_at_once_and_at_last_but_not_each_time(registry):
    counted = []
    registry.progress = lambda sitting: (
        counted.append(1)
        or {
            "hall": {"progress": {"cast": total[0]}},
            "chair": {"tally": {"yes": total[0]}},
        }
    )
    total = [0]

    def vote():
        with transaction.atomic():
            progress.mark(SITTING)

    async def scenario():
        async with running() as app:
            first = await snapshot(app)
            async with Stream(app, ticket(), first["id"]) as stream:
                await stream.next("ping")
                for n in range(1, 101):
                    total[0] = n
                    await in_thread(vote)
                while True:
                    message = await stream.next()
                    assert message["seq"] is None
                    assert "id" not in message
                    assert message["slice"] == "progress"
                    if message["data"]["cast"] == 100:
                        break
                assert 1 <= len(counted) <= 99

    play(scenario)


def ring(number, text):
    return api.emit(api.doorbell_stream(person(number)), Said(text=text), council_id=COUNCIL)


def test_a_person_hears_their_doorbell_outside_the_hall_and_nobody_elses():
    async def scenario():
        async with running() as app:
            await in_thread(ring, 1, "before anybody listened")
            async with Bell(app, ticket(1)) as bell, Bell(app, ticket(2)) as other:
                await bell.next("ping")
                await other.next("ping")
                await in_thread(ring, 1, "moved")
                await in_thread(ring, 2, "theirs")
                assert (await bell.texts(1), await other.texts(1)) == (["moved"], ["theirs"])
                assert bell.messages.empty()

    play(scenario)


def test_the_doorbell_opens_with_its_own_ticket_only():
    async def scenario():
        async with running() as app:
            hall_ticket = tickets.make(ticket())
            own = tickets.make(ticket(), salt=tickets.PERSONAL_SALT)
            old = tickets.make(ticket(), now=0, salt=tickets.PERSONAL_SALT)
            for value, path, code in (
                ("", "/live/lao-cai/mine", "no_ticket"),
                (hall_ticket, "/live/lao-cai/mine", "no_ticket"),
                (old, "/live/lao-cai/mine", "ticket_expired"),
                (own, "/live/mau-a/mine", "other_sitting"),
            ):
                cookie = f"{tickets.PERSONAL_COOKIE}={value}; {tickets.COOKIE}={hall_ticket}"
                headers = {"host": "localhost", "cookie": cookie}
                assert (await call(app, "GET", path, headers=headers)).json()["code"] == code
            # And the doorbell's ticket opens no hall.
            reply = await call(
                app,
                "GET",
                f"/live/lao-cai/snapshot?sitting={SITTING}",
                headers={"host": "localhost", "cookie": f"{tickets.COOKIE}={own}"},
            )
            assert reply.json()["code"] == "no_ticket"

    play(scenario)


def test_outsiders_are_cut_off_before_they_hear_what_is_behind_shut_doors(registry):
    class Shut(Said):
        type = "test.shut"

    guest, shut = ticket(2), []
    registry.doors = {"test.shut": True}

    def audiences(tickets):
        outside = set() if shut else {"hall", "me", "outside"}
        return {t: outside if t == guest else {"hall", "me"} for t in tickets}

    registry.audiences = audiences

    def shut_doors():
        shut.append(True)
        events = [(hall(), Shut(text="shut")), (hall(), Said(text="secret"))]
        api.emit_many(events, council_id=COUNCIL)

    async def scenario():
        async with running() as app:
            first = await snapshot(app)
            since = (await snapshot(app, guest))["id"]
            async with (
                Stream(app, ticket(), first["id"]) as member,
                Stream(app, guest, since) as outsider,
            ):
                await in_thread(say, "public")
                assert await outsider.texts(1) == ["public"]
                await in_thread(shut_doors)
                assert await member.texts(3) == ["public", "shut", "secret"]
                await asyncio.wait_for(outsider.task, 10)
                assert outsider.messages.empty()
            # What was believed of their rights for 20 seconds is forgotten: no way back in.
            path = f"/live/lao-cai/snapshot?sitting={SITTING}"
            assert (await call(app, "GET", path, headers=headers_for(guest))).status == 403

    play(scenario)


def test_who_lost_their_duty_is_cut_off_and_nobody_else(registry):
    guest, gone = ticket(2), []
    registry.audiences = lambda tickets: {
        t: (set() if gone else {"hall", "me", "outside"}) if t == guest else {"hall", "me"}
        for t in tickets
    }

    def send_away():
        gone.append(True)
        api.emit(api.person_stream(person(2)), RightsMoved(), council_id=COUNCIL)
        say("secret")

    async def scenario():
        async with running() as app:
            first = await snapshot(app)
            since = (await snapshot(app, guest))["id"]
            async with (
                Stream(app, ticket(), first["id"]) as member,
                Stream(app, guest, since) as outsider,
            ):
                await in_thread(say, "public")
                assert await outsider.texts(1) == ["public"]
                await in_thread(send_away)
                assert await member.texts(2) == ["public", "secret"]
                await asyncio.wait_for(outsider.task, 10)
            for what in ("snapshot", "stream"):
                path = f"/live/lao-cai/{what}?sitting={SITTING}"
                assert (await call(app, "GET", path, headers=headers_for(guest))).status == 403

    play(scenario)


def test_a_guest_sent_away_unheard_does_not_come_in_with_what_was_known_of_them(registry):
    guest, gone = ticket(2), []
    registry.audiences = lambda tickets: {
        t: set() if gone else {"hall", "me", "outside"} for t in tickets
    }

    async def scenario():
        async with running() as app:
            await snapshot(app, guest)  # believed for 20 s; no stream of theirs is open here
            gone.append(True)
            path = f"/live/lao-cai/stream?sitting={SITTING}"
            assert (await call(app, "GET", path, headers=headers_for(guest))).status == 403

    play(scenario)
