"""What happens to commands that arrive together."""

from __future__ import annotations

import json
import sqlite3

import pytest
from django.db import OperationalError, connection, transaction

from nghitruong.platform.errors import Refused
from nghitruong.platform.live import sql
from nghitruong.platform.live.commands import Refusal
from nghitruong.platform.live.engine import Engine
from nghitruong.platform.live.models import Event, Receipt, Stream
from nghitruong.platform.live.tests.conftest import COUNCIL, hall, request_of, say

pytestmark = pytest.mark.django_db


def body(told):
    return json.loads(told.body)


def test_a_batch_is_one_call_of_the_handler_in_order_of_arrival(command, process, log):
    command("echo", log.echo)
    answers = process(*(request_of("echo", f"nonce-{n}", n, text=str(n)) for n in range(5)))
    assert log.runs == [[f"nonce-{n}" for n in range(5)]]
    assert [body(told) for told in answers] == [{"ok": True, "echo": str(n)} for n in range(5)]
    assert Receipt.objects.count() == 5


def test_the_same_nonce_twice_in_one_batch_is_done_once(command, process, log):
    command("echo", log.echo)
    first, second = process(
        request_of("echo", "nonce-same", text="a"), request_of("echo", "nonce-same", text="b")
    )
    assert log.runs == [["nonce-same"]]
    assert first == second
    assert body(first)["echo"] == "a"


def test_an_old_retry_after_a_newer_choice_gets_its_old_answer_and_changes_nothing(
    command, process
):
    choices = {}

    def choose(requests):
        for request in requests:
            choices[request.ticket.person_id] = request.body["choice"]
        return [{"choice": request.body["choice"]} for request in requests]

    command("choose", choose)
    process(request_of("choose", "nonce-old", choice="yes"))
    process(request_of("choose", "nonce-new", choice="no"))
    (again,) = process(request_of("choose", "nonce-old", choice="yes"))
    assert body(again) == {"ok": True, "choice": "yes"}
    assert list(choices.values()) == ["no"]


def test_two_people_may_use_the_same_nonce(command, process, log):
    command("echo", log.echo)
    process(request_of("echo", "nonce-same", 1), request_of("echo", "nonce-same", 2))
    assert log.runs == [["nonce-same", "nonce-same"]]


def test_a_nonce_of_another_command_is_refused_not_answered_with_its_outcome(command, process, log):
    command("echo", log.echo)
    command("other", log.echo)
    _, told = process(request_of("echo", "nonce-same"), request_of("other", "nonce-same"))
    assert (told.status, body(told)["code"]) == (409, "nonce_reused")


def test_a_refusal_is_stored_and_replayed(command, process):
    calls = []

    def refuse(requests):
        calls.append(len(requests))
        return [Refusal("closed", "Đã kết thúc.", "Điều 1") for _ in requests]

    command("refuse", refuse)
    (first,) = process(request_of("refuse", "nonce-1"))
    (again,) = process(request_of("refuse", "nonce-1"))
    assert first.status == again.status == 409
    assert body(first) == body(again)
    assert body(first) == {"code": "closed", "message": "Đã kết thúc.", "article": "Điều 1"}
    assert calls == [1]


def test_a_bad_command_falls_alone(command, process):
    def handler(requests):
        done = []
        for request in requests:
            say(request.body["text"])
            if request.body["text"] == "bad":
                raise KeyError("lỗi")
            done.append({"text": request.body["text"]})
        return done

    command("fragile", handler)
    texts = ["a", "bad", "b"]
    answers = process(*(request_of("fragile", f"nonce-{t}", text=t) for t in texts))
    assert [told.status for told in answers] == [200, 500, 200]
    assert "CHƯA" in body(answers[1])["message"]
    stored = Event.objects.order_by("seq").values_list("seq", "data__value__text")
    assert list(stored) == [(1, "a"), (2, "b")]
    assert set(Receipt.objects.values_list("nonce", flat=True)) == {"nonce-a", "nonce-b"}


def test_a_statement_the_database_refuses_falls_alone(command, process):
    def handler(requests):
        for request in requests:
            Stream(key=request.body["key"], council_id=COUNCIL).save(force_insert=True)
        return [{} for _ in requests]

    command("insert", handler)
    answers = process(
        request_of("insert", "nonce-1", key="a"),
        request_of("insert", "nonce-2", key="a"),
        request_of("insert", "nonce-3", key="b"),
    )
    assert [told.status for told in answers] == [200, 500, 200]
    assert set(Stream.objects.values_list("key", flat=True)) == {"a", "b"}


def test_a_refusal_raised_by_a_handler_is_the_answer_of_that_command_only(command, process):
    def handler(requests):
        if any(request.body.get("bad") for request in requests):
            raise Refused("not_yours", "Không phải của quý vị.", status=403)
        return [{} for _ in requests]

    command("picky", handler)
    answers = process(request_of("picky", "nonce-1"), request_of("picky", "nonce-2", bad=True))
    assert [told.status for told in answers] == [200, 403]
    assert body(answers[1])["code"] == "not_yours"


def test_a_handler_that_loses_an_outcome_acknowledges_nothing_wrongly(command, process):
    command("short", lambda requests: [{}] if len(requests) == 1 else [])
    answers = process(request_of("short", "nonce-1"), request_of("short", "nonce-2"))
    assert [told.status for told in answers] == [200, 200]  # each alone has its outcome


def test_a_barrier_runs_alone_and_in_its_place(command, process, log):
    command("echo", log.echo)
    command("close", log.echo, barrier=True)
    process(
        request_of("echo", "nonce-a1"),
        request_of("echo", "nonce-a2"),
        request_of("close", "nonce-b1"),
        request_of("close", "nonce-b2"),
        request_of("echo", "nonce-c1"),
    )
    assert log.runs == [
        ["nonce-a1", "nonce-a2"],
        ["nonce-b1"],
        ["nonce-b2"],
        ["nonce-c1"],
    ]


def test_an_unknown_command_is_told_so(process):
    (told,) = process(request_of("nothing", "nonce-1"))
    assert (told.status, body(told)["code"]) == (404, "unknown_command")


def test_a_batch_costs_few_statements(command, process, log, django_assert_max_num_queries):
    command("echo", log.echo)
    with django_assert_max_num_queries(6):  # two savepoint pairs, receipts read and written
        process(*(request_of("echo", f"nonce-{n}", n) for n in range(100)))


class Lost(Exception):
    """Stands where a driver's exception stands, with PostgreSQL's code."""

    sqlstate = "57P01"


def fail_once(monkeypatch, error, *, times=1, after=False):
    """Receipts fail to be written ``times`` times; ``after``: when the commit has happened."""
    original, failures = sql.insert_receipts, []

    def insert(rows, at):
        if after:
            original(rows, at)
        if len(failures) < times:
            failures.append(1)
            raise error
        if not after:
            original(rows, at)

    monkeypatch.setattr(sql, "insert_receipts", insert)


def lost_connection():
    error = OperationalError("server closed the connection unexpectedly")
    error.__cause__ = Lost()
    return error


@pytest.mark.django_db(transaction=True)
def test_a_lost_connection_is_tried_again_once(command, process, log, monkeypatch):
    command("echo", log.echo)
    fail_once(monkeypatch, lost_connection())
    (told,) = process(request_of("echo", "nonce-1", text="a"))
    assert body(told) == {"ok": True, "echo": "a"}
    assert log.runs == [["nonce-1"], ["nonce-1"]]
    assert Receipt.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_a_connection_lost_twice_acknowledges_nobody(command, process, log, monkeypatch):
    command("echo", log.echo)
    fail_once(monkeypatch, lost_connection(), times=2)
    answers = process(request_of("echo", "nonce-1"), request_of("echo", "nonce-2"))
    assert [told.status for told in answers] == [503, 503]
    assert "CHƯA" in body(answers[0])["message"]
    assert Receipt.objects.count() == 0


@pytest.mark.django_db(transaction=True)
def test_a_commit_whose_answer_was_lost_is_not_done_twice(command, process, log, monkeypatch):
    command("echo", log.echo)
    original, failures = transaction.Atomic.__exit__, []

    def exit_and_lose(self, kind, value, trace):
        outermost = not connection.savepoint_ids and kind is None
        original(self, kind, value, trace)
        if outermost and not connection.in_atomic_block and not failures:
            failures.append(1)
            raise lost_connection()

    monkeypatch.setattr(transaction.Atomic, "__exit__", exit_and_lose)
    (told,) = process(request_of("echo", "nonce-1", text="a"))
    assert failures == [1]
    assert body(told)["echo"] == "a"
    assert log.runs == [["nonce-1"]]


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    "text", ["database or disk is full", "attempt to write a readonly database", "disk I/O error"]
)
def test_a_full_disk_is_told_to_everybody_who_waits(command, process, log, monkeypatch, text):
    command("echo", log.echo)
    fail_once(monkeypatch, OperationalError(text), times=9)
    answers = process(*(request_of("echo", f"nonce-{n}") for n in range(3)))
    assert [told.status for told in answers] == [507] * 3
    assert "không còn chỗ" in body(answers[0])["message"]
    monkeypatch.undo()
    (told,) = process(request_of("echo", "nonce-0"))
    assert told.status == 200


@pytest.mark.sqlite
@pytest.mark.django_db(transaction=True)
def test_sqlites_own_full_database_is_recognised(command, process):
    def fill(requests):
        say(*("x" * 1000 for _ in range(2000)))
        return [{} for _ in requests]

    command("fill", fill)
    connection.ensure_connection()
    pages = connection.connection.execute("PRAGMA page_count").fetchone()[0]
    connection.connection.execute(f"PRAGMA max_page_count={pages + 20}")
    (told,) = process(request_of("fill", "nonce-1"))
    assert told.status == 507
    assert isinstance(connection.connection, sqlite3.Connection | None)
    assert Event.objects.count() == 0  # a new connection: the limit is gone with the old one
    (told,) = process(request_of("fill", "nonce-1"))
    assert told.status == 200


def test_a_full_queue_says_so_and_a_stopping_engine_too():
    engine = Engine(lambda answers: None, queue_limit=2)
    assert engine.submit(request_of("echo", "nonce-1"), 1) is None
    assert engine.submit(request_of("echo", "nonce-2"), 2) is None
    busy = engine.submit(request_of("echo", "nonce-3"), 3)
    assert (busy.code, busy.status) == ("busy", 503)
    engine.stop()
    assert engine.submit(request_of("echo", "nonce-4"), 4).code == "stopping"


@pytest.mark.django_db(transaction=True)
def test_a_stopping_engine_writes_what_waits(command, log):
    command("echo", log.echo)
    answered = []
    engine = Engine(answered.extend)
    for n in range(3):
        engine.submit(request_of("echo", f"nonce-{n}"), n)
    engine.stop()
    engine.start()
    engine.join(timeout=10)
    assert [(done, told.status) for done, told in answered] == [(0, 200), (1, 200), (2, 200)]
    assert Receipt.objects.count() == 3


def test_events_of_one_transaction_are_numbered_without_a_gap():
    assert say("a", "b") == [1, 2]
    assert say("c") == [3]
    assert list(
        Event.objects.filter(stream=hall()).order_by("seq").values_list("seq", flat=True)
    ) == [1, 2, 3]
    assert Stream.objects.get(key=hall()).seq == 3
