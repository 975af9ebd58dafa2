"""Text typed with the fonts of before Unicode: TCVN3 (ABC, fonts «.Vn…») and VNI («VNI-…»).

Their files hold Latin-1 letters that only the right font shows as Vietnamese. The font's name tells
when it is known; otherwise the letters do: read the right way they make syllables.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Final, Literal

from nghitruong.council.intake.pipeline.syllables import look

Encoding = Literal["", "tcvn3", "vni"]

_TCVN3: Final = str.maketrans(
    dict(
        zip(
            "µ¸¶·¹¨»¾¼½Æ©ÇÊÈÉË®ÌÐÎÏÑªÒÕÓÔÖ×ÝØÜÞßãáâä«åèæçé¬êíëìîïóñòô\u00adõøö÷ùúýûüþ¡¢§£¤¥¦",
            "àáảãạăằắẳẵặâầấẩẫậđèéẻẽẹêềếểễệìíỉĩịòóỏõọôồốổỗộơờớởỡợùúủũụưừứửữựỳýỷỹỵĂÂĐÊÔƠƯ",
            strict=True,
        )
    )
)
_TCVN3_SIGNS: Final = re.compile(r"[¡-¬\u00ad®µ-¹»-¾ÆÇÈÉÊËÌÎÏÐÑÒÓÔÕÖ×ØÜÝÞß]")

# VNI writes a plain vowel and, after it, one sign for its mark and tone.
_VNI_MARKS: Final = {
    "ù": "\u0301",
    "ø": "\u0300",
    "û": "\u0309",
    "õ": "\u0303",
    "ï": "\u0323",
    "â": "\u0302",
    "á": "\u0302\u0301",
    "à": "\u0302\u0300",
    "å": "\u0302\u0309",
    "ã": "\u0302\u0303",
    "ä": "\u0302\u0323",
    "ê": "\u0306",
    "é": "\u0306\u0301",
    "è": "\u0306\u0300",
    "ú": "\u0306\u0309",
    "ü": "\u0306\u0303",
    "ë": "\u0306\u0323",
}
_VNI_ALONE: Final = {
    "ñ": "đ",
    "ô": "ơ",
    "ö": "ư",
    "í": "í",
    "ì": "ì",
    "æ": "ỉ",
    "ó": "ĩ",
    "ò": "ị",
    "î": "ỵ",
}
for _table in (_VNI_MARKS, _VNI_ALONE):
    _table.update({key.upper(): value.upper() for key, value in list(_table.items())})
_VNI_PAIR: Final = re.compile(f"([aeoyuôöAEOYUÔÖ])([{''.join(_VNI_MARKS)}])")
_VNI_SINGLE: Final = re.compile(f"[{''.join(_VNI_ALONE)}]")
_UNICODE: Final = re.compile(r"[\u0102\u0103\u0110\u0111\u01a0\u01a1\u01af\u01b0\u1ea0-\u1ef9]")
_WORD: Final = re.compile(r"\S+")


def of_font(name: str) -> Encoding:
    """The encoding of a font by its name: «.VnTime», «ABCDEF+.VnArialH», «VNI-Times»."""
    bare = name.rpartition("+")[2].lstrip(" '\"").lower()
    if bare.startswith((".vn", "vntime", "vnarial")):
        return "tcvn3"
    return "vni" if bare.startswith(("vni-", "vni ")) else ""


def is_capital_font(name: str) -> bool:
    """TCVN3's capital fonts («.VnTimeH») show small letters as capitals."""
    return of_font(name) == "tcvn3" and bool(re.search(r"H(?:[,-].*)?$", name.strip(" '\"")))


def _tcvn3(text: str) -> str:
    def word(match: re.Match[str]) -> str:
        raw = match.group()
        plain = [char for char in raw if char.isascii() and char.isalpha()]
        turned = raw.translate(_TCVN3)
        # Capitals with a tone exist only in the capital fonts: «NGµY» is «NGÀY».
        return turned.upper() if len(plain) > 1 and all(map(str.isupper, plain)) else turned

    return _WORD.sub(word, text)


def _vni(text: str) -> str:
    def pair(match: re.Match[str]) -> str:
        vowel, mark = match.groups()
        vowel = _VNI_ALONE.get(vowel, vowel)
        return unicodedata.normalize("NFC", vowel + _VNI_MARKS[mark].lower())

    marked = _VNI_PAIR.sub(lambda match: "\x00" + pair(match) + "\x01", text)
    out = []
    for index, part in enumerate(re.split(r"[\x00\x01]", marked)):
        out.append(
            part if index % 2 else _VNI_SINGLE.sub(lambda match: _VNI_ALONE[match.group()], part)
        )
    return "".join(out)


def convert(text: str, encoding: Encoding, *, capitals: bool = False) -> str:
    """The text in Unicode NFC; ``capitals`` for a capital font."""
    if encoding == "tcvn3":
        text = text.translate(_TCVN3).upper() if capitals else _tcvn3(text)
    elif encoding == "vni":
        text = _vni(text)
    return unicodedata.normalize("NFC", text)


def detect(text: str) -> Encoding:
    """Which old encoding a text is in, by its letters alone; empty for Unicode or foreign text."""
    text = unicodedata.normalize("NFC", text)
    before = look(text)
    if before.words < 5 or len(_UNICODE.findall(text)) > 0.02 * len(text):
        return ""
    best: Encoding = ""
    score = max(0.6, before.good + 0.15)
    candidates: tuple[Encoding, ...] = ("tcvn3", "vni")
    for encoding in candidates:
        signs = _TCVN3_SIGNS if encoding == "tcvn3" else _VNI_PAIR
        if len(signs.findall(text)) < 0.03 * len(text):
            continue
        good = look(convert(text, encoding)).good
        if good > score:
            best, score = encoding, good
    return best
