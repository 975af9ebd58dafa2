"""Numbers as officials write them: per cent, words, numbers of documents."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Final

from nghitruong.lib.text import nfc

_CENT: Final = Decimal("0.01")
_DIGITS: Final = ("không", "một", "hai", "ba", "bốn", "năm", "sáu", "bảy", "tám", "chín")
_GROUPS: Final = ("", "nghìn", "triệu")


def percent(part: int, total: int) -> Decimal:
    """`part` of `total` in per cent, two decimals, half up: `percent(58, 61)` = 95.08.

    Raises ValueError when total is not positive or part is negative. For showing only; whether a
    majority is reached is decided on whole numbers, never on this.
    """
    if total <= 0 or part < 0:
        raise ValueError("percent needs part >= 0 and total > 0")
    return (Decimal(part * 100) / Decimal(total)).quantize(_CENT, rounding=ROUND_HALF_UP)


def percent_text(part: int, total: int) -> str:
    """«92,00 %»."""
    return f"{percent(part, total)}".replace(".", ",") + " %"


def share_text(part: int, total: int) -> str:
    """«46/50 (92,00 %)»."""
    return f"{part}/{total} ({percent_text(part, total)})"


def grouped(number: int) -> str:
    """Thousands parted by dots: «1.234.567»."""
    return f"{number:,}".replace(",", ".")


def _under_thousand(number: int, *, full: bool) -> str:
    """Words of 0–999; `full` says the hundreds although they are none («không trăm linh năm»)."""
    hundreds, rest = divmod(number, 100)
    tens, ones = divmod(rest, 10)
    words: list[str] = []
    if hundreds or full:
        words += [_DIGITS[hundreds], "trăm"]
    if tens == 0:
        if ones:
            if words:
                words.append("linh")
            words.append(_DIGITS[ones])
        return " ".join(words)
    words += ["mười"] if tens == 1 else [_DIGITS[tens], "mươi"]
    if ones == 1:
        words.append("một" if tens == 1 else "mốt")
    elif ones == 5:
        words.append("lăm")
    elif ones:
        words.append(_DIGITS[ones])
    return " ".join(words)


def in_words(number: int) -> str:
    """The number in Vietnamese words: 51 → «năm mươi mốt», 105 → «một trăm linh năm»."""
    if number < 0:
        return "âm " + in_words(-number)
    if number == 0:
        return _DIGITS[0]
    if number >= 10**9:
        billions, rest = divmod(number, 10**9)
        head = in_words(billions) + " tỷ"
        return f"{head} {_groups(rest, leading=False)}" if rest else head
    return _groups(number, leading=True)


def _groups(number: int, *, leading: bool) -> str:
    parts: list[str] = []
    for power in (2, 1, 0):
        value = number // 1000**power % 1000
        if value:
            words = _under_thousand(value, full=bool(parts) or not leading)
            parts.append(f"{words} {_GROUPS[power]}".strip())
    return " ".join(parts)


@dataclass(frozen=True, slots=True)
class DocumentNumber:
    """«12/NQ-HĐND» (individual) or «12/2025/NQ-HĐND» (normative, with its year)."""

    number: int
    symbol: str
    year: int | None = None
    suffix: str = ""

    def __str__(self) -> str:
        head = f"{self.number:02d}{self.suffix}"
        return f"{head}/{self.year}/{self.symbol}" if self.year else f"{head}/{self.symbol}"


_NUMBER: Final = re.compile(
    r"\s*(?:số\s*:?\s*)?(\d{1,6})\s*([a-zđ]?)\s*/\s*(?:((?:19|20)\d\d)\s*/\s*)?"
    r"([^\W\d_][^\W_]*(?:\s*[-–]\s*[^\W\d_][^\W_]*)*)\s*",
    re.IGNORECASE,
)


def parse_document_number(text: str) -> DocumentNumber:
    """Number, year and symbol of a document. Raises ValueError when it is none.

    «số 7/2025/nq-hđnd» and «07/2025/NQ-HĐND» are the same; a number under ten is written with a
    zero (NĐ 30/2020/NĐ-CP, phụ lục I).
    """
    match = _NUMBER.fullmatch(nfc(text))
    if not match:
        raise ValueError(f"not a document number: {text!r}")
    number, suffix, year, symbol = match.groups()
    symbol = re.sub(r"\s*[-–]\s*", "-", symbol).upper()
    return DocumentNumber(int(number), symbol, int(year) if year else None, suffix.lower())


def roman(number: int) -> str:
    """Terms are numbered in Roman numerals: 17 → «XVII»."""
    parts = []
    for value, letters in (
        (50, "L"),
        (40, "XL"),
        (10, "X"),
        (9, "IX"),
        (5, "V"),
        (4, "IV"),
        (1, "I"),
    ):
        times, number = divmod(number, value)
        parts.append(letters * times)
    return "".join(parts)
