"""Screens: what they are sent, what they are sent again, and when they start afresh."""

from __future__ import annotations

import asyncio
import time
import uuid
from datetime import timedelta
from functools import partial

import pytest
from django.db import transaction

from nghitruong.platform.live import api, doorbell, epoch, feed, hub, sql, tickets
from nghitruong.platform.live.line import parse_id
from nghitruong.platform.live.models import Event
from nghitruong.platform.live.tests.browser import (
    Bell,
    Stream,
    call,
    headers_for,
    post,
    snapshot,
)
from nghitruong.platform.live.tests.conftest import (
    SITTING,
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


def test_a_screen_gets_what_is_said_after_its_snapshot():
    async def scenario():
        async with running() as app:
            await in_thread(say, "before")
            first = await snapshot(app)
            assert first["state"]["me"] == {"person_id": str(person(1))}
            async with Stream(app, ticket(), first["id"]) as stream:
                await in_thread(say, "after")
                message = await stream.next()
                assert (message["stream"], message["seq"]) == ("hall", 2)
                assert message["type"] == "test.said"
                assert message["slice"] == "said"
                assert message["data"] == {"text": "after"}
                assert parse_id(message["id"])[1] == {"hall": 2, "me": 0}

    play(scenario)


def test_a_screen_that_comes_back_is_sent_what_it_missed():
    async def scenario():
        async with running() as app:
            first = await snapshot(app)
            await in_thread(say, "a", "b", "c")
            async with Stream(app, ticket(), first["id"]) as stream:
                assert await stream.texts(3) == ["a", "b", "c"]
            since = parse_id(first["id"])[0] + ";hall=2;me=0"
            # The id a browser sends by itself is newer than the one in its address.
            async with Stream(app, ticket(), first["id"], last_event_id=since) as stream:
                assert await stream.texts(1) == ["c"]

    play(scenario)


@pytest.mark.parametrize(
    "since", ["", "x;hall=0;me=0", "rubbish", "EPOCH;hall=0", "EPOCH;hall=9;me=0"]
)
def test_a_screen_that_cannot_continue_is_told_to_start_afresh(since):
    async def scenario():
        async with running() as app:
            known = (await snapshot(app))["id"].split(";")[0]
            async with Stream(app, ticket(), since.replace("EPOCH", known)) as stream:
                assert (await stream.next())["event"] == "reset"
                await asyncio.wait_for(asyncio.shield(stream.task), 10)
                assert stream.ended

    play(scenario)


def test_a_screen_away_too_long_is_told_to_start_afresh(monkeypatch):
    monkeypatch.setitem(hub.TAIL, "hall", 3)

    async def scenario():
        async with running() as app:
            first = await snapshot(app)
            await in_thread(say, *"abcde")
            async with Stream(app, ticket(), first["id"]) as stream:
                assert (await stream.next())["event"] == "reset"

    play(scenario)


def test_a_new_epoch_resets_every_open_screen():
    async def scenario():
        async with running() as app:
            first = await snapshot(app)
            async with Stream(app, ticket(), first["id"]) as stream:
                await stream.next("ping")
                await in_thread(epoch.renew)
                assert (await stream.next())["event"] == "reset"
            second = await snapshot(app)
            assert parse_id(second["id"])[0] != parse_id(first["id"])[0]
            async with Stream(app, ticket(), second["id"]) as stream:
                await in_thread(say, "anew")
                assert await stream.texts(1) == ["anew"]

    play(scenario)


def test_a_lost_doorbell_delays_by_a_sweep_and_loses_nothing(monkeypatch):
    monkeypatch.setattr(doorbell, "ring", lambda bells: None)

    async def scenario():
        async with running() as app:
            first = await snapshot(app)
            async with Stream(app, ticket(), first["id"]) as stream:
                await in_thread(say, "quiet")
                assert await stream.texts(1) == ["quiet"]

    play(scenario)


def test_a_reader_whose_query_dies_recovers(monkeypatch):
    original, deaths = feed.read, []

    def dying(*arguments, **options):
        if arguments[0] and len(deaths) < 2:
            deaths.append(1)
            raise SystemExit("luồng đọc bị giết")
        return original(*arguments, **options)

    async def scenario():
        async with running() as app:
            first = await snapshot(app)
            async with Stream(app, ticket(), first["id"]) as stream:
                await stream.next("ping")
                monkeypatch.setattr(feed, "read", dying)
                await in_thread(say, "still")
                assert await stream.texts(1) == ["still"]
                assert len(deaths) == 2

    play(scenario)


def test_a_slow_screen_is_set_aside_and_catches_up_in_order():
    async def scenario():
        async with running() as app:
            first = await snapshot(app)
            async with (
                Stream(app, ticket(1), first["id"]) as slow,
                Stream(app, ticket(2), first["id"]) as fast,
            ):
                await slow.next("ping")
                await fast.next("ping")
                slow.slow = True
                for n in range(30):
                    await in_thread(say, f"{n}")
                assert await fast.texts(30) == [f"{n}" for n in range(30)]
                assert app.hub.lagged > 0
                slow.slow = False
                assert await slow.texts(30) == [f"{n}" for n in range(30)]

    play(scenario)


def test_commands_and_streams_of_one_process(command, log):
    def handler(requests):
        say(*(request.body["text"] for request in requests))
        return log.echo(requests)

    command("say", handler)

    async def scenario():
        async with running() as app:
            first = await snapshot(app)
            async with Stream(app, ticket(), first["id"]) as stream:
                replies = await asyncio.gather(
                    *(post(app, "say", f"nonce-{n:04}", ticket(n), text=str(n)) for n in range(50))
                )
                assert [reply.json() for reply in replies] == [
                    {"ok": True, "echo": str(n)} for n in range(50)
                ]
                assert sorted(map(int, await stream.texts(50))) == list(range(50))
            assert app.engine.counters.commands == 50

    play(scenario)


def test_stopping_ends_every_stream():
    async def scenario():
        async with running() as app:
            first = await snapshot(app)
            async with Stream(app, ticket(), first["id"]) as stream:
                await stream.next("ping")
                app.closing()
                await asyncio.wait_for(asyncio.shield(stream.task), 5)
                reply = await call(
                    app,
                    "GET",
                    f"/live/lao-cai/stream?sitting={SITTING}",
                    headers=headers_for(ticket()),
                )
                assert reply.status == 503

    play(scenario)


@pytest.mark.concurrency
def test_four_writers_at_once_leave_no_gap():
    async def scenario():
        def write(writer):
            for n in range(25):
                with transaction.atomic():
                    say(f"{writer}-{n}", f"{writer}-{n}b")

        async with running() as app:
            first = await snapshot(app)
            async with Stream(app, ticket(), first["id"]) as stream:
                await asyncio.gather(*(in_thread(write, writer) for writer in range(4)))
                got = [(await stream.next())["seq"] for _ in range(200)]
                assert got == list(range(1, 201))

    play(scenario)
    assert list(
        Event.objects.filter(stream=hall()).order_by("seq").values_list("seq", flat=True)
    ) == list(range(1, 201))


def test_topics_nobody_hears_are_forgotten():
    bus = hub.Hub()
    topic = bus.topic("sitting:x:hall", "hall")
    bus.load("sitting:x:hall", 5, 5, [])
    bus.forget_idle(topic.left_at + hub.IDLE_SECONDS - 1)
    assert bus.topics
    bus.forget_idle(topic.left_at + hub.IDLE_SECONDS + 1)
    assert not bus.topics


def test_reading_many_streams_is_one_query(django_assert_num_queries):
    say("a", "b")
    with django_assert_num_queries(1):
        rows = sql.events_after({hall(): 1, f"person:{uuid.uuid4().hex}": 0}, limit=10)
    assert [(row.seq, row.type) for row in rows] == [(2, "test.said")]


def test_more_events_than_one_look_takes_do_not_wait_for_the_sweep(monkeypatch):
    monkeypatch.setattr(feed, "ROWS", 3)
    monkeypatch.setattr(feed, "SWEEP_SECONDS", 3600.0)
    many = [f"tin {number}" for number in range(10)]

    async def scenario():
        async with running() as app:
            first = await snapshot(app)
            async with Stream(app, ticket(), first["id"]) as stream:
                await stream.next("ping")
                await in_thread(say, *many)
                assert await stream.texts(10) == many

    play(scenario)


@pytest.mark.concurrency
def test_a_ring_from_another_host_comes_through_redis(settings, monkeypatch):
    from tests.support.valkey import valkey_server

    # Neither the datagram nor the sweep may be what delivers.
    monkeypatch.setattr(doorbell, "_ring_here", lambda message: None)
    monkeypatch.setattr(feed, "SWEEP_SECONDS", 3600.0)
    monkeypatch.setattr(doorbell, "_redis", None)

    async def scenario():
        async with running() as app:
            first = await snapshot(app)
            async with Stream(app, ticket(), first["id"]) as stream:
                await stream.next("ping")
                await asyncio.to_thread(app.feed._redis.subscribed.wait, 20)
                await in_thread(say, "từ máy khác")
                assert await stream.texts(1) == ["từ máy khác"]

    with valkey_server() as url:
        settings.REDIS_URL = url
        play(scenario)


def test_a_redis_that_does_not_answer_stops_nobody(settings, monkeypatch):
    monkeypatch.setattr(doorbell, "_redis", None)
    settings.REDIS_URL = "redis://127.0.0.1:1/0"
    assert say("vẫn ghi được") == [1]


def test_who_was_ended_is_cut_off_and_comes_back_only_with_a_new_ticket(command, log):
    command("echo", log.echo)

    async def scenario():
        async with running() as app:
            first = await snapshot(app)
            old, later = tickets.make(ticket()), tickets.make(ticket(), now=time.time() + 60)
            async with (
                Stream(app, ticket(), first["id"]) as stream,
                Stream(app, ticket(2), first["id"]) as other,
            ):
                await in_thread(api.end_tickets, [person(1)])
                await asyncio.wait_for(asyncio.shield(stream.task), 10)  # within a second
                assert not other.ended
                refused = await post(app, "echo", who=old)
                assert (refused.status, refused.json()["code"]) == (401, "ticket_expired")
                assert (await post(app, "echo", who=later)).status == 200
                assert (await post(app, "echo", who=ticket(2))).status == 200

    play(scenario)


def test_who_goes_on_after_the_end_comes_back_with_the_next_ticket_at_once(command, log):
    command("echo", log.echo)

    async def scenario():
        async with running() as app:
            first = await snapshot(app)
            old = tickets.make(ticket(device="máy 2"))
            async with Stream(app, ticket(device="máy 2"), first["id"]) as stream:
                await in_thread(partial(api.end_tickets, [person(1)], margin=timedelta(0)))
                new = tickets.make(ticket())  # the very next page
                await asyncio.wait_for(asyncio.shield(stream.task), 10)
                assert (await post(app, "echo", who=old)).status == 401
                assert (await post(app, "echo", who=new)).status == 200

    play(scenario)


def test_a_sign_in_that_ended_takes_its_own_screens_along_and_no_others(command, log):
    command("echo", log.echo)

    async def scenario():
        async with running() as app:
            first = await snapshot(app)
            here, elsewhere = ticket(), ticket(device="máy 2")
            async with (
                Stream(app, here, first["id"]) as stream,
                Stream(app, elsewhere, first["id"]) as other,
            ):
                await in_thread(api.end_device, here.device)
                await asyncio.wait_for(asyncio.shield(stream.task), 10)  # within a second
                assert not other.ended
                assert (await post(app, "echo", who=here)).status == 401
                assert (await post(app, "echo", who=elsewhere)).status == 200

    play(scenario)


def test_a_sign_in_that_ended_takes_its_doorbell_outside_the_hall_along():
    async def scenario():
        async with running() as app:
            here, elsewhere = ticket(), ticket(device="máy 2")
            async with Bell(app, here) as bell, Bell(app, elsewhere) as other:
                await bell.next("ping")
                await other.next("ping")
                await in_thread(api.end_device, here.device)
                await asyncio.wait_for(asyncio.shield(bell.task), 10)  # within a second
                assert not other.ended
                async with Bell(app, here) as again:
                    await asyncio.wait_for(asyncio.shield(again.task), 10)
                    assert again.status == 401

    play(scenario)
