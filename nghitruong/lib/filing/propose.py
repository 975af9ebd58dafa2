"""Number, kind, issuer, date and title of a paper, from its name and its first page.

The head of an official document (Nghị định 30/2020/NĐ-CP, Phụ lục I): issuer at the left and state
name at the right, under them «Số: …/…» and «…, ngày … tháng … năm …», then the kind in capitals and
its subject. Text may come column by column, line by line, or from OCR with wrong letters.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import pairwise
from typing import Final

from nghitruong.lib.filing.codes import KIND_BY_FOLD, KINDS, NAME_BY_FOLD, PROVINCES, written
from nghitruong.lib.filing.issuers import issuer_of
from nghitruong.lib.filing.names import NameFacts, facts_of, made_date, stem_of
from nghitruong.lib.text import fold, nfc

HEAD_LINES: Final = 60
_STOP: Final = re.compile(
    r"^(?:can cu|kinh gui|dieu 1\b|dieu thu nhat|chuong i\b|chuong 1\b|thuc hien |xet |"
    r"theo de nghi|chieu |sau khi|de tang cuong|"
    r"i\.\s|1\.\s|a\.\s|phan (?:thu nhat|i)\b)"
)
# «Số: 12/2025/NQ-HĐND», «Luật số: 72/2025/QH15», «Số:     /KH-THPTĐBK», on folded text.
_NUMBER: Final = re.compile(
    r"^\W*(?:luat |phap lenh |nghi quyet )?s[o06](?P<colon>\s*[:.;])?\s*"
    r"(?P<number>\d{1,5}(?:\.\d{1,2})?[a-z]?)?[\s.…_-]*(?P<year>/\s*(?:19|20)\d\d)?\s*/\s*"
    r"(?P<symbol>[a-z]{1,8}\d{0,2}(?:\s?[-–]\s?[a-z0-9&]{1,12})*)"
)
_SYMBOL: Final = re.compile(r"(?P<digits>[\d]{0,4})\s*/\s*(?P<symbol>[a-z]{1,5}-[a-z]{2,10})\b")
_DATE: Final = re.compile(
    r"ngay\s*(\d{1,2})\s*(?:thang|/|-|\.)\s*(\d{1,2})\s*(?:nam|/|-|\.)\s*((?:19|20)\d\d)"
)
_PASSED: Final = re.compile(
    r"thong qua[^.;]{0,40}?\bngay\s+(\d{1,2})\s+thang\s+(\d{1,2})\s+nam\s+(\d{4})"
)
_STATE: Final = re.compile(
    r"(?<!^)(?<!\t)(?=cong hoa xa hoi chu nghia)|(?<=\S)\s+(?=doc lap\s?[-–—])"
)
_RULE: Final = re.compile(r"^[\W_\d]*$")


@dataclass(frozen=True)
class Proposal:
    """What a paper seems to be. ``kind`` is the symbol of :data:`codes.KINDS`, "" when unknown;
    ``number`` the whole «12/2025/NQ-HĐND»; ``sources`` says where each was found: text, name."""

    number: str = ""
    kind: str = ""
    issuer: str = ""
    dated: date | None = None
    title: str = ""
    draft: bool = False
    sources: dict[str, str] = field(default_factory=dict)

    @property
    def kind_name(self) -> str:
        """«Nghị quyết»."""
        return KINDS.get(self.kind, "")


def propose(
    file_name: str, text: str = "", *, folders: Sequence[str] = (), ending: str = ""
) -> Proposal:
    """What the paper is. ``text`` is its first page, ``ending`` its last one, ``folders`` the
    names of the folders it came in, outermost first."""
    name = facts_of(file_name)
    head = _cells(text)
    number, symbol_kind, number_from = _number_of(head, name)
    heading = _heading(head, symbol_kind)
    if heading is None and symbol_kind.startswith("QH"):
        heading = _heading(head, "L")
    kind, kind_from = _kind_of(symbol_kind, heading, head, name, folders)
    dated, date_from = _date_of(head, heading, ending, name)
    title = _title(head, heading, kind)
    draft = name.draft or any(
        re.fullmatch(r"\W*du thao\W*(?:lan\s*\d+\W*)?", fold(c)) for c in head
    )
    symbol = number.rpartition("/")[2]
    issuer = issuer_of(_before(head, heading), symbol or name.body, name.place)
    if " " not in issuer.removeprefix("Hội đồng nhân dân").removeprefix("Ủy ban nhân dân"):
        # The body's own line under the subject names the place the symbol leaves open.
        below = [c for c in _zone(head)[(heading or 0) + 1 :] if _is_body_alone(fold(c))]
        named = [found for c in below if (found := issuer_of([c]))]
        issuer = named[-1] if named else issuer
    sources = {
        "number": number_from,
        "kind": kind_from,
        "dated": date_from,
        "issuer": "text" if issuer and head else "name" if issuer else "",
        "title": "text" if title else "name",
    }
    if kind == "BC" and fold(title or stem_of(file_name)).find("tham tra") in range(24):
        kind = "BCTT"
    return Proposal(
        number=number,
        kind=kind,
        issuer=issuer,
        dated=dated,
        title=title or _title_of_name(file_name, kind, issuer),
        draft=draft,
        sources={key: value for key, value in sources.items() if value},
    )


_NUMBER_ALONE: Final = re.compile(r"(?:luat |phap lenh |nghi quyet )?so\s*:")
# The stamp of the office that received the paper, printed over its head.
_RECEIVED: Final = re.compile(r"CÔNG VĂN ĐẾN\s?")
# Letters of other alphabets that look like ours and slip in from old keyboards and OCR.
_ALIKE: Final = str.maketrans("АВСЕНКМОРТХаеорсх", "ABCEHKMOPTXaeopcx")


def _cells(text: str) -> list[str]:
    """The first page's lines, columns apart, blanks plain."""
    text = _RECEIVED.sub("", text.translate(_ALIKE))
    cells: list[str] = []
    for line in nfc(text).replace("\u00a0", " ").replace("\r", "").split("\n"):
        folded = fold(line)
        cuts = [0, *(m.start() for m in _STATE.finditer(folded)), len(line)]
        for start, end in pairwise(cuts):
            for part in re.split(r"\t+|\s{4,}(?=[^\d/\s])", line[start:end].strip()):
                if not part.strip():
                    continue
                words = " ".join(part.split())
                if cells and _NUMBER_ALONE.fullmatch(fold(cells[-1])):
                    cells[-1] = f"{cells[-1]} {words}"  # «Luật số:» with its number below
                else:
                    cells.append(words)
    return cells[: HEAD_LINES * 3]


def _zone(cells: Sequence[str]) -> list[str]:
    """Cells of the head: up to the first sentence of the body."""
    for index, cell in enumerate(cells):
        if _STOP.match(fold(cell)):
            return list(cells[:index])
    return list(cells[:HEAD_LINES])


def _number_of(cells: Sequence[str], name: NameFacts) -> tuple[str, str, str]:
    """(whole number, kind's symbol, where from). A line «Số: …» wins; where its figures are not
    legible (a blank left for the seal, a stamp over it) the file's name may lend them."""
    open_symbol, open_year = "", ""
    for cell in cells:
        folded = fold(cell)
        found = _NUMBER.match(folded)
        if not found or not (found["colon"] or cell.lstrip("_-. ")[:1] in "SL"):
            continue
        symbol = written(
            re.sub(r"\s", "", cell[found.start("symbol") : found.end("symbol")]).replace("–", "-")
        )
        year = (found["year"] or "").replace(" ", "")
        if found["number"]:
            return f"{found['number']}{year}/{symbol}", symbol.split("-")[0], "text"
        if not open_symbol:
            open_symbol, open_year = symbol, year
    if not open_symbol:
        for cell in _zone(cells):
            found = _SYMBOL.search(fold(cell))
            kind = KIND_BY_FOLD.get(found["symbol"].split("-")[0], "") if found else ""
            if (
                found
                and kind
                and not re.search(r"\bso\b.*\bcua\b|\bngay\b.*/", fold(cell)[: found.start()])
            ):
                symbol = cell[found.start("symbol") : found.end("symbol")]
                open_symbol = written(symbol)
                open_year = f"/{name.year}" if name.year else ""
                break
    if open_symbol:
        kind = open_symbol.split("-")[0]
        if name.number and (not name.kind or name.kind in (kind, "L")):
            return f"{name.number}{open_year}/{open_symbol}", kind, "text+name"
        return "", kind, ""
    return name.whole, name.kind, "name" if name.whole else ""


def _heading(cells: Sequence[str], expected: str) -> int | None:
    """Index of the cell that is the kind's name alone, in capitals.

    The kind ``expected`` by the symbol is looked for first, with letters misread or missing too.
    """
    zone = _zone(cells)
    plain = [re.sub(r"[^\w\s]|_", " ", fold(cell)).strip() for cell in zone]
    capital = [cell.upper() == cell for cell in zone]
    if expected in KINDS:
        name = fold(KINDS[expected])
        for index, words in enumerate(plain):
            if capital[index] and _kind_named(words) == expected:
                return index
        bare = name.replace(" ", "")
        for index, words in enumerate(plain):
            if name in words and len(words) - len(name) < 8 and not re.search(r"\d", words):
                return index
            if len(words) - len(name) < 14 and zone[index].endswith(KINDS[expected].upper()):
                return index  # what a stamp left stands before it
            letters = words.replace(" ", "")
            if difflib.SequenceMatcher(None, letters, bare).ratio() > 0.75 and capital[index]:
                return index
        return None
    for index, words in enumerate(plain):
        if capital[index] and _kind_named(words):
            return index
    return None


def _kind_named(words: str) -> str:
    if words in NAME_BY_FOLD:
        return NAME_BY_FOLD[words]
    for name, code in NAME_BY_FOLD.items():
        if words.startswith(f"{name} ") and name in ("bao cao tham tra", "to trinh", "bao cao"):
            return code
    return ""


def _kind_of(
    symbol: str, heading: int | None, cells: Sequence[str], name: NameFacts, folders: Sequence[str]
) -> tuple[str, str]:
    if symbol in KINDS:
        return symbol, "text" if cells else "name"
    if heading is not None:
        words = re.sub(r"[^\w\s]", " ", fold(cells[heading])).strip()
        code = _kind_named(words)
        if code:
            return code, "text"
    if symbol.startswith("QH"):
        return "L", "text"
    if name.kind:
        return name.kind, "name"
    for folder in reversed(folders):
        if code := facts_of(folder + ".x").kind:
            return code, "folder"
    return "", ""


def _date_of(
    cells: Sequence[str], heading: int | None, ending: str, name: NameFacts
) -> tuple[date | None, str]:
    """Place and date of the head; else «thông qua ngày …»; else what the name says."""
    end = len(_zone(cells))
    for index, cell in enumerate(cells):
        folded = fold(cell)
        for found in _DATE.finditer(folded):
            before = folded[: found.start()]
            placed = re.search(r"[a-z],\s*$", before) and len(before) < 60
            alone = index < end and not before.strip(" .,")
            capital = index < (heading or 0) + 6 and index < end and cell.upper() == cell
            if (
                placed
                or alone
                or (
                    capital
                    and heading is not None
                    and index <= heading + 3
                    and not before.count("so ")
                )
                or (capital and re.match(r"(?:cua .*)?so \d+ $", before))
            ):
                made = made_date(*found.groups())
                if made:
                    return made, "text"
    passed = [made_date(*m.groups()) for m in _PASSED.finditer(" ".join(fold(ending).split()))]
    if passed and passed[-1]:
        return passed[-1], "text"
    return name.dated, "name" if name.dated else ""


def _before(cells: Sequence[str], heading: int | None) -> list[str]:
    zone = _zone(cells)
    return zone[:heading] if heading is not None else zone


def _title(cells: Sequence[str], heading: int | None, kind: str) -> str:
    """The subject under the kind's name, with the kind before it."""
    if heading is None:
        return next((c for c in _zone(cells) if re.match(r"v\s*/\s*v\b", fold(c))), "")
    lines: list[str] = []
    for cell in cells[heading + 1 :]:
        folded = fold(cell)
        if _STOP.match(folded) or len(lines) >= 8:
            break
        if _RULE.match(cell) or folded.startswith(("(kem theo", "(ban hanh kem", "du thao")):
            if lines:
                break
            continue
        if (
            lines
            and re.match(
                r"^(?:uy ban nhan dan|hoi dong nhan dan|thu tuong chinh phu|quoc hoi|"
                r"bo truong|chinh phu|chu tich|khoa\b|ky hop|thuong truc hoi dong|"
                r"nghi quyet quy dinh|so\s*:)",
                folded,
            )
            and cell.upper() == cell
            and (not lines[-1].isupper() or _is_body_alone(folded))
        ):
            break
        lines.append(cell.strip(" ;_"))
    subject = " ".join(lines).strip()
    if not subject:
        return ""
    name = KINDS.get(kind, "")
    if subject.upper() == subject:
        subject = sentence(subject)
    if not name or fold(subject).startswith(fold(name)):
        return subject
    if kind in ("L", "PL") or _proper(subject):
        return f"{name} {subject}"
    return f"{name} {subject[0].lower()}{subject[1:]}"


def _is_body_alone(folded: str) -> bool:
    return bool(
        re.match(
            r"^(?:uy ban nhan dan|hoi dong nhan dan) "
            r"(?:tinh|thanh pho|xa|phuong|huyen|quan|thi xa|dac khu) [a-z -]{2,25}$",
            folded,
        )
        or re.match(
            r"^(?:thu tuong chinh phu|quoc hoi|chinh phu|khoa [ivx\d]+.*|ky hop .*)$", folded
        )
    )


def _proper(subject: str) -> bool:
    first = subject.split()[0]
    return first.upper() == first and len(first) > 1


_KEPT: Final = {
    fold(word): word
    for word in (
        *PROVINCES,
        "Việt Nam",
        "Quốc hội",
        "Chính phủ",
        "Thủ tướng",
        "Hội đồng nhân dân",
        "Ủy ban nhân dân",
        "Thường trực",
        "Đoàn giám sát",
        "HĐND",
        "UBND",
        "QH",
        "Nghị quyết",
        "Nghị định",
        "Quyết định",
        "Thông tư",
        "Tờ trình",
        "NQ-HĐND",
    )
}
_KEPT_AT: Final = re.compile(
    r"(?<![a-z])(?:"
    + "|".join(sorted(map(re.escape, _KEPT), key=len, reverse=True))
    + r")(?![a-z])"
)


def sentence(text: str) -> str:
    """A heading in capitals as a sentence: first letter, names and symbols keep theirs."""
    low = text.lower()
    folded = fold(low)
    out, at = [], 0
    for found in _KEPT_AT.finditer(folded):
        proper = _KEPT[found.group()]
        # Same length: the proper spelling only lends its capitals, the letters stay as written.
        piece = "".join(
            c.upper() if p.isupper() else c
            for c, p in zip(low[found.start() : found.end()], proper, strict=True)
        )
        out += [low[at : found.start()], piece]
        at = found.end()
    out.append(low[at:])
    made = "".join(out)
    made = re.sub(r"(?<=của )luật|(?<=điều )luật", "Luật", made)
    made = re.sub(r"\d+/(?:\d{4}/)?[\w-]+", lambda m: text[m.start() : m.end()], made)
    return made[:1].upper() + made[1:]


def _title_of_name(file_name: str, kind: str, issuer: str) -> str:
    """A readable title of a file's name: the order number before it goes. A name without any word
    («HDND_gm_2020») says less than the kind and the issuer."""
    stem = stem_of(file_name)
    bare = re.sub(r"^\d{1,3}\s*[.)\-–]\s*(?=\D)", "", stem).strip(" .-")
    wordy = " " in bare and fold(bare) != bare.lower()
    if not wordy and kind and issuer:
        return f"{KINDS[kind]} của {issuer}"
    if " " not in bare:
        bare = bare.replace("-", " ")
    return bare[:1].upper() + bare[1:] if bare else stem
