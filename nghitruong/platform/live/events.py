"""What the live process itself listens to."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from nghitruong.platform.live.api import LiveEvent


@dataclass(frozen=True, kw_only=True)
class RightsMoved(LiveEvent):
    """On a person's stream: their rights are others now. Every open screen of theirs ends before
    it is told anything more; who may still be there comes back by itself."""

    type: ClassVar[str] = "rights.moved"
    slice: ClassVar[str] = "rights"

    def value(self) -> None:
        """Nothing to show."""
