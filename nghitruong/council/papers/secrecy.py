"""Finding the mark of a state secret: in a file's name, or stamped on its first pages.

A mark is a word standing alone («MẬT» in its box) or after «Độ mật:»; the subject «bảo vệ bí mật
nhà nước» is not one. What a person chose in the form counts before anything found here.
"""

from __future__ import annotations

import re

from nghitruong.council.papers.models import Secrecy
from nghitruong.lib.text import fold, nfc

ARTICLE = "Điều 5 Luật Bảo vệ bí mật nhà nước số 117/2025/QH15"

_STAMP = re.compile(r"(?:TUYỆT\s+|TỐI\s+)?M\s?Ậ\s?T")
_LABEL = re.compile(r"độ\s+mật\s*:\s*\W*(tuyệt\s+mật|tối\s+mật|mật)\b", re.IGNORECASE)
_EDGE = " \t\r\f\v\u00a0\"'*[](){}<>«»“”.:;,-–—_|/\\"
_NAME_MARKED = re.compile(
    r"(?<!bí )(?<!bảo )(?<![^\W_])(?:(tuyệt|tối) )?mật(?![^\W_])"
    r"(?! (?:độ|khẩu|mã|ong|thư|thiết|vụ))"
)
_NAME_PLAIN = re.compile(r"(?<![^\W_])(tuyet|toi) ?mat(?![^\W_])")
_NAME_BOXED = re.compile(r"[\[(]\s*m[aậ]t\s*[\])]", re.IGNORECASE)


def _degree(words: str) -> Secrecy:
    folded = fold(words)
    if "tuyet" in folded:
        return Secrecy.TOP_SECRET
    return Secrecy.SECRET if "toi" in folded else Secrecy.CONFIDENTIAL


def in_name(file_name: str) -> Secrecy | None:
    """The degree written in a file's name: «BC-TỐI MẬT.pdf», «[MAT] bao cao.pdf»."""
    name = nfc(file_name)
    if _NAME_BOXED.search(name):
        return Secrecy.CONFIDENTIAL
    spaced = re.sub(r"[\s_.,\-–—]+", " ", name.lower())
    if marked := _NAME_MARKED.search(spaced):
        return _degree(marked.group())
    if plain := _NAME_PLAIN.search(spaced):
        return _degree(plain.group())
    return None


def in_text(text: str) -> Secrecy | None:
    """The degree stamped on a page: a line, or a part of one set apart, with nothing else on it."""
    before = ""
    for line in nfc(text).splitlines():
        if label := _LABEL.search(line):
            return _degree(label.group(1))
        for part in re.split(r"\t+|\s{3,}|\|", line):
            word = part.strip(_EDGE)
            if word and _STAMP.fullmatch(word) and not before.upper().endswith(("BÍ", "BẢO")):
                return _degree(re.sub(r"M\s?Ậ\s?T", "MẬT", word))
            if part.strip():
                before = part.strip()
    return None


_READ_STAMP = re.compile(r"(tuyet |toi )?mat")


def in_stamp(text: str) -> Secrecy | None:
    """The degree in what was read from stamps, where the marks of letters come out wrong («MẶT»):
    capitals standing alone, whatever their marks."""
    for line in nfc(text).splitlines():
        words = " ".join(line.strip(_EDGE).split())
        if words.isupper() and _READ_STAMP.fullmatch(fold(words)):
            return _degree(words)
    return in_text(text)
