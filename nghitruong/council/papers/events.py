"""What screens are told about papers. The hall's streams belong to a layer above: it registers
how to find them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, ClassVar

from nghitruong.council.papers.models import Paper
from nghitruong.platform.live.api import LiveEvent
from nghitruong.platform.storage.ids import new_id


@dataclass(frozen=True, kw_only=True)
class Notice(LiveEvent):
    """A line of news for everybody in the hall; what the chair has put up stays (``notice``)."""

    type: ClassVar[str] = "news"
    slice: ClassVar[str] = "news"
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


class Change(StrEnum):
    """What became of papers that delegates have, or now get."""

    RELEASED = "released"
    VERSION = "version"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, kw_only=True)
class News:
    """One act of the office that people are to be told of: one, however many papers it moved.

    ``text`` is for everybody in the hall, guests and the press too, who may not know of the papers:
    it says what happened, never a title or a reason. Who may read them gets those by name.
    """

    change: Change
    papers: Sequence[Paper]
    text: str
    by_name: str
    reason: str = ""


# Called in the transaction of the act, after the screens were told.
Announcer = Callable[[News], None]
_announcers: list[Announcer] = []


def register_announcer(announcer: Announcer) -> None:
    """Called once, by the layer that sends notices to people."""
    if announcer not in _announcers:
        _announcers.append(announcer)


def announce(news: News) -> None:
    """Tell the screens, then everybody concerned. Only actions call this, inside their
    transaction."""
    tell(news.papers, news.text)
    for announcer in _announcers:
        announcer(news)
