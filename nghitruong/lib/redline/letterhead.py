"""What stands above the title of an official text, in two columns that come out in any order."""

from __future__ import annotations

import re
from collections import Counter
from typing import Final

from nghitruong.lib.filing.codes import KINDS
from nghitruong.lib.redline.tokens import Words

# The title parts a letterhead from the text: «NGHỊ QUYẾT», «TỜ TRÌNH», in capitals.
_TITLE: Final = re.compile(
    rf"(?:{'|'.join(sorted({name.upper() for name in KINDS.values()} | {'BỘ LUẬT'}))})\b"
)
_MOST: Final = 80  # words; no letterhead is longer


def letterheads(old: Words, new: Words) -> tuple[int, int]:
    """How many words at the start of either text are the same letterhead; (0, 0): they differ.

    The order of the words is the extractor's; that of the numbers is not («Số: 12», «ngày 21»).
    """
    i, k = _size(old), _size(new)
    return (i, k) if _same(old.keys[:i], new.keys[:k]) else (0, 0)


def _size(words: Words) -> int:
    """How many words stand above the title («NGHỊ QUYẾT»); 0 where no title is known."""
    for k in range(min(_MOST, len(words.keys))):
        if k and _TITLE.match(words.text, words.starts[k]):
            before = words.text[words.ends[k - 1] : words.starts[k]]
            if any(mark in before for mark in "\n\r\t\f"):
                return k
    return 0


def _same(ours: list[str], theirs: list[str]) -> bool:
    if Counter(ours) != Counter(theirs):
        return False
    numbers = [[key for key in keys if key[0].isdecimal()] for keys in (ours, theirs)]
    return numbers[0] == numbers[1]
