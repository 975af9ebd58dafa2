"""Who is let in, and the sentence for who is not."""

from __future__ import annotations

import asyncio
import time
import uuid

import pytest
from django.http import HttpResponse

from nghitruong.platform.live import tickets
from nghitruong.platform.live.app import LiveApp
from nghitruong.platform.live.commands import names
from nghitruong.platform.live.tests.browser import call, headers_for, post
from nghitruong.platform.live.tests.conftest import COUNCIL, SITTING, person, ticket


def refused(status, code, **options):
    """Post a registered command; it must be refused before it reaches the queue."""

    async def scenario():
        app = LiveApp()
        reply = await post(app, "echo", **options)
        assert app.engine.depth == 0
        return reply

    reply = asyncio.run(scenario())
    assert (reply.status, reply.json()["code"]) == (status, code)
    return reply.json()["message"]


@pytest.fixture(autouse=True)
def echo(command, log):
    command("echo", log.echo)


def test_a_page_sets_a_cookie_scripts_cannot_read_nor_other_sites_send():
    response = HttpResponse()
    tickets.issue(
        response,
        council_id=COUNCIL,
        slug="lao-cai",
        person_id=person(1),
        sitting_id=SITTING,
        name="Giàng Thị Mỷ",
        device="máy 1",
    )
    cookie = response.cookies[tickets.COOKIE]
    assert cookie["httponly"]
    assert cookie["samesite"] == "Strict"
    assert cookie["path"] == "/live/"
    assert cookie["max-age"] == 86400
    found, until = tickets.verify(cookie.value)
    assert found == ticket(name="Giàng Thị Mỷ")
    assert until == pytest.approx(time.time() + 86400, abs=60)


def test_a_forged_ticket_is_refused():
    value = tickets.make(ticket())
    refused(401, "no_ticket", who=("A" if value[0] != "A" else "B") + value[1:])
    refused(401, "no_ticket", who="x")
    refused(401, "no_ticket", who=None)


def test_a_ticket_signed_for_another_purpose_is_refused():
    from django.core import signing

    refused(401, "no_ticket", who=signing.dumps(["a"], salt="khác"))


def test_an_expired_ticket_gets_a_sentence_that_says_what_to_do():
    old = tickets.make(ticket(), now=time.time() - tickets.LIFETIME - 1)
    message = refused(401, "ticket_expired", who=old)
    assert "đã hết hạn; xin mở lại trang" in message


def test_a_ticket_that_expires_while_remembered_is_refused():
    verifier = tickets.Verifier()
    value = tickets.make(ticket())
    assert verifier(value) == ticket()
    verifier._known[value] = (ticket(), time.time() - 1)
    with pytest.raises(tickets.BadTicket) as bad:
        verifier(value)
    assert bad.value.expired


def test_remembered_tickets_are_bounded():
    verifier = tickets.Verifier(kept=2)
    for n in range(4):
        verifier(tickets.make(ticket(n)))
    assert len(verifier._known) == 2


def test_another_sittings_ticket_is_refused():
    refused(403, "other_sitting", who=ticket(sitting_id=uuid.uuid4()))


def test_another_councils_ticket_is_refused():
    refused(403, "other_sitting", slug="mau-a")
    refused(403, "other_sitting", who=ticket(slug="mau-a"))


@pytest.mark.parametrize("origin", ["http://evil.example", "null", "http://localhost:81", ""])
def test_a_command_from_another_site_is_refused(origin):
    refused(403, "foreign_origin", headers={"origin": origin})


def test_a_command_under_another_host_name_is_refused():
    refused(
        403,
        "foreign_origin",
        headers={"origin": "http://evil.example", "host": "evil.example"},
    )


def test_a_trusted_origin_may_send(settings):
    settings.CSRF_TRUSTED_ORIGINS = ["https://hdnd.example"]
    # It passes the origin and stops at the next door.
    refused(401, "no_ticket", who=None, headers={"origin": "https://hdnd.example"})


@pytest.mark.parametrize("nonce", ["", "short", "x" * 65, "có dấu cách", None, 7])
def test_a_command_needs_a_proper_nonce(nonce):
    refused(400, "bad_request", nonce=nonce)


def test_a_form_is_not_a_command():
    refused(400, "bad_request", headers={"content-type": "text/plain"})


def test_an_unknown_command_is_told_so():
    async def scenario():
        return await post(LiveApp(), "nothing")

    reply = asyncio.run(scenario())
    assert (reply.status, reply.json()["code"]) == (404, "unknown_command")
    assert "echo" in names()


@pytest.mark.parametrize("content", [b"{", b"[]", b"\xff", b'"x"'])
def test_a_body_that_is_not_a_command_is_refused(content):
    reply = asyncio.run(
        call(
            LiveApp(),
            "POST",
            "/live/lao-cai/echo",
            headers=headers_for(ticket()),
            content=content,
        )
    )
    assert (reply.status, reply.json()["code"]) == (400, "bad_request")


def test_a_huge_body_is_refused():
    reply = asyncio.run(
        call(
            LiveApp(),
            "POST",
            "/live/lao-cai/echo",
            headers=headers_for(ticket()),
            content=b'{"a":"' + b"x" * 70_000 + b'"}',
        )
    )
    assert (reply.status, reply.json()["code"]) == (413, "too_large")


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/live/lao-cai/echo", 405),
        ("POST", "/live/lao-cai/stream", 405),
        ("GET", "/live/lao-cai", 404),
        ("GET", "/live/lao-cai/a/b", 404),
        ("GET", "/live/lao-cai/snapshot", 403),
        ("GET", "/live/lao-cai/snapshot?sitting=x", 403),
    ],
)
def test_other_ways_in_are_closed(method, path, status):
    reply = asyncio.run(call(LiveApp(), method, path, headers=headers_for(ticket())))
    assert reply.status == status
    assert reply.json()["message"]


def test_an_engine_that_is_full_answers_at_once(command):
    async def scenario():
        app = LiveApp()
        app.engine.queue_limit = 0
        return await post(app, "echo")

    reply = asyncio.run(scenario())
    assert (reply.status, reply.json()["code"]) == (503, "busy")
