"""Lines of a text that came from pages: what is text, what is page furniture, what was wrapped.

A PDF gives back lines, not paragraphs, with a running head and a page number between them; a DOCX
gives one line a paragraph. Everything here keeps offsets into the text it was given, so that a
hit, an article or a change can be shown at its place in the original.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

# Running heads and marks that belong to the printed page or the registry, never to the text.
_FURNITURE: Final = re.compile(
    r"^(?:\d{1,4}\s+)?CÔNG BÁO\s*/\s*Số.{3,60}$"  # the gazette's head, page number on either side
    r"|^E-pas\s*:?\s*\d+$"  # mark of the National Assembly's document system
    r"|^[_\-–—=*.·\s]{3,}$"  # rules drawn with characters
    r"|^Trang\s+\d+\s*(?:/\s*\d+)?$",
    re.IGNORECASE,
)
_GAZETTE_NUMBER: Final = re.compile(r"^(?:(\d{1,4})\s+CÔNG BÁO\b.*|CÔNG BÁO\b.*\D(\d{1,4}))$", re.I)
_PAGE_NUMBER: Final = re.compile(r"^[-–—\s]*(\d{1,4})[-–—\s]*$")
_LINE: Final = re.compile(r"[^\r\n\f\v\x0b\u2028\u2029]+|\f")
_DIGITS: Final = re.compile(r"\d+")
# What ends a sentence, a heading that introduces a list, or a quoted amendment.
_TERMINATED: Final = re.compile(r"[.;:!?…][\s”\"»’'/).;,]*$|[”»\"][.;,]*\s*$")
_MARKED: Final = re.compile(
    r"^[“\"«‘]?(?:(?:Phần|Chương|Mục|Tiểu mục|Điều|Phụ lục)\s+\S|PHỤ LỤC|\d{1,3}[a-zđ]?[.)]\s"
    r"|\d{1,2}(?:\.\d{1,2}){1,3}\.?\s|[a-zđ]\d?\)\s|[IVXLC]{1,5}\.\s|[-–—•+*]\s)"
)
_WRAPPED_AT_MOST: Final = 160  # characters; no printed A4 line is longer
_EDGE: Final = 3  # lines at the top and bottom of a page where furniture may stand


@dataclass(frozen=True, slots=True)
class Line:
    """One line with its offsets (`text == source[start:end]`, blank ends cut off)."""

    start: int
    end: int
    text: str
    page: int
    furniture: bool = False


def lines_of(text: str) -> list[Line]:
    """The lines that are not blank, each marked whether it is page furniture.

    Pages are parted by form feeds where the extractor gives them; without them only heads that
    can be nothing else, and numbers that count up at page-like distances, are furniture.
    """
    found: list[Line] = []
    page = 0
    for match in _LINE.finditer(text):
        if match.group() == "\f":
            page += 1
            continue
        raw = match.group()
        body = raw.strip()
        if body:
            start = match.start() + len(raw) - len(raw.lstrip())
            found.append(Line(start, start + len(body), body, page))
    bad = _furniture(found, pages=page + 1)
    return [
        Line(line.start, line.end, line.text, line.page, i in bad) for i, line in enumerate(found)
    ]


def _furniture(lines: list[Line], *, pages: int) -> set[int]:
    bad = {i for i, line in enumerate(lines) if _FURNITURE.match(line.text)}
    if pages == 1:
        return bad | _counting(lines)
    by_page: dict[int, list[int]] = {}
    for i, line in enumerate(lines):
        by_page.setdefault(line.page, []).append(i)
    bad |= _page_numbers(lines, by_page, bad)
    enough = max(3, pages // 3)
    for inwards in (1, -1):  # from the top, then from the bottom, as deep as the head goes
        for depth in range(_EDGE):
            seen: dict[tuple[str, int], list[int]] = {}
            for indexes in by_page.values():
                edge = indexes[::inwards][: depth + 1]
                if len(edge) > depth and all(i in bad for i in edge[:depth]):
                    for head in _heads(lines[edge[depth]]):
                        seen.setdefault(head, []).append(edge[depth])
            for found in seen.values():
                if len(found) >= enough:
                    # Once it is text: a change in what every page repeats («Đơn vị: triệu đồng»
                    # over a table) would go unseen otherwise.
                    bad.update(found[1:])
    return bad


def _page_numbers(lines: list[Line], by_page: dict[int, list[int]], bad: set[int]) -> set[int]:
    """Bare numbers at the edge of a page that count with the pages: all others are figures.

    Two pages that follow one another must agree; where there are but two and the first shows no
    number, as official papers do, the second must be «2».
    """
    found: dict[int, dict[int, int]] = {}  # number − page → page → line
    known: dict[int, set[int]] = {}  # the same, from the gazette's heads: evidence only
    for page, indexes in by_page.items():
        for i in indexes:
            if i in bad and (head := _GAZETTE_NUMBER.match(lines[i].text)):
                known.setdefault(int(head.group(1) or head.group(2)) - page, set()).add(page)
        text = [i for i in indexes if i not in bad]
        for i in {text[0], text[-1]} if text else ():
            if match := _PAGE_NUMBER.match(lines[i].text):
                found.setdefault(int(match.group(1)) - page, {}).setdefault(page, i)
    numbers: set[int] = set()
    for offset, places in found.items():
        stands = known.get(offset, set()) | places.keys()
        if any(page + 1 in stands for page in stands) or (
            len(by_page) == 2 and offset == 1 and stands == {1}
        ):
            numbers |= set(places.values())
    return numbers


def _heads(line: Line) -> Iterator[tuple[str, int]]:
    """What the line is if it is a running head: its words, with at most one number counting up.

    Heads have words: figures of a table repeat by chance. Items of a list are no heads.
    """
    shape = _DIGITS.sub("#", line.text)
    if _MARKED.match(shape) or not any(c.isalpha() for c in shape):
        return
    yield line.text, 0
    for match in _DIGITS.finditer(line.text):
        if len(match.group()) <= 4:
            words = f"{line.text[: match.start()]}#{line.text[match.end() :]}"
            yield words, int(match.group()) - line.page


def _counting(lines: list[Line]) -> set[int]:
    """Bare numbers that count up by one, a page apart: page numbers in a text without pages."""
    numbers = [
        (i, int(match.group(1)))
        for i, line in enumerate(lines)
        if (match := _PAGE_NUMBER.match(line.text))
    ]
    chain = [
        (a, b)
        for (a, first), (b, second) in pairwise(numbers)
        if second == first + 1 and lines[b].start - lines[a].start > 700
    ]
    return {i for pair in chain for i in pair} if len(chain) >= 2 else set()


def is_wrapped(lines: list[Line]) -> bool:
    """Whether lines are printed lines (PDF, OCR) rather than whole paragraphs (DOCX, HTML)."""
    long_lines = sum(len(line.text) > _WRAPPED_AT_MOST for line in lines)
    whole = sum(terminated(line.text) for line in lines)  # a printed line seldom ends a sentence
    return bool(lines) and long_lines <= len(lines) // 50 and whole <= len(lines) * 0.7


def terminated(line: str) -> bool:
    """Whether a sentence, an item or an introduction ends with this line."""
    return _TERMINATED.search(line) is not None


def marked(line: str) -> bool:
    """Whether the line begins something: an article, a numbered or lettered item, a bullet."""
    return _MARKED.match(line) is not None


def paragraphs(lines: list[Line], *, wrapped: bool | None = None) -> Iterator[list[Line]]:
    """Lines joined to the paragraphs they were set from; furniture is left out.

    A printed line continues the one before it unless it begins an item, or the one before ended
    a sentence short of the margin, or one of them is a line in capitals and the other is not.
    """
    body = [line for line in lines if not line.furniture]
    wrapped = is_wrapped(lines) if wrapped is None else wrapped
    if not wrapped:
        yield from ([line] for line in body)
        return
    widths = Counter(min(len(line.text), 120) // 5 * 5 for line in body if len(line.text) > 40)
    margin = max((width for width, n in widths.items() if n >= 2), default=80)
    group: list[Line] = []
    for line in body:
        if group and _begins(line, group[-1], margin):
            yield group
            group = []
        group.append(line)
    if group:
        yield group


def _begins(line: Line, before: Line, margin: int) -> bool:
    if marked(line.text) and (terminated(before.text) or not _hanging(before.text)):
        return True
    if before.text.isupper() != line.text.isupper() and len(line.text) > 3:
        return True
    if terminated(before.text) and len(before.text) < margin * 0.8:
        return True
    return terminated(before.text) and before.text.endswith((";", ":")) and line.text[0].isupper()


_HANGING: Final = re.compile(
    r"(?:,|\b(?:tại|của|theo|và|hoặc|các|từ|đến|khoản|điểm|Điều|điều|Chương|chương|mục|Mục|số|là|"
    r"quy định|với|cho|về|trong|ngày|tháng|năm|gồm|thì|được))\s*$"
)


def _hanging(line: str) -> bool:
    """Whether the line plainly goes on: it ends with a comma or a word that needs another."""
    return _HANGING.search(line) is not None


def hanging(line: str) -> bool:
    """Whether a reference may have been cut here («quy định tại» / «Điều 5. …»)."""
    return _hanging(line)
