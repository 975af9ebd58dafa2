"""Commands that burst, and who handles them.

An app registers a handler; the engine (:mod:`.engine`) calls it with everything that waits, in
the order of arrival, inside the batch's transaction and the council's scope.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any


@dataclass(frozen=True, slots=True)
class Ticket:
    """Who holds this screen: proved by a signature. Says nothing about what they may do."""

    council_id: uuid.UUID
    person_id: uuid.UUID
    sitting_id: uuid.UUID
    device: str
    name: str
    slug: str = ""


@dataclass(frozen=True, slots=True)
class Request:
    """One command as it arrived. ``at`` is when it entered the queue (UTC)."""

    command: str
    ticket: Ticket
    nonce: str
    body: dict[str, Any]
    at: datetime


@dataclass(frozen=True, slots=True)
class Refusal:
    """A command that may not or cannot be done; ``message`` tells the person what to do next.

    ``data``: JSON-able facts a screen shows beside it.
    """

    code: str
    message: str
    article: str = ""
    status: int = 409
    data: dict[str, Any] | None = None

    def as_dict(self) -> dict[str, Any]:
        """What the screen is told."""
        answer: dict[str, Any] = {"code": self.code, "message": str(self.message)}
        if self.article:
            answer["article"] = self.article
        return {**self.data, **answer} if self.data else answer


Outcome = dict[str, Any] | Refusal
Handler = Callable[[Sequence[Request]], list[Outcome]]
Lock = Callable[[Sequence[Request]], None]


@dataclass(frozen=True, slots=True)
class Command:
    """A registered command. A barrier runs alone: all before it is done, nothing after it.

    ``lock`` takes the rows its handler locks first; batches of several kinds call the locks in
    ``lock_order`` before anything else, which is the order in which the product's actions lock.
    """

    name: str
    handler: Handler
    barrier: bool = False
    lock: Lock | None = None
    lock_order: int = 0


_commands: dict[str, Command] = {}


def register(
    command: str,
    handler: Handler,
    *,
    barrier: bool = False,
    lock: Lock | None = None,
    lock_order: int = 0,
) -> None:
    """Name the handler of ``command``; the URL is ``POST /live/<slug>/<command>``.

    The handler gets requests of one council and returns one outcome for each, in order: a JSON-able
    dict (``ok`` is added) or a :class:`Refusal`. If it raises, its work is undone and each request
    is tried alone, so only the bad one fails. It may raise ``Refused`` for a single request.
    ``lock`` and ``lock_order``: see :class:`Command`; commands of one order share one ``lock``.
    """
    if command in _commands and _commands[command].handler is not handler:
        raise ValueError(f"lệnh {command!r} đã có người xử lý")
    _commands[command] = Command(command, handler, barrier, lock, lock_order)


def find(command: str) -> Command | None:
    """The registered command, or None."""
    return _commands.get(command)


def names() -> list[str]:
    """Every registered command, for the permission matrix."""
    return sorted(_commands)


def unregister(command: str) -> None:
    """Forget a command (tests)."""
    _commands.pop(command, None)
