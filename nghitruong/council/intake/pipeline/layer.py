"""A stage of its own process: pages, text layer and pictures of a PDF, through pdfium.

``python -m …pipeline.layer text PDF OUT FIRST LAST THUMBNAILS SPACED`` prints one JSON line a page.
``python -m …pipeline.layer pictures PDF OUT N sN …`` draws pages for OCR as OUT/p-N.png, the stamps
and pictures of first pages as OUT/red-N.png and OUT/x-N.png.
A page that brings pdfium down takes only this process; the caller goes on after it.
"""

from __future__ import annotations

import io
import json
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pypdfium2 as pdfium
import pypdfium2.raw as raw
from PIL import Image

from nghitruong.platform.files import stamps
from nghitruong.platform.files.inspection import FIRST_PAGES

THUMBNAIL_WIDTH = 180  # pixels: a strip of pages, sharp on a tablet at 90 points
# The first page is drawn to be read: it stands on the screen while the file itself is still coming.
FIRST_WIDTH = 1000
OCR_DPI = 300
LARGEST_SIDE = 5200  # pixels: a poster is drawn coarser, never larger


@dataclass
class _Line:
    """A line of the layer in the order it was written; ``chars`` are (left, char) in points."""

    chars: list[tuple[float, float, str]]
    left: float
    right: float
    bottom: float
    top: float

    @property
    def text(self) -> str:
        return "".join(char for _, _, char in self.chars)


@dataclass
class _Run:
    """Characters that annotations added, side by side."""

    left: float
    right: float
    bottom: float
    top: float
    text: str


Char = tuple[str, float, float, float, float]


def _chars(textpage: Any, *, spaced: bool = False) -> list[Char]:
    """(char, left, right, bottom, top) of the whole page, line ends included as they come.

    ``spaced``: the file is known to hold its blanks, so that one pdfium guessed from a gap between
    letters («Đ iều») is none, unless the gap is as wide as a blank.
    """
    from ctypes import byref, c_double

    left, right, bottom, top = c_double(), c_double(), c_double(), c_double()
    found: list[Char] = []
    for index in range(textpage.count_chars()):
        code = raw.FPDFText_GetUnicode(textpage, index)
        raw.FPDFText_GetCharBox(
            textpage, index, byref(left), byref(right), byref(bottom), byref(top)
        )
        if (
            spaced
            and code == 32
            and raw.FPDFText_IsGenerated(textpage, index) == 1
            and found
            and _gap(textpage, index, found[-1]) < 0.2
        ):
            continue
        char = chr(code) if 0 < code < 0x110000 and not 0xD800 <= code < 0xE000 else "\ufffd"
        found.append((char, left.value, right.value, bottom.value, top.value))
    return found


def _gap(textpage: Any, index: int, before: Char) -> float:
    """The white between ``before`` and the character behind ``index``, in sizes of the font; 9 for
    another line. A typed blank is a quarter of the size wide."""
    if index + 1 >= textpage.count_chars():
        return 0.0
    left, bottom, _right, top = textpage.get_charbox(index + 1)
    size = max(raw.FPDFText_GetFontSize(textpage, index + 1), before[4] - before[3], 4.0)
    if abs((top + bottom) - (before[4] + before[3])) > size:
        return 9.0
    return float((left - before[2]) / size)


def _lines(chars: Sequence[Char]) -> list[_Line]:
    lines: list[_Line] = []
    current: list[Char] = []

    def close() -> None:
        solid = [char for char in current if not char[0].isspace()]
        if solid:
            lines.append(
                _Line(
                    [(c[1], c[2], c[0]) for c in current],
                    min(c[1] for c in solid),
                    max(c[2] for c in solid),
                    min(c[3] for c in solid),
                    max(c[4] for c in solid),
                )
            )
        current.clear()

    for char in chars:
        if char[0] in "\r\n":
            close()
        else:
            current.append(char)
    close()
    return lines


def _runs(chars: Sequence[Char]) -> list[_Run]:
    """Added characters put together as they were written: on one base line, with small gaps."""
    runs: list[_Run] = []
    blank = True
    for char, left, right, bottom, top in chars:
        if char.isspace():
            blank = True
            continue
        last = runs[-1] if runs else None
        height = max(top - bottom, 4.0)
        if last is not None:
            near = -height < left - last.right < max(height, last.top - last.bottom) * 1.2
            level = bottom < last.top and top > last.bottom
            if near and level:
                last.text += (" " if blank else "") + char
                last.right, last.bottom = right, min(last.bottom, bottom)
                last.top = max(last.top, top)
                blank = False
                continue
        runs.append(_Run(left, right, bottom, top, char))
        blank = False
    return runs


def _put_in(lines: list[_Line], run: _Run) -> bool:
    """Write an added run into the line it stands on: «Số:    /GM-HĐND» gets its number."""
    height = max(run.top - run.bottom, 4.0)
    middle = (run.top + run.bottom) / 2
    for line in lines:
        if not line.bottom - height * 0.4 <= middle <= line.top + height * 0.4:
            continue
        if not line.left - 4 * height <= run.left <= line.right + 2 * height:
            continue
        place = len(line.chars)
        for index, (left, _, char) in enumerate(line.chars):
            if not char.isspace() and left >= run.left + (run.right - run.left) / 2:
                place = index
                break
        while place > 0 and line.chars[place - 1][2].isspace():
            place -= 1
        text = run.text
        if place > 0 and run.left - line.chars[place - 1][1] > -height:
            text = " " + text
        after = [char for char in line.chars[place:] if not char[2].isspace()]
        while place < len(line.chars) and line.chars[place][2].isspace():
            del line.chars[place]
        if after and after[0][2].isalnum():
            text += " "
        line.chars[place:place] = [(run.left, run.right, char) for char in text]
        line.left, line.right = min(line.left, run.left), max(line.right, run.right)
        return True
    return False


def _in_reading_order(lines: list[_Line]) -> list[_Line]:
    """Blocks that stand wholly above an earlier one come before it; all else stays as written.

    Some programs write the letterhead after the body. Columns and cells, side by side, are left in
    the order the file has them.
    """
    blocks: list[list[_Line]] = []
    for line in lines:
        if blocks and line.top <= blocks[-1][-1].top + 2:
            blocks[-1].append(line)
        else:
            blocks.append([line])
    placed: list[list[_Line]] = []
    for block in blocks:
        bottom = min(line.bottom for line in block)
        place = len(placed)
        for index, other in enumerate(placed):
            if bottom >= max(line.top for line in other) - 1:
                place = index
                break
        placed.insert(place, block)
    return [line for block in placed for line in block]


def _page_text(document: pdfium.PdfDocument, index: int, *, spaced: bool) -> tuple[str, int]:
    """The page's text with what its annotations show (signature appearances hold numbers and
    dates), and how many characters its annotations added."""
    page = document[index]
    chars = _chars(page.get_textpage(), spaced=spaced)
    added: list[Char] = []
    if raw.FPDFPage_GetAnnotCount(page) > 0:
        before = {(c[0], round(c[1]), round(c[3])) for c in chars}
        if raw.FPDFPage_Flatten(page, raw.FLAT_NORMALDISPLAY) == 1:
            page.close()
            page = document[index]
            added = [
                c
                for c in _chars(page.get_textpage())
                if c[0].isspace() or (c[0], round(c[1]), round(c[3])) not in before
            ]
    lines = _lines(chars)
    rest = [run for run in _runs(added) if not _put_in(lines, run)]
    lines = _in_reading_order(lines)
    texts = [line.text for line in lines] + [run.text for run in rest]
    page.close()
    return "\n".join(texts), sum(not c[0].isspace() for c in added)


def _picture_share(page: Any) -> float:
    """How much of the page its largest picture covers: near 1 for a scan."""
    width, height = page.get_size()
    share = 0.0
    for number, item in enumerate(page.get_objects(max_depth=3)):
        if number > 400:
            break
        if item.type == raw.FPDF_PAGEOBJ_IMAGE:
            left, bottom, right, top = item.get_bounds()
            area = max(0.0, min(right, width) - max(left, 0)) * max(
                0.0, min(top, height) - max(bottom, 0)
            )
            share = max(share, area / max(width * height, 1.0))
    return min(share, 1.0)


def _draw(page: Any, scale: float) -> Image.Image:
    width, height = page.get_size()
    scale = min(scale, LARGEST_SIDE / max(width, height, 1.0))
    picture = page.render(scale=max(scale, 0.01), may_draw_forms=True, rev_byteorder=True).to_pil()
    drawn: Image.Image = picture.convert("RGB")
    return drawn


def _thumbnail(page: Any, wide: int) -> bytes:
    picture = _draw(page, wide / max(page.get_size()[0], 1.0))
    picture.thumbnail((wide, wide * 3))
    out = io.BytesIO()
    picture.convert("RGB").save(out, "WEBP", quality=50, method=4)
    return out.getvalue()


def texts(
    path: Path, out: Path, first: int, last: int, thumbnails: int, spaced: bool = False
) -> None:
    """Print a JSON line per page ``first``…``last`` (from 1, included; 0: the end). Thumbnails of
    pages up to ``thumbnails`` (the first page's large enough to be read) are appended to
    OUT/thumbnails, their place told in the line."""
    document = pdfium.PdfDocument(path)
    document.init_forms()
    count = len(document)
    print(json.dumps({"count": count}), flush=True)
    with (out / "thumbnails").open("ab") as pictures:
        for number in range(first, min(last or count, count) + 1):
            line: dict[str, Any] = {"page": number}
            try:
                page = document[number - 1]
                line["size"] = [round(side, 1) for side in page.get_size()]
                line["rotation"] = page.get_rotation()
                line["picture"] = round(_picture_share(page), 3)
                if number <= FIRST_PAGES:
                    line["beside"] = bool(stamps.beside_text(page)) or stamps.has_red(page)
                if number <= thumbnails:
                    data = _thumbnail(page, FIRST_WIDTH if number == 1 else THUMBNAIL_WIDTH)
                    line["thumbnail"] = [pictures.tell(), len(data)]
                    pictures.write(data)
                    pictures.flush()
                page.close()
                line["text"], line["added"] = _page_text(document, number - 1, spaced=spaced)
            except (pdfium.PdfiumError, ValueError, OSError, MemoryError) as error:
                line["error"] = type(error).__name__
            print(json.dumps(line, ensure_ascii=False), flush=True)


def pictures(path: Path, out: Path, wanted: Sequence[str]) -> None:
    """Draw pages in grey for OCR, with their annotations, as OUT/p-N.png. Red ink is left out:
    seals stand across the words. What it says on a first page is drawn apart as OUT/red-N.png; of
    one wanted as «sN» only that, and its pictures and notes as OUT/x-N.png."""
    document = pdfium.PdfDocument(path)
    document.init_forms()
    for one in wanted:
        number = int(one.removeprefix("s"))
        try:
            page = document[number - 1]
            picture = _draw(page, OCR_DPI / 72)
            size = round(picture.width / max(page.get_size()[0], 1.0) * 72)
            dpi = (size, size)
            line: dict[str, Any] = {"page": number}
            if number <= FIRST_PAGES:
                red = stamps.red_ink(picture)
                if red is not None:
                    red.save(out / f"red-{number}.png", dpi=dpi)
            grey = picture.getchannel("R")
            if not one.startswith("s"):
                line["ink"] = sum(grey.histogram()[:128]) / max(grey.width * grey.height, 1)
                grey.save(out / f"p-{number}.png", dpi=dpi, compress_level=1)
            elif beside := stamps.beside_text(page):
                line["words"] = beside.words
                if beside.boxes or beside.whole:
                    stamps.cut_out(page, grey, beside).save(out / f"x-{number}.png", dpi=dpi)
            page.close()
            print(json.dumps(line), flush=True)
        except (pdfium.PdfiumError, ValueError, OSError, MemoryError) as error:
            print(json.dumps({"page": number, "error": type(error).__name__}), flush=True)


def main(arguments: Sequence[str]) -> int:
    """The stage."""
    what, path, out = arguments[0], Path(arguments[1]), Path(arguments[2])
    try:
        if what == "text":
            first, last, thumbnails, spaced = (int(number) for number in arguments[3:7])
            texts(path, out, first, last, thumbnails, bool(spaced))
        else:
            pictures(path, out, arguments[3:])
    except pdfium.PdfiumError as error:
        locked = "password" in str(error).lower()
        print(json.dumps({"problem": "encrypted" if locked else "broken"}), flush=True)
        return 0
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
