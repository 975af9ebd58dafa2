"""Which lines begin a division, an article, or what stands after the articles."""

from __future__ import annotations

from nghitruong.lib.articles.patterns import ARTICLE, ARTICLE_INLINE, CLOSING, DIVISION, as_int
from nghitruong.lib.layout import Line, hanging, terminated


def split_inline(body: list[Line]) -> tuple[list[Line], set[int]]:
    """«QUYẾT NGHỊ: Điều 1. …» and «… theo quy định. Điều 5. …» become two lines.

    Returns also which lines begin in the middle of one: they count as articles only where the
    next number stands.
    """
    out: list[Line] = []
    inline: set[int] = set()
    for line in body:
        start = line.start
        for match in ARTICLE_INLINE.finditer(line.text):
            cut = line.start + match.end()
            head = line.text[start - line.start : match.end()].rstrip()
            out.append(Line(start, start + len(head), head, line.page))
            inline.add(len(out))
            start = cut
        out.append(Line(start, line.end, line.text[start - line.start :], line.page))
    return out, inline


def heads(body: list[Line], quoted: set[int], inline: set[int], wrapped: bool) -> dict[int, str]:
    """Index of line → "division", "article" or "closing", in one walk that keeps the count."""
    heads: dict[int, str] = {}
    last = 0
    candidates = [
        (i, as_int(match["number"]))
        for i, line in enumerate(body)
        if i not in quoted and (match := ARTICLE.match(line.text))
    ]
    for i, line in enumerate(body):
        if i in quoted:
            continue
        if DIVISION.match(line.text) and _fresh(body, i, heads):
            heads[i] = "division"
            continue
        match = ARTICLE.match(line.text)
        if match:
            number = as_int(match["number"])
            next_one = number == last + 1
            if i in inline and not next_one and heads:
                continue
            if number > last + 1 and last and _comes(candidates, i, last + 1):
                continue  # a reference at the start of a line: the article that is due comes later
            if _plausible(number, match["number"], last) and (
                (next_one and not wrapped) or _fresh(body, i, heads)
            ):
                heads[i] = "article"
                last = number
            continue
        if last and CLOSING.match(line.text) and (i == 0 or not hanging(body[i - 1].text)):
            heads[i] = "closing"
    return heads


def _comes(candidates: list[tuple[int, int]], after: int, number: int) -> bool:
    """Whether article `number` still comes before another text begins with article 1."""
    for i, found in candidates:
        if i > after:
            if found == number:
                return True
            if found == 1:
                return False
    return False


def _plausible(number: int, written: str, last: int) -> bool:
    if number == last and written != str(number):
        return True  # Điều 5a after Điều 5
    return number > last or number == 1


def _fresh(body: list[Line], i: int, heads: dict[int, str]) -> bool:
    """Whether a heading can begin here: the line before does not run into it."""
    if i == 0 or heads.get(i - 1) == "division":
        return True
    before = body[i - 1].text
    return terminated(before) or not hanging(before)
