"""Recording an act. Actions call :func:`record` inside their transaction, and nothing else does."""

from __future__ import annotations

import hashlib
import json
import secrets
import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connections
from django.utils import timezone

from nghitruong.lib.canonical import canonical
from nghitruong.platform.audit.models import Entry
from nghitruong.platform.storage.db import insert_rows
from nghitruong.platform.storage.ids import new_id


def payload_digest(salt: str, payload: Any) -> str:
    """``sha256(salt ‖ canonical JSON)`` in hexadecimal; the salt keeps short facts unguessable."""
    return hashlib.sha256(salt.encode() + canonical(payload)).hexdigest()


def entry_digest(entry: Entry) -> str:
    """What the chain covers: every column of the entry, its payload through ``payload_digest``.

    Computed from the row alone, so that verification repeats exactly what recording did, on
    either engine: times in UTC with six digits, keys as 36 characters.
    """
    return _digest(
        entry.id,
        entry.council_id,
        entry.at,
        entry.actor_id,
        entry.actor_name,
        entry.on_behalf,
        entry.action,
        entry.target_type,
        entry.target_id,
        entry.payload_digest,
    )


def _digest(
    entry_id: uuid.UUID,
    council_id: uuid.UUID,
    at: datetime,
    actor_id: uuid.UUID | None,
    actor_name: str,
    on_behalf: str,
    action: str,
    target_type: str,
    target_id: uuid.UUID | None,
    payload_hash: str,
) -> str:
    covered = [
        str(entry_id),
        str(council_id),
        at.astimezone(UTC).isoformat(timespec="microseconds"),
        str(actor_id) if actor_id else "",
        actor_name,
        on_behalf,
        action,
        target_type,
        str(target_id) if target_id else "",
        payload_hash,
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
        council_id=uuid.UUID(str(council_id)),
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


@dataclass(frozen=True, slots=True)
class Act:
    """One act of a burst, for :func:`record_many`; fields mean what :func:`record` says."""

    action: str
    at: datetime
    actor_id: uuid.UUID | None
    actor_name: str = ""
    on_behalf: str = ""
    target_type: str = ""
    target_id: uuid.UUID | None = None
    payload: dict[str, Any] = field(default_factory=dict)
    plain: bytes = b""  # the payload's canonical JSON, where the caller can write it faster


_COLUMNS = {
    "id": "uuid",
    "council_id": "uuid",
    "at": "timestamptz",
    "actor_id": "uuid",
    "actor_name": "text",
    "on_behalf": "text",
    "action": "text",
    "target_type": "text",
    "target_id": "uuid",
    "payload": "jsonb",
    "salt": "text",
    "payload_digest": "text",
    "digest": "text",
}


def record_many(acts: Sequence[Act], *, council_id: uuid.UUID) -> None:
    """Write the entries of a burst in the caller's transaction, in one statement.

    The rows are what :func:`record` would write; building models would cost more than the votes.
    """
    if not acts:
        return
    here = connections[DEFAULT_DB_ALIAS]
    adapt = here.ops.adapt_datetimefield_value
    native = here.features.has_native_uuid_field

    def key(value: uuid.UUID | None) -> Any:
        return value if native or value is None else value.hex

    council = key(council_id)
    moments: dict[datetime, Any] = {}
    rows = []
    salts = secrets.token_hex(16 * len(acts))  # one call to the kernel, not one per act
    for number, act in enumerate(acts):
        if act.at not in moments:
            moments[act.at] = adapt(act.at)
        entry_id, salt = new_id(), salts[32 * number : 32 * number + 32]
        plain = act.plain or canonical(act.payload)
        payload_hash = hashlib.sha256(salt.encode() + plain).hexdigest()
        whole = _digest(
            entry_id,
            council_id,
            act.at,
            act.actor_id,
            act.actor_name,
            act.on_behalf,
            act.action,
            act.target_type,
            act.target_id,
            payload_hash,
        )
        rows.append(
            (
                key(entry_id),
                council,
                moments[act.at],
                key(act.actor_id),
                act.actor_name,
                act.on_behalf,
                act.action,
                act.target_type,
                key(act.target_id),
                plain.decode(),
                salt,
                payload_hash,
                whole,
            )
        )
    insert_rows(here, Entry._meta.db_table, _COLUMNS, rows)
