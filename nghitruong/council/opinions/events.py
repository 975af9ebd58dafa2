"""What a person's devices are told: that something moved, never what."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from nghitruong.platform.live.api import LiveEvent


@dataclass(frozen=True, kw_only=True)
class OpinionMoved(LiveEvent):
    """One of the person's opinions was answered, confirmed or sent back."""

    type: ClassVar[str] = "opinions.moved"
    slice: ClassVar[str] = "opinions"
    opinion: str
    state: str
