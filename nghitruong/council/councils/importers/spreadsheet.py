"""Reading a list out of any spreadsheet an office has: xlsx, xls, ods, CSV."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Final

import xlsxwriter
from django.utils.translation import gettext as _

from nghitruong.lib.text import fold, nfc
from nghitruong.platform.errors import Refused

MAX_BYTES: Final = 10 * 1024 * 1024
MAX_ROWS: Final = 2000
FAULTS: Final = "Lỗi cần sửa"  # the last column of a sheet that goes back
_HEADER_WITHIN: Final = 20  # offices put quốc hiệu and a title above the table


def _bad(sentence: str) -> Refused:
    return Refused("spreadsheet_unreadable", sentence, status=422)


def _cell(value: object) -> str:
    """A cell as a person would type it: whole numbers without «.0», dates as 08/12/2026."""
    if value is None:
        return ""
    if isinstance(value, datetime | date):
        return f"{value:%d/%m/%Y}"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return " ".join(nfc(str(value)).split())


def _grid_of_csv(data: bytes) -> list[list[str]]:
    for encoding in ("utf-8-sig", "utf-16"):
        try:
            text = data.decode(encoding)
            break
        except UnicodeDecodeError:
            continue
    else:
        raise _bad(_("Tệp CSV không phải UTF-8. Hãy lưu lại dạng «CSV UTF-8» hoặc Excel (.xlsx)."))
    if "\x00" in text:
        raise _bad(_("Tệp này không phải bảng tính. Hãy chọn tệp Excel (.xlsx) hoặc CSV."))
    first = text.split("\n", 1)[0]
    delimiter = max((",", ";", "\t"), key=first.count)
    return [[_cell(c) for c in row] for row in csv.reader(io.StringIO(text), delimiter=delimiter)]


def grid(data: bytes, file_name: str) -> list[list[str]]:
    """Every cell of the first sheet as text. Refused with a sentence when it is no spreadsheet."""
    if len(data) > MAX_BYTES:
        raise _bad(_("Tệp lớn hơn 10 MB. Hãy chỉ giữ lại danh sách rồi nhập lại."))
    name = file_name.lower()
    if name.endswith((".csv", ".tsv", ".txt")):
        found = _grid_of_csv(data)
    else:
        from python_calamine import CalamineError, CalamineWorkbook

        try:
            book = CalamineWorkbook.from_filelike(io.BytesIO(data))
            found = [[_cell(c) for c in row] for row in book.get_sheet_by_index(0).to_python()]
        except (CalamineError, zipfile.BadZipFile, OSError, ValueError, IndexError) as error:
            raise _bad(
                _("Không đọc được tệp này. Hãy chọn tệp Excel (.xlsx, .xls), ODS hoặc CSV.")
            ) from error
    if len(found) > MAX_ROWS:
        raise _bad(_("Bảng có hơn 2.000 dòng. Hãy chỉ giữ lại danh sách rồi nhập lại."))
    return found


def table(
    cells: Sequence[Sequence[str]], aliases: Mapping[str, Sequence[str]], key: str
) -> list[tuple[int, dict[str, str]]]:
    """Rows under the heading that has `key`, as (line number in the sheet, field → text).

    `aliases` maps a field to the headings that mean it, compared without marks and case. Lines
    without `key` that hold at most one cell (titles of sections, totals) are skipped.
    """
    meaning = {fold(alias): field for field, names in aliases.items() for alias in names}
    for at, row in enumerate(cells[:_HEADER_WITHIN]):
        columns = {
            index: meaning[fold(cell).strip(" *:")]
            for index, cell in enumerate(row)
            if fold(cell).strip(" *:") in meaning
        }
        if key in columns.values():
            header = at
            break
    else:
        raise _bad(
            _("Không thấy cột «%(column)s». Hãy dùng bảng mẫu, hoặc đặt lại tên cột.")
            % {"column": aliases[key][0]}
        )
    found = []
    for number, row in enumerate(cells[header + 1 :], start=header + 2):
        record = {field: row[index] if index < len(row) else "" for index, field in columns.items()}
        filled = sum(bool(value) for value in record.values())
        if record[key] or filled > 1:
            found.append((number, record))
    return found


def workbook(heads: Sequence[str], rows: Sequence[Sequence[str]], *, faults: bool = False) -> bytes:
    """An Excel file; text stays text, the column of faults is red."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(
        out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    )
    sheet = book.add_worksheet("Danh sách")
    bold = book.add_format({"bold": True, "bg_color": "#DDE5F2", "text_wrap": True, "border": 1})
    plain = book.add_format({"text_wrap": True, "valign": "top"})
    red = book.add_format({"text_wrap": True, "valign": "top", "font_color": "#B00020"})
    for column, head in enumerate(heads):
        sheet.write_string(0, column, head, bold)
        widest = max([len(head), *(len(row[column]) for row in rows)], default=10)
        sheet.set_column(column, column, min(60, max(9, widest + 2)))
    for line, row in enumerate(rows, start=1):
        for column, value in enumerate(row):
            sheet.write_string(
                line, column, value, red if faults and column == len(heads) - 1 else plain
            )
    sheet.freeze_panes(1, 0)
    book.close()
    return out.getvalue()
