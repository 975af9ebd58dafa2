"""The chain's arithmetic: pure, so that anybody can write it again from this page.

A council's chain begins at ``genesis(council)``; link *n* is
``sha256(link n-1 ‖ digest of the entry ‖ n)``, all as text. A *head* is ``n:link``: printed in
minutes, exports and receipts, it fixes everything recorded before it, because whoever changes a
row and recomputes the rest gets another link *n*.
"""

from __future__ import annotations

import hashlib
import re
import uuid
from typing import NamedTuple

_HEAD = re.compile(r"\b(\d{1,19}):([0-9a-f]{64})\b")


class Head(NamedTuple):
    """A position (0: nothing sealed yet) and the link there."""

    position: int
    hash: str

    def __str__(self) -> str:
        return f"{self.position}:{self.hash}"


def genesis(council_id: uuid.UUID) -> str:
    """The link before the first: different for each council, so chains cannot be exchanged."""
    return hashlib.sha256(f"nghitruong audit {uuid.UUID(str(council_id)).hex}".encode()).hexdigest()


def link(previous: str, digest: str, position: int) -> str:
    """The next link."""
    return hashlib.sha256(f"{previous}{digest}{position}".encode()).hexdigest()


def parse_heads(text: str) -> list[Head]:
    """Every ``position:hash`` found in a text, however it was copied from paper."""
    return [Head(int(position), value) for position, value in _HEAD.findall(text.lower())]
