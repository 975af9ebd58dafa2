"""Binding a packet: cover, contents, tabs and papers with stamped page numbers, as one PDF.

Runs as a process of its own (``python -m nghitruong.council.binder.binding PLAN OUT``): the papers
come from strangers. The plan is JSON; progress is printed as JSON lines. Papers stay on the disk
and are copied stream by stream, so that 600 MB never lie in memory.
"""

from __future__ import annotations

import io
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

import pikepdf
from reportlab.lib.pagesizes import A4
from reportlab.lib.units import mm
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

WIDTH, HEIGHT = A4
LEFT, RIGHT = 30 * mm, WIDTH - 20 * mm
TOC_TOP, TOC_BOTTOM = HEIGHT - 45 * mm, 25 * mm
LINE: Final = 5.4 * mm
LARGE: Final = 120 * 1024 * 1024  # linearised below this; above it the second pass costs too much


class BindingError(Exception):
    """A paper that cannot be bound; the argument is the sentence for people."""


def _fonts(plan: dict[str, Any]) -> None:
    pdfmetrics.registerFont(TTFont("Text", plan["fonts"][0]))
    pdfmetrics.registerFont(TTFont("Bold", plan["fonts"][1]))


def wrap(text: str, font: str, size: float, width: float) -> list[str]:
    """The text in lines no wider than ``width`` points; a word too long is cut."""
    lines: list[str] = []
    line = ""
    for word in text.split():
        while pdfmetrics.stringWidth(word, font, size) > width:
            cut = max(1, int(len(word) * width / pdfmetrics.stringWidth(word, font, size)) - 1)
            lines += [line] if line else []
            lines.append(word[:cut])
            line, word = "", word[cut:]
        tried = f"{line} {word}".strip()
        if pdfmetrics.stringWidth(tried, font, size) <= width:
            line = tried
        else:
            lines.append(line)
            line = word
    return [*lines, line] if line else lines


def _centre(canvas: Any, text: str, font: str, size: float, y: float) -> float:
    for line in wrap(text, font, size, WIDTH - 50 * mm):
        canvas.setFont(font, size)
        canvas.drawCentredString(WIDTH / 2, y, line)
        y -= size * 1.45
    return float(y)


def _cover(canvas: Any, plan: dict[str, Any]) -> None:
    heading = plan["heading"]
    y = _centre(canvas, heading["council"].upper(), "Bold", 14, HEIGHT - 35 * mm)
    canvas.line(WIDTH / 2 - 25 * mm, y + 2, WIDTH / 2 + 25 * mm, y + 2)
    y = _centre(canvas, "TẬP TÀI LIỆU", "Bold", 30, HEIGHT * 0.62)
    y = _centre(canvas, heading["title"].upper(), "Bold", 18, y - 8)
    for text in heading["lines"]:
        y = _centre(canvas, text, "Text", 14, y - 6)
    _centre(canvas, heading["made"], "Text", 11, 28 * mm)
    canvas.showPage()


def _toc(canvas: Any, plan: dict[str, Any]) -> int:
    """The contents; returns how many pages they took."""
    pages, y = 1, TOC_TOP
    _centre(canvas, "MỤC LỤC", "Bold", 16, HEIGHT - 30 * mm)

    def room(lines: int) -> float:
        nonlocal pages, y
        if y - lines * LINE < TOC_BOTTOM:
            canvas.showPage()
            pages += 1
            y = HEIGHT - 30 * mm
        return float(y)

    for section in plan["sections"]:
        room(3)
        y -= 2 * mm
        canvas.setFont("Bold", 12)
        canvas.drawString(LEFT, y, section["label"])
        y -= LINE * 1.1
        for entry in section["entries"]:
            words = " · ".join(part for part in (entry["title"], entry["number"]) if part)
            lines = wrap(words, "Text", 11, RIGHT - LEFT - 34 * mm)
            room(len(lines))
            canvas.setFont("Text", 11)
            canvas.drawRightString(LEFT + 8 * mm, y, str(entry["tab"]))
            for at, line in enumerate(lines):
                canvas.drawString(LEFT + 12 * mm, y - at * LINE, line)
            first, last = entry["first"], entry["first"] + entry["pages"] - 1
            shown = str(first) if first == last else f"{first}–{last}"
            canvas.drawRightString(RIGHT, y - (len(lines) - 1) * LINE, shown)
            y -= LINE * len(lines)
    canvas.showPage()
    return pages


def _divider(canvas: Any, entry: dict[str, Any], section: str) -> None:
    canvas.setFont("Text", 14)
    canvas.drawCentredString(WIDTH / 2, HEIGHT * 0.68, section)
    canvas.setFont("Bold", 54)
    canvas.drawCentredString(WIDTH / 2, HEIGHT * 0.58, f"Tab {entry['tab']}")
    y = _centre(canvas, entry["title"], "Bold", 16, HEIGHT * 0.5)
    line = " · ".join(part for part in (entry["number"], entry["issuer"], entry["dated"]) if part)
    _centre(canvas, line, "Text", 13, y - 4)
    # The tab itself at the outer edge, lower for each one: seen from the side of the closed set.
    top = HEIGHT - 30 * mm - ((entry["tab"] - 1) % 14) * 17 * mm
    canvas.setFillGray(0.15)
    canvas.rect(WIDTH - 12 * mm, top - 15 * mm, 12 * mm, 15 * mm, stroke=0, fill=1)
    canvas.setFillGray(1)
    canvas.setFont("Bold", 16)
    canvas.drawCentredString(WIDTH - 6 * mm, top - 9.5 * mm, str(entry["tab"]))
    canvas.setFillGray(0)
    canvas.showPage()


def _apart(canvas: Any, entry: dict[str, Any]) -> None:
    y = _centre(canvas, entry["title"], "Bold", 16, HEIGHT * 0.62)
    text = f"Tài liệu này là tệp không có bản PDF ({entry['file']}) nên được in riêng."
    _centre(canvas, text, "Text", 13, y - 8)
    canvas.showPage()


def _pdf(draw: Any) -> pikepdf.Pdf:
    out = io.BytesIO()
    canvas = Canvas(out, pagesize=A4, invariant=1)
    draw(canvas)
    canvas.save()
    out.seek(0)
    return pikepdf.open(out)


def _stamp(page: pikepdf.Page, text: str, font: Any, width: float) -> None:
    """Write the packet's page number at the upper right corner as the reader sees it."""
    box = [float(value) for value in page.cropbox]
    turn = int(page.obj.get("/Rotate", 0)) % 360
    wide, high = box[2] - box[0], box[3] - box[1]
    seen_wide, seen_high = (high, wide) if turn in (90, 270) else (wide, high)
    x, y = seen_wide - width - 14, seen_high - 22
    place = {
        0: f"1 0 0 1 {box[0]} {box[1]}",
        90: f"0 1 -1 0 {box[2]} {box[1]}",
        180: f"-1 0 0 -1 {box[2]} {box[3]}",
        270: f"0 -1 1 0 {box[0]} {box[3]}",
    }[turn]
    content = (
        f"q {place} cm 1 g {x - 4:.2f} {y - 4:.2f} {width + 8:.2f} 15 re f 0 g "
        f"BT /NTStamp 9 Tf {x:.2f} {y:.2f} Td ({text}) Tj ET Q"
    ).encode("ascii")
    resources: Any = page.obj.get("/Resources")
    own = pikepdf.Dictionary(resources) if resources is not None else pikepdf.Dictionary()
    had: Any = own.get("/Font")
    fonts = pikepdf.Dictionary(had) if had is not None else pikepdf.Dictionary()
    fonts["/NTStamp"] = font
    own["/Font"] = fonts
    page.obj["/Resources"] = own
    page.contents_add(b"q", prepend=True)
    page.contents_add(b"Q\n" + content)


def _stamp_font(packet: pikepdf.Pdf) -> Any:
    """Helvetica for figures: every reader and printer has its digits; «Tab» and «tr.» are ASCII."""
    return packet.make_indirect(
        pikepdf.Dictionary(
            Type=pikepdf.Name.Font,
            Subtype=pikepdf.Name.Type1,
            BaseFont=pikepdf.Name("/Helvetica-Bold"),
            Encoding=pikepdf.Name.WinAnsiEncoding,
        )
    )


def bind(plan: dict[str, Any], out: Path) -> dict[str, Any]:
    """Write the packet of ``plan`` to ``out``; returns {"pages": n}. Raises BindingError."""
    _fonts(plan)
    packet = pikepdf.new()
    labels: list[tuple[int, dict[str, Any]]] = []
    outline: list[tuple[str, int, bool]] = []
    open_files: list[pikepdf.Pdf] = []

    def draw_front(canvas: Any) -> None:
        _cover(canvas, plan)
        _toc(canvas, plan)

    front = _pdf(draw_front)
    packet.pages.extend(front.pages)
    labels.append((0, {"S": pikepdf.Name.r, "St": 1}))
    font = _stamp_font(packet)
    entries = [(s, e) for s in plan["sections"] for e in s["entries"]]
    size = 0
    for done, (section, entry) in enumerate(entries):
        if section["entries"][0] is entry:
            outline.append((section["label"], len(packet.pages), False))
        outline.append((f"{entry['tab']}. {entry['title']}", len(packet.pages), True))
        if plan["dividers"]:
            labels.append((len(packet.pages), {"P": pikepdf.String(f"Tab {entry['tab']}")}))
            label = section["label"]
            packet.pages.extend(_pdf(lambda c, e=entry, s=label: _divider(c, e, s)).pages)
        start = len(packet.pages)
        labels.append((start, {"S": pikepdf.Name.D, "St": entry["first"]}))
        if entry["path"]:
            source = _source(entry)
            open_files.append(source)
            size += Path(entry["path"]).stat().st_size
            packet.pages.extend(source.pages)
        else:
            packet.pages.extend(_pdf(lambda c, e=entry: _apart(c, e)).pages)
        if len(packet.pages) - start != entry["pages"]:
            raise BindingError(f"Số trang của «{entry['title']}» không khớp với số đã ghi.")
        for at in range(entry["pages"]):
            text = f"Tab {entry['tab']}  tr. {entry['first'] + at}"
            _stamp(packet.pages[start + at], text, font, 5.1 * len(text) * 0.92)
        print(json.dumps({"done": done + 1, "total": len(entries)}), flush=True)
    _finish(packet, labels, outline, plan)
    packet.save(out, linearize=size < LARGE, object_stream_mode=pikepdf.ObjectStreamMode.generate)
    return {"pages": len(packet.pages)}


def _source(entry: dict[str, Any]) -> pikepdf.Pdf:
    try:
        source = pikepdf.open(entry["path"])
        # Seals and signatures draw the number and the date: they become part of the page.
        source.flatten_annotations("print")
    except (pikepdf.PdfError, pikepdf.PasswordError, OSError):
        raise BindingError(
            f"Không mở được tệp của «{entry['title']}». Hãy thay bản khác rồi đóng lại."
        ) from None
    return source


def _finish(
    packet: pikepdf.Pdf,
    labels: Sequence[tuple[int, dict[str, Any]]],
    outline: Sequence[tuple[str, int, bool]],
    plan: dict[str, Any],
) -> None:
    nums = pikepdf.Array()
    for at, label in labels:
        nums.append(at)
        nums.append(pikepdf.Dictionary({f"/{key}": value for key, value in label.items()}))
    packet.Root.PageLabels = pikepdf.Dictionary(Nums=nums)
    with packet.open_outline() as tree:
        branch: pikepdf.OutlineItem | None = None
        for title, page, below in outline:
            item = pikepdf.OutlineItem(title, page)
            if below and branch is not None:
                branch.children.append(item)
            else:
                tree.root.append(item)
                branch = item
    packet.docinfo["/Title"] = f"Tập tài liệu {plan['heading']['title']}"
    packet.Root.PageMode = pikepdf.Name.UseOutlines


def main(arguments: Sequence[str]) -> int:
    """Bind; the last line printed is the result or ``{"problem": sentence}``."""
    plan = json.loads(Path(arguments[0]).read_text())
    try:
        answer: dict[str, Any] = bind(plan, Path(arguments[1]))
    except BindingError as error:
        answer = {"problem": str(error)}
    print(json.dumps(answer), flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
