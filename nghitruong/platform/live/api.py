"""Telling screens. Only actions call :func:`emit`, inside the transaction that changed the rows.

An event is a row with a gapless ``seq`` taken under its stream's row lock; after the commit a
doorbell rings and every live process reads the rows after the last one it delivered.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Any, ClassVar

from django.db import transaction
from django.utils import timezone

from nghitruong.platform.live import doorbell
from nghitruong.platform.live.models import Event, Stream


@dataclass(frozen=True, kw_only=True)
class LiveEvent:
    """A typed event. Subclasses are frozen dataclasses; unknown fields are refused at construction.

    ``slice`` names the part of a screen's state that the event's data replaces (or, for slices in
    ``MERGED_SLICES``, merges into): a stale screen plus the events equals a fresh screen.
    """

    type: ClassVar[str]
    slice: ClassVar[str]

    def value(self) -> dict[str, Any] | None:
        """The slice's new JSON-able value (None empties the slice)."""
        return asdict(self)


def sitting_stream(sitting_id: uuid.UUID, audience: str) -> str:
    """``audience`` is ``hall`` (everybody in the hall) or ``chair`` (chair and clerks)."""
    return f"sitting:{uuid.UUID(str(sitting_id)).hex}:{audience}"


def person_stream(person_id: uuid.UUID) -> str:
    """One person's own screens."""
    return f"person:{uuid.UUID(str(person_id)).hex}"


def emit(stream: str, event: LiveEvent, *, council_id: uuid.UUID) -> int:
    """Append ``event`` to ``stream`` in the caller's transaction; returns its seq."""
    return emit_many([(stream, event)], council_id=council_id)[0]


def emit_many(pairs: Iterable[tuple[str, LiveEvent]], *, council_id: uuid.UUID) -> list[int]:
    """Append events, locking each stream once, in key order (so two writers never deadlock)."""
    pairs = list(pairs)
    now = timezone.now()
    keys = sorted({stream for stream, _ in pairs})
    with transaction.atomic():
        Stream.objects.bulk_create(
            [Stream(key=key, council_id=council_id) for key in keys], ignore_conflicts=True
        )
        # no_key=True: SELECT … FOR NO KEY UPDATE on PostgreSQL; SQLite has one writer anyway.
        rows = {
            row.key: row
            for row in Stream.objects.select_for_update(no_key=True)
            .filter(key__in=keys)
            .order_by("key")
        }
        seqs: list[int] = []
        events: list[Event] = []
        for key, event in pairs:
            row = rows[key]
            row.seq += 1
            seqs.append(row.seq)
            events.append(
                Event(
                    stream=key,
                    seq=row.seq,
                    type=event.type,
                    data={"slice": event.slice, "value": event.value()},
                    at=now,
                )
            )
        Stream.objects.bulk_update(rows.values(), ["seq"])
        Event.objects.bulk_create(events)
    bells = [(key, rows[key].seq) for key in keys]
    transaction.on_commit(lambda: doorbell.ring(bells))
    return seqs
