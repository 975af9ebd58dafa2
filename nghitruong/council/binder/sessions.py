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

    def attach(self, papers: Mapping[uuid.UUID, Sequence[uuid.UUID]], *, by: Actor) -> None:
        """Put papers under items (item → papers), after those that are there."""
        ...

    def detach(self, papers: Collection[uuid.UUID], *, by: Actor) -> None:
        """Take papers from under every item."""
        ...

    def frame(self, request: HttpRequest, number: int) -> dict[str, Any]:
        """What the session's pages show around; ``base`` is the template to extend."""
        ...


_registered: list[Sessions] = []


def register(sessions: Sessions) -> None:
    """Called once, by the layer that has sessions."""
    _registered[:] = [sessions]


def sessions() -> Sessions:
    """The registered door."""
    if not _registered:
        raise RuntimeError("no app has registered sessions for the binder")
    return _registered[0]
