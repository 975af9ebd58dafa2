"""What screens are told about papers. The hall's streams belong to a layer above: it registers
how to find them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from nghitruong.council.papers.models import Paper
from nghitruong.platform.live.api import LiveEvent
from nghitruong.platform.storage.ids import new_id


@dataclass(frozen=True, kw_only=True)
class Notice(LiveEvent):
    """A line of news for everybody in the hall."""

    type: ClassVar[str] = "notice"
    slice: ClassVar[str] = "notice"
    id: str
    text: str
    at: str

    @classmethod
    def of(cls, text: str, at: Any) -> Notice:
        """A notice with a fresh key."""
        return cls(id=str(new_id()), text=text, at=at.isoformat())


# (papers, text) → told to the screens of their sessions, in the caller's transaction. An empty text
# is no news: only screens that show the papers are drawn anew.
Teller = Callable[[Sequence[Paper], str], None]
_tellers: list[Teller] = []


def register_teller(teller: Teller) -> None:
    """Called once, by the layer that knows sittings."""
    if teller not in _tellers:
        _tellers.append(teller)


def tell(papers: Sequence[Paper], text: str) -> None:
    """Only actions call this, inside their transaction."""
    for teller in _tellers:
        teller(papers, text)
