"""What a person's devices are told: that something moved, never what."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from nghitruong.platform.live.api import LiveEvent


@dataclass(frozen=True, kw_only=True)
class NotesMoved(LiveEvent):
    """Own notes, or notes shared with the person, changed on this text: ask for them."""

    type: ClassVar[str] = "reading.notes"
    slice: ClassVar[str] = "notes"
    version: str
