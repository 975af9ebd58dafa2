"""What a person's screens are told: that there is something new, never what."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from nghitruong.platform.live.api import LiveEvent


@dataclass(frozen=True, kw_only=True)
class NoticesMoved(LiveEvent):
    """A notice came, came again, or was opened on another device: ask for the number anew."""

    type: ClassVar[str] = "notices.moved"
    slice: ClassVar[str] = "notices"
