"""Keeping the index up to date: one row at a time, or everything anew. Jobs; may be repeated."""

from __future__ import annotations

import time
import uuid
from collections.abc import Iterator

from django.utils import timezone
from django_scopes import scope, scopes_disabled

from nghitruong.council.councils.models import Council
from nghitruong.council.search import backends
from nghitruong.council.search.models import SearchIndex
from nghitruong.council.search.passages import Passage, object_of
from nghitruong.council.search.sources import SOURCES, is_owned

REBUILD = "search.rebuild"
INDEX = "search.index"


def index_row(key: str) -> None:
    """Job: what is known of one row is replaced by what the row says now; nothing: forgotten.

    Runs in the council's scope (the worker enters it).
    """
    code, row = object_of(key)
    source = SOURCES.get(code)
    passages = list(source.passages([row])) if source is not None else []
    backends.current().put([key], passages)


def everything() -> Iterator[Passage]:
    """All passages of the installation, one council after another, the library first."""
    for code, source in SOURCES.items():
        if not is_owned(code):
            yield from source.everything()
    with scopes_disabled():
        councils = list(Council.objects.values_list("pk", flat=True))
    for council in councils:
        with scope(council=council):
            for code, source in SOURCES.items():
                if is_owned(code):
                    yield from source.everything()


def rebuild(key: str = "all") -> int:
    """Job and command: the whole index anew; the old one answers until the new one is whole."""
    engine = backends.current()
    started = time.perf_counter()
    count = engine.rebuild(everything())
    SearchIndex.objects.update_or_create(
        engine=engine.name,
        defaults={
            "layout": backends.LAYOUT,
            "built_at": timezone.now(),
            "passages": count,
            "seconds": round(time.perf_counter() - started, 1),
        },
    )
    return count


def missing() -> Iterator[tuple[str, uuid.UUID | None]]:
    """For the sweeper: the rebuild is due when there is no index, or one of an old layout."""
    if not backends.current().ready():
        yield "all", None
