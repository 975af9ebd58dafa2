"""The running count of a vote: many marks, few messages."""

from __future__ import annotations

import uuid

from django.db import transaction

from nghitruong.platform.live import doorbell

PREFIX = "progress:"


def mark(sitting_id: uuid.UUID | str) -> None:
    """After the commit, tell live processes that this sitting's progress moved.

    Not journaled: each live process computes the numbers itself (``registry.set_progress``), at
    most 20 times a second, the first and the last change always included.
    """
    bell = (PREFIX + uuid.UUID(str(sitting_id)).hex, 0)
    transaction.on_commit(lambda: doorbell.ring([bell]))
