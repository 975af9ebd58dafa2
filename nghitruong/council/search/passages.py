"""What goes into an index and what comes out of it."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field
from typing import Final, NamedTuple

LIBRARY: Final = ""  # the council of what belongs to the whole installation


class Passage(NamedTuple):
    """A piece of text found as one: a page of a paper, an article of a law, a line of a journal.

    ``source`` and ``object`` name the row it came from; ``part`` the page or the place in it;
    ``version`` which text of it. ``kind`` is the code of its type («report», «Luật»…), ``number``
    its own «12/2025/NQ-HĐND», ``article`` the number of a Điều, ``place`` what the source wants to
    remember for its link. Text is NFC.
    """

    source: str
    object: uuid.UUID
    part: int
    title: str
    text: str
    council: str = LIBRARY
    heading: str = ""
    version: str = ""
    kind: str = ""
    issuer: str = ""
    year: str = ""
    session: str = ""
    number: str = ""
    article: str = ""
    place: str = ""

    @property
    def key(self) -> str:
        """The row it came from, as the index knows it."""
        return key_of(self.source, self.object)


def key_of(source: str, object_id: uuid.UUID) -> str:
    """``paper:<32 hex digits>``."""
    return f"{source}:{object_id.hex}"


def object_of(key: str) -> tuple[str, uuid.UUID]:
    """The inverse of :func:`key_of`."""
    source, _, digits = key.partition(":")
    return source, uuid.UUID(digits)


@dataclass(frozen=True, slots=True)
class Filters:
    """What the person narrowed the search to; empty means everything."""

    council: str = LIBRARY
    sources: frozenset[str] = frozenset()
    kinds: frozenset[str] = frozenset()
    issuer: str = ""  # folded words, all of which stand in the issuer's name
    year: str = ""
    sessions: frozenset[str] | None = None
    number: str = ""


@dataclass(slots=True)
class Hit:
    """A passage the engine proposes, with its score (engines' scores do not compare)."""

    passage: Passage
    score: float
    parts: list[int] = field(default_factory=list)  # other pages of the same row that match
