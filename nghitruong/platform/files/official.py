"""Word files in the layout of official documents (Nghị định 30/2020/NĐ-CP, Phụ lục I).

A4, margins 20–20–30–20 mm, Times New Roman, black; state name and issuing body side by side; place
and date in italics; number of pages in the middle of the top margin from the second page on;
signature at the right, «Nơi nhận» at the left. The same content gives the same bytes.

    paper = OfficialDocument(Letterhead(body="Hội đồng nhân dân tỉnh Lào Cai", …))
    paper.title("Biên bản", "Phiên khai mạc")
    paper.paragraph("…")
    paper.signature(Signature(authority="TM. Thường trực HĐND", post="Chủ tịch", name="…"), [...])
    data = paper.to_bytes()
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Sequence
from copy import deepcopy
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from docx import Document
from docx.enum.section import WD_ORIENT
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_BREAK
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt
from docx.text.run import Run

FONT = "Times New Roman"
MOTTO = "Độc lập - Tự do - Hạnh phúc"
STATE = "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"
_R, _RPR, _B, _I, _SZ, _T, _VAL = (
    qn(f"w:{name}") for name in ("r", "rPr", "b", "i", "sz", "t", "val")
)
_SPACE = qn("xml:space")
_NUMBER = "Số: "
_EPOCH = (1980, 1, 1, 0, 0, 0)


def _add(parent: Any, tag: str) -> Any:
    """A new last child, without the schema's search for its place."""
    child = parent.makeelement(tag)
    parent.append(child)
    return child


@dataclass(frozen=True)
class Letterhead:
    """The top of a document. ``parent`` (cơ quan chủ quản) is empty where there is none; ``number``
    is the whole line without «Số:», "        /GTT-HĐND" while it is not known; ``date_words``
    «ngày 08 tháng 12 năm 2026»."""

    body: str
    place: str
    date_words: str
    number: str = ""
    parent: str = ""
    subject: str = ""


@dataclass(frozen=True)
class Signature:
    """Who signs: «TM. THƯỜNG TRỰC HĐND», «CHỦ TỊCH», the name. ``note`` stands for the signature
    («(Đã ký)», «Ký tên, đóng dấu»)."""

    authority: str = ""
    post: str = ""
    name: str = ""
    note: str = ""


def lay_out(table: Any, widths: Sequence[float]) -> None:
    """Fix a table's column widths (millimetres) and keep each row on one page.

    Both in the grid and in the cells: Word reads the cells, LibreOffice the grid.
    """
    table.autofit = False
    for column, width in zip(table.columns, widths, strict=True):
        column.width = Mm(width)
    for row in table.rows:
        row._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))
        for cell, width in zip(row.cells, widths, strict=True):
            cell.width = Mm(width)


@dataclass
class OfficialDocument:
    """A document being written from top to bottom."""

    letterhead: Letterhead
    landscape: bool = False
    size: int = 14
    _word: Any = field(init=False, repr=False)
    _made: dict[Any, Any] = field(init=False, repr=False, default_factory=dict)

    def __post_init__(self) -> None:
        self._word = Document()
        self._page()
        self._head(self.letterhead)

    # Page ----------------------------------------------------------------------------------------

    def _page(self) -> None:
        section = self._word.sections[0]
        section.page_width, section.page_height = Mm(210), Mm(297)
        if self.landscape:
            section.orientation = WD_ORIENT.LANDSCAPE
            section.page_width, section.page_height = Mm(297), Mm(210)
        section.top_margin = section.bottom_margin = Mm(20)
        section.left_margin, section.right_margin = Mm(30), Mm(20)
        section.header_distance = Mm(10)
        section.different_first_page_header_footer = True
        number = section.header.paragraphs[0]
        number.alignment = WD_ALIGN_PARAGRAPH.CENTER
        self._field(number.add_run(), "PAGE")
        style = self._word.styles["Normal"]
        style.font.name, style.font.size = FONT, Pt(self.size)
        fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
        for kind in ("ascii", "hAnsi", "eastAsia", "cs"):
            fonts.set(qn(f"w:{kind}"), FONT)
        language = OxmlElement("w:lang")
        language.set(qn("w:val"), "vi-VN")
        style.element.get_or_add_rPr().append(language)
        style.paragraph_format.space_after = Pt(0)
        self._word.core_properties.author = self.letterhead.body
        self._word.core_properties.title = self.letterhead.subject
        fixed = datetime(2000, 1, 1)  # noqa: DTZ001  # the format has no zone; same bytes each time
        self._word.core_properties.created = self._word.core_properties.modified = fixed

    @staticmethod
    def _field(run: Any, code: str) -> None:
        for kind, text in (("begin", ""), ("", code), ("end", "")):
            if kind:
                element = OxmlElement("w:fldChar")
                element.set(qn("w:fldCharType"), kind)
            else:
                element = OxmlElement("w:instrText")
                element.set(qn("xml:space"), "preserve")
                element.text = text
            run._r.append(element)

    def _again(self, key: Any) -> Any:
        """A copy of a table made before with the same words, put at the end; None the first time.

        Drawing a table cell by cell is slow; a file of many letters repeats the same ones.
        """
        made = self._made.get(key)
        if made is None:
            return None
        table = deepcopy(made)
        self._word.element.body._insert_tbl(table)
        return table

    def _head(self, head: Letterhead) -> None:
        key = (replace(head, number="x" if head.number else ""), "letterhead")
        again = self._again(key)
        if again is not None:
            for words in again.iter(_T):
                if (words.text or "").startswith(_NUMBER):
                    words.text = f"{_NUMBER}{head.number}"
            return
        table = self._word.add_table(rows=2, cols=2)
        self._made[key] = table._tbl
        table.alignment = WD_TABLE_ALIGNMENT.CENTER
        # The state's name stands on one line: 12 pt bold capitals need 93 mm.
        lay_out(table, (104, 143) if self.landscape else (69, 97))
        left, right = table.rows[0].cells
        first = left.paragraphs[0]
        if head.parent:
            self._run(first, head.parent.upper(), size=12)
            first.alignment = WD_ALIGN_PARAGRAPH.CENTER
            first = left.add_paragraph()
        self._run(first, head.body.upper(), size=12, bold=True)
        first.alignment = WD_ALIGN_PARAGRAPH.CENTER
        self._rule(left, "                    ")
        state = right.paragraphs[0]
        state.alignment = WD_ALIGN_PARAGRAPH.CENTER
        self._run(state, STATE, size=12, bold=True)
        motto = right.add_paragraph()
        motto.alignment = WD_ALIGN_PARAGRAPH.CENTER
        self._run(motto, MOTTO, size=13, bold=True)
        self._rule(right, " " * 44)
        number, place = (cell.paragraphs[0] for cell in table.rows[1].cells)
        number.alignment = place.alignment = WD_ALIGN_PARAGRAPH.CENTER
        if head.number:
            self._run(number, f"{_NUMBER}{head.number}", size=13)
        if head.subject:
            about = table.rows[1].cells[0].add_paragraph()
            about.alignment = WD_ALIGN_PARAGRAPH.CENTER
            self._run(about, head.subject, size=12)
        self._run(place, f"{head.place}, {head.date_words}", size=13, italic=True)

    def _rule(self, cell: Any, blanks: str) -> None:
        """The thin line under a body's name and under the motto."""
        line = cell.add_paragraph()
        line.alignment = WD_ALIGN_PARAGRAPH.CENTER
        run = self._run(line, blanks.replace(" ", "\u00a0"), size=4)
        run.font.underline = True

    def _run(
        self,
        paragraph: Any,
        text: str,
        *,
        size: int | None = None,
        bold: bool = False,
        italic: bool = False,
    ) -> Any:
        if "\n" in text or "\t" in text:  # breaks and tabs are elements of their own
            run = paragraph.add_run(text)
            run.font.size = Pt(size or self.size)
            run.bold, run.italic = bold or None, italic or None
            return run
        # Straight into the tree: a file of a hundred letters has thousands of runs.
        element = _add(paragraph._p, _R)
        properties = _add(element, _RPR)
        if bold:
            _add(properties, _B)
        if italic:
            _add(properties, _I)
        _add(properties, _SZ).set(_VAL, str(2 * (size or self.size)))
        if text:
            words = _add(element, _T)
            words.text = text
            if text != text.strip():
                words.set(_SPACE, "preserve")
        return Run(element, paragraph)

    # Body ----------------------------------------------------------------------------------------

    def title(self, kind: str, subject: str = "") -> None:
        """The kind of document in capitals, its subject under it."""
        paragraph = self._word.add_paragraph()
        paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
        paragraph.paragraph_format.space_before = Pt(18)
        self._run(paragraph, kind.upper(), bold=True)
        if subject:
            about = self._word.add_paragraph()
            about.alignment = WD_ALIGN_PARAGRAPH.CENTER
            self._run(about, subject, bold=True)
            paragraph = about
        paragraph.paragraph_format.space_after = Pt(12)

    def heading(self, text: str) -> None:
        """A bold line of the body («1. Thành phần»)."""
        paragraph = self._word.add_paragraph()
        paragraph.paragraph_format.space_before = Pt(6)
        paragraph.paragraph_format.keep_with_next = True
        paragraph.paragraph_format.first_line_indent = Mm(12.7)
        self._run(paragraph, text, bold=True)

    def paragraph(
        self,
        text: str,
        *,
        bold: bool = False,
        italic: bool = False,
        centre: bool = False,
        indent: bool = True,
    ) -> None:
        """A paragraph; parts between ``**`` are bold."""
        paragraph = self._word.add_paragraph()
        paragraph.paragraph_format.space_after = Pt(6)
        paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER if centre else WD_ALIGN_PARAGRAPH.JUSTIFY
        if indent and not centre:
            paragraph.paragraph_format.first_line_indent = Mm(12.7)
        for index, part in enumerate(re.split(r"\*\*", text)):
            if part:
                self._run(paragraph, part, bold=bold or index % 2 == 1, italic=italic)

    def table(
        self,
        heads: Sequence[str],
        rows: Sequence[Sequence[Any]],
        widths: Sequence[float] = (),
        *,
        size: int = 12,
        right: Sequence[int] = (),
    ) -> None:
        """A table with lines; its head is repeated on each page. ``widths`` in millimetres;
        ``right`` the columns of numbers."""
        table = self._word.add_table(rows=1, cols=len(heads))
        table.style = "Table Grid"
        table.alignment = WD_TABLE_ALIGNMENT.CENTER
        repeat = OxmlElement("w:tblHeader")
        repeat.set(qn("w:val"), "true")
        table.rows[0]._tr.get_or_add_trPr().append(repeat)
        for cell, head in zip(table.rows[0].cells, heads, strict=True):
            cell.paragraphs[0].alignment = WD_ALIGN_PARAGRAPH.CENTER
            self._run(cell.paragraphs[0], head, size=size, bold=True)
        for row in rows:
            cells = table.add_row().cells
            for index, (cell, value) in enumerate(zip(cells, row, strict=True)):
                if index in right:
                    cell.paragraphs[0].alignment = WD_ALIGN_PARAGRAPH.RIGHT
                self._run(cell.paragraphs[0], "" if value is None else str(value), size=size)
        if widths:
            lay_out(table, widths)
        self._word.add_paragraph()

    def signature(self, signature: Signature, recipients: Sequence[str] = ()) -> None:
        """«Nơi nhận» at the left, who signs at the right, kept on one page."""
        self.signatures([signature], recipients)

    def signatures(self, signers: Sequence[Signature], recipients: Sequence[str] = ()) -> None:
        """Several who sign side by side (minutes: clerk, chair); the last one stands rightmost."""
        key = (tuple(signers), tuple(recipients), "signatures")
        if self._again(key) is not None:
            return
        columns = len(signers) + (1 if recipients or len(signers) == 1 else 0)
        table = self._word.add_table(rows=1, cols=columns)
        self._made[key] = table._tbl
        table.alignment = WD_TABLE_ALIGNMENT.CENTER
        wide = 247 if self.landscape else 160
        lay_out(table, [wide / columns] * columns)
        cells = list(table.rows[0].cells)
        if columns > len(signers):
            self._recipients(cells.pop(0), recipients)
        for cell, signer in zip(cells, signers, strict=True):
            self._signer(cell, signer)

    def _recipients(self, cell: Any, recipients: Sequence[str]) -> None:
        if not recipients:
            return
        self._run(cell.paragraphs[0], "Nơi nhận:", size=12, bold=True, italic=True)
        for index, recipient in enumerate(recipients):
            end = "." if index == len(recipients) - 1 else ";"
            self._run(cell.add_paragraph(), f"- {recipient}{end}", size=11)

    def _signer(self, cell: Any, signer: Signature) -> None:
        lines = [signer.authority.upper(), signer.post.upper()]
        paragraph = cell.paragraphs[0]
        for line in filter(None, lines):
            paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
            self._run(paragraph, line, bold=True)
            paragraph = cell.add_paragraph()
        paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
        paragraph.paragraph_format.space_before = Pt(24)
        paragraph.paragraph_format.space_after = Pt(24)
        self._run(paragraph, signer.note, size=13, italic=True)
        name = cell.add_paragraph()
        name.alignment = WD_ALIGN_PARAGRAPH.CENTER
        self._run(name, signer.name, bold=True)

    def new_document(self, letterhead: Letterhead) -> None:
        """Begin another document on a new page of the same file."""
        self.page_break()
        self._head(letterhead)

    def page_break(self) -> None:
        """Go on with a new page."""
        self._word.add_paragraph().add_run().add_break(WD_BREAK.PAGE)

    def to_bytes(self) -> bytes:
        """The DOCX; equal content gives equal bytes (no clock inside the archive)."""
        return frozen(self._word)


def frozen(word: Any) -> bytes:
    """A Word file without any clock in its archive: equal content gives equal bytes."""
    raw = io.BytesIO()
    word.save(raw)
    out = io.BytesIO()
    with zipfile.ZipFile(raw) as source, zipfile.ZipFile(out, "w") as target:
        for name in source.namelist():
            info = zipfile.ZipInfo(name, _EPOCH)
            info.compress_type = zipfile.ZIP_DEFLATED
            target.writestr(info, source.read(name))
    return out.getvalue()
