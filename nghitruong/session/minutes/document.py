"""The minutes as a Word file in the layout of NĐ 30/2020/NĐ-CP, phụ lục I.

A4; margins 20 mm above and below, 30 mm left, 20 mm right; Times New Roman 13–14; page numbers in
the middle of the head from the second page on. What the office writes by hand (the number) is left
blank, never invented.
"""

from __future__ import annotations

import io
from typing import Any

from docx import Document
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt

from nghitruong.lib.numbers import percent_text, roman
from nghitruong.platform.files.official import lay_out
from nghitruong.session.minutes.collect import Facts, Line, Member, VoteResult

FONT = "Times New Roman"
_DOTS = "………"
CENTER, RIGHT, BOTH = (
    WD_ALIGN_PARAGRAPH.CENTER,
    WD_ALIGN_PARAGRAPH.RIGHT,
    WD_ALIGN_PARAGRAPH.JUSTIFY,
)


def build(facts: Facts, *, version: int, reason: str = "") -> bytes:
    """The DOCX file."""
    document = Document()
    _page(document)
    _head(document, facts)
    _title(document, facts)
    _opening(document, facts)
    _attendance(document, facts)
    _course(document, facts)
    _end(document, facts, version=version, reason=reason)
    buffer = io.BytesIO()
    document.save(buffer)
    return buffer.getvalue()


# --- small parts -----------------------------------------------------------------------------


def _page(document: Any) -> None:
    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.top_margin = section.bottom_margin = Mm(20)
    section.left_margin, section.right_margin = Mm(30), Mm(20)
    section.different_first_page_header_footer = True
    style = document.styles["Normal"]
    style.font.name, style.font.size = FONT, Pt(14)
    fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
    for script in ("w:ascii", "w:hAnsi", "w:eastAsia", "w:cs"):
        fonts.set(qn(script), FONT)
    style.paragraph_format.space_after = Pt(6)
    style.paragraph_format.line_spacing = 1.15
    number = section.header.paragraphs[0]
    number.alignment = CENTER
    _field(number, "PAGE")
    properties = document.core_properties
    properties.language = "vi-VN"
    properties.author = ""


def _field(paragraph: Any, code: str) -> None:
    for kind, text in (("begin", ""), ("", code), ("end", "")):
        run = paragraph.add_run()
        if kind:
            mark = OxmlElement("w:fldChar")
            mark.set(qn("w:fldCharType"), kind)
        else:
            mark = OxmlElement("w:instrText")
            mark.set(qn("xml:space"), "preserve")
            mark.text = text
        run._r.append(mark)


def _say(
    where: Any,
    text: str,
    *,
    bold: bool = False,
    italic: bool = False,
    size: float = 14,
    align: Any = BOTH,
    indent: bool = True,
    after: float = 6,
    keep: bool = False,
) -> Any:
    paragraph = where.add_paragraph()
    paragraph.alignment = align
    layout = paragraph.paragraph_format
    layout.space_after = Pt(after)
    layout.keep_with_next = keep
    if indent and align == BOTH:
        layout.first_line_indent = Mm(12.7)
    run = paragraph.add_run(text)
    run.bold, run.italic, run.font.size = bold, italic, Pt(size)
    return paragraph


def _in_cell(
    cell: Any, text: str, *, first: bool = False, bold: bool = False, size: float = 13, **more: Any
) -> Any:
    paragraph = cell.paragraphs[0] if first else cell.add_paragraph()
    paragraph.alignment = more.get("align", CENTER)
    paragraph.paragraph_format.space_after = Pt(0)
    paragraph.paragraph_format.line_spacing = 1.0
    run = paragraph.add_run(text)
    run.bold, run.italic, run.font.size = bold, more.get("italic", False), Pt(size)
    run.underline = more.get("underline", False)
    return paragraph


def _ruled(cell: Any, side: float) -> None:
    """A thin line below the body's name, a third of the cell long (NĐ 30/2020, phụ lục I)."""
    paragraph = _in_cell(cell, "", size=2)
    layout = paragraph.paragraph_format
    layout.left_indent = layout.right_indent = Mm(side)
    properties = paragraph._p.get_or_add_pPr()
    borders = OxmlElement("w:pBdr")
    line = OxmlElement("w:top")
    for name, value in (("val", "single"), ("sz", "6"), ("space", "1"), ("color", "000000")):
        line.set(qn(f"w:{name}"), value)
    borders.append(line)
    properties.append(borders)


# --- the document ----------------------------------------------------------------------------


def _head(document: Any, facts: Facts) -> None:
    table = document.add_table(rows=2, cols=2)
    table.alignment = WD_TABLE_ALIGNMENT.CENTER
    lay_out(table, (68, 98))
    body, nation = table.rows[0].cells
    _in_cell(body, facts.council.upper(), first=True, bold=True)
    _in_cell(body, f"KHÓA {roman(facts.term)}", bold=True)
    _ruled(body, 22)
    _in_cell(nation, "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", first=True, bold=True, size=12.5)
    _in_cell(nation, "Độc lập - Tự do - Hạnh phúc", bold=True, size=14)
    _ruled(nation, 16)
    number, place = table.rows[1].cells
    _in_cell(number, "Số:         /BB-HĐND", first=True)
    _in_cell(place, f"{facts.place}, {facts.date}", first=True, italic=True, size=14)


def _title(document: Any, facts: Facts) -> None:
    _say(document, "", align=CENTER, after=0)
    _say(document, "BIÊN BẢN", bold=True, align=CENTER, after=0)
    _say(document, facts.sitting, bold=True, align=CENTER, after=0)
    _say(
        document,
        f"{facts.session}, {facts.council} khóa {roman(facts.term)}",
        bold=True,
        align=CENTER,
        after=12,
    )
    if facts.closed_doors:
        _say(document, "(Họp kín)", italic=True, align=CENTER)


def _opening(document: Any, facts: Facts) -> None:
    _say(document, f"Thời gian bắt đầu: {facts.opened}.")
    _say(document, f"Địa điểm: {facts.hall or '………'}.")
    _say(document, f"Chủ tọa: {', '.join(facts.chairs) or '………'}.")
    _say(document, f"Thư ký: {', '.join(facts.clerks) or '………'}.")


def _attendance(document: Any, facts: Facts) -> None:
    _say(document, "I. THÀNH PHẦN THAM DỰ", bold=True, keep=True)
    present, total = len(facts.present), facts.in_office
    bases = (
        f"Tổng số đại biểu được bầu theo quy định của luật: {facts.seats_by_law}; "
        f"tổng số đại biểu đương nhiệm: {total}. "
    )
    if not facts.counted:  # counted on paper, or not at all: nothing is claimed, dots to fill in
        _say(document, f"{bases}Có mặt: {_DOTS}/{total} đại biểu; vắng: {_DOTS} đại biểu.")
        _say(document, f"1. Đại biểu có mặt: {_DOTS}", bold=True)
        _say(document, f"2. Đại biểu vắng mặt, lý do: {_DOTS}", bold=True)
        return
    share = f", bằng {percent_text(present, total)}" if total else ""
    _say(
        document,
        f"{bases}Có mặt: {present}/{total} đại biểu{share}; vắng: {len(facts.absent)} đại biểu.",
    )
    if facts.present:
        _say(document, "1. Đại biểu có mặt:", bold=True, keep=True)
        _members(document, facts.present, reason=False)
    _say(
        document,
        "2. Đại biểu vắng mặt:" if facts.absent else "2. Đại biểu vắng mặt: không có.",
        bold=True,
        keep=bool(facts.absent),
    )
    if facts.absent:
        _members(document, facts.absent, reason=True)


def _members(document: Any, members: list[Member], *, reason: bool) -> None:
    titles = ["STT", "Họ và tên", "Chức vụ, tổ đại biểu", *(["Lý do"] if reason else [])]
    widths = [14, 52, 60, 34] if reason else [14, 56, 90]
    rows = []
    for number, member in enumerate(members, start=1):
        about = ", ".join(part for part in (member.title, member.group) if part)
        rows.append([str(number), member.name, about, *([member.reason] if reason else [])])
    _table(document, titles, rows, widths)


def _table(
    document: Any, titles: list[str], rows: list[list[str]], widths: list[int], right: int = -1
) -> None:
    table = document.add_table(rows=1, cols=len(titles))
    table.style = "Table Grid"
    table.alignment = WD_TABLE_ALIGNMENT.CENTER
    for cell, title in zip(table.rows[0].cells, titles, strict=True):
        _in_cell(cell, title, first=True, bold=True)
    repeat = OxmlElement("w:tblHeader")
    repeat.set(qn("w:val"), "true")
    table.rows[0]._tr.get_or_add_trPr().append(repeat)
    for row in rows:
        cells = table.add_row().cells
        for column, (cell, text) in enumerate(zip(cells, row, strict=True)):
            align = CENTER if column == 0 and right < 0 else WD_ALIGN_PARAGRAPH.LEFT
            _in_cell(cell, text, first=True, align=RIGHT if 0 <= right <= column else align)
    lay_out(table, widths)
    document.add_paragraph().paragraph_format.space_after = Pt(0)


def _course(document: Any, facts: Facts) -> None:
    _say(document, "II. DIỄN BIẾN PHIÊN HỌP", bold=True, keep=True)
    number = 0
    for part in facts.parts:
        if part.title:
            number += 1
            presenter = f" (trình bày: {part.presenter})" if part.presenter else ""
            _say(document, f"{number}. {part.title}{presenter}", bold=True, keep=True)
            if part.closed_doors and not facts.closed_doors:
                _say(document, "(Họp kín)", italic=True, keep=True)
        for happened in part.happened:
            if isinstance(happened, Line):
                _say(document, f"{happened.clock}: {happened.text}", bold=happened.bold)
            else:
                _vote(document, happened)
    if not facts.parts:
        _say(document, "Chưa có diễn biến nào được ghi.", italic=True)


def _vote(document: Any, vote: VoteResult) -> None:
    _say(document, f"Biểu quyết lần {vote.number}: {vote.question}", bold=True, keep=True)
    if vote.text:
        _say(document, f"Văn bản biểu quyết: {vote.text}.", after=0)
        left = WD_ALIGN_PARAGRAPH.LEFT
        _say(document, f"Mã băm của văn bản (SHA-256): {vote.text_sha256}", size=11, align=left)
    _say(document, f"Tỷ lệ cần đạt: {vote.rule}; cần {vote.needed} đại biểu tán thành.")
    rows = [[label, str(value), ""] for label, value in vote.bases]
    rows += [[label, str(value), share] for label, value, share in vote.rows]
    titles = ["Kết quả kiểm phiếu", "Số đại biểu", f"Tỷ lệ trên {vote.total}"]
    _table(document, titles, rows, [90, 30, 40], right=1)
    _say(
        document,
        f"Kết quả: {'ĐƯỢC THÔNG QUA' if vote.passed else 'KHÔNG ĐƯỢC THÔNG QUA'}.",
        bold=True,
    )
    _say(document, vote.sentence)
    if vote.remark:
        _say(document, vote.remark, italic=True)
    _say(document, f"Mã kiểm lại (SHA-256): {vote.sha256}", size=11, align=WD_ALIGN_PARAGRAPH.LEFT)


def _end(document: Any, facts: Facts, *, version: int, reason: str) -> None:
    if facts.finished:
        _say(
            document,
            f"Phiên họp kết thúc vào {facts.closed}. Biên bản này được đọc lại cho "
            "những người tham dự cùng nghe, công nhận nội dung trên là đúng và cùng ký xác thực.",
        )
    else:
        _say(document, "Phiên họp chưa kết thúc; đây là bản ghi tạm.", italic=True)
    table = document.add_table(rows=1, cols=3)
    lay_out(table, (56, 50, 54))
    receivers, clerk, chair = table.rows[0].cells
    left = WD_ALIGN_PARAGRAPH.LEFT
    _in_cell(receivers, "Nơi nhận:", first=True, bold=True, italic=True, size=12, align=left)
    for line in ("- Thường trực HĐND;", "- Các Ban của HĐND;", "- Lưu: VT, hồ sơ kỳ họp."):
        _in_cell(receivers, line, size=11, align=left)
    for cell, words, name in (
        (clerk, "THƯ KÝ", facts.clerks[0] if facts.clerks else ""),
        (chair, "CHỦ TỌA", facts.presiding),
    ):
        _in_cell(cell, words, first=True, bold=True, size=14)
        _in_cell(cell, "(Ký, ghi rõ họ tên)", italic=True, size=12)
        for _blank in range(4):
            _in_cell(cell, "")
        _in_cell(cell, name, bold=True, size=14)
    _say(document, "", after=0)
    note = f"Bản {version}" + (f", lập lại vì: {reason}" if reason else "")
    _say(
        document,
        f"{note}. Nhật ký đến dòng {facts.audit.position}, mã chuỗi nhật ký: {facts.audit}",
        size=10,
        italic=True,
        align=left,
    )
