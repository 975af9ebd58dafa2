"""A hall: the fixed cast, a roll, an open sitting, and taps as the live process hands them on."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import transaction

from nghitruong.council.councils.roles import Actor
from nghitruong.platform.live.commands import Request, Ticket
from nghitruong.session.floor import actions, commands
from nghitruong.session.meetings.models import Presence, RollEntry, Sitting

HANDLERS = {
    "check-in": commands.check_in,
    "ask": commands.ask,
    "withdraw": commands.withdraw,
    "note": commands.note,
}


def request(
    command: str, sitting: Sitting, person_id: uuid.UUID, at: datetime | None = None, **body: Any
) -> Request:
    """A tap as the live process makes it."""
    ticket = Ticket(sitting.council_id, person_id, sitting.pk, "tablet", "")
    return Request(
        command,
        ticket,
        uuid.uuid4().hex,
        {"sitting": str(sitting.pk), **body},
        at or datetime.now(UTC),
    )


def apply(command: str, *requests: Request) -> list[Any]:
    """One batch, in its transaction."""
    with transaction.atomic():
        return list(HANDLERS[command](list(requests)))


@pytest.fixture
def tap(sitting: Sitting) -> Callable[..., Any]:
    """``tap("ask", cuc, kind="speech")`` → its one outcome."""

    def tap(command: str, actor: Actor, **body: Any) -> Any:
        return apply(command, request(command, sitting, actor.id, **body))[0]

    return tap


@pytest.fixture
def rolled(sitting: Sitting, clerk: Actor) -> Sitting:
    """The roll is open, nobody checked in yet."""
    actions.open_roll(sitting, by=clerk)
    sitting.refresh_from_db()
    return sitting


@pytest.fixture
def opened(rolled: Sitting, chair: Actor) -> Sitting:
    """All present, the sitting open, the first item on the screens."""
    RollEntry.objects.filter(sitting=rolled).update(presence=Presence.PRESENT)
    actions.open_sitting(rolled, by=chair)
    actions.next_item(rolled, by=chair)
    rolled.refresh_from_db()
    return rolled


@pytest.fixture
def questioning(opened: Sitting) -> Sitting:
    """The same hall in a questioning sitting."""
    opened.kind = "questioning"
    opened.save(update_fields=["kind"])
    return opened


def minutes_ago(count: int) -> datetime:
    return datetime.now(UTC) - timedelta(minutes=count)
