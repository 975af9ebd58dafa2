"""The lines of the list as an office types them, and what its words mean."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field, fields
from datetime import date
from typing import Any, Final

from django.utils.translation import gettext as _

from nghitruong.council.councils.importers.spreadsheet import FAULTS, grid, table, workbook
from nghitruong.lib.text import fold, nfc
from nghitruong.platform.errors import Refused

ALIASES: Final = {
    "full_name": ("Họ và tên", "Họ tên", "Họ và tên đại biểu", "Đại biểu"),
    "gender": ("Giới tính", "Nam/Nữ"),
    "birth_date": ("Ngày sinh", "Ngày, tháng, năm sinh", "Năm sinh"),
    "title": ("Chức danh, nơi công tác", "Chức vụ, đơn vị công tác", "Nơi công tác", "Chức danh"),
    "post": ("Chức vụ trong HĐND", "Chức vụ HĐND", "Chức vụ"),
    "committee": ("Ban", "Ban của HĐND", "Thành viên Ban"),
    "group": ("Tổ đại biểu", "Tổ", "Tổ ĐB"),
    "constituency": ("Đơn vị bầu cử", "ĐVBC"),
    "seat": ("Số ghế", "Ghế số"),
    "label": ("Vị trí ngồi", "Vị trí"),
    "full_time": ("Chuyên trách", "Đại biểu chuyên trách"),
    "phone": ("Điện thoại", "Số điện thoại", "SĐT"),
    "email": ("Thư điện tử", "Email"),
}
# What offices write for a post → the post, its label, where it is held.
POSTS: Final = {
    "chu tich": ("council_chair", "Chủ tịch HĐND", "standing"),
    "chu tich hdnd": ("council_chair", "Chủ tịch HĐND", "standing"),
    "pho chu tich": ("council_vice_chair", "Phó Chủ tịch HĐND", "standing"),
    "pho chu tich hdnd": ("council_vice_chair", "Phó Chủ tịch HĐND", "standing"),
    "truong ban": ("committee_chair", "Trưởng Ban", "committee"),
    "pho truong ban": ("committee_vice_chair", "Phó Trưởng Ban", "committee"),
    "uy vien": ("committee_member", "Ủy viên", "committee"),
    "uy vien ban": ("committee_member", "Ủy viên", "committee"),
    "to truong": ("group_leader", "Tổ trưởng", "group"),
    "to pho": ("group_deputy", "Tổ phó", "group"),
    "dai bieu": ("", "", ""),
    "": ("", "", ""),
}
YES: Final = frozenset({"x", "co", "1", "yes", "chuyen trach", "true"})
GENDERS: Final = {"": "", "nam": "M", "nu": "F", "m": "M", "f": "F"}


@dataclass
class DelegateRow:
    """A line of the list as typed; `line` is its number in the sheet."""

    line: int
    full_name: str = ""
    gender: str = ""
    birth_date: str = ""
    title: str = ""
    post: str = ""
    committee: str = ""
    group: str = ""
    constituency: str = ""
    seat: str = ""
    label: str = ""
    full_time: str = ""
    phone: str = ""
    email: str = ""
    errors: dict[str, str] = field(default_factory=dict)

    def born(self) -> date | None:
        """The birth date; a lone year is not one. Raises ValueError when it cannot be read."""
        if not self.birth_date or re.fullmatch(r"\d{4}", self.birth_date):
            return None
        match = re.fullmatch(r"(\d{1,2})[/.\-](\d{1,2})[/.\-](\d{4})", self.birth_date)
        if not match:
            raise ValueError(self.birth_date)
        day, month, year = (int(part) for part in match.groups())
        return date(year, month, day)


TYPED: Final = tuple(f.name for f in fields(DelegateRow) if f.name not in ("line", "errors"))


def _row(line: int, typed: Mapping[str, str]) -> DelegateRow:
    row = DelegateRow(line)
    for name, value in typed.items():
        setattr(row, name, value)
    return row


def read(data: bytes, file_name: str) -> list[DelegateRow]:
    """The lines of the list. Refused when the file is no spreadsheet or has no names."""
    rows = [_row(line, record) for line, record in _records(data, file_name)]
    if not rows:
        raise Refused("list_empty", _("Bảng không có dòng nào dưới tiêu đề."), status=422)
    return rows


def _records(data: bytes, file_name: str) -> Iterable[tuple[int, dict[str, str]]]:
    return table(grid(data, file_name), ALIASES, "full_name")


def from_post(post: Mapping[str, Any]) -> list[DelegateRow]:
    """The lines as corrected on the preview: fields named «3.full_name»."""
    numbers = sorted({int(m[1]) for name in post if (m := re.fullmatch(r"(\d+)\.full_name", name))})
    return [
        _row(n, {name: nfc(post.get(f"{n}.{name}", "")).strip() for name in TYPED}) for n in numbers
    ]


def group_number(text: str) -> str:
    """«Tổ số 2», «Tổ 2», «2» are one group."""
    match = re.search(r"\d+", text)
    return match.group() if match else ""


def post_key(text: str) -> str:
    text = re.sub(r"\s*(hdnd|hoi dong nhan dan).*", "", fold(text)).strip()
    return re.sub(r"^(truong ban|pho truong ban|uy vien)\s+.*", r"\1", text)


def body_key(text: str) -> str:
    return re.sub(r"[^a-z]+", "", re.sub(r"^ban\s+", "", fold(text)))


def template_rows() -> list[list[str]]:
    """The model spreadsheet: headings and one line as an example."""
    example = asdict(
        DelegateRow(
            1,
            "Nguyễn Văn An",
            "Nam",
            "12/05/1968",
            "Bí thư Đảng ủy",
            "Chủ tịch",
            "",
            "Tổ số 1",
            "Đơn vị bầu cử số 1",
            "1",
            "A1",
            "x",
            "0912 345 678",
            "",
        )
    )
    return [[names[0] for names in ALIASES.values()], [example[name] for name in ALIASES]]


def sheet(rows: list[DelegateRow]) -> bytes:
    """The rows as an Excel file, what is wrong of each in its last column."""
    lines = [
        [
            *(str(getattr(row, name)) for name in ALIASES),
            "; ".join(f"{ALIASES[name][0]}: {text}" for name, text in row.errors.items()),
        ]
        for row in rows
    ]
    return workbook([*(names[0] for names in ALIASES.values()), FAULTS], lines, faults=True)
