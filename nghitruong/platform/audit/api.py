"""Recording an act. Actions call :func:`record` inside their transaction, and nothing else does."""

from __future__ import annotations

import hashlib
import json
import secrets
import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from json.encoder import encode_basestring
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connections
from django.utils import timezone

from nghitruong.lib.canonical import canonical
from nghitruong.platform.audit.models import Entry
from nghitruong.platform.storage.db import dashed, insert_rows, sql_time
from nghitruong.platform.storage.ids import new_id, new_key


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
    """One act of a burst, for :func:`record_many`; fields mean what :func:`record` says.

    Keys may be given as 32 hexadecimal digits.
    """

    action: str
    at: datetime
    actor_id: uuid.UUID | str | None
    actor_name: str = ""
    on_behalf: str = ""
    target_type: str = ""
    target_id: uuid.UUID | str | None = None
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

    The rows are what :func:`record` would write, digests included; models, ``uuid.UUID`` and
    ``json.dumps`` for each of them would cost more than the votes they are about.
    """
    if not acts:
        return
    here = connections[DEFAULT_DB_ALIAS]
    council = council_id.hex
    council_text = str(council_id)
    rows = []
    salts = secrets.token_hex(16 * len(acts))  # one call to the kernel, not one per act
    for number, act in enumerate(acts):
        key, actor, target = new_key(), _digits(act.actor_id), _digits(act.target_id)
        salt = salts[32 * number : 32 * number + 32]
        plain = act.plain or canonical(act.payload)
        payload_hash = hashlib.sha256(salt.encode() + plain).hexdigest()
        # What :func:`entry_digest` makes with json.dumps: verification compares the two.
        covered = (
            f'["{dashed(key)}", "{council_text}",'
            f' "{act.at.astimezone(UTC).isoformat(timespec="microseconds")}",'
            f' "{dashed(actor) if actor else ""}", {encode_basestring(act.actor_name)},'
            f" {encode_basestring(act.on_behalf)}, {encode_basestring(act.action)},"
            f' {encode_basestring(act.target_type)}, "{dashed(target) if target else ""}",'
            f' "{payload_hash}"]'
        )
        rows.append(
            (
                key,
                council,
                sql_time(here, act.at),
                actor,
                act.actor_name,
                act.on_behalf,
                act.action,
                act.target_type,
                target,
                plain.decode(),
                salt,
                payload_hash,
                hashlib.sha256(covered.encode()).hexdigest(),
            )
        )
    insert_rows(here, Entry._meta.db_table, _COLUMNS, rows)


def _digits(key: uuid.UUID | str | None) -> str | None:
    return key.hex if isinstance(key, uuid.UUID) else key
