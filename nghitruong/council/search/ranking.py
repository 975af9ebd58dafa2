"""The order of what an engine proposed; one for both engines, looking into the texts.

BM25 and its kin count words; a person means words that stand together, written as they wrote them,
in the law before the circular.
"""

from __future__ import annotations

import re
from functools import lru_cache
from itertools import pairwise
from typing import Final

from nghitruong.council.search.analysis import WORD, Asked, lower, number_tokens, plain
from nghitruong.council.search.passages import Hit
from nghitruong.lib.text import fold

# How many proposals are looked into. More finds more and takes longer: 60 took 6 ms.
WINDOW: Final = 60
_LOOK_AT: Final = 2000  # characters of a text; farther only where a short question asks for it
_SHORT: Final = 6  # words; in a longer question BM25 has seen to words and accents
_ANOTHER_LAW: Final = 0.02
_HIGHER: Final = {"hien phap": 1.2, "bo luat": 1.15, "luat": 1.15}


def rerank(asked: Asked, hits: list[Hit]) -> list[Hit]:
    """Order by meaning; proposals that have too few of the words leave."""
    kept: list[Hit] = []
    points = [_named(asked, hit) for hit in hits]
    found = any(one != _ANOTHER_LAW for one in points)  # the law that was named, or one like it
    for hit, named in zip(hits, points, strict=True):
        # Beside it another law is last, whatever its words are.
        factor = named if found and named == _ANOTHER_LAW else named * _words(asked, hit)
        if factor > 0:
            hit.score *= factor * _rank(hit.passage.kind)
            kept.append(hit)
    kept.sort(key=lambda hit: (-hit.score, hit.passage.key, hit.passage.part))
    return kept


def _cited(asked: Asked, hit: Hit) -> bool:
    return bool(asked.numbers and not _numbers(hit.passage.number).isdisjoint(asked.numbers))


def _named(asked: Asked, hit: Hit) -> float:
    """Points for being the document and the article that was named."""
    cited = _cited(asked, hit)
    points = 4.0 if cited else 1.0
    return points * _article_factor(asked, hit, cited) if asked.article else points


def _words(asked: Asked, hit: Hit) -> float:
    """Points for its words: all there, together, as they were written; 0 without too many."""
    passage = hit.passage
    factor = 1.0
    name, beginning = f"{passage.title} {passage.heading}", passage.text[:_LOOK_AT]
    title, text = plain(name), plain(beginning)
    short = len(asked.folds) <= _SHORT
    if short and asked.folds and not asked.names_a_law:
        there = _there(asked, title + text)
        if there < _needed(len(asked.folds)) and len(passage.text) > _LOOK_AT:
            there = _there(asked, title + plain.__wrapped__(passage.text))  # too long to keep
        if there < _needed(len(asked.folds)) and not _cited(asked, hit):
            return 0.0
        factor *= (0.5 + 0.5 * there / len(asked.folds)) if len(asked.folds) < 4 else 1.0
    if asked.adjacent:
        near = 0.0
        for pair in asked.sought_pairs:  # above the text counts half as much again
            if pair in title:
                near += 1.5
            elif pair in text:
                near += 1
        factor *= 1 + near / len(asked.adjacent)
    if short and asked.accented:
        written = lower(name) + lower(beginning)
        exact = sum(word in written for word in asked.sought_accented)
        factor *= 1 + 4 * exact / len(asked.accented)
    if asked.defines and plain(asked.defines) in text:
        factor *= 1.5
    return factor


def _there(asked: Asked, text: bytes) -> int:
    """How many of the words stand in a text; the last may be half typed."""
    *whole, last = asked.sought
    return sum(word in text for word in whole) + (last.rstrip() in text)


def _needed(words: int) -> int:
    """How many of the words must stand there: all of two, all but one of four, half of more."""
    if words <= 2:
        return words
    return words - 1 if words <= 4 else words // 2


def _article_factor(asked: Asked, hit: Hit, cited: bool) -> float:
    """How surely this is the Điều that was named."""
    passage = hit.passage
    same = fold(passage.article) == asked.article
    if not passage.article and asked.names_a_law:  # a page of a paper: the article begins on it
        same = bool(_begins(asked.article).search(passage.text))
    if not asked.names_a_law:
        return 1.4 if same else 1.0
    if cited:
        return 20.0 if same else 1.0
    close = _closeness(asked.law, passage.title)
    return (20.0 if same else 1.0) * close * close if close else _ANOTHER_LAW


# What a window of proposals has in common: few kinds, few laws, each on many rows.


@lru_cache(maxsize=64)
def _begins(article: str) -> re.Pattern[str]:
    number = re.escape(article).replace("d", "[dđ]")
    return re.compile(rf"^[^\w\n]*Điều\s+{number}\s*[.:]", re.IGNORECASE | re.MULTILINE)


@lru_cache(maxsize=512)
def _rank(kind: str) -> float:
    return _HIGHER.get(fold(kind), 1.0)


@lru_cache(maxsize=512)
def _numbers(own: str) -> frozenset[str]:
    return frozenset(number_tokens(own) if own else ())


@lru_cache(maxsize=512)
def _closeness(wanted: tuple[str, ...], title: str) -> float:
    """How much of the law's name is this title's: 1 all of it, 0 another law."""
    name = WORD.findall(fold(title))
    # Pairs, because «đại» is not «đai»: «Luật Giáo dục đại học» shares both words with «Luật Đất
    # đai» and is another law.
    shared = set(pairwise(wanted)) & set(pairwise(name))
    if not shared or 2 * len(shared) < min(len(wanted), len(name)) - 1:
        return 0.0
    return len(set(wanted) & set(name)) / max(len(set(wanted) | set(name)), 1)
