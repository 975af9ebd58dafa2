"""The door to the log: chairs, clerks and administrators of the council, nobody else."""

from __future__ import annotations

import re
import uuid
from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from django.db.models import Max, QuerySet
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _

from nghitruong.platform.audit import labels
from nghitruong.platform.audit.models import Entry, Seal
from nghitruong.platform.errors import NotAllowed

READERS: Final = ("chair", "clerk", "admin")

# What a line of the log does not show: a choice is read where the vote is published, by whom the
# law lets read it, not here beforehand.
HIDDEN_KEYS: Final = frozenset({"choice", "text", "receipt", "nonce"})

# The same of one act alone. A count is heard by few before the announcement, and an annulled one is
# never announced; whoever may know it reads it at the poll.
HIDDEN_OF: Final[Mapping[str, frozenset[str]]] = {
    "voting.closed": frozenset({"counts", "outcome"}),
}


def may_read(actor: Any) -> bool:
    """Whether the log is this actor's to read."""
    return actor is not None and bool(actor.has(*READERS))


def entries_for(actor: Any) -> QuerySet[Entry]:
    """The council's log with the position of each line, newest first."""
    if not may_read(actor):
        raise NotAllowed(
            "audit_readers", _("Nhật ký dành cho Chủ tọa, thư ký và quản trị viên của Hội đồng.")
        )
    entries: QuerySet[Entry] = (
        Entry.objects.filter(council_id=actor.council.pk)
        .select_related("seal")
        .order_by("-at", "-pk")  # by the index of (council, time)
    )
    return entries


def unsealed_before(council_id: uuid.UUID, moment: datetime) -> bool:
    """Whether lines older than ``moment`` wait for the chain.

    Positions have no gap, so the last one counts the chained lines: as many as there are lines
    means that none waits, and the whole log need not be looked through.
    """
    entries = Entry.objects.filter(council_id=council_id)
    last = Seal.objects.filter(council_id=council_id).aggregate(Max("position"))["position__max"]
    if entries.count() == (last or 0):
        return False
    return entries.filter(seal__isnull=True, at__lt=moment).exists()


def last_changed_by(action: str, target_id: uuid.UUID, field: str) -> str:
    """Whose act last changed this field of a row (``changed`` of the payload), by name; empty when
    none is on record."""
    for entry in Entry.objects.filter(action=action, target_id=target_id).order_by("-at")[:50]:
        if field in (entry.payload or {}).get("changed", {}):
            return entry.actor_name
    return ""


def entry_for(actor: Any, pk: uuid.UUID) -> Entry:
    """One line; Http404 otherwise."""
    return get_object_or_404(entries_for(actor), pk=pk)


_TECHNICAL = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f-]{22}|[0-9a-f]{32,}", re.IGNORECASE)


def shown_facts(entry: Entry) -> list[tuple[str, str]]:
    """(what it is, value) of the line's content in words: without what is not shown here, keys of
    rows and digests left out."""
    facts = []
    hidden = HIDDEN_KEYS | HIDDEN_OF.get(entry.action, frozenset())
    for key, value in sorted((entry.payload or {}).items()):
        if key in hidden:
            continue
        words = _words(value)
        if words:
            facts.append((labels.fact(key), words))
    return facts


def _words(value: Any) -> str:
    if value is None or value == "":
        return ""
    if isinstance(value, bool):
        return _("có") if value else _("không")
    if isinstance(value, dict):
        return "; ".join(filter(None, map(_words, value.values())))
    if isinstance(value, list):
        return ", ".join(filter(None, map(_words, value)))
    text = str(value)
    return "" if _TECHNICAL.fullmatch(text) else text
