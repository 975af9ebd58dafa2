"""The papers of an import as a spreadsheet: out, corrected, in again, faults cell by cell."""

from __future__ import annotations

import re
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from django.utils.translation import gettext as _

from nghitruong.council.binder.models import ImportFile
from nghitruong.council.binder.sessions import Item
from nghitruong.council.councils.importers.spreadsheet import FAULTS, grid, table, workbook
from nghitruong.council.papers.models import PaperKind
from nghitruong.lib.text import fold
from nghitruong.platform.errors import Refused

COLUMNS: Final = {
    "file": ("Tệp", "Tên tệp", "File"),
    "folder": ("Thư mục",),
    "include": ("Nhận", "Ghi"),
    "kind": ("Loại", "Loại tài liệu", "Loại văn bản"),
    "title": ("Tên tài liệu", "Trích yếu", "Tên văn bản", "Nội dung văn bản"),
    "number": ("Số, ký hiệu", "Số ký hiệu", "Số hiệu"),
    "issuer": ("Cơ quan ban hành", "Cơ quan trình", "Cơ quan"),
    "dated": ("Ngày văn bản", "Ngày ban hành", "Ngày"),
    "item": ("Nội dung chương trình", "Nội dung", "Nội dung số"),
    "key": ("Mã (giữ nguyên)", "Mã", "Mã tệp"),  # two offices' «To trinh.pdf» are told apart by it
}
_KINDS = {fold(label): value for value, label in PaperKind.choices}
_YES = frozenset({"x", "co", "1", "yes", "true", "nhan"})
_NO = frozenset({"", "khong", "0", "no", "bo", "false"})


@dataclass(frozen=True)
class Fault:
    """A cell that cannot be taken: its line in the sheet, its column, what to do."""

    line: int
    column: str
    text: str

    def as_dict(self) -> dict[str, str | int]:
        """For the screen."""
        return {"line": self.line, "column": COLUMNS[self.column][0], "text": self.text}


def _name(file: ImportFile) -> str:
    return f"{file.folder}/{file.file_name}" if file.folder else file.file_name


def written(files: Sequence[ImportFile], items: Sequence[Item]) -> bytes:
    """The import as an Excel file, one line a paper."""
    orders = {item.id: item for item in items}
    rows = [
        [
            file.file_name,
            file.folder,
            "x" if file.include else "",
            PaperKind(file.kind).label if file.kind else "",
            file.title,
            file.number,
            file.issuer,
            f"{file.dated:%d/%m/%Y}" if file.dated else "",
            f"{orders[file.item_id].order}. {orders[file.item_id].title}"
            if file.item_id in orders
            else "",
            str(file.pk),
        ]
        for file in files
        if not file.refused
    ]
    return workbook([names[0] for names in COLUMNS.values()], rows)


def read(
    data: bytes, file_name: str, files: Sequence[ImportFile], items: Sequence[Item]
) -> tuple[dict[uuid.UUID, dict[str, str]], list[Fault]]:
    """(file → field → value, faults). A line with a fault gives nothing: it is to be corrected and
    sent again. Refused when the file is no spreadsheet or has no column of files."""
    lines = table(grid(data, file_name), COLUMNS, "file")
    if not lines:
        raise Refused("list_empty", _("Bảng không có dòng nào dưới tiêu đề."), status=422)
    whose = _Whose(files)
    found: dict[uuid.UUID, dict[str, str]] = {}
    faults: list[Fault] = []
    for line, row in lines:
        key = row.get("key", "")
        if key and not whose.knows(key):
            words = "Không có mã này trong lượt nhập. Hãy giữ nguyên như bảng tải về, hoặc xóa ô."
            faults.append(Fault(line, "key", words))
            continue
        meant = whose(row)
        if not meant:
            faults.append(Fault(line, "file", "Không có tệp này trong lượt nhập."))
            continue
        if len(meant) > 1:
            faults.append(
                Fault(
                    line,
                    "file",
                    f"Có {len(meant)} tệp cùng tên này. Hãy tải lại bảng kê và giữ nguyên cột "
                    f"«{COLUMNS['key'][0]}», hoặc sửa các tệp này trên màn hình.",
                )
            )
            continue
        (file,) = meant
        if file.pk in found:
            words = "Mã này đã có ở dòng trên." if key else "Tệp này đã có ở dòng trên."
            faults.append(Fault(line, "key" if key else "file", words))
            continue
        values, wrong = _values(row, items, line)
        faults += wrong
        if not wrong:
            found[file.pk] = values
    return found, faults


class _Whose:
    """The files a line may mean: the one of its key; else those of its folder and name; else, where
    no folder says it, those of its name alone."""

    def __init__(self, files: Sequence[ImportFile]) -> None:
        self._by_key: dict[str, ImportFile] = {}
        self._by_path: dict[str, list[ImportFile]] = {}
        self._by_name: dict[str, list[ImportFile]] = {}
        for file in files:
            if not file.refused:
                self._by_key[str(file.pk)] = file
                self._by_path.setdefault(fold(_name(file)), []).append(file)
                self._by_name.setdefault(fold(file.file_name), []).append(file)

    def knows(self, key: str) -> bool:
        """Whether a file of this import has the key."""
        return key.lower() in self._by_key

    def __call__(self, row: dict[str, str]) -> list[ImportFile]:
        if (file := self._by_key.get(row.get("key", "").lower())) is not None:
            return [file]
        path = f"{row['folder']}/{row['file']}" if row.get("folder") else row["file"]
        named = self._by_name.get(fold(row["file"]), [])
        if "folder" not in row and "/" not in path:
            return named
        return self._by_path.get(fold(path)) or named


def _values(
    row: dict[str, str], items: Sequence[Item], line: int
) -> tuple[dict[str, str], list[Fault]]:
    values: dict[str, str] = {
        name: row[name] for name in ("title", "number", "issuer") if name in row
    }
    faults: list[Fault] = []
    if "title" in row and not row["title"]:
        faults.append(Fault(line, "title", "Thiếu tên tài liệu."))
    if "kind" in row:
        kind = _KINDS.get(fold(row["kind"]), "")
        if kind:
            values["kind"] = kind
        else:
            labels = ", ".join(PaperKind.labels)
            faults.append(Fault(line, "kind", f"Ghi một trong các loại: {labels}."))
    if "include" in row:
        said = fold(row["include"]).strip(" .")
        if said in _YES | _NO:
            values["include"] = "1" if said in _YES else ""
        else:
            faults.append(Fault(line, "include", "Ghi «x» để nhận, để trống để bỏ."))
    if row.get("dated"):
        try:
            values["dated"] = day(row["dated"]).isoformat()
        except ValueError:
            faults.append(Fault(line, "dated", "Ghi ngày dạng 31/12/2026."))
    elif "dated" in row:
        values["dated"] = ""
    if "item" in row:
        key = _item(row["item"], items)
        if key is None:
            faults.append(
                Fault(line, "item", "Ghi số thứ tự hoặc đúng tên nội dung trong chương trình.")
            )
        else:
            values["item"] = key
    return values, faults


def day(text: str) -> date:
    """31/12/2026, 31-12-2026, 31.12.2026 or 2026-12-31. Raises ValueError."""
    if found := re.fullmatch(r"(\d{4})-(\d{1,2})-(\d{1,2})", text):
        year, month, number = (int(part) for part in found.groups())
    elif found := re.fullmatch(r"(\d{1,2})[/.\-](\d{1,2})[/.\-](\d{4})", text):
        number, month, year = (int(part) for part in found.groups())
    else:
        raise ValueError(text)
    return date(year, month, number)


def _item(text: str, items: Sequence[Item]) -> str | None:
    """The key of the item a cell names by its number or its title; "" for an empty cell."""
    if not text:
        return ""
    folded = fold(text)
    for item in items:
        if folded in (fold(item.title), fold(f"{item.order}. {item.title}"), str(item.order)):
            return str(item.id)
    return None


def with_faults(data: bytes, file_name: str, faults: Sequence[Fault]) -> bytes:
    """The sheet that was sent, with what is wrong of each line in a last column."""
    cells = grid(data, file_name)
    told: dict[int, list[str]] = {}
    for fault in faults:
        told.setdefault(fault.line, []).append(f"{COLUMNS[fault.column][0]}: {fault.text}")
    width = max((len(row) for row in cells), default=0)
    rows = [[*row, *[""] * (width - len(row))] for row in cells]
    first = min(told, default=2) - 1
    head = 0
    for at, row in enumerate(rows[: max(1, first)]):
        if any(fold(cell).strip(" *:") in {fold(n) for n in COLUMNS["file"]} for cell in row):
            head = at
    body = [[*row, "; ".join(told.get(at + 1, []))] for at, row in enumerate(rows) if at > head]
    return workbook([*rows[head], FAULTS], body, faults=True)
