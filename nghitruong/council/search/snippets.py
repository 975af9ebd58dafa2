"""A few lines around the hits, accents kept, hits marked."""

from __future__ import annotations

from functools import lru_cache
from html import escape
from typing import Final

from django.utils.safestring import SafeString, mark_safe

from nghitruong.council.search.analysis import ASKING, Asked, flat, spaced
from nghitruong.lib.text import fold

LENGTH: Final = 260
_LOOK_AT: Final = (3_000, 20_000)  # characters; farther only where the first have no hit


def spans(asked: Asked, text: str) -> list[tuple[int, int]]:
    """Where the hits stand in the NFC text; hits with nothing but blanks between are one."""
    joined: list[tuple[int, int]] = []
    for start, end in _hits(asked, text):
        if joined and text[joined[-1][1] : start].isspace():
            joined[-1] = (joined[-1][0], end)
        else:
            joined.append((start, end))
    return joined


def _hits(asked: Asked, text: str) -> list[tuple[int, int]]:
    """Words of the question, «Điều N», document numbers. A word with other accents than the
    question's is a hit too, unless it stands there somewhere as it was written."""
    bare = spaced(text)
    low = text.lower() if asked.accented else text
    if len(low) != len(text):  # «İ» and its like
        low = text
    places: set[tuple[int, int]] = set()
    for length, sought, spelled in _wanted(asked.folds, asked.accented):
        starts = _places(bare, sought)
        if spelled and starts:
            starts = [at for at in starts if low[at : at + length] in spelled] or starts
        places.update((at, at + length) for at in starts)
    if asked.article:
        named = b" dieu %b " % asked.article.encode()
        end = len(named) - 2
        places |= {(at + 5, at + end) for at in _places(bare, named)}
    if asked.numbers:
        flattened = flat(text)
        for number in asked.numbers:
            at = flattened.find(number)
            while at >= 0:
                places.add((at, at + len(number)))
                at = flattened.find(number, at + 1)
    return sorted(places)


@lru_cache(maxsize=64)
def _wanted(
    folds: tuple[str, ...], accented: tuple[str, ...]
) -> list[tuple[int, bytes, frozenset[str]]]:
    """The words to be marked: length, how each stands in :func:`spaced`, how the question spelled
    it with accents. A word in letters that are nothing there would be found in every row of dots.
    """
    words = [word for word in folds if word not in ASKING] or folds
    return [
        (len(word), sought, frozenset(one for one in accented if fold(one) == word))
        for word in words
        if (sought := spaced(word)).strip()
    ]


def _places(bare: bytes, sought: bytes) -> list[int]:
    """Where a word with its two blanks stands, as places in the text. To look for each word by
    itself takes a quarter less time than one pattern for all."""
    found = []
    at = bare.find(sought)
    while at >= 0:
        found.append(at)
        at = bare.find(sought, at + len(sought) - 1)
    return found


def snippet(asked: Asked, text: str, length: int = LENGTH) -> SafeString:
    """The densest stretch of about ``length`` characters, as safe HTML with ``<mark>``."""
    for most in _LOOK_AT:
        found = spans(asked, text[:most])
        if found or len(text) <= most:
            break
    start = _best_start(found, length)
    start = _word_edge(text, max(0, start - 40))
    end = min(len(text), start + length)
    while end < len(text) and not text[end].isspace() and end < start + length + 20:
        end += 1
    inside = [(a, b) for a, b in found if start <= a and b <= end]
    pieces: list[str] = ["… " if start else ""]
    at = start
    for a, b in inside:
        if a < at:
            continue
        pieces += [escape(text[at:a]), "<mark>", escape(text[a:b]), "</mark>"]
        at = b
    pieces += [escape(text[at:end]), " …" if end < len(text) else ""]
    return mark_safe("".join(pieces))  # noqa: S308  # every piece of text is escaped above


def marked(asked: Asked, text: str) -> SafeString:
    """A whole short text (a title) with its hits marked."""
    pieces: list[str] = []
    at = 0
    for a, b in spans(asked, text):
        if a < at:
            continue
        pieces += [escape(text[at:a]), "<mark>", escape(text[a:b]), "</mark>"]
        at = b
    return mark_safe("".join([*pieces, escape(text[at:])]))  # noqa: S308  # escaped above


def _best_start(found: list[tuple[int, int]], length: int) -> int:
    """Where the window with most hits begins; a longer hit counts for more."""
    weights = [(b - a) ** 1.5 for a, b in found]  # words that stand together count for more
    best, most, inside, last = 0, 0.0, 0.0, 0
    for first, (start, _) in enumerate(found):
        while last < len(found) and found[last][1] <= start + length - 60:
            inside += weights[last]
            last += 1
        if last <= first:  # a hit longer than the window
            last = first + 1
        elif inside > most + 1e-6:
            best, most = start, inside
        inside = max(0.0, inside - weights[first]) if last > first + 1 else 0.0
    return best


def _word_edge(text: str, at: int) -> int:
    while 0 < at < len(text) and not text[at - 1].isspace():
        at += 1
    return min(at, len(text))
