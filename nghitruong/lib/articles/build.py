"""Articles with their clauses and points, put together from the headings found."""

from __future__ import annotations

import re
from bisect import bisect_left

from nghitruong.lib.articles.model import Article, Clause, Division, Point
from nghitruong.lib.articles.patterns import (
    ALPHABET,
    ARTICLE,
    CLAUSE,
    DIVISION,
    HEADING_AT_MOST,
    POINT,
    as_int,
)
from nghitruong.lib.layout import Line, hanging, terminated


def assemble(
    body: list[Line], heads: dict[int, str], quoted: set[int]
) -> tuple[list[Division], list[Article]]:
    divisions: list[Division] = []
    articles: list[Article] = []
    above: dict[str, str] = {}
    rank = ("Phần", "Chương", "Mục", "Tiểu mục")
    series, last = 0, 0
    order = sorted(heads)
    for position, i in enumerate(order):
        following = order[position + 1] if position + 1 < len(order) else len(body)
        if heads[i] == "division":
            division = _division(body, i, following)
            divisions.append(division)
            level = rank.index(division.kind)
            above = {k: v for k, v in above.items() if rank.index(k) < level}
            above[division.kind] = division.label
        elif heads[i] == "article":
            match = ARTICLE.match(body[i].text)
            assert match is not None  # noqa: S101 - heads marks only lines that match
            number = as_int(match["number"])
            if number == 1 and last >= 1 and match["number"] == "1":
                series += 1
            last = number
            end = body[following - 1].end
            articles.append(
                _article(
                    body,
                    i,
                    following,
                    quoted,
                    match["number"],
                    match.end(),
                    end,
                    series,
                    tuple(above[k] for k in rank if k in above),
                )
            )
    return divisions, articles


def _division(body: list[Line], i: int, following: int) -> Division:
    match = DIVISION.match(body[i].text)
    assert match is not None  # noqa: S101 - heads marks only lines that match
    words = [match["rest"].strip(" .:–-")]
    end = body[i].end
    for j in range(i + 1, min(following, i + 5)):
        text = body[j].text
        if (
            CLAUSE.match(text)
            or terminated(text)
            or (j > i + 1 and not (text.isupper() or not text[0].isupper()))
        ):
            break
        words.append(text)
        end = body[j].end
    kind = match["kind"].capitalize()
    number = match["number"]
    number = number if number.isupper() and set(number) <= set("IVXLC") else number.lower()
    return Division(kind, number, " ".join(w for w in words if w), body[i].start, end)


def _article(
    body: list[Line],
    i: int,
    following: int,
    quoted: set[int],
    number: str,
    after: int,
    end: int,
    series: int,
    above: tuple[str, ...],
) -> Article:
    heading, first, offset = _heading(body, i, following, after, quoted)
    clauses, points = _clauses(body, first, following, quoted, end, offset)
    return Article(number, heading, body[i].start, end, clauses, points, offset, series, above)


def _heading(
    body: list[Line], i: int, following: int, after: int, quoted: set[int]
) -> tuple[str, int, int]:
    """(heading, index of the first line to look for clauses in, offset where the body begins)."""
    words = [body[i].text[after:].strip()]
    j = i + 1
    if not words[0] and j < following and j not in quoted and not CLAUSE.match(body[j].text):
        words.append(body[j].text)  # «Điều 5» on a line of its own
        j += 1
    while (
        j < following
        and j not in quoted
        and not terminated(words[-1])
        and not POINT.match(body[j].text)
        and not body[j].text[0].isupper()
        and not CLAUSE.match(body[j].text)
        and (body[j].text[0].islower() or hanging(words[-1]))
    ):
        words.append(body[j].text)
        j += 1
    heading = " ".join(word for word in words if word)
    begins = body[i].start + after
    if not heading or len(heading) > HEADING_AT_MOST or re.search(r"[.;:,]\s*$", heading):
        return "", i, begins  # a sentence, not a heading
    if j >= following:
        return "", i, begins  # the whole article is one line: its text
    return heading, j, body[j].start


def _clauses(
    body: list[Line], first: int, following: int, quoted: set[int], end: int, offset: int
) -> tuple[list[Clause], list[Point]]:
    marks: list[tuple[str, str, int]] = []  # (kind, name, offset)
    last, letter = 0, ""
    for j in range(first, following):
        if j in quoted:
            continue
        line = body[j]
        text, start = line.text, line.start
        if start < offset:  # the line of «Điều 1. 1. …» or «Điều 2. a) …»
            text, start = text[offset - start :], offset
        match = CLAUSE.match(text)
        if match:
            written = match["number"]
            number = as_int(written)
            follows = number == last + 1 or (number == last and written != str(number))
            before = body[j - 1].text if j > first else ""
            skipped = last < number <= last + 3 and last > 0 and terminated(before)
            if (follows and not (before and last and hanging(before))) or skipped:
                marks.append(("clause", written, start))
                last, letter = number, ""
                inner = POINT.match(text[match.end() :])
                if inner and inner["letter"] == "a":
                    marks.append(("point", "a", start + match.end()))
                    letter = "a"
                continue
        match = POINT.match(text)
        if match and _next_letter(letter, match["letter"]):
            before = body[j - 1].text if j > first else ""
            if not (before and hanging(before)):
                marks.append(("point", match["letter"], start))
                letter = match["letter"]
    return _nest(marks, end)


def _next_letter(last: str, letter: str) -> bool:
    """Whether `letter` may follow `last`; lists skip letters, never go back."""
    if not last:
        return letter in ("a", "A")
    if last[0] == letter[0]:
        return letter != last and letter[1:] > last[1:]
    a, b = ALPHABET.find(last[0]), ALPHABET.find(letter[0])
    return 0 <= a < b <= a + 6


def _nest(marks: list[tuple[str, str, int]], end: int) -> tuple[list[Clause], list[Point]]:
    starts = [start for _kind, _name, start in marks] + [end]
    clause_starts = [start for kind, _name, start in marks if kind == "clause"] + [end]
    clauses: list[Clause] = []
    loose: list[Point] = []
    for n, (kind, name, start) in enumerate(marks):
        if kind == "clause":
            stop = clause_starts[bisect_left(clause_starts, start + 1)]
            clauses.append(Clause(name, start, stop, []))
        else:
            point = Point(name, start, starts[n + 1])
            (clauses[-1].points if clauses else loose).append(point)
    return clauses, loose
