"""What is wrong with a paper's pages: printed numbers that jump, annexes named and not there."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Final, NamedTuple

from nghitruong.lib.text import fold, nfc

_NUMBER_LINE: Final = re.compile(r"^[-–—\s]*(?:trang\s+)?(\d{1,4})(?:\s*/\s*\d{1,4})?[-–—.\s]*$")
_ANNEX: Final = re.compile(
    r"\b(phu luc|bieu so|mau so|bieu)\s*(?:so\s*)?((?:\d{1,2}|[ivx]{1,5})[a-z]?)\b"
)
_ATTACHED: Final = re.compile(r"kem theo|dinh kem|ban hanh kem")
_PLAIN: Final = re.compile(
    r"\((?:co|chi tiet (?:tai|theo|nhu)?)\s*(?:cac )?phu luc[^)\n]{0,40}kem theo"
)
_HEADING: Final = re.compile(
    r"^\s*(phu luc|bieu so|mau so|bieu)\s*(?:so\s*)?((?:\d{1,2}|[ivx]{1,5})[a-z]?)?"
    r"\s*[:.]?\s*(?:$|\(|\t)",
    re.M,
)
_ROMAN: Final = {"i": 1, "v": 5, "x": 10}


class PageJump(NamedTuple):
    """On page ``page`` (from 1) the printed number is ``found`` where ``expected`` was due."""

    page: int
    expected: int
    found: int


def _printed(page: str) -> int | None:
    lines = [line.strip() for line in page.splitlines() if line.strip()]
    for line in (*lines[:2], *lines[-1:]):
        if found := _NUMBER_LINE.match(fold(line)):
            return int(found.group(1))
    return None


def page_jumps(pages: Sequence[str]) -> list[PageJump]:
    """Printed page numbers that skip or go back, other than a new count from 1 (an annex)."""
    jumps: list[PageJump] = []
    last: tuple[int, int] | None = None  # (page, printed)
    seen = 0
    for index, text in enumerate(pages, start=1):
        number = _printed(text)
        if number is None:
            continue
        seen += 1
        if last is not None:
            due = last[1] + index - last[0]
            if number != due and number > 2:
                jumps.append(PageJump(index, due, number))
        elif number > index and index <= 2 and number <= 4:
            jumps.append(PageJump(index, index, number))
        last = (index, number)
    # A page number printed once or twice may be a figure of a table that stands alone.
    return jumps if seen >= 3 and len(jumps) <= max(3, seen // 4) else []


def _value(kind: str, number: str | None) -> str:
    number = number or ""
    match = re.fullmatch(r"(\d+|[ivx]+)([a-z]?)", number)
    if not match:
        return kind
    digits, letter = match.groups()
    if not digits.isdecimal():
        total = 0
        for char, following in zip(digits, [*digits[1:], ""], strict=True):
            value = _ROMAN[char]
            total += -value if following and _ROMAN.get(following, 0) > value else value
        digits = str(total)
    return f"{kind} {int(digits)}{letter}"


_SHOWN: Final = {"phu luc": "Phụ lục", "bieu so": "Biểu số", "bieu": "Biểu số", "mau so": "Mẫu số"}


def missing_annexes(pages: Sequence[str], beside: Iterable[str] = ()) -> list[str]:
    """Annexes the paper says are attached, and which neither its pages nor the names and headings
    of the files ``beside`` it show. Like «Phụ lục II»; «Phụ lục» for one without a number."""
    text = "\n".join(nfc(page) for page in pages)
    folded = fold(text)
    shown = {_value(m.group(1), m.group(2)) for m in _HEADING.finditer(folded)}
    for name in beside:
        flat = re.sub(r"[\s._-]+", " ", fold(name))
        shown |= {_value(m.group(1), m.group(2)) for m in _ANNEX.finditer(flat)}
        if re.search(r"\b(phu luc|pl)\b", flat):
            shown.add("phu luc")
    shown |= {f"bieu so {v.split(' ')[-1]}" for v in shown if v.startswith("bieu ")}
    any_annex = any(value.startswith("phu luc") for value in shown)
    missing: dict[str, str] = {}
    for match in _ANNEX.finditer(folded):
        around = folded[match.end() : match.end() + 80].split("\n\n")[0]
        if not _ATTACHED.search(around.replace("\n", " ")):
            continue
        value = _value(match.group(1), match.group(2))
        if value not in shown:
            label = f"{_SHOWN[match.group(1)]} {match.group(2).upper()}"
            missing.setdefault(value, label)
    if _PLAIN.search(folded.replace("\n", " ")) and not any_annex and not missing:
        missing["phu luc"] = "Phụ lục"
    return list(missing.values())
