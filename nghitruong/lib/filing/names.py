"""What the name of a file tells: «213-TTr-UBND phân bổ ngân sách.pdf», «hanoi-qd-33-2025-ubnd»."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from pathlib import PurePosixPath
from typing import Final

from nghitruong.lib.filing.codes import (
    BODY_BY_FOLD,
    KIND_BY_FOLD,
    NAME_BY_FOLD,
    PROVINCES,
    STATE_BODIES,
)
from nghitruong.lib.text import fold, nfc

_TERM: Final = re.compile(r"(?:ubtv)?qh\d{1,2}")
_DATE: Final = re.compile(r"\bngay[ ._-]*(\d{1,2})[ ._/-](\d{1,2})[ ._/-]((?:19|20)\d\d)\b")
_KINDS_BY_NAME: Final = sorted(NAME_BY_FOLD.items(), key=lambda pair: -len(pair[0]))
# Kinds whose symbol carries the year, as a legal document's does.
_WITH_YEAR: Final = frozenset({"NĐ", "TT", "TTLT", "L", "PL"})


@dataclass(frozen=True)
class NameFacts:
    """What a name says; empty where it says nothing. ``number`` without kind and body."""

    number: str = ""
    year: str = ""
    kind: str = ""
    body: str = ""
    draft: bool = False
    dated: date | None = None
    place: str = ""

    @property
    def whole(self) -> str:
        """The whole number, when the name holds every part of it."""
        if not (self.number and self.kind and self.body):
            return ""
        year = f"/{self.year}" if self.year else ""
        if self.kind == "L":
            return (
                f"{self.number}{year}/{self.body}" if year and _TERM.match(fold(self.body)) else ""
            )
        if self.kind in _WITH_YEAR and not year:
            return ""
        return f"{self.number}{year}/{self.kind}-{self.body}"


def stem_of(file_name: str) -> str:
    """The name without folders and ending, in NFC, with plain blanks."""
    name = PurePosixPath(nfc(file_name).replace("\\", "/")).name
    stem = re.sub(r"(?:\.[A-Za-z0-9]{1,5})$", "", name) or name
    return " ".join(stem.replace("_", " ").split())


def made_date(day: str, month: str, year: str) -> date | None:
    """The date of three written numbers, None when there is no such day."""
    try:
        return date(int(year), int(month), int(day))
    except ValueError:
        return None


def _number(token: str) -> bool:
    return bool(re.fullmatch(r"\d{1,4}[a-z]?", token)) and not _year(token)


def _year(token: str) -> bool:
    return bool(re.fullmatch(r"(?:19|20)\d\d", token))


def facts_of(file_name: str) -> NameFacts:
    """Read a file's (or folder's) name."""
    stem = fold(stem_of(file_name))
    dated = None
    if found := _DATE.search(stem):
        dated = made_date(*found.groups())
    draft = bool(re.search(r"\bdu[ ._-]*thao\b|^dt[ ._-]", stem))
    tokens = [token for token in re.split(r"[\s.,_\-–—()\[\]/]+", stem) if token]
    number, year, kind, body = _around_kind(tokens)
    if not kind:
        flat = " ".join(tokens)
        for words, code in _KINDS_BY_NAME:
            if found := re.search(rf"(?<![a-z]){words}(?![a-z])", flat):
                kind = code
                rest = flat[found.end() :].removeprefix(" so").split()
                if rest and _number(rest[0]) and "so" in flat[found.end() :][:4].split():
                    number = rest[0]
                break
    place = next((p for p in PROVINCES if fold(p).replace(" ", "") in "".join(tokens)), "")
    return NameFacts(number, year, kind, body, draft, dated, place)


def _body(token: str) -> str:
    if _TERM.fullmatch(token):
        return token.upper()
    return BODY_BY_FOLD.get(token, "")


def _around_kind(tokens: list[str]) -> tuple[str, str, str, str]:
    """(number, year, kind, body) beside the first symbol of a kind among the words of a name."""
    for at, token in enumerate(tokens):
        kind = KIND_BY_FOLD.get(token, "")
        if not kind:
            continue
        after, before = tokens[at + 1 :], tokens[:at]
        if after and after[0] == "so":
            after = after[1:]
        year = number = ""
        if after and _number(after[0]):
            number, after = after[0], after[1:]
            if after and _year(after[0]):
                year, after = after[0], after[1:]
            body = _body(after[0]) if after else ""
            if not body:
                body = next((_body(t) for t in reversed(before) if _body(t)), "")
        else:
            body = _body(after[0]) if after else ""
            if body and before and _year(before[-1]) and len(before) > 1 and _number(before[-2]):
                number, year = before[-2], before[-1]
            elif body and before and _number(before[-1]):
                number = before[-1]
        if number or body or len(token) > 2:
            if body in STATE_BODIES and kind == "L" and body == "QH":
                body = ""
            return number, year, kind, body
    return "", "", "", ""
