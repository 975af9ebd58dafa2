"""Which article of the new text is which article of the old one."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Final

_SIZE: Final = 4  # words in a group that two articles may share
_ALIKE: Final = 0.45  # share of common groups from which two articles are the same article
_SAME_NAME: Final = 0.15


@dataclass(frozen=True, slots=True)
class Unit:
    """A part of a text that is compared as one: an article, a heading, what stands around."""

    kind: str  # opening, division, article, closing, text
    key: str  # number for an article, label for a heading
    heading: str
    first: int  # words of the text: the label («Điều 5.») from here
    start: int  # its words from here (the label left out)
    end: int


def pair(
    old: Sequence[Unit], new: Sequence[Unit], old_words: Sequence[str], new_words: Sequence[str]
) -> list[tuple[int, int]]:
    """Pairs (index in old, index in new), by content first, then by number."""
    if len(old) == len(new) == 1:  # all there is of its kind
        return [(0, 0)]
    a = [tuple(old_words[u.start : u.end]) for u in old]
    b = [tuple(new_words[u.start : u.end]) for u in new]
    left, right = set(range(len(old))), set(range(len(new)))
    pairs: list[tuple[int, int]] = []

    def take(i: int, k: int) -> None:
        if i in left and k in right:
            left.remove(i)
            right.remove(k)
            pairs.append((i, k))

    by_key = {unit.key: k for k, unit in enumerate(new)}
    for i, unit in enumerate(old):  # the same number and the same words: most of every draft
        k = by_key.get(unit.key)
        if k is not None and a[i] == b[k]:
            take(i, k)
    same: dict[tuple[str, ...], list[int]] = defaultdict(list)
    for k in sorted(right):
        same[b[k]].append(k)
    for i in sorted(left):
        if a[i] and same.get(a[i]):
            take(i, same[a[i]].pop(0))
    for score, i, k in sorted(_alike(old, new, a, b, left, right), reverse=True):
        if score >= _ALIKE:
            take(i, -k)
    for i in sorted(left):  # rewritten from the first word to the last, under the same number
        k = by_key.get(old[i].key)
        if k is not None:
            take(i, k)
    return sorted(pairs, key=lambda found: found[1])


def _alike(
    old: Sequence[Unit],
    new: Sequence[Unit],
    a: list[tuple[str, ...]],
    b: list[tuple[str, ...]],
    left: set[int],
    right: set[int],
) -> list[tuple[float, int, int]]:
    """(likeness, old, −new): ties go to the earlier article."""
    where: dict[tuple[str, ...], list[int]] = defaultdict(list)
    sizes_b = {k: _groups(b[k]) for k in right}
    for k, groups in sizes_b.items():
        for group in groups:
            where[group].append(k)
    scores: list[tuple[float, int, int]] = []
    for i in left:
        groups = _groups(a[i])
        common: Counter[int] = Counter()
        for group in groups:
            found = where.get(group, ())
            if len(found) <= 20:  # a formula that stands in every article says nothing
                common.update(found)
        for k, n in common.items():
            score = 2 * n / (len(groups) + len(sizes_b[k]))
            if old[i].key == new[k].key:
                score += _SAME_NAME
            if old[i].heading and old[i].heading == new[k].heading:
                score += _SAME_NAME
            scores.append((round(score, 4), i, -k))
    return scores


def _groups(words: tuple[str, ...]) -> set[tuple[str, ...]]:
    size = _SIZE if len(words) >= 3 * _SIZE else 1
    return {words[i : i + size] for i in range(len(words) - size + 1)}


def likeness(one: Sequence[str], other: Sequence[str]) -> float:
    """Share of words two passages have in common, in order: 1 for the same, 0 for nothing."""
    if list(one) == list(other):
        return 1.0
    return SequenceMatcher(None, one, other, autojunk=len(one) + len(other) > 2_000).ratio()
