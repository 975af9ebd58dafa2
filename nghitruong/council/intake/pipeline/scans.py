"""Pages whose words are in their pictures: which they are, and what OCR reads on them."""

from __future__ import annotations

import json
from typing import Any

from nghitruong.council.intake.pipeline import ocr, stages
from nghitruong.council.intake.pipeline.report import Page
from nghitruong.council.intake.pipeline.stages import Work
from nghitruong.council.intake.pipeline.syllables import look
from nghitruong.council.intake.pipeline.wording import clean, letters
from nghitruong.platform.files.inspection import FEW

MOST_OCR = 500
DRAWN_AT_ONCE = 6
DOTS = "._…·"  # what is filled in by hand
BLANK = 0.0003  # of the page in ink: less than the smallest stamp


def needs_ocr(work: Work, page: Page) -> bool:
    """A page with hardly a letter of its own, or a scan whose hidden words make no sense."""
    about = work.pages[page.number]
    own = letters(page.text) - int(about.get("added", 0))
    picture = float(about.get("picture", 0))
    if own < FEW:
        return True
    if picture > 0.7 and own < 100:
        return True
    return picture > 0.85 and look(page.text).good < 0.6


def read(work: Work, wanted: list[int], *, mend: bool) -> None:
    """Read the pages ``wanted`` from their pictures, and what stands beside the text of others."""
    report = work.report
    if mend:
        report.add("broken_font")
    pages = {page.number: page for page in report.texts}
    beside = [n for n, page in pages.items() if page.unread and work.pages[n].get("beside")]
    beside = [number for number in beside if number not in wanted]
    if not wanted and not beside:
        return  # only pages that cannot be drawn
    if not ocr.available():
        report.add("no_tesseract")
        report.missing.append("tesseract")
        return
    if len(wanted) > MOST_OCR:
        report.add("ocr_limit")
        wanted = wanted[:MOST_OCR]
    if beside:
        drawn = _drawn(work, [f"s{number}" for number in beside])
        for number in beside:
            if number in drawn:
                pages[number].unread = not _read_stamps(work, number, drawn[number])
    for start in range(0, len(wanted), DRAWN_AT_ONCE):
        batch = wanted[start : start + DRAWN_AT_ONCE]
        drawn = _drawn(work, [str(number) for number in batch])
        for offset, number in enumerate(batch):
            if work.late():
                report.add("ocr_partial")
                return
            work.progress(start + offset, len(wanted), f"Đang đọc chữ trong ảnh, trang {number}")
            _ocr_page(work, pages[number], drawn.get(number, {}), mend=mend)


def _drawn(work: Work, wanted: list[str]) -> dict[int, dict[str, Any]]:
    """Page → what its drawing told; without those that could not be drawn."""
    done = stages.stage("layer", "pictures", str(work.pdf), str(work.out), *wanted, seconds=180)
    told: dict[int, dict[str, Any]] = {}
    for line in done.output.splitlines():
        try:
            about = json.loads(line)
        except ValueError:
            continue
        if "page" in about and "error" not in about:
            told[about["page"]] = about
    return told


def _read_stamps(work: Work, number: int, about: dict[str, Any], turned: int = 0) -> bool:
    """Add what red ink, pictures and notes of a page say; False when the engine failed."""
    said, read = list(about.get("words", [])), True
    for name in (f"red-{number}.png", f"x-{number}.png"):
        path = work.out / name
        if not path.exists():
            continue
        found = ocr.read_apart(path, turned=turned)
        path.unlink()
        if found is None:
            read = False
        else:
            said.append(clean(found))
    work.report.red_text = "\n".join(filter(None, [work.report.red_text, *said]))
    return read


def _ocr_page(work: Work, page: Page, about: dict[str, Any], *, mend: bool) -> None:
    picture = work.out / f"p-{page.number}.png"
    reading = ocr.read(picture, layer=not mend) if picture.exists() else None
    for leftover in work.out.glob(f"p-{page.number}*.png"):
        leftover.unlink()
    if reading is None:
        work.report.add("ocr_partial")
        return
    stamps_read = _read_stamps(work, page.number, about, reading.turned)
    text = clean(reading.text)
    # Ink without a letter is something nobody has read; an empty page is read at a glance, and so
    # are the dotted lines of a form, which are characters of the page itself, where nothing else
    # (a picture, a note, red ink) stands beside them.
    blank = float(about.get("ink", 1.0)) < BLANK
    here = work.pages[page.number]
    dots = sum(page.text.count(char) for char in DOTS)
    dotted = dots >= FEW and not float(here.get("picture", 0)) and not here.get("beside")
    known = blank or dotted or letters(text) or letters(page.text) >= FEW
    page.unread = not (stamps_read and known)
    if mend:
        page.text = clean(ocr.mend(page.text, text)) if page.text else text
    elif letters(text) < FEW and letters(page.text) >= letters(text):
        return  # an empty page
    else:
        page.text = text
    page.source, page.confidence = "ocr", reading.confidence
    if reading.turned:
        work.report.add("rotated")
    if reading.layer is not None and reading.layer.exists():
        work.layers[page.number] = (reading.turned, reading.layer)
