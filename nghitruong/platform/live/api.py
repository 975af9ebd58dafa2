"""Telling screens. Only actions and command handlers call :func:`emit`, inside the transaction
that changed the rows.

An event is a row with a gapless ``seq`` taken under its stream's row lock; after the commit a
doorbell rings and every live process reads the rows after the last one it delivered.
"""

from __future__ import annotations

import uuid
from collections.abc import Collection, Iterable
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any, ClassVar

from django.db import transaction
from django.utils import timezone

from nghitruong.platform.live import doorbell, sql
from nghitruong.platform.live.models import DeviceEnd, TicketEnd

# A page asked for before the end was committed may still be about to give its ticket.
TICKET_MARGIN = timedelta(seconds=5)
DEVICES_KEPT = timedelta(days=2)  # longer than a ticket lasts


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


def sitting_stream(sitting_id: uuid.UUID | str, audience: str) -> str:
    """``audience``: ``hall`` (everybody there), ``chair`` (chair and clerks) or ``named`` (who
    may know who voted what: delegates, chair, clerks)."""
    return f"sitting:{uuid.UUID(str(sitting_id)).hex}:{audience}"


def person_stream(person_id: uuid.UUID | str) -> str:
    """One person's own screens; a text is 32 hexadecimal digits or a UUID as it is written."""
    key = person_id.replace("-", "") if isinstance(person_id, str) else person_id.hex
    if len(key) != 32:
        raise ValueError(f"not a key: {person_id}")
    return f"person:{key}"


def doorbell_stream(person_id: uuid.UUID | str) -> str:
    """One person's screens outside the hall. Kept apart from :func:`person_stream`: a busy pen must
    not push the person's own vote out of the tail a hall screen continues from."""
    return f"doorbell:{uuid.UUID(str(person_id)).hex}"


def emit(stream: str, event: LiveEvent, *, council_id: uuid.UUID) -> int:
    """Append ``event`` to ``stream`` in the caller's transaction; returns its seq."""
    return emit_many([(stream, event)], council_id=council_id)[0]


def emit_many(pairs: Iterable[tuple[str, LiveEvent]], *, council_id: uuid.UUID) -> list[int]:
    """Append events, locking each stream once, in key order (so two writers never deadlock).

    Two statements whatever the number of events; the doorbell rings once, after the commit.
    """
    pairs = list(pairs)
    if not pairs:
        return []
    counts: dict[str, int] = {}
    for key, _ in pairs:
        counts[key] = counts.get(key, 0) + 1
    with transaction.atomic(savepoint=False):
        last = sql.advance(counts, council_id)
        following = {key: last[key] - counts[key] for key in counts}
        rows: list[tuple[str, int, str, str]] = []
        for key, event in pairs:
            following[key] += 1
            data = sql.as_json({"slice": event.slice, "value": event.value()})
            rows.append((key, following[key], event.type, data))
        sql.insert_events(rows, timezone.now())
        bells = sorted(last.items())
        transaction.on_commit(lambda: doorbell.ring(bells))
    return [seq for _, seq, _, _ in rows]


def end_tickets(people: Iterable[uuid.UUID], *, margin: timedelta = TICKET_MARGIN) -> None:
    """The screens these people have open now, in halls and outside, end: within a second every live
    process refuses the tickets issued until now. Call it where their sign-ins are ended.

    No ``margin`` where one of them goes on and asks for its next page at once.
    """
    at = timezone.now() + margin
    TicketEnd.objects.bulk_create(
        [TicketEnd(person_id=person, at=at) for person in sorted(set(people))],
        update_conflicts=True,
        unique_fields=["person_id"],
        update_fields=["at"],
    )


def end_device(device: str) -> None:
    """The screens opened with this sign-in end, as in :func:`end_tickets`; others go on."""
    now = timezone.now()
    with transaction.atomic():
        DeviceEnd.objects.filter(at__lt=now - DEVICES_KEPT).delete()
        DeviceEnd.objects.update_or_create(device=device, defaults={"at": now + TICKET_MARGIN})


def tickets_ended(people: Collection[uuid.UUID]) -> dict[uuid.UUID, datetime]:
    """Until when the tickets of these people are worth nothing; who was never ended is absent."""
    rows = TicketEnd.objects.filter(person_id__in=people)
    return dict(rows.values_list("person_id", "at"))
