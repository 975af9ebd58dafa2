"""Keys: UUIDv7 (RFC 9562) for rows that may show when they were made."""

from __future__ import annotations

import uuid

from uuid_utils.compat import uuid7 as _uuid7


def new_id() -> uuid.UUID:
    """A fresh UUIDv7: sorts by time, so indexes stay compact. Never for secret ballots."""
    return _uuid7()
