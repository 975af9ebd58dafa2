"""Which item of the agenda a paper is for: by its folder, its name, its title."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from nghitruong.lib.text import fold

_ORDINAL: Final = re.compile(
    r"^(?:noi dung|nd|muc|item|hs|ho so|tab|phan)[\s._-]*(?:so|thu)?[\s._-]*(\d{1,3})\b"
    r"|^(\d{1,2})(?:[.)]\s*|\s+[-–]\s+|\s+)(?=[a-z])"
)
_STOP: Final = frozenset(
    {
        "va",
        "ve",
        "cua",
        "cac",
        "cho",
        "tai",
        "tren",
        "dia",
        "ban",
        "tinh",
        "thanh",
        "pho",
        "xa",
        "phuong",
        "huyen",
        "nam",
        "giai",
        "doan",
        "mot",
        "so",
        "dieu",
        "noi",
        "dung",
        "viec",
        "quy",
        "dinh",
        "theo",
        "den",
        "trong",
        "bao",
        "cao",
        "to",
        "trinh",
        "du",
        "thao",
        "nghi",
        "quyet",
        "de",
        "an",
        "bay",
        "thong",
        "qua",
        "phe",
        "duyet",
        "hdnd",
        "ubnd",
        "hoi",
        "dong",
        "nhan",
        "dan",
        "uy",
        "tham",
        "tra",
        "xem",
        "xet",
        "bieu",
        "luan",
        "ket",
        "hinh",
        "nhiem",
        "vu",
    }
)


@dataclass(frozen=True)
class ItemHint:
    """What a folder or a file's name says about its place: «Nội dung 3 - Phân bổ ngân sách»."""

    ordinal: int | None
    words: str


def item_hint(name: str) -> ItemHint:
    """The place a folder's (or file's) name claims; ``ordinal`` None when it claims none."""
    folded = re.sub(r"[_]+", " ", fold(name)).strip()
    found = _ORDINAL.match(folded)
    if not found:
        return ItemHint(None, folded)
    return ItemHint(int(found.group(1) or found.group(2)), folded[found.end() :].strip(" .-_)"))


def _words(text: str) -> set[str]:
    return {w for w in re.findall(r"[a-z]{2,}|\d{4}", fold(text)) if w not in _STOP}


def match_item(texts: Sequence[str], items: Sequence[str]) -> int | None:
    """Index of the agenda item that shares most of its telling words with the texts.

    None when fewer than two words (or half of a short title) agree, or two items agree as well.
    """
    told = set().union(*(_words(text) for text in texts)) if texts else set()
    scores: list[tuple[float, int]] = []
    for index, item in enumerate(items):
        words = _words(item)
        common = len(words & told)
        if words and (common >= 2 or common == len(words) == 1):
            scores.append((common / len(words), index))
    scores.sort(reverse=True)
    if not scores or scores[0][0] < 0.5:
        return None
    if len(scores) > 1 and scores[1][0] == scores[0][0]:
        return None
    return scores[0][1]
