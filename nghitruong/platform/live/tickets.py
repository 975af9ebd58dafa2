"""The ticket: a signed cookie that proves person, device and sitting to the live process.

It opens no database and no session, so two hundred taps at once cost two hundred look-ups in a
dictionary. It carries no rights: those come from the roll, read inside each batch.
"""

from __future__ import annotations

import hashlib
import time
import uuid
from collections import OrderedDict
from typing import Any

from django.conf import settings
from django.core import signing
from django.http import HttpRequest
from django.http.response import HttpResponseBase

from nghitruong.platform.live.commands import Ticket

COOKIE = "nt_ticket"
SALT = "nghitruong.live.ticket"
# Outside a sitting a person's screens hear one thing only: that something of theirs moved.
PERSONAL_COOKIE = "nt_person"
PERSONAL_SALT = "nghitruong.live.person"
NO_SITTING = uuid.UUID(int=0)
LIFETIME = 24 * 60 * 60  # seconds: longer than the longest sitting
KEPT = 8192  # verified cookies remembered


class BadTicket(Exception):
    """No ticket, a forged one, or one that has expired (``expired``)."""

    def __init__(self, *, expired: bool = False) -> None:
        super().__init__("expired" if expired else "bad")
        self.expired = expired


def make(ticket: Ticket, *, now: float | None = None, salt: str = SALT) -> str:
    """The cookie's value.

    To the microsecond, as the end of tickets is: whoever changes their password gets the next one
    within the same second, and that one holds.
    """
    until = round((now if now is not None else time.time()) + LIFETIME, 6)
    content = [
        ticket.council_id.hex,
        ticket.person_id.hex,
        ticket.sitting_id.hex,
        ticket.device,
        ticket.name,
        ticket.slug,
        until,
    ]
    return signing.dumps(content, salt=salt, compress=False)


def issue(
    response: HttpResponseBase,
    *,
    council_id: uuid.UUID,
    slug: str,
    person_id: uuid.UUID,
    sitting_id: uuid.UUID,
    name: str,
    device: str,
) -> None:
    """Give the screen that loads this page its ticket; the latest page's ticket is in force."""
    ticket = Ticket(
        uuid.UUID(str(council_id)),
        uuid.UUID(str(person_id)),
        uuid.UUID(str(sitting_id)),
        device,
        name,
        slug,
    )
    response.set_cookie(
        COOKIE,
        make(ticket),
        max_age=LIFETIME,
        path="/live/",
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Strict",
    )


def device_of(session_key: str) -> str:
    """This browser's sign-in, as tickets know it: nothing that opens its session."""
    return hashlib.sha256(f"device:{session_key}".encode()).hexdigest()[:16]


def device_here(request: HttpRequest) -> str:
    """The sign-in that asks for this page; one without a session yet gets it now."""
    if not request.session.session_key:
        request.session.save()
    return device_of(str(request.session.session_key))


def take_back(response: HttpResponseBase) -> None:
    """Whoever uses this browser next acts with no ticket of who used it before."""
    for name in (COOKIE, PERSONAL_COOKIE):
        response.delete_cookie(name, path="/live/", samesite="Strict")


def issue_personal(
    response: HttpResponseBase,
    *,
    council_id: uuid.UUID,
    slug: str,
    person_id: uuid.UUID,
    name: str,
    device: str,
) -> None:
    """Give a page outside the hall the right to hear its person's doorbell (``/live/…/mine``), for
    as long as its sign-in lasts."""
    ticket = Ticket(council_id, person_id, NO_SITTING, device, name, slug)
    response.set_cookie(
        PERSONAL_COOKIE,
        make(ticket, salt=PERSONAL_SALT),
        max_age=LIFETIME,
        path="/live/",
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Strict",
    )


def verify(value: str, *, now: float | None = None, salt: str = SALT) -> tuple[Ticket, float]:
    """The ticket and when it expires (Unix seconds), or :class:`BadTicket`."""
    try:
        content: list[Any] = signing.loads(value, salt=salt)
        council, person, sitting, device, name, slug, until = content
        ticket = Ticket(
            uuid.UUID(council), uuid.UUID(person), uuid.UUID(sitting), device, name, slug
        )
    except (signing.BadSignature, ValueError, TypeError):
        raise BadTicket from None
    if (now if now is not None else time.time()) >= until:
        raise BadTicket(expired=True)
    return ticket, float(until)


class Verifier:
    """Verifies each cookie once and remembers it; used by the event loop only.

    ``ended``: person or device → the moment (Unix seconds) up to which tickets are worth nothing.
    """

    def __init__(
        self,
        kept: int = KEPT,
        *,
        salt: str = SALT,
        ended: dict[uuid.UUID | str, float] | None = None,
    ) -> None:
        self.kept = kept
        self.salt = salt
        self.ended = {} if ended is None else ended
        self._known: OrderedDict[str, tuple[Ticket, float]] = OrderedDict()

    def __call__(self, value: str) -> Ticket:
        """The ticket, or :class:`BadTicket`."""
        known = self._known.get(value)
        if known is None:
            known = verify(value, salt=self.salt)
            self._known[value] = known
            if len(self._known) > self.kept:
                self._known.popitem(last=False)
        ticket, until = known
        if time.time() >= until:
            del self._known[value]
            raise BadTicket(expired=True)
        if self.ended:
            last = max(self.ended.get(ticket.person_id, 0), self.ended.get(ticket.device, 0))
            if until - LIFETIME <= last:
                raise BadTicket(expired=True)
        return ticket
