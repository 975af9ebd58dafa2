"""The door to sessions and their agenda, which belong to the layer above.

The app that has them registers one :class:`Sessions` when it starts; the binder asks it and never
looks into its tables.
"""

from __future__ import annotations

import uuid
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Protocol

from django.http import HttpRequest

from nghitruong.council.councils.roles import Actor


@dataclass(frozen=True)
class SessionInfo:
    """What the binder shows of a session; ``kind`` as sessions name it (regular, thematic…)."""

    id: uuid.UUID
    number: int
    address: int  # the number in the addresses of its pages
    kind: str
    title: str
    opening: date
    place: str = ""


@dataclass(frozen=True)
class Item:
    """An item of the agenda, in its order, with the papers under it."""

    id: uuid.UUID
    order: int
    kind: str
    title: str
    papers: tuple[uuid.UUID, ...] = ()


class Sessions(Protocol):
    """What the layer above gives."""

    def session(self, actor: Actor, number: int) -> SessionInfo:
        """The session of that number; 404 when this person may not know it."""
        ...

    def by_id(self, session_id: uuid.UUID) -> SessionInfo | None:
        """The session of a key, inside the council's scope."""
        ...

    def items(self, session_id: uuid.UUID) -> list[Item]:
        """Its agenda in order."""
        ...

    def session_of(self, paper: uuid.UUID) -> uuid.UUID | None:
        """The session whose agenda has a paper that was sent for none; the newest of several."""
        ...

    def attach(self, papers: Mapping[uuid.UUID, Sequence[uuid.UUID]], *, by: Actor) -> None:
        """Put papers under items (item → papers), after those that are there."""
        ...

    def detach(self, papers: Collection[uuid.UUID], *, by: Actor) -> None:
        """Take papers from under every item."""
        ...

    def frame(self, request: HttpRequest, number: int) -> dict[str, Any]:
        """What the session's pages show around; ``base`` is the template to extend."""
        ...


@dataclass(frozen=True)
class Asked:
    """A paper the office asked a body for and has not received."""

    id: uuid.UUID
    body_id: uuid.UUID
    kind: str
    title: str
    item_id: uuid.UUID | None = None


class Asks(Protocol):
    """What the layer above gives of the papers that were asked for."""

    def awaited(self, session_id: uuid.UUID) -> list[Asked]:
        """Those of the session that have no paper yet."""
        ...

    def take_in(self, papers: Mapping[uuid.UUID, uuid.UUID], *, by: Actor) -> None:
        """The office received these itself (ask → paper)."""
        ...

    def give_back(self, papers: Collection[uuid.UUID], *, by: Actor) -> None:
        """These papers are taken back: what was asked for is awaited again."""
        ...


_registered: list[Sessions] = []
_asks: list[Asks] = []


def register(sessions: Sessions) -> None:
    """Called once, by the layer that has sessions."""
    _registered[:] = [sessions]


def sessions() -> Sessions:
    """The registered door."""
    if not _registered:
        raise RuntimeError("no app has registered sessions for the binder")
    return _registered[0]


def register_asks(asks: Asks) -> None:
    """Called once, by the layer that asks for papers."""
    _asks[:] = [asks]


def asks() -> Asks | None:
    """The registered door; None where papers are not asked for."""
    return _asks[0] if _asks else None


def awaited(session_id: uuid.UUID) -> list[Asked]:
    """The papers asked for and not received."""
    door = asks()
    return door.awaited(session_id) if door else []
