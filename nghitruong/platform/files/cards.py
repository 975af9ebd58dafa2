"""Cards to print and cut: badges with a QR code, name plates for desks. Word files, A4.

    data = badges("HĐND tỉnh Lào Cai", "Kỳ họp thứ 4", [Card("Lê Thị Cúc", "Đại biểu", …)])

The cut lines are dashed; the same cards give the same bytes.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import segno
from docx import Document
from docx.enum.table import WD_ROW_HEIGHT_RULE, WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Mm, Pt

from nghitruong.platform.files.official import FONT, frozen

_CUT = "".join(
    f'<w:{side} w:val="dashed" w:sz="4" w:space="0" w:color="808080"/>'
    for side in ("top", "left", "bottom", "right", "insideH", "insideV")
)
BADGES_A_PAGE = 10  # 90 × 54 mm, two by five
PLATES_A_PAGE = 3  # 190 × 92 mm


@dataclass(frozen=True)
class Card:
    """One person: what is printed large, what under it, and what the QR code opens."""

    name: str
    role: str = ""  # «Đại biểu», «Khách mời»
    title: str = ""
    place: str = ""  # group, seat
    link: str = ""


def badges(body: str, occasion: str, cards: Sequence[Card]) -> bytes:
    """A badge each, ten on a page."""
    word = _page()
    for start in range(0, len(cards), BADGES_A_PAGE):
        some = cards[start : start + BADGES_A_PAGE]
        grid = _grid(word, rows=(len(some) + 1) // 2, widths=(60, 30, 60, 30), height=54)
        cells = [row.cells for row in grid.rows]
        for index, card in enumerate(some):
            left, right = cells[index // 2][index % 2 * 2 : index % 2 * 2 + 2]
            _lines(
                left,
                [
                    (body.upper(), 8, True),
                    (occasion, 8, False),
                    (card.role.upper(), 10, True),
                    (card.name, 16, True),
                    (card.title, 9, False),
                    (card.place, 9, False),
                ],
            )
            if card.link:
                _qr(word, right, card.link)
            _open_side(left, "right")
            _open_side(right, "left")
    return frozen(word)


def plates(cards: Sequence[Card]) -> bytes:
    """A plate for the desk each, three on a page; the name as large as the plate allows."""
    word = _page()
    for start in range(0, len(cards), PLATES_A_PAGE):
        some = cards[start : start + PLATES_A_PAGE]
        grid = _grid(word, rows=len(some), widths=(190,), height=90)
        for row, card in zip(grid.rows, some, strict=True):
            size = 54 if len(card.name) <= 16 else 46 if len(card.name) <= 20 else 36
            _lines(row.cells[0], [(card.name.upper(), size, True), (card.title, 22, False)])
    return frozen(word)


def _page() -> Any:
    word = Document()
    section = word.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.left_margin = section.right_margin = Mm(10)
    section.top_margin = section.bottom_margin = Mm(10)
    style = word.styles["Normal"]
    style.font.name = FONT
    style.element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), FONT)
    style.paragraph_format.space_after = Pt(0)
    fixed = datetime(2000, 1, 1)  # noqa: DTZ001  # the format has no zone; same bytes each time
    word.core_properties.created = word.core_properties.modified = fixed
    return word


def _grid(word: Any, *, rows: int, widths: Sequence[int], height: int) -> Any:
    """A table with cut lines that begins a page; its rows never grow or break."""
    if word.element.body.tbl_lst:
        gap = word.add_paragraph()
        gap.paragraph_format.page_break_before = True
        gap.paragraph_format.line_spacing = Pt(1)
    table = word.add_table(rows=rows, cols=len(widths))
    table.alignment = WD_TABLE_ALIGNMENT.CENTER
    table.autofit = False
    borders = parse_xml(f"<w:tblBorders {nsdecls('w')}>{_CUT}</w:tblBorders>")
    table._tbl.tblPr.append(borders)
    for column, width in zip(table._tbl.tblGrid.gridCol_lst, widths, strict=True):
        column.w = Mm(width)
    for row in table.rows:
        row.height, row.height_rule = Mm(height), WD_ROW_HEIGHT_RULE.EXACTLY
        for cell, width in zip(row.cells, widths, strict=True):
            cell.width = Mm(width)
            cell._tc.get_or_add_tcPr().append(
                parse_xml(f'<w:vAlign {nsdecls("w")} w:val="center"/>')
            )
    return table


def _open_side(cell: Any, side: str) -> None:
    """No cut line inside a badge."""
    properties = cell._tc.get_or_add_tcPr()
    borders = parse_xml(f'<w:tcBorders {nsdecls("w")}><w:{side} w:val="nil"/></w:tcBorders>')
    properties.insert_element_before(borders, "w:vAlign")


def _lines(cell: Any, lines: Sequence[tuple[str, int, bool]]) -> None:
    paragraph = cell.paragraphs[0]
    for index, (text, size, bold) in enumerate([line for line in lines if line[0]]):
        if index:
            paragraph = cell.add_paragraph()
        paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
        run = paragraph.add_run(text)
        run.font.size, run.bold = Pt(size), bold or None


def _qr(word: Any, cell: Any, link: str) -> None:
    picture = io.BytesIO()
    segno.make(link, error="m", micro=False).save(picture, kind="png", scale=4, border=2)
    picture.seek(0)
    paragraph = cell.paragraphs[0]
    paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    paragraph.add_run().add_picture(picture, width=Mm(24))
