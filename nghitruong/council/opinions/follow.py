"""Where the place an opinion speaks of stands in a later version. Computed, never stored."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from functools import lru_cache

from nghitruong.council.opinions.models import Opinion
from nghitruong.council.papers import texts
from nghitruong.council.papers.models import PaperVersion
from nghitruong.lib.articles import Place, place_label, places
from nghitruong.lib.redline import likeness
from nghitruong.lib.text import nfc

SAME, CHANGED, MOVED, REMOVED, UNKNOWN = "same", "changed", "moved", "removed", "unknown"
_ALIKE = 0.6  # share of words from which two clauses are the same clause


@dataclass(frozen=True)
class Where:
    """What became of the place: ``status``, its citation in that version, its words there."""

    status: str
    label: str = ""
    text: str = ""
    version: int = 0
    article: str = ""  # key of the article it stands in there


@lru_cache(maxsize=16)
def _places(text: str) -> tuple[Place, ...]:
    return tuple(places(text))


def places_of(version: PaperVersion) -> tuple[str, tuple[Place, ...]]:
    """The text of a version and every place one can speak of."""
    text = nfc(texts.text_of(version))
    return text, _places(text)


def find(
    version: PaperVersion, article: str, clause: str = "", point: str = ""
) -> tuple[Place, str] | None:
    """A place of a version and its words."""
    return _find(*places_of(version), article, clause, point)


def _find(
    text: str, all_places: tuple[Place, ...], article: str, clause: str, point: str
) -> tuple[Place, str] | None:
    for place in all_places:
        if (place.article, place.clause, place.point) == (article, clause, point):
            return place, " ".join(text[place.start : place.end].split())
    return None


class Follower:
    """Follows the places of many opinions into one version.

    Each text is read once, each pair of texts compared once, each place looked for once.
    """

    def __init__(self, latest: PaperVersion) -> None:
        self.latest = latest
        self._texts: dict[uuid.UUID, str] = {}
        self._found: dict[tuple[uuid.UUID, str, str, str], Where] = {}

    def text(self, version: PaperVersion) -> str:
        """The text of a version."""
        if version.pk not in self._texts:
            self._texts[version.pk] = nfc(texts.text_of(version))
        return self._texts[version.pk]

    def where(self, opinion: Opinion) -> Where:
        """Where the opinion's place is now."""
        if not opinion.article or self.latest.pk == opinion.version_id:
            number = self.latest.number
            return Where(SAME, opinion.place, opinion.quote, number, opinion.article)
        key = (opinion.version_id, opinion.article, opinion.clause, opinion.point)
        if key not in self._found:
            old, new = self.text(opinion.version), self.text(self.latest)
            self._found[key] = _where(opinion, old, new, self.latest.number)
        return self._found[key]


def follow(opinion: Opinion, latest: PaperVersion) -> Where:
    """Where one opinion's place is now; for many, :class:`Follower`."""
    return Follower(latest).where(opinion)


def _where(opinion: Opinion, old: str, new: str, number: int) -> Where:
    """The article is followed by what it says (a new article before it moves it, nothing else); in
    it the clause of the same number if it still says something alike, else the clause most alike.
    """
    comparison = texts.compare_texts(old, new)
    if comparison is None:
        return Where(UNKNOWN, version=number)
    now = comparison.old_to_new.get(opinion.article)
    if now is None:
        return Where(REMOVED, version=number)
    inside = [
        (place, " ".join(new[place.start : place.end].split()))
        for place in _places(new)
        if place.article == now and _depth(place) == _depth_of(opinion)
    ]
    was = _find(old, _places(old), opinion.article, opinion.clause, opinion.point)
    best = _best(opinion, was[1] if was else opinion.quote, inside)
    if best is None:
        return Where(REMOVED, place_label(now), version=number, article=now)
    place, words, score = best
    named = (place.article, place.clause, place.point)
    if named != (opinion.article, opinion.clause, opinion.point):
        status = MOVED
    else:
        status = SAME if score == 1 else CHANGED
    return Where(status, place.label, words, number, now)


def _depth(place: Place) -> tuple[bool, bool]:
    return bool(place.clause), bool(place.point)


def _depth_of(opinion: Opinion) -> tuple[bool, bool]:
    return bool(opinion.clause), bool(opinion.point)


def _best(
    opinion: Opinion, quote: str, inside: list[tuple[Place, str]]
) -> tuple[Place, str, float] | None:
    if not opinion.clause and not opinion.point:  # the article itself: the comparison chose it
        return next(((place, words, likeness(quote, words)) for place, words in inside), None)
    scored = [(likeness(quote, words), place, words) for place, words in inside]
    same = [
        row for row in scored if (row[1].clause, row[1].point) == (opinion.clause, opinion.point)
    ]
    if same and same[0][0] >= _ALIKE:
        return same[0][1], same[0][2], same[0][0]
    alike = max(scored, key=lambda row: row[0], default=None)
    if alike is not None and alike[0] >= _ALIKE:
        return alike[1], alike[2], alike[0]
    if same and same[0][0] > 0.3:  # rewritten, and nothing else is more like it
        return same[0][1], same[0][2], same[0][0]
    return None
