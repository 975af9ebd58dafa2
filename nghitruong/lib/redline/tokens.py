"""Words of a text as they are compared: spelling counts, typography does not."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Final

from nghitruong.lib.articles import LegalText, parse_text
from nghitruong.lib.layout import paragraphs
from nghitruong.lib.text import nfc, normalize_tones

SOFT: Final = "\u00ad"  # a hyphen the typesetter put in; may be no character of the text at all

_TOKEN: Final = re.compile(
    r"[^\W_]+|\./\.|\.{2,}|[\u00ad\ufffe\x02]|[^\w\s\u200b-\u200d\u2060\ufeff_]"
)
_DOUBLE: Final = frozenset('“”„«»"‟″')
_SINGLE: Final = frozenset("‘’‚‹›'‛′`´")
_DASH: Final = frozenset("-‐‑‒–—―−•·▪")
_ELLIPSIS: Final = "…"
_SOFT_MARKS: Final = frozenset("\u00ad\ufffe\x02")


@lru_cache(maxsize=20_000)
def _key(token: str) -> str:
    if token in _DOUBLE:
        return '"'
    if token in _SINGLE:
        return "'"
    if token in _DASH:
        return "-"
    if token == "./.":  # noqa: S105 - the mark that ends an official text
        return "."
    if token == _ELLIPSIS or (len(token) > 1 and token[0] == "."):
        return _ELLIPSIS
    if token in _SOFT_MARKS:
        return SOFT
    return normalize_tones(token) if not token.isascii() else token


@dataclass(slots=True)
class Words:
    """The words of a text in parallel lists; `first` marks those that begin a paragraph."""

    text: str
    legal: LegalText
    keys: list[str] = field(default_factory=list)
    starts: list[int] = field(default_factory=list)
    ends: list[int] = field(default_factory=list)
    first: list[bool] = field(default_factory=list)

    def written(self, i: int, j: int) -> str:
        """The words i..j as written, on one line, without page furniture between them."""
        parts: list[str] = []
        for k in range(i, j):
            if parts and self.starts[k] > self.ends[k - 1]:
                parts.append(" ")
            parts.append(self.text[self.starts[k] : self.ends[k]])
        return "".join(parts)

    def gap(self, k: int) -> bool:
        """Whether blank space stands before word k."""
        return k > 0 and self.starts[k] > self.ends[k - 1]


def words_of(text: str) -> Words:
    """The text in NFC, cut into words, page furniture left out."""
    text = nfc(text)
    legal = parse_text(text)
    words = Words(text, legal)
    for group in paragraphs(legal.lines, wrapped=legal.wrapped):
        begins = True
        for line in group:
            for match in _TOKEN.finditer(line.text):
                key = _key(match.group())
                end = match.end()
                if (
                    key == "-"
                    and end == len(line.text)
                    and line is not group[-1]
                    and match.start()
                    and not line.text[match.start() - 1].isspace()
                ):
                    key = SOFT
                words.keys.append(key)
                words.starts.append(line.start + match.start())
                words.ends.append(line.start + end)
                words.first.append(begins)
                begins = False
    for start in _starts(legal):  # a heading and its text are two paragraphs, however they are set
        k = bisect_left(words.starts, start)
        if k < len(words.first):
            words.first[k] = True
    return words


def _starts(legal: LegalText) -> Iterator[int]:
    for division in legal.divisions:
        yield division.start
    for article in legal.articles:
        yield article.start
        if article.heading:
            yield article.body
        for clause in article.clauses:
            yield clause.start
            yield from (point.start for point in clause.points)
        yield from (point.start for point in article.points)
