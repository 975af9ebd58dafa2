"""Every step leaves two records in its transaction: a line of the journal and an audit entry."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from nghitruong.council.councils.roles import Actor
from nghitruong.council.search.sources import touch_new
from nghitruong.platform.audit import api as audit
from nghitruong.session.floor.models import JournalEntry
from nghitruong.session.meetings.chairing import acted_for
from nghitruong.session.meetings.models import AgendaItem, Sitting

SOURCE = "journal"  # in the search
INDEX_SECONDS = 30.0  # after the burst: the hall's transaction rings no bell


@dataclass(frozen=True, slots=True)
class Line:
    """What one of many lines of the same kind says, for :func:`lines`."""

    text: str
    by_name: str
    data: dict[str, Any] = field(default_factory=dict)


def line(
    sitting: Sitting,
    kind: str,
    text: str,
    *,
    by_name: str,
    item: AgendaItem | None = None,
    data: dict[str, Any] | None = None,
    at: datetime | None = None,
) -> JournalEntry:
    """Write one line of the journal; ``kind`` is ``app.verb``."""
    entry: JournalEntry = JournalEntry.objects.create(
        council_id=sitting.council_id,
        sitting=sitting,
        at=at or timezone.now(),
        kind=kind,
        item=item,
        text=text[:1000],
        data=data or {},
        by_name=by_name[:200],
    )
    return entry


def lines(sitting: Sitting, kind: str, said: Sequence[Line], *, at: datetime) -> None:
    """Write the lines of a burst, and have them found, in one statement each; none when nothing
    was said."""
    if not said:
        return
    made = JournalEntry.objects.bulk_create(
        JournalEntry(
            council_id=sitting.council_id,
            sitting=sitting,
            at=at,
            kind=kind,
            text=one.text[:1000],
            data=one.data,
            by_name=one.by_name[:200],
        )
        for one in said
    )
    keys = [entry.pk for entry in made]
    touch_new(SOURCE, keys, council_id=sitting.council_id, delay=INDEX_SECONDS)


def record(
    sitting: Sitting,
    kind: str,
    text: str,
    *,
    by: Actor,
    item: AgendaItem | None = None,
    target: Any = None,
    data: dict[str, Any] | None = None,
    at: datetime | None = None,
    in_chairs_name: bool = True,
) -> JournalEntry:
    """One step of the sitting: the journal line and the audit entry.

    ``in_chairs_name`` is false for what a clerk does in their own right (roll, journal).
    """
    moment = at or timezone.now()
    on_behalf = acted_for(sitting, by) if in_chairs_name else ""
    name = _("%(clerk)s, thay mặt %(chair)s") % {"clerk": by.name, "chair": on_behalf}
    entry = line(
        sitting, kind, text, by_name=name if on_behalf else by.name, item=item, data=data, at=moment
    )
    payload = {"text": text, **(data or {})}
    audit_only(sitting, kind, by=by, on_behalf=on_behalf, target=target, data=payload, at=moment)
    return entry


def audit_only(
    sitting: Sitting,
    kind: str,
    *,
    by: Actor,
    on_behalf: str = "",
    target: Any = None,
    data: dict[str, Any] | None = None,
    at: datetime | None = None,
) -> None:
    """The audit entry of a step too small for the journal (one of sixty answers to the roll)."""
    audit.record(
        kind,
        council_id=sitting.council_id,
        actor_id=by.id,
        actor_name=by.name,
        on_behalf=on_behalf,
        target=target or sitting,
        payload={"sitting": str(sitting.pk), **(data or {})},
        at=at,
    )
