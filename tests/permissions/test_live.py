"""``/live/``: every command and stream × every role; tickets of others open nothing."""

from __future__ import annotations

import asyncio
import uuid
from typing import Any

import orjson
import pytest
from django.db import transaction
from django.utils import timezone
from django_scopes import scope, scopes_disabled

from nghitruong.config.live import register_apps
from nghitruong.council.councils.roles import actor_of_person
from nghitruong.platform.live import commands, tickets
from nghitruong.platform.live.app import LiveApp
from nghitruong.platform.live.commands import Request, Ticket
from nghitruong.platform.live.engine import Engine, Waiting
from nghitruong.platform.live.registry import registry
from nghitruong.session.floor.models import NoteToChair, SpeakerRequest
from nghitruong.session.meetings.models import Sitting
from nghitruong.session.voting.actions import close_poll, publish_poll
from nghitruong.session.voting.models import Poll, Vote
from nghitruong.session.voting.queries import sees_names
from tests.permissions.matrix import CLOSED_DOORS, HARMLESS, LIVE, STREAMS
from tests.permissions.rows import ROLES
from tests.permissions.world import World


@pytest.fixture(autouse=True)
def apps_registered() -> None:
    register_apps()


class _Undo(Exception):
    pass


def ticket_of(world: World, username: str, **changes: Any) -> Ticket:
    """The ticket that a page of the sitting gives to this person."""
    person = world.built.people[username]
    council = world.built.council
    fields: dict[str, Any] = {
        "council_id": council.pk,
        "person_id": person.pk,
        "sitting_id": world.key("", "sitting_id"),
        "device": "máy thử",
        "name": person.full_name,
        "slug": council.slug,
    }
    return Ticket(**{**fields, **changes})


def heard(ticket: Ticket) -> set[str]:
    """The streams this ticket opens now."""
    return registry.audiences([ticket])[ticket]


def written() -> tuple[int, ...]:
    with scopes_disabled():
        return (
            Vote.objects.count(),
            Vote.objects.filter(changes__gt=0).count(),
            SpeakerRequest.objects.filter(state="waiting").count(),
            NoteToChair.objects.count(),
            Poll.objects.filter(state="open").count(),
        )


def body_of(world: World) -> dict[str, Any]:
    with scope(council=world.built.council.pk):
        poll = Poll.objects.get(number=world.key("", "poll"))
    return {"poll": str(poll.pk), "choice": "no", "kind": "speech", "text": "Xin phát biểu"}


def run(command: str, ticket: Ticket, body: dict[str, Any]) -> tuple[int, dict[str, Any], bool]:
    """Status, answer, and whether anything was written; undone afterwards."""
    engine = Engine(lambda answers: None)
    request = Request(command, ticket, uuid.uuid4().hex, dict(body), timezone.now())
    try:
        with transaction.atomic():
            before = written()
            [(_done, told)] = engine.process([Waiting(request, 1)])
            answer = told.status, orjson.loads(told.body), written() != before
            raise _Undo
    except _Undo:
        return answer


def test_every_command_is_declared() -> None:
    assert set(commands.names()) == set(LIVE), "khai trong tests/permissions/matrix.py"


@pytest.mark.django_db
@pytest.mark.parametrize("command", LIVE)
def test_a_command_is_for_its_roles_only(here: World, command: str) -> None:
    if command == "ask":  # the world's delegate waits already
        with scope(council=here.built.council.pk):
            SpeakerRequest.objects.update(state="withdrawn")
    wrong = []
    for role, username in ROLES.items():
        status, answer, wrote = run(command, ticket_of(here, username), body_of(here))
        if role in LIVE[command] or command in HARMLESS:
            if status != 200 or not answer.get("ok"):
                wrong.append(f"{role}: {status} {answer}")
            if wrote and role not in LIVE[command]:
                wrong.append(f"{role}: đã ghi")
        elif not (400 <= status < 500 and answer["message"] and not wrote):
            wrong.append(f"{role}: {status} {answer}, ghi={wrote}")
    assert not wrong, "\n" + "\n".join(wrong)


@pytest.mark.django_db
@pytest.mark.parametrize("command", LIVE)
def test_a_person_of_another_council_does_nothing_here(
    here: World, there: World, command: str
) -> None:
    """With their own ticket and our keys, and even with a ticket that names our council."""
    ours = {"council_id": here.built.council.pk, "slug": here.built.council.slug}
    for username in ("nam", "oanh", "phuc"):
        for changes in (
            {"sitting_id": here.key("", "sitting_id")},
            {**ours, "sitting_id": here.key("", "sitting_id")},
        ):
            status, answer, wrote = run(
                command, ticket_of(there, username, **changes), body_of(here)
            )
            assert 400 <= status < 500 or command in HARMLESS, (username, changes, answer)
            assert not wrote, (username, changes)


@pytest.mark.django_db
@pytest.mark.parametrize("command", ["vote", "close-poll"])
def test_a_poll_of_another_council_is_not_reached(here: World, there: World, command: str) -> None:
    for username in ("cuc", "an", "binh"):
        status, _answer, wrote = run(command, ticket_of(here, username), body_of(there))
        assert 400 <= status < 500
        assert not wrote


@pytest.mark.django_db
@pytest.mark.parametrize("role", ROLES)
def test_a_role_hears_what_is_declared(here: World, there: World, role: str) -> None:
    council = here.built.council.pk
    ticket = ticket_of(here, ROLES[role])
    with scope(council=council):
        assert heard(ticket) == STREAMS[role]
        Sitting.objects.filter(pk=here.key("", "sitting_id")).update(closed_doors=True)
        behind_doors = frozenset() if role in CLOSED_DOORS else STREAMS[role]
        assert heard(ticket) == behind_doors
        for username in ("nam", "oanh"):
            stranger = ticket_of(there, username, sitting_id=here.key("", "sitting_id"))
            assert heard(stranger) == set()


@pytest.mark.django_db
def test_private_notes_reach_who_presides_and_no_tally_reaches_the_hall(here: World) -> None:
    """On a fresh screen: notes for those who preside only (no clerk, no helper), the tally for the
    desk only, a choice for its owner only."""
    sitting = here.key("", "sitting_id")
    people = {role: here.built.people[username].pk for role, username in ROLES.items()}
    with scope(council=here.built.council.pk):
        hall = orjson.dumps(registry.hall(sitting), default=str).decode()
        chair = orjson.dumps(registry.chair(sitting), default=str).decode()
        own = registry.person(sitting, list(people.values()))
    for secret in ('"tally"', "Xin phát biểu trước", '"receipt"', '"choice"'):
        assert secret not in hall
    assert '"tally"' in chair
    for secret in ("Xin phát biểu trước", '"choice"'):
        assert secret not in chair
    for role, person in people.items():
        text = orjson.dumps(own[person], default=str).decode()
        assert ("Xin phát biểu trước" in text) == (role == "chair"), role
        assert ('"choice"' in text) == (role == "delegate"), role


@pytest.mark.django_db
def test_a_published_vote_reaches_the_hall_in_numbers_only(here: World) -> None:
    """Who voted what is heard by ``named`` alone, which is for those whom the exports are for."""
    sitting = here.key("", "sitting_id")
    with scope(council=here.built.council.pk):
        poll = Poll.objects.get(number=here.key("", "poll"))
        Sitting.objects.filter(pk=sitting).update(current_item=poll.item_id)
        chair = actor_of_person(here.built.people[ROLES["chair"]])
        publish_poll(close_poll(poll, by=chair), by=chair)
        hall = registry.hall(sitting)
        named = registry.named(sitting)
        for role, username in ROLES.items():
            names = sees_names(actor_of_person(here.built.people[username]))
            assert ("named" in STREAMS[role]) == names, role
    assert hall["result"]["published_at"]
    assert '"choice"' not in orjson.dumps(hall, default=str).decode()
    assert any(seat["choice"] for seat in named["seats"]["seats"])


# The door itself ---------------------------------------------------------------------------------


def knock(
    method: str, path: str, *, cookie: str = "", **options: Any
) -> tuple[int, dict[str, Any]]:
    """One HTTP request to the live application, not started: only its doors are asked."""
    content = orjson.dumps(options.get("body", {}))
    headers = [(b"host", options.get("host", b"127.0.0.1:8150"))]
    if cookie:
        headers.append((b"cookie", f"{tickets.COOKIE}={cookie}".encode()))
    if method == "POST":
        headers.append((b"content-type", b"application/json"))
        headers.append((b"origin", options.get("origin", b"http://127.0.0.1:8150")))
    route, _, query = path.partition("?")
    http = {
        "type": "http",
        "method": method,
        "path": route,
        "query_string": query.encode(),
        "headers": headers,
        "client": ("127.0.0.1", 1),
        "scheme": "http",
    }
    sent: list[dict[str, Any]] = []

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": content, "more_body": False}

    async def send(message: Any) -> None:
        sent.append(message)

    asyncio.run(LiveApp()(http, receive, send))
    return int(sent[0]["status"]), orjson.loads(sent[1]["body"])


def fake(**changes: Any) -> Ticket:
    fields: dict[str, Any] = {
        "council_id": uuid.UUID(int=1),
        "person_id": uuid.UUID(int=2),
        "sitting_id": uuid.UUID(int=3),
        "device": "máy",
        "name": "Lê Thị Cúc",
        "slug": "lao-cai",
    }
    return Ticket(**{**fields, **changes})


SITTING = str(uuid.UUID(int=3))


@pytest.mark.parametrize("command", LIVE)
def test_a_screen_of_somebody_else_does_nothing_with_this_browsers_ticket(command: str) -> None:
    cookie = tickets.make(fake())
    body = {"sitting": SITTING, "nonce": "n" * 16, "person": str(uuid.UUID(int=9))}
    status, answer = knock("POST", f"/live/lao-cai/{command}", cookie=cookie, body=body)
    assert (status, answer["code"]) == (403, "other_person")
    assert "CHƯA được ghi" in answer["message"]
    for what in ("stream", "snapshot"):
        path = f"/live/lao-cai/{what}?sitting={SITTING}&person={uuid.UUID(int=9)}"
        assert knock("GET", path, cookie=cookie)[0] == 403


ROUTES = [
    ("GET", f"/live/lao-cai/stream?sitting={SITTING}"),
    ("GET", f"/live/lao-cai/snapshot?sitting={SITTING}"),
    *(("POST", f"/live/lao-cai/{command}") for command in LIVE),
]


@pytest.mark.parametrize(("method", "path"), ROUTES)
def test_without_a_good_ticket_for_this_council_and_sitting_no_route_answers(
    method: str, path: str
) -> None:
    body = {"sitting": SITTING, "nonce": "n" * 16}
    good = tickets.make(fake())
    cases = {
        "không vé": ("", 401, "no_ticket"),
        "vé giả": (good[:-3] + "abc", 401, "no_ticket"),
        "hết hạn": (tickets.make(fake(), now=0), 401, "ticket_expired"),
        "Hội đồng khác": (tickets.make(fake(slug="mau-a")), 403, "other_sitting"),
        "phiên khác": (
            tickets.make(fake(sitting_id=uuid.UUID(int=9))),
            403,
            "other_sitting",
        ),
    }
    for name, (cookie, status, code) in cases.items():
        answer = knock(method, path, cookie=cookie, body=body)
        assert (answer[0], answer[1]["code"]) == (status, code), name


@pytest.mark.parametrize("command", LIVE)
def test_another_site_cannot_send_a_command(command: str) -> None:
    body = {"sitting": SITTING, "nonce": "n" * 16}
    status, answer = knock(
        "POST",
        f"/live/lao-cai/{command}",
        cookie=tickets.make(fake()),
        body=body,
        origin=b"https://example.org",
    )
    assert (status, answer["code"]) == (403, "foreign_origin")


def test_a_command_nobody_knows_and_a_wrong_method_are_refused() -> None:
    body = {"sitting": SITTING, "nonce": "n" * 16}
    assert knock("POST", "/live/lao-cai/xoa", cookie=tickets.make(fake()), body=body)[0] == 404
    assert knock("GET", "/live/lao-cai/vote")[0] == 405
    assert knock("POST", "/live/lao-cai/stream")[0] == 405
