"""Words as they come out of files: cleaned, counted, and judged whether they are words at all."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

from nghitruong.council.intake.pipeline.syllables import look

_SPACES = re.compile(r"[^\S\n]+")
_DROPPED = re.compile(r"[\x00\x01\x03-\x08\x0b\x0e-\x1f\x7f\u00ad\u200b\ufeff\ufffe\ud800-\udfff]")


def clean(text: str) -> str:
    """NFC; one blank between words; no control characters (a database may refuse them)."""
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\x02", "-").replace("\x0c", "\n")
    text = _DROPPED.sub("", text)
    lines = (_SPACES.sub(" ", line).strip() for line in text.split("\n"))
    return unicodedata.normalize("NFC", re.sub(r"\n{3,}", "\n\n", "\n".join(lines))).strip()


def letters(text: str) -> int:
    """How many letters and figures."""
    return sum(char.isalnum() for char in text)


_LONE = re.compile(r"(?<![\w.])[A-ZĐ] (?=[A-ZĐ](?:[^\W\d_]*)(?!\w))")
_WRONG_LETTER = re.compile(r"[ƣƢ\ufffd\ue000-\uf8ff]")
_IN_WORD = re.compile(
    r"(?<=[^\W\d_])[\u0001-\u0008\u00a1-\u00a9\u00ac-\u00b9\u00bb-\u00bf](?=[^\W\d_])"
)


def is_torn(texts: Sequence[str]) -> bool:
    """Whether the letters of a text layer are not those on the pages: a broken font map."""
    whole = "\n".join(texts)
    count = letters(whole)
    if count < 100:
        return False
    wrong = len(_WRONG_LETTER.findall(whole)) + len(_IN_WORD.findall(whole))
    if wrong >= 3 and wrong > count * 0.0002:
        return True
    if len(_LONE.findall(whole)) >= 6 and wrong:
        return True
    seen = look(whole)
    # Real papers: 0.88–1.0 good. A foreign language is not torn: its words are ASCII.
    return seen.words > 50 and (seen.torn > 0.12 or (seen.good < 0.5 and seen.torn > 0.06))
