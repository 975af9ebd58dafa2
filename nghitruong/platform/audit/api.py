"""Recording an act. Actions call :func:`record` inside their transaction, and nothing else does."""

from __future__ import annotations

import hashlib
import json
import secrets
import uuid
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from django.db import connection
from django.utils import timezone

from nghitruong.lib.canonical import canonical
from nghitruong.platform.audit.models import Entry
from nghitruong.platform.storage.db import sql_uuid
from nghitruong.platform.storage.ids import new_id


def payload_digest(salt: str, payload: Any) -> str:
    """``sha256(salt ‖ canonical JSON)`` in hexadecimal; the salt keeps short facts unguessable."""
    return hashlib.sha256(salt.encode() + canonical(payload)).hexdigest()


def entry_digest(entry: Entry) -> str:
    """What the chain covers: every column of the entry, its payload through ``payload_digest``.

    Computed from the row alone, so that verification repeats exactly what recording did, on
    either engine: times in UTC with six digits, keys as 36 characters.
    """
    covered = [
        str(entry.id),
        str(entry.council_id),
        entry.at.astimezone(UTC).isoformat(timespec="microseconds"),
        str(entry.actor_id) if entry.actor_id else "",
        entry.actor_name,
        entry.on_behalf,
        entry.action,
        entry.target_type,
        str(entry.target_id) if entry.target_id else "",
        entry.payload_digest,
    ]
    return hashlib.sha256(json.dumps(covered, ensure_ascii=False).encode()).hexdigest()


def _key(value: Any) -> uuid.UUID | None:
    if value is None or isinstance(value, uuid.UUID):
        return value
    return uuid.UUID(str(value))


def build(
    action: str,
    *,
    council_id: uuid.UUID,
    actor_id: uuid.UUID | None,
    actor_name: str = "",
    on_behalf: str = "",
    target: Any = None,
    target_type: str = "",
    target_id: uuid.UUID | None = None,
    payload: dict[str, Any] | None = None,
    at: datetime | None = None,
) -> Entry:
    """An unsaved entry (bulk writers insert many at once); see :func:`record` for the meaning.

    The payload is stored as its canonical JSON reads back: times and keys become text.
    """
    if target is not None:
        target_type, target_id = target._meta.label_lower, target.pk
    plain = canonical(payload or {})
    salt = secrets.token_hex(16)
    entry = Entry(
        id=new_id(),
        council_id=_key(council_id),
        at=at or timezone.now(),
        actor_id=_key(actor_id),
        actor_name=str(actor_name),
        on_behalf=str(on_behalf),
        action=action,
        target_type=target_type,
        target_id=_key(target_id),
        payload=json.loads(plain),
        salt=salt,
        payload_digest=hashlib.sha256(salt.encode() + plain).hexdigest(),
    )
    entry.digest = entry_digest(entry)
    return entry


def record(action: str, **kwargs: Any) -> Entry:
    """Write one audit entry in the caller's transaction.

    ``action`` is ``app.verb`` ("voting.close_poll"); ``actor_id`` the person (not the account);
    ``on_behalf`` the name of who is acted for; ``payload`` JSON-able facts, never a choice of a
    secret ballot or a password. Sealed into the council's chain after the commit.
    """
    entry = build(action, **kwargs)
    entry.save(force_insert=True)
    return entry


_ROW = "(%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)"
_INSERT = (
    "INSERT INTO audit_entry (id, council_id, at, actor_id, actor_name, on_behalf, action,"
    " target_type, target_id, payload, salt, payload_digest, digest) VALUES {values}"
)


def insert_many(entries: Sequence[Entry]) -> None:
    """Write the entries of a burst (made by :func:`build`) in the caller's transaction.

    One statement: the models' machinery would cost more than the votes themselves.
    """
    if not entries:
        return
    adapt = connection.ops.adapt_datetimefield_value

    def key(value: uuid.UUID | None) -> Any:
        return sql_uuid(connection, value) if value else None

    rows = [
        (
            key(entry.id),
            key(entry.council_id),
            adapt(entry.at),
            key(entry.actor_id),
            entry.actor_name,
            entry.on_behalf,
            entry.action,
            entry.target_type,
            key(entry.target_id),
            json.dumps(entry.payload),
            entry.salt,
            entry.payload_digest,
            entry.digest,
        )
        for entry in entries
    ]
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.executemany(_INSERT.format(values=_ROW), rows)
        else:
            flat = [value for row in rows for value in row]
            cursor.execute(_INSERT.format(values=", ".join([_ROW] * len(rows))), flat)
