"""Keys: UUIDv7 (RFC 9562) for rows that may show when they were made."""

from __future__ import annotations

import uuid

import uuid_utils
from uuid_utils.compat import uuid7 as _uuid7


def new_id() -> uuid.UUID:
    """A fresh UUIDv7: sorts by time, so indexes stay compact. Never for secret ballots."""
    return _uuid7()


def new_key() -> str:
    """The same as 32 hexadecimal digits, for rows that bursts write with raw SQL."""
    return str(uuid_utils.uuid7().hex)
