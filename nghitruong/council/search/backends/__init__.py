"""Engines that propose passages. They know nothing of persons: what may be shown is decided by
``queries.search`` in the main database, after the engine has spoken."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Protocol

from django.conf import settings
from django.db import connection

from nghitruong.council.search.analysis import Asked
from nghitruong.council.search.passages import Filters, Hit, Passage

# Raise it when what is indexed changes: every index is then made again by itself.
LAYOUT = 4


class SearchBackend(Protocol):
    """An engine. ``put`` replaces all passages of the rows it is given, so it may be repeated."""

    name: str

    def ready(self) -> bool:
        """Whether there is an index of this layout."""

    def put(self, keys: Iterable[str], passages: Iterable[Passage]) -> None:
        """Replace what is known of these rows (``Passage.key``) by these passages; none: forget."""

    def rebuild(self, passages: Iterable[Passage]) -> int:
        """Make the index anew beside the old one, then take its place; returns how many."""

    def search(self, asked: Asked, filters: Filters, *, limit: int, offset: int = 0) -> list[Hit]:
        """The best passages, best first, ordered by the engine's own score."""

    def count(self) -> int:
        """How many passages it holds."""


def current() -> SearchBackend:
    """The engine of this installation: PostgreSQL beside PostgreSQL, else tantivy, unless the
    setting SEARCH_ENGINE says otherwise."""
    name = settings.SEARCH_ENGINE
    if name == "auto":
        name = "postgresql" if connection.vendor == "postgresql" else "tantivy"
    if name == "postgresql":
        from nghitruong.council.search.backends.postgresql import PostgreSQL

        return PostgreSQL()
    from nghitruong.council.search.backends.embedded import Tantivy

    return Tantivy()
