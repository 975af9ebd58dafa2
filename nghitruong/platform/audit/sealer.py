"""Chaining entries after their commit. Run every half second by the ``work`` process.

Entries become visible when their transaction commits, in whatever order; each takes the next free
position of its council. One sealer at a time per council: on SQLite the transaction holds the
only write lock, on PostgreSQL a transaction-level advisory lock is tried, and a second sealer
leaves the council to the first. The unique position is the last guard: a fork cannot be stored.
"""

from __future__ import annotations

import time
import uuid
from itertools import groupby

from django.db import connection, transaction
from django.utils import timezone
from django_scopes import scope, scopes_disabled

from nghitruong.platform.audit.chain import Head, genesis, link
from nghitruong.platform.audit.models import Entry, Seal

CHUNK = 500  # links per transaction: short enough not to hold up a vote
RECENT_SECONDS = 120  # how long a transaction may stay open and still be found by the quick look
SWEEP_SECONDS = 300  # how often everything is looked at, for what the quick look cannot see

_next_sweep = 0.0


def seal_pending(*, everything: bool = False) -> int:
    """Chain what is committed and not yet chained; returns how many links were added.

    Keys are UUIDv7, so an entry committed since the last call has a recent key: usually only the
    last two minutes are looked at. ``everything`` (and, by itself, the first call and one call
    every five minutes) looks at all entries.
    """
    global _next_sweep
    started = time.monotonic()
    sweep = everything or started >= _next_sweep
    floor = None if sweep else _key_at(time.time() - RECENT_SECONDS)
    sealed = 0
    while True:
        waiting = _waiting(floor)
        added = sum(
            _extend(council, [entry for _, entry, _ in rows])
            for council, rows in groupby(waiting, key=lambda row: row[0])
        )
        sealed += added
        if len(waiting) < CHUNK or added == 0:
            break
    if sweep:
        _next_sweep = started + SWEEP_SECONDS
    return sealed


def _key_at(seconds: float) -> uuid.UUID:
    """The smallest UUIDv7 of that moment."""
    return uuid.UUID(int=int(seconds * 1000) << 80)


def _waiting(floor: uuid.UUID | None) -> list[tuple[uuid.UUID, uuid.UUID, str]]:
    """(council, entry, digest) of unchained entries, each council's in the order of their keys."""
    with scopes_disabled():
        entries = Entry.objects.filter(seal__isnull=True)
        if floor is not None:
            entries = entries.filter(pk__gte=floor)
        return sorted(entries.order_by("pk").values_list("council_id", "pk", "digest")[:CHUNK])


def _try_lock(council_id: uuid.UUID) -> bool:
    """Whether this transaction is the council's sealer; the lock ends with the transaction."""
    if connection.vendor != "postgresql":
        return True
    key = int.from_bytes(council_id.bytes[-8:], "big", signed=True)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [key])
        return bool(cursor.fetchone()[0])


def _extend(council_id: uuid.UUID, entry_ids: list[uuid.UUID]) -> int:
    """Add links for these entries, unless another sealer was faster.

    1. Take the lock. 2. Read again what is still unchained: it may have been done meanwhile.
    3. Read the head. 4. Insert.
    """
    with scope(council=council_id), transaction.atomic():
        if not _try_lock(council_id):
            return 0
        rows = list(
            Entry.objects.filter(pk__in=entry_ids, seal__isnull=True)
            .order_by("pk")
            .values_list("pk", "digest")
        )
        position, previous = _head(council_id)
        now = timezone.now()
        seals = []
        for entry_id, digest in rows:
            position += 1
            previous = link(previous, digest, position)
            seals.append(
                Seal(
                    council_id=council_id,
                    position=position,
                    entry_id=entry_id,
                    hash=previous,
                    sealed_at=now,
                )
            )
        Seal.objects.bulk_create(seals)
        return len(seals)


def _head(council_id: uuid.UUID) -> Head:
    row = Seal.objects.order_by("-position").values_list("position", "hash").first()
    return Head(*row) if row else Head(0, genesis(council_id))


def head(council_id: uuid.UUID) -> Head:
    """The council's head as sealed so far, for printing: ``str(head)`` is ``position:hash``."""
    with scope(council=council_id):
        return _head(council_id)
