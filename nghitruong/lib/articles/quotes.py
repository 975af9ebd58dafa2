"""Quoted amendments: lines that are text of the amending clause, not articles of their own."""

from __future__ import annotations

import re

from nghitruong.lib.articles.patterns import (
    ARTICLE,
    INTRODUCES,
    QUOTE_CLOSE,
    QUOTE_OPEN,
    STARTS_QUOTE,
    as_int,
)
from nghitruong.lib.layout import Line


def quoted(body: list[Line]) -> set[int]:
    """Lines that stand inside a quotation which began with an article, clause or point.

    A quotation ends where its marks balance; marks are often wrong, so failing that at the first
    line that ends with a closing mark, and failing that where the article after the present one
    begins.
    """
    inside: set[int] = set()
    i = 0
    current = 0
    while i < len(body):
        text = body[i].text
        article = ARTICLE.match(text)
        if article and i not in inside:
            number = as_int(article["number"])
            current = number if number else current
        opening = _opening(body, i)
        if opening is None:
            i += 1
            continue
        end = _quote_end(body, i, opening, current)
        # The line that opens it belongs to the clause unless it begins with the quotation.
        first = i if opening == 0 else i + 1
        inside.update(range(first, end + 1))
        i = end + 1
    return inside


def _opening(body: list[Line], i: int) -> int | None:
    text = body[i].text
    match = STARTS_QUOTE.search(text)
    if match and (match.start() == 0 or INTRODUCES.search(text[: match.start()].rstrip(": "))):
        return match.start()
    if text[0] in QUOTE_OPEN + '"' and i and INTRODUCES.search(body[i - 1].text):
        return 0
    return None


def _quote_end(body: list[Line], i: int, column: int, current: int) -> int:
    balance = 0
    fallback: int | None = None
    straight = body[i].text[column] == '"'
    inner = ARTICLE.match(body[i].text[column + 1 :].lstrip())
    last = as_int(inner["number"]) if inner else 0  # the articles quoted count on their own
    for j in range(i, len(body)):
        text = body[j].text[column:] if j == i else body[j].text
        article = ARTICLE.match(text) if j > i else None
        if article:
            number = as_int(article["number"])
            if number == current + 1 and not (last and last <= number <= last + 1):
                # The amending text goes on; its author forgot to close the quotation.
                return fallback if fallback is not None else j - 1
            last = number
        if straight:
            balance += text.count('"')
            if balance % 2 == 0 and re.search(r"\"[\s.;,]*$", text):
                return j
        else:
            balance += sum(text.count(mark) for mark in QUOTE_OPEN)
            balance -= sum(text.count(mark) for mark in QUOTE_CLOSE)
            if balance <= 0 and any(mark in text for mark in QUOTE_CLOSE):
                return j
        if fallback is None and re.search(r"[”»\"][\s.;,]*$", text):
            fallback = j
    return fallback if fallback is not None else i
