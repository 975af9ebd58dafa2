"""Vietnamese text: one normal form, one fold for searching, one key for sorting.

SQLite compares ASCII only and PostgreSQL may come without ICU, so both engines are given strings
that already sort and match by bytes: `fold` and `sort_key` are stored beside every listed name.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import Final

# Combining marks of the six tones, in dictionary order: ngang huyền hỏi ngã sắc nặng.
_TONES: Final = {"\u0300": "1", "\u0309": "2", "\u0303": "3", "\u0301": "4", "\u0323": "5"}
# Marks that make another letter of the alphabet, and the letter's place after its plain sister.
_LETTER_MARKS: Final = {
    ("a", "\u0306"): "1",
    ("a", "\u0302"): "2",
    ("e", "\u0302"): "1",
    ("o", "\u0302"): "1",
    ("o", "\u031b"): "2",
    ("u", "\u031b"): "1",
}
_FOREIGN_MARK: Final = (
    "8"  # č, ŏ, ƀ of the Central Highlands: after all sisters, before the next letter
)


def _fold_table() -> dict[int, str]:
    table = {ord("đ"): "d", ord("ƀ"): "b"}
    for code in (*range(0xC0, 0x250), *range(0x1E00, 0x1F00)):
        char = chr(code)
        base = unicodedata.normalize("NFD", char)[0]
        if base != char and base.isascii() and base.isalpha():
            table[code] = base.lower()
    return table


_FOLD: Final = _fold_table()


def nfc(text: str) -> str:
    """The text in Unicode NFC, the only form that is stored."""
    return unicodedata.normalize("NFC", text)


def fold(text: str) -> str:
    """Lower case without Vietnamese marks: «Đỗ Quang Khải» → «do quang khai».

    Has exactly as many characters as `nfc(text)`, so a hit found in the folded text is at the
    same place in the text itself and a highlight keeps its accents.
    """
    text = nfc(text)
    low = text.lower()
    if len(low) != len(text):  # a few foreign capitals («İ») become two characters
        low = "".join(char.lower()[0] for char in text)
    return low.translate(_FOLD)


def _syllable_key(word: str) -> str:
    """Fixed-width code of one syllable: two characters a letter, then one digit for its tone.

    Letters are `base + digit`, so «ă» (a1) stands after «a» (a0) and before «b» (b0); the tone
    digit stands where a letter would, and digits come before letters in every collation.
    """
    parts: list[str] = []
    tone = "0"
    for char in unicodedata.normalize("NFD", word):
        if char in _TONES:
            tone = _TONES[char]
        elif char == "đ":
            parts.append("d1")
        elif "a" <= char <= "z":
            parts.append(char + "0")
        elif unicodedata.combining(char):
            if parts:
                parts[-1] = parts[-1][0] + _LETTER_MARKS.get((parts[-1][0], char), _FOREIGN_MARK)
        elif char == "ƀ":
            parts.append("b" + _FOREIGN_MARK)
        elif char.isalpha():
            parts.append(f"z9{ord(char):08d}")
    return "".join(parts) + tone if parts else ""


_TOKEN: Final = re.compile(r"\d+|[^\W\d_]+(?:[\u0300-\u036f]+[^\W\d_]*)*")


def text_key(text: str) -> str:
    """Key that sorts any title or name of a place as a Vietnamese dictionary does.

    Syllable by syllable; within a syllable the letters first (a ă â b c d đ e ê …), then the tone
    (ngang huyền hỏi ngã sắc nặng), wherever it is written («hòa» = «hoà»); numbers by their value
    («Tổ số 2» before «Tổ số 10»), before letters. Only [a-z0-9]: the same order bytewise and
    under every collation of both engines.
    """
    parts = []
    for token in _TOKEN.findall(nfc(text).lower()):
        if token.isdecimal():
            digits = str(int(token))
            parts.append(f"{len(digits):03d}{digits}")
        else:
            parts.append(_syllable_key(token))
    return "".join(parts)


@dataclass(frozen=True, slots=True)
class PersonName:
    """A Vietnamese person's name: family name (họ), middle (đệm), given name (tên)."""

    family: str
    middle: str
    given: str

    @property
    def full(self) -> str:
        return " ".join(part for part in (self.family, self.middle, self.given) if part)


def split_name(full_name: str) -> PersonName:
    """Họ, đệm, tên of a full name; a single word is the given name."""
    words = nfc(full_name).split()
    if not words:
        return PersonName("", "", "")
    if len(words) == 1:
        return PersonName("", "", words[0])
    return PersonName(words[0], " ".join(words[1:-1]), words[-1])


def sort_key(full_name: str, given: str = "") -> str:
    """Key that sorts people by given name, then family and middle names.

    Pass `given` for a name whose given name is not its last word («H'Hen Niê»).
    """
    name = nfc(full_name).strip()
    if given and given in name:
        rest = name.replace(given, "", 1)
    else:
        split = split_name(name)
        given, rest = split.given, f"{split.family} {split.middle}"
    return text_key(given) + text_key(rest)


def slugify_vn(text: str) -> str:
    """Address part without marks: «Lào Cai» → «lao-cai», «xã Mậu A» → «xa-mau-a»."""
    return re.sub(r"[^a-z0-9]+", "-", fold(text)).strip("-")


# The two spellings differ only in open syllables ending in oa, oe, uy (hoà/hòa, khoẻ/khỏe,
# thuỷ/thủy); after q the u belongs to the consonant and the mark stands on the y (quý).
_NEW_STYLE: Final = re.compile(
    r"(?<![qQ])([oOuU])([\u0300\u0301\u0303\u0309\u0323]?)"
    r"([aAeEyY])([\u0300\u0301\u0303\u0309\u0323]?)(?![\w\u0300-\u036f])"
)
_QU: Final = re.compile(
    r"([qQ][uU])([\u0300\u0301\u0303\u0309\u0323])([yYaAeE])(?![\u0300-\u036f])"
)
_OPEN: Final = frozenset({"oa", "oe", "uy"})


def normalize_tones(text: str) -> str:
    """The text with every tone mark at its traditional place: «Yên Hoà» → «Yên Hòa».

    For matching and comparing; what a person wrote is stored as written.
    """

    def place(match: re.Match[str]) -> str:
        first, tone1, second, tone2 = match.groups()
        if (first + second).lower() not in _OPEN or (tone1 and tone2):
            return match.group()
        return f"{first}{tone1 or tone2}{second}"

    marks = unicodedata.normalize("NFD", text)
    marks = _QU.sub(r"\1\3\2", marks)
    return nfc(_NEW_STYLE.sub(place, marks))


def same_name(one: str, other: str) -> bool:
    """Whether two spellings name the same: blank space, case and place of tone marks aside."""
    return _comparable(one) == _comparable(other)


def _comparable(text: str) -> str:
    return " ".join(normalize_tones(text).lower().split())
