"""Where searchable text comes from. Each app that has some registers a source in its ``ready``.

A source yields passages for an index, and it is the door: at the moment of a question it says which
of the proposed rows this person may open, by the very queries the pages use.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Protocol

from django.db import models
from django.db.models.signals import post_delete, post_save

from nghitruong.council.councils.roles import Actor
from nghitruong.council.search.passages import Passage, key_of


def in_chunks(
    passages: Callable[[list[uuid.UUID]], Iterator[Passage]], ids: Iterable[uuid.UUID]
) -> Iterator[Passage]:
    """The passages of many rows, 200 rows at a time."""
    waiting: list[uuid.UUID] = []
    for row in ids:
        waiting.append(row)
        if len(waiting) == 200:
            yield from passages(waiting)
            waiting = []
    if waiting:
        yield from passages(waiting)


class Source(Protocol):
    """Rows of one kind that can be found."""

    code: str  # «paper», in keys and in the address of the page
    label: Any  # «Tài liệu kỳ họp»
    icon: str

    def everything(self) -> Iterator[Passage]:
        """All there is of the council in whose scope we are (of the installation, outside any)."""

    def passages(self, ids: Iterable[uuid.UUID]) -> Iterator[Passage]:
        """What of these rows is to be found; a row that is gone or hidden yields nothing."""

    def open_to(self, actor: Actor, ids: Iterable[uuid.UUID]) -> dict[uuid.UUID, str]:
        """Those this person may open, each with the version its text must have to be shown."""

    def link(self, actor: Actor, passage: Passage) -> str:
        """Where it is read, at the place found."""

    def describe(self, passage: Passage) -> str:
        """What kind of thing it is, in a word or two, under the title."""


@dataclass(frozen=True)
class SessionChoice:
    """A session to narrow a search by, with the term it belongs to."""

    id: str
    label: str
    term: int
    sittings: str = ""


SOURCES: dict[str, Source] = {}
_sessions: list[Callable[[Actor], list[SessionChoice]]] = []


def register(source: Source, *, council_owned: bool = True) -> None:
    """Make rows findable. ``council_owned`` rows are indexed council by council."""
    SOURCES[source.code] = source
    if council_owned:
        _owned.add(source.code)


_owned: set[str] = set()


def is_owned(code: str) -> bool:
    """Whether the source's rows belong to councils (the library's do not)."""
    return code in _owned


def register_sessions(choices: Callable[[Actor], list[SessionChoice]]) -> None:
    """The layer that knows sessions says which there are."""
    _sessions[:] = [choices]


def sessions(actor: Actor) -> list[SessionChoice]:
    """Sessions this person may narrow by, newest first."""
    return _sessions[0](actor) if _sessions else []


def follow(
    model: type[models.Model],
    code: str,
    owner: Callable[[Any], uuid.UUID | None],
    *,
    delay: float = 0.0,
) -> None:
    """Index again whenever a row of ``model`` is saved or deleted; ``owner(row)`` is the key of the
    row that is found (the paper of a version). Writes by ``QuerySet.update`` must call
    :func:`touch` themselves. What is written while a sitting is going on is indexed after
    ``delay`` seconds, by the sweeper: then the hall's transaction rings no bell.
    """

    def changed(instance: Any, **_: Any) -> None:
        found = owner(instance)
        if found is not None:
            touch(code, found, council_id=instance.council_id, delay=delay)

    identity = f"search.{code}.{model._meta.label}"
    post_save.connect(changed, sender=model, weak=False, dispatch_uid=f"{identity}.save")
    post_delete.connect(changed, sender=model, weak=False, dispatch_uid=f"{identity}.delete")


def touch(code: str, row: uuid.UUID, *, council_id: uuid.UUID, delay: float = 0.0) -> None:
    """Have one row indexed again after the caller's transaction commits."""
    from nghitruong.platform.jobs import api as jobs

    jobs.enqueue("search.index", key_of(code, row), council_id=council_id, delay=delay)


def touch_new(code: str, rows: Iterable[uuid.UUID], *, council_id: uuid.UUID, delay: float) -> None:
    """:func:`touch` for rows written by ``bulk_create``, which sends no signal: one statement."""
    from nghitruong.platform.jobs import api as jobs

    keys = [key_of(code, row) for row in rows]
    jobs.enqueue_new("search.index", keys, council_id=council_id, delay=delay)
