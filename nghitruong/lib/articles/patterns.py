"""How headings, numbers and quotations are written in Vietnamese legal texts."""

from __future__ import annotations

import re
from typing import Final

ALPHABET: Final = "aăâbcdđeêfghijklmnoôơpqrstuưvwxyz"
QUOTE_OPEN: Final = "“«„"
QUOTE_CLOSE: Final = "”»"
NUMBER: Final = r"\d{1,3}[a-zđ]{0,2}"

DIVISION: Final = re.compile(
    r"^(?P<kind>Phần|Chương|Mục|Tiểu mục|PHẦN|CHƯƠNG|MỤC|TIỂU MỤC)\s+(?:thứ\s+|THỨ\s+)?"
    r"(?P<number>[IVXLC]+|\d{1,2}[a-zđ]?|nhất|hai|ba|tư|năm|sáu|bảy|tám|chín|mười|"
    r"NHẤT|HAI|BA|TƯ|NĂM|SÁU|BẢY|TÁM|CHÍN|MƯỜI)(?P<rest>\s*[.:–-]?\s*$|\s*[.:–-]\s+.*$|\s+[A-ZÀ-Ỹ].*$)"
)
ARTICLE: Final = re.compile(rf"^(?:Điều|ĐIỀU)\s+(?P<number>{NUMBER})\s*(?:[.:](?=\s|$|\D)|$)\s*")
ARTICLE_INLINE: Final = re.compile(
    r"(?:(?:QUYẾT NGHỊ|QUYẾT ĐỊNH|NGHỊ QUYẾT)\s*:|[.;:”])\s+"
    rf"(?=Điều\s+{NUMBER}\s*[.:]\s*[A-ZĐÀ-Ỹ])"
)
CLAUSE: Final = re.compile(r"^(?P<number>\d{1,3}[a-zđ]?)\.(?:\s+|(?=[^\W\d])|$)")
POINT: Final = re.compile(r"^(?P<letter>[a-zđ]{1,2}\d{0,2})\s?\)\s*")
STARTS_QUOTE: Final = re.compile(
    r"[“«„\"](?=\s*(?:(?:Điều|Chương|Mục|Phần|Phụ lục)\s+[\dIVX]"
    r"|\d{1,3}[a-zđ]?\.\s|[a-zđ]\d?\)\s))"
)
CLOSING: Final = re.compile(
    r"^(?:Nơi nhận\s*:|(?:TM|KT|TL|TUQ|Q)\.\s*[A-ZĐÀ-Ỹ]|CHỦ TỊCH\b|CHỦ TOẠ\b|CHỦ TỌA\b"
    r"|BỘ TRƯỞNG\b|THỦ TƯỚNG\b|CHỦ NHIỆM\b|PHỤ LỤC\b|Phụ lục\s+[IVX\d]+\s*$|MẪU\s+SỐ\b"
    r"|Mẫu\s+số\s+\d+\S*\s*$|QUY CHẾ\s*$|QUY ĐỊNH\s*$|ĐIỀU LỆ\s*$"
    r"|(?:Luật|Bộ luật|Nghị quyết|Pháp lệnh) này (?:đã )?được"
    r" (?:Quốc hội|Ủy ban thường vụ Quốc hội))"
)
INTRODUCES: Final = re.compile(r"(?:như sau|sau đây|như sau đây)\s*:?\s*$")
HEADING_AT_MOST: Final = 260


def as_int(number: str) -> int:
    """The number without its letter: «5a» → 5; 0 where there is none."""
    match = re.match(r"\d+", number)
    return int(match.group()) if match else 0
