"""Which words differ between two lists of words: fast on whole books, readable on a sentence."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from difflib import SequenceMatcher
from typing import Final

Span = tuple[int, int, int, int]  # old from, old to, new from, new to

_SMALL: Final = 90_000  # product of lengths up to which difflib answers in some milliseconds
_HOPELESS: Final = 4_000_000  # nothing in common and larger than this: replaced as a whole


def changes(old: Sequence[str], new: Sequence[str]) -> list[Span]:
    """The spans that differ, in order; everything between them is the same."""
    spans: list[Span] = []
    _between(old, new, 0, len(old), 0, len(new), 16, spans)
    return _readable(old, _joined(spans))


def _between(
    old: Sequence[str],
    new: Sequence[str],
    a: int,
    b: int,
    c: int,
    d: int,
    size: int,
    spans: list[Span],
) -> None:
    while a < b and c < d and old[a] == new[c]:
        a, c = a + 1, c + 1
    while a < b and c < d and old[b - 1] == new[d - 1]:
        b, d = b - 1, d - 1
    if a == b and c == d:
        return
    if a == b or c == d:
        spans.append((a, b, c, d))
        return
    if (b - a) * (d - c) <= _SMALL:
        matcher = SequenceMatcher(None, old[a:b], new[c:d], autojunk=False)
        for op, i, j, k, m in matcher.get_opcodes():
            if op != "equal":
                spans.append((a + i, a + j, c + k, c + m))
        return
    while size:
        anchors = _anchors(old, new, a, b, c, d, size)
        if anchors:
            for i, k in [*anchors, (b, d)]:
                # The words of the anchor itself are common: the trimming above takes them.
                _between(old, new, a, i, c, k, size // 2, spans)
                a, c = i, k
            return
        size //= 2
    if (b - a) * (d - c) <= _HOPELESS:
        matcher = SequenceMatcher(None, old[a:b], new[c:d])
        for op, i, j, k, m in matcher.get_opcodes():
            if op != "equal":
                spans.append((a + i, a + j, c + k, c + m))
        return
    spans.append((a, b, c, d))


def _anchors(
    old: Sequence[str], new: Sequence[str], a: int, b: int, c: int, d: int, size: int
) -> list[tuple[int, int]]:
    """Places of word groups that occur exactly once on either side, in the same order."""
    left = _once(old, a, b, size)
    right = _once(new, c, d, size)
    pairs = sorted((i, right[group]) for group, i in left.items() if group in right)
    kept = longest_rising([k for _i, k in pairs])
    anchors: list[tuple[int, int]] = []
    for n in kept:
        i, k = pairs[n]
        # Every word inside a long common run is an anchor; one a run is enough.
        if not anchors or i - anchors[-1][0] != k - anchors[-1][1]:
            anchors.append((i, k))
    return anchors


def _once(words: Sequence[str], start: int, end: int, size: int) -> dict[tuple[str, ...], int]:
    seen: dict[tuple[str, ...], int] = {}
    for i in range(start, end - size + 1):
        group = tuple(words[i : i + size])
        seen[group] = -1 if group in seen else i
    return {group: i for group, i in seen.items() if i >= 0}


def longest_rising(values: Sequence[int]) -> list[int]:
    """Indexes of a longest strictly rising subsequence (what kept its order)."""
    tails: list[int] = []
    ends: list[int] = []
    before: list[int] = []
    for index, value in enumerate(values):
        place = bisect_left(tails, value)
        if place == len(tails):
            tails.append(value)
            ends.append(index)
        else:
            tails[place] = value
            ends[place] = index
        before.append(ends[place - 1] if place else -1)
    found: list[int] = []
    index = ends[-1] if ends else -1
    while index >= 0:
        found.append(index)
        index = before[index]
    return found[::-1]


def _joined(spans: list[Span]) -> list[Span]:
    out: list[Span] = []
    for span in spans:
        if out and out[-1][1] == span[0] and out[-1][3] == span[2]:
            span = (out[-1][0], span[1], out[-1][2], span[3])
            out.pop()
        out.append(span)
    return out


def _readable(old: Sequence[str], spans: list[Span]) -> list[Span]:
    """One or two common words between two rewritten passages («của», «,») are chance: joined."""
    out: list[Span] = []
    for span in spans:
        while out:
            last = out[-1]
            common = span[0] - last[1]
            words = (
                max(last[1] - last[0], last[3] - last[2]),
                max(span[1] - span[0], span[3] - span[2]),
            )
            if common > 2 or min(words) < 2 or sum(words) < 6:
                break
            if any(len(word) > 1 and word[0].isdecimal() for word in old[last[1] : span[0]]):
                break
            span = (last[0], span[1], last[2], span[3])
            out.pop()
        out.append(span)
    return out
