"""Recording an act. Actions call :func:`record` inside their transaction, and nothing else does."""

from __future__ import annotations

import hashlib
import secrets
import uuid
from datetime import datetime
from typing import Any

from django.utils import timezone

from nghitruong.lib.canonical import canonical
from nghitruong.platform.audit.models import Entry
from nghitruong.platform.storage.ids import new_id


def payload_digest(salt: str, payload: Any) -> str:
    """``sha256(salt ‖ canonical JSON)`` in hexadecimal: what the chain covers."""
    return hashlib.sha256(salt.encode() + canonical(payload)).hexdigest()


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
    """An unsaved entry (bulk writers insert many at once); see :func:`record` for the meaning."""
    if target is not None:
        target_type, target_id = target._meta.label_lower, target.pk
    salt = secrets.token_hex(16)
    moment = at or timezone.now()
    entry_id = new_id()
    covered = {
        "id": str(entry_id),
        "at": moment.isoformat(),
        "actor": str(actor_id) if actor_id else None,
        "actor_name": actor_name,
        "on_behalf": on_behalf,
        "action": action,
        "target_type": target_type,
        "target": str(target_id) if target_id else None,
        "payload": payload or {},
    }
    return Entry(
        id=entry_id,
        council_id=council_id,
        at=moment,
        actor_id=actor_id,
        actor_name=actor_name,
        on_behalf=on_behalf,
        action=action,
        target_type=target_type,
        target_id=target_id,
        payload=payload or {},
        salt=salt,
        digest=payload_digest(salt, covered),
    )


def record(action: str, **kwargs: Any) -> Entry:
    """Write one audit entry in the caller's transaction.

    ``action`` is ``app.verb`` ("voting.close_poll"); ``actor_id`` the person (not the account);
    ``on_behalf`` the name of who is acted for; ``payload`` JSON-able facts, never a choice of a
    secret ballot or a password. Sealed into the council's chain after the commit.
    """
    entry = build(action, **kwargs)
    entry.save(force_insert=True)
    return entry
