"""How a text and a question become words: the same for both engines and for highlighting.

NFC, lower case, then one fold table that keeps the length (``lib.text.fold``), so a hit in the
folded text stands at the same place in the text itself.
"""

from __future__ import annotations

import codecs
import re
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import pairwise
from typing import Final

from nghitruong.lib.text import fold, nfc

WORD: Final = re.compile(r"[^\W_]+")
# «12/2025/NQ-HĐND», «04/NQ-HĐND», «45/2019/QH14», «12/2025».
NUMBER: Final = re.compile(
    r"(?<![\w/])(\d{1,5}[a-zđA-Z]?)(?:/(\d{4}))?/([A-ZĐa-zđ][\w&]*(?:[-–][\w&]+)*)(?![\w/])"
)
_SHORT_NUMBER: Final = re.compile(r"(?<![\w/])(\d{1,5})/((?:19|20)\d{2})(?![\w/])")
_ARTICLE: Final = re.compile(r"(?<!\w)(?:dieu|đieu)\s+(\d{1,4}[a-z]?)(?!\w)")
_CLAUSE: Final = re.compile(r"(?<!\w)(?:khoan\s+\d{1,3}[a-z]?|diem\s+[a-z])(?!\w)")
_LAW_WORD: Final = re.compile(
    r"(?<!\w)(bo luat|luat|nghi dinh|thong tu lien tich|thong tu|nghi quyet|quyet dinh|phap lenh"
    r"|hien phap|quy che)(?!\w)"
)
_QUOTED: Final = re.compile(r"[\"“”«»„]([^\"“”«»„]{1,200})[\"“”«»„]")
# Words by which a question asks; they say nothing of what is asked.
ASKING: Final = frozenset(
    ["nao", "gi", "khong", "sao", "toi", "thi", "bao", "nhieu", "the", "u", "ai"]
)
# What lawyers type for the five codes.
SHORT_NAMES: Final = {
    "blds": "bộ luật dân sự",
    "blhs": "bộ luật hình sự",
    "bltths": "bộ luật tố tụng hình sự",
    "blttds": "bộ luật tố tụng dân sự",
    "blld": "bộ luật lao động",
}
MOST_WORDS: Final = 24
MOST_CHARACTERS: Final = 300


def words(text: str) -> list[str]:
    """Lower-case words with their accents."""
    return WORD.findall(nfc(text).lower())


class _Folds(dict[str, str]):
    def __missing__(self, word: str) -> str:
        if len(self) > 200_000:
            self.clear()
        folded = self[word] = fold(word)
        return folded


_folds: Final = _Folds()


def folded(tokens: list[str]) -> list[str]:
    """The words without accents; a syllable is folded once and remembered."""
    return [_folds[token] for token in tokens]


def _slots() -> str:
    """One byte for every letter Vietnamese is written with: 128 of ASCII (less the control
    characters) and 134 accented ones."""
    accented = [
        chr(code)
        for code in (*range(0xC0, 0x1B1), *range(0x1EA0, 0x1EFA))
        if unicodedata.normalize("NFD", chr(code).lower())[0] in "aeiouyđ"
        and chr(code).lower() in _VIETNAMESE
    ]
    table = [chr(code) for code in range(128)]
    controls = [*range(1, 9), *range(14, 32)]
    for letter in accented:
        if len(table) < 256:
            table.append(letter)
        else:
            table[controls.pop()] = letter
    return "".join(table) + "\ufffe" * (256 - len(table))


_VIETNAMESE: Final = frozenset(
    "àảãáạăằẳẵắặâầẩẫấậđèẻẽéẹêềểễếệìỉĩíịòỏõóọôồổỗốộơờởỡớợùủũúụưừửữứựỳỷỹýỵ"
)
_TABLE: Final = _slots()
_BYTE: Final = codecs.charmap_build(_TABLE)


def _stranger(error: UnicodeError) -> tuple[str, int]:
    """A character without a byte of its own: its plain letter, else a blank. As long as it was."""
    if not isinstance(error, UnicodeEncodeError):
        raise error
    found = error.object[error.start : error.end]
    return "".join(c if c.isascii() and c.isprintable() else " " for c in map(_one, found)), (
        error.end
    )


def _one(char: str) -> str:
    flat = fold(char)
    return flat if len(flat) == 1 else " "


codecs.register_error("nghitruong.search", _stranger)


def _bytes(change: Callable[[str], str]) -> bytes:
    """A table for ``bytes.translate``, slot by slot."""
    return codecs.charmap_encode("".join(map(change, _TABLE)), "nghitruong.search", _BYTE)[0]


def _word_or_blank(char: str) -> str:
    return char if WORD.fullmatch(char) else " "


_FLAT: Final = _bytes(lambda char: fold(char) if char != "\ufffe" else " ")
_FLAT_WORDS: Final = _bytes(lambda char: _word_or_blank(fold(char)))
_LOWER_WORDS: Final = _bytes(lambda char: _word_or_blank(char.lower()))


@lru_cache(maxsize=128)  # the dear half; a text is looked at two ways
def _encode(text: str) -> bytes:
    return codecs.charmap_encode(text, "nghitruong.search", _BYTE)[0]


def flat(text: str) -> str:
    """``fold`` of an NFC text, thirty times faster: every letter is a byte on the way. As long as
    the text itself; a foreign letter without a plain sister becomes a blank."""
    return _encode(text).translate(_FLAT).decode("ascii", "replace")


def spaced(text: str) -> bytes:
    """Folded words, a blank for everything else and one at either end: what stands at ``n`` in an
    NFC text stands at ``n + 1`` here."""
    return b" %b " % _encode(text).translate(_FLAT_WORDS)


@lru_cache(maxsize=2048)
def plain(text: str) -> bytes:
    """Folded words between blanks, one where a blank or «, » stood: ``b" dat dai "`` is found
    by ``in``."""
    return spaced(text).replace(b"  ", b" ")


@lru_cache(maxsize=2048)
def lower(text: str) -> bytes:
    """The same with accents (one byte a letter)."""
    return b" %b " % _encode(text).translate(_LOWER_WORDS).replace(b"  ", b" ")


def number_tokens(number: str) -> list[str]:
    """The ways a document's own number is asked for: whole, without its year, without its letters.

    «12/2025/NQ-HĐND» → 12/2025/nq-hdnd, 12/nq-hdnd, 12/2025.
    """
    match = NUMBER.search(nfc(number))
    if match is None:
        whole = fold(number).strip()
        return [whole] if whole else []
    count, year, letters = match.groups()
    letters = fold(letters).replace("–", "-")
    count = fold(count).lstrip("0") or "0"
    if year is None:
        return [f"{count}/{letters}"]
    return [f"{count}/{year}/{letters}", f"{count}/{letters}", f"{count}/{year}"]


def cited_numbers(text: str) -> set[str]:
    """Every number in a text, each as one token.

    Slashes are rare and found quickly; what stands around each is then looked at.
    """
    found = set()
    at = text.find("/")
    while at >= 0:
        match = NUMBER.search(text, max(0, at - 6), at + 60)
        if match is not None and match.start() < at:
            found.add(_number(match))
            at = max(at, match.end() - 1)
        at = text.find("/", at + 1)
    return found


def _number(match: re.Match[str]) -> str:
    count, year, letters = match.groups()
    middle = f"{year}/" if year else ""
    return f"{fold(count).lstrip('0') or '0'}/{middle}{fold(letters).replace('–', '-')}"


@dataclass(frozen=True)
class Asked:
    """A question taken apart.

    ``tokens`` are its words as written, without those that only ask; ``phrases`` the quoted parts
    (folded words); ``numbers`` document numbers; ``article`` the N of «Điều N»; ``law`` the words
    of the law's name beside it, kind of document first.
    """

    text: str
    tokens: tuple[str, ...]
    phrases: tuple[tuple[str, ...], ...]
    numbers: tuple[str, ...]
    article: str
    law: tuple[str, ...]
    defines: str
    adjacent: tuple[tuple[str, str], ...]

    @cached_property
    def folds(self) -> tuple[str, ...]:
        """The words without accents, each once."""
        return tuple(dict.fromkeys(folded(list(self.tokens))))

    @cached_property
    def accented(self) -> tuple[str, ...]:
        """The words written with accents, each once: when there are none, all spellings are
        meant."""
        return tuple(dict.fromkeys(t for t in self.tokens if _folds[t] != t))

    @cached_property
    def sought(self) -> list[bytes]:
        """:attr:`folds` as they stand in :func:`plain`."""
        return [plain(word) for word in self.folds]

    @cached_property
    def sought_pairs(self) -> list[bytes]:
        """:attr:`adjacent` as they stand in :func:`plain`."""
        return [plain(f"{a} {b}") for a, b in self.adjacent]

    @cached_property
    def sought_accented(self) -> list[bytes]:
        """:attr:`accented` as they stand in :func:`lower`."""
        return [lower(word) for word in self.accented]

    @property
    def empty(self) -> bool:
        """Nothing to look for."""
        return not (self.tokens or self.phrases or self.numbers or self.article)

    @property
    def names_a_law(self) -> bool:
        """«Điều 12 luật đất đai», «Điều 12 Nghị định 15/2020/NĐ-CP»."""
        return bool(self.article and (self.law or self.numbers))


def _quoted(text: str) -> Iterator[tuple[str, ...]]:
    for match in _QUOTED.finditer(text):
        inside = tuple(folded(words(match.group(1))))[:MOST_WORDS]
        if inside:
            yield inside


def understand(question: str) -> Asked:
    """Take a question apart. Never fails: what is not understood is words."""
    text = nfc(question)[:MOST_CHARACTERS]
    phrases = tuple(_quoted(text))
    numbers = [_number(match) for match in NUMBER.finditer(text)]
    rest = NUMBER.sub(" ", text)
    numbers += [f"{m[1].lstrip('0') or '0'}/{m[2]}" for m in _SHORT_NUMBER.finditer(rest)]
    rest = _SHORT_NUMBER.sub(" ", rest)
    rest = " ".join(SHORT_NAMES.get(fold(word), word) for word in rest.split())
    bare = fold(rest)
    article = ""
    law: tuple[str, ...] = ()
    match = _ARTICLE.search(bare)
    if match is not None:
        article = match.group(1)
        blank = list(bare)
        for found in (match, *_CLAUSE.finditer(bare)):
            blank[found.start() : found.end()] = " " * (found.end() - found.start())
        without = "".join(blank)
        named = _LAW_WORD.search(without)
        if named is not None:
            law = tuple(WORD.findall(without[named.start() :]))[:12]
    tokens = words(rest)[:MOST_WORDS]
    kept = [place for place, token in enumerate(tokens) if _folds[token] not in ASKING]
    kept = kept or list(range(len(tokens)))
    keep = set(kept)
    flats = folded(tokens)
    adjacent = tuple(
        dict.fromkeys(
            (flats[a], flats[b]) for a, b in pairwise(range(len(tokens))) if {a, b} <= keep
        )
    )
    return Asked(
        text=text,
        tokens=tuple(tokens[place] for place in kept),
        phrases=phrases,
        numbers=tuple(dict.fromkeys(numbers)),
        article=article,
        law=law,
        defines=_defined(flats),
        adjacent=adjacent,
    )


def _defined(flats: list[str]) -> str:
    """«Cảng cạn … là gì» → «can la»: how its definition begins; empty for other questions."""
    for place in range(2, len(flats) - 1):
        if flats[place] == "la" and flats[place + 1] in ("gi", "nhu", "sao"):
            return " ".join([*flats[: min(place, 2)], "la"])
    return ""
