"""Who issued a paper, from the left of its head and from its symbol."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from nghitruong.lib.filing.codes import LOCAL_BODIES, PROVINCES, STATE_BODIES
from nghitruong.lib.text import fold

_PLACE: Final = re.compile(
    r"\b(tinh|thanh pho|tp\.?|huyen|quan|thi xa|thi tran|xa|phuong|dac khu)\s+([a-z' -]{2,40})$"
)
_TIER: Final = {
    "tinh": "tỉnh",
    "thanh pho": "thành phố",
    "tp": "thành phố",
    "tp.": "thành phố",
    "huyen": "huyện",
    "quan": "quận",
    "thi xa": "thị xã",
    "thi tran": "thị trấn",
    "xa": "xã",
    "phuong": "phường",
    "dac khu": "đặc khu",
}
# First words of a body, folded → as written. A line that begins with none of them is no body.
_BODIES: Final = {
    "thuong truc hoi dong nhan dan": "Thường trực Hội đồng nhân dân",
    "thuong truc hdnd": "Thường trực Hội đồng nhân dân",
    "hoi dong nhan dan": "Hội đồng nhân dân",
    "uy ban nhan dan": "Ủy ban nhân dân",
    "uy ban mat tran to quoc viet nam": "Ủy ban Mặt trận Tổ quốc Việt Nam",
    "uy ban mttq viet nam": "Ủy ban Mặt trận Tổ quốc Việt Nam",
    "uy ban thuong vu quoc hoi": "Ủy ban Thường vụ Quốc hội",
    "toa an nhan dan": "Tòa án nhân dân",
    "vien kiem sat nhan dan": "Viện kiểm sát nhân dân",
    "thi hanh an dan su": "Thi hành án dân sự",
    "doan giam sat": "Đoàn giám sát",
    "doan dai bieu quoc hoi": "Đoàn đại biểu Quốc hội",
    "van phong": "Văn phòng",
    "ban phap che": "Ban Pháp chế",
    "ban kinh te - ngan sach": "Ban Kinh tế - Ngân sách",
    "ban kinh te - xa hoi": "Ban Kinh tế - Xã hội",
    "ban van hoa - xa hoi": "Ban Văn hóa - Xã hội",
    "ban dan toc": "Ban Dân tộc",
    "ban do thi": "Ban Đô thị",
    "thu tuong chinh phu": "Thủ tướng Chính phủ",
    "chinh phu": "Chính phủ",
    "quoc hoi": "Quốc hội",
    "so ": "Sở ",
    "bo ": "Bộ ",
    "ban ": "Ban ",
    "phong ": "Phòng ",
    "chi cuc ": "Chi cục ",
    "cuc ": "Cục ",
    "truong ": "Trường ",
    "cong an": "Công an",
    "tong cong ty ": "Tổng công ty ",
    "cong ty ": "Công ty ",
    "lien doan lao dong": "Liên đoàn Lao động",
    "hoi ": "Hội ",
    "tinh doan": "Tỉnh đoàn",
    "chu tich": "Chủ tịch",
    "to ": "Tổ ",
}
_ORDERED: Final = sorted(_BODIES, key=len, reverse=True)
# Bodies named together with the one above them.
_DEPENDENT: Final = ("doan giam sat", "van phong", "ban ", "to ", "phong ", "thuong truc")
# Words of departments' names that keep a capital (Nghị định 150/2025/NĐ-CP).
_DOMAINS: Final = {
    fold(word): word
    for word in (
        "Tài chính",
        "Nội vụ",
        "Tư pháp",
        "Xây dựng",
        "Y tế",
        "Công Thương",
        "Ngoại vụ",
        "Ngoại giao",
        "Giáo dục và Đào tạo",
        "Khoa học và Công nghệ",
        "Nông nghiệp và Môi trường",
        "Nông nghiệp và Phát triển nông thôn",
        "Tài nguyên và Môi trường",
        "Văn hóa",
        "Thể thao",
        "Du lịch",
        "Dân tộc và Tôn giáo",
        "Giao thông vận tải",
        "Kế hoạch và Đầu tư",
        "Lao động",
        "Thương binh và Xã hội",
        "Thông tin và Truyền thông",
        "Công an",
        "Quốc phòng",
        "Quy hoạch",
        "Kiến trúc",
        "An toàn thực phẩm",
        "Kinh tế",
        "Ngân sách",
        "Pháp chế",
        "Đô thị",
        "Xã hội",
        "GDĐT",
        "THPT",
        "THCS",
    )
}
_DOMAIN_AT: Final = re.compile(
    r"(?<![a-z])(?:"
    + "|".join(sorted(map(re.escape, _DOMAINS), key=len, reverse=True))
    + r")(?![a-z])"
)
_PROVINCE: Final = {fold(name): name for name in PROVINCES}


def _titled(words: str) -> str:
    return " ".join(w[:1].upper() + w[1:].lower() for w in words.split())


def _named(line: str) -> str:
    """A body's name out of a line in capitals; empty when the line names none."""
    line = re.sub(r"\s+", " ", line.strip(" .,:;_*|-–"))
    folded = fold(line)
    first = next((key for key in _ORDERED if folded == key.strip() or folded.startswith(key)), None)
    if first is None or (len(line) > 3 and line.upper() != line):
        return ""
    rest, tail = line[len(first) :], folded[len(first) :]
    place = _place(line)
    if found := _PLACE.search(tail):
        rest = rest[: found.start()]
    return " ".join(f"{_BODIES[first]}{_domain(rest)} {place}".split())


def _domain(words: str) -> str:
    """«TÀI CHÍNH» → «Tài chính»; what nobody knows gets capitals throughout."""
    folded, out, at = fold(words), [], 0
    for found in _DOMAIN_AT.finditer(folded):
        between = words[at : found.start()]
        out += [between.lower() if at else _titled(between), _DOMAINS[found.group()]]
        at = found.end()
    rest = words[at:]
    # Words of trade are lower case, the name of a school or a firm is not.
    blank = rest[: len(rest) - len(rest.lstrip())]
    out.append(rest.lower() if at and " và " in rest.lower() else blank + _titled(rest))
    made = "".join(out)
    return f" {made.strip()}" if made.strip() and not words[:1].strip() else made


def _place(line: str) -> str:
    """«THÀNH PHỐ HÀ NỘI» at the line's end → «thành phố Hà Nội»."""
    folded = fold(line).strip()
    found = _PLACE.search(folded)
    if not found:
        return ""
    name = line.strip()[found.start(2) : found.end(2)]
    return f"{_TIER[found.group(1)]} {_PROVINCE.get(found.group(2).strip(), _titled(name))}"


def issuer_of(cells: Sequence[str], symbol: str = "", place: str = "") -> str:
    """The issuer: named by its symbol when that says all (Quốc hội, Bộ Công an), else by the lines
    of the head («HỘI ĐỒNG NHÂN DÂN» / «TỈNH BÌNH DƯƠNG» / «ĐOÀN GIÁM SÁT»)."""
    last = symbol.split("-")[-1]
    if re.fullmatch(r"QH\d{1,2}", last):
        return STATE_BODIES["QH"]
    if re.fullmatch(r"UBTVQH\d{1,2}", last):
        return STATE_BODIES["UBTVQH"]
    if last in STATE_BODIES:
        return STATE_BODIES[last]
    bodies: list[str] = []
    for cell in cells:
        folded = fold(cell).strip(" .:;_-*")
        if folded.startswith(("cong hoa xa hoi", "doc lap", "viet nam dan chu")):
            continue
        if (
            bodies
            and (found := _PLACE.match(folded))
            and found.start() == 0
            and cell.upper() == cell
        ):
            if not _PLACE.search(fold(bodies[-1])):
                bodies[-1] = f"{bodies[-1]} {_place(cell)}"
            continue
        if re.match(r"^(?:luat )?so\s*(?:[:.]|$|\d|/)", fold(cell).strip()):
            continue
        name = _named(cell)
        if name and name not in bodies:
            bodies.append(name)
    if bodies:
        issuer = bodies[-1]
        if (
            len(bodies) > 1
            and fold(issuer).startswith(_DEPENDENT)
            and not _PLACE.search(fold(issuer))
        ):
            return f"{issuer} {bodies[-2]}"
        return issuer
    if last in LOCAL_BODIES:
        body = LOCAL_BODIES[last]
        if place:
            tier = "thành phố" if place in _CITIES else "tỉnh"
            return f"{body} {tier} {place}"
        return body
    return ""


_CITIES: Final = frozenset({"Hà Nội", "Hồ Chí Minh", "Hải Phòng", "Đà Nẵng", "Cần Thơ", "Huế"})
