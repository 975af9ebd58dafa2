"""The pipeline itself: one file in, a :class:`Report` and derivatives out. No models, no database.

Whatever parses a stranger's file does so in a process of its own with limits (``layer``,
``pictures``, ``binding``, ``signatures``, LibreOffice, Tesseract): a file can break its stage,
never this code or the worker that runs it.
"""

from __future__ import annotations

import json
import shutil
import time
from pathlib import Path
from typing import Any

from nghitruong.council.intake.pipeline import legacy, office, scans, stages
from nghitruong.council.intake.pipeline.plain import bare_docx, has_pictures, plain
from nghitruong.council.intake.pipeline.report import Page, Report, Signature
from nghitruong.council.intake.pipeline.signatures import may_be_signed
from nghitruong.council.intake.pipeline.stages import Progress, Work
from nghitruong.council.intake.pipeline.wording import clean, is_torn
from nghitruong.platform.files import sniff

MOST_PAGES = 3000  # read page by page; more is a book, not a paper
MOST_THUMBNAILS = 600
LONG_PAGES, LONG_BYTES = 20, 2_000_000  # from both on, a copy is made for reading
WHOLE_SECONDS = 3600.0


def process(
    path: Path,
    out: Path,
    *,
    name: str = "",
    trust: Path | None = None,
    progress: Progress | None = None,
    quick: int = 0,
) -> Report:
    """Look at the file at ``path``; derivatives go to the folder ``out``. Never raises for what is
    in the file. ``name`` is what its sender called it, ``trust`` a folder of certificates.
    ``quick`` is for a first look: OCR of so many pages at most, no pictures, no copy to read, no
    signatures."""
    started = time.monotonic()
    report = Report()
    work = Work(path, out, report, progress or (lambda *_: None), started + WHOLE_SECONDS)
    work.quick = quick
    sniffed = sniff.sniff(path)
    report.kind, report.media_type = sniffed.kind, sniffed.media_type
    if sniffed.problem:
        report.add(sniffed.problem)
    else:
        if sniff.wrong_ending(name or path.name, sniffed.media_type):
            report.add("wrong_extension")
        _prepare(work, sniffed)
        if work.pdf is not None and report.verdict != "refused":
            _read(work)
            if sniffed.kind == "pdf" and not quick and report.verdict != "refused":
                _signatures(work, trust)
        elif sniffed.media_type == sniff.DOCX:
            words = bare_docx(path)
            if words is not None:
                # Without a converter nobody has seen its pictures.
                report.texts = [Page(1, words, "converted", unread=has_pictures(path))]
    report.seconds = time.monotonic() - started
    return report


# A PDF to read ------------------------------------------------------------------------------------


def _prepare(work: Work, sniffed: sniff.Sniffed) -> None:
    """Have a PDF of the file, when it has pages at all."""
    if sniffed.kind == "pdf":
        work.pdf = work.path
    elif sniffed.kind == "image":
        _from_picture(work)
    elif sniffed.kind in {"office", "text"}:
        _from_office(work, sniffed)


def _from_picture(work: Work) -> None:
    work.progress(0, 0, "Đang chuyển ảnh thành trang")
    target = work.out / "picture.pdf"
    done = stages.stage("pictures", str(work.path), str(target), seconds=180, memory_mb=4096)
    try:
        answer = json.loads(done.output)
    except ValueError:
        answer = {"problem": "too_slow" if done.timed_out else "broken"}
    if answer.get("problem"):
        work.report.add(answer["problem"])
    elif target.exists():
        work.pdf, work.base = target, True
    else:
        work.report.add("broken")


def _from_office(work: Work, sniffed: sniff.Sniffed) -> None:
    if office.program() is None:
        work.report.add("no_libreoffice")
        work.report.missing.append("libreoffice")
        if sniffed.kind == "text":
            work.report.texts = [Page(1, clean(plain(work.path, work.report)), "converted")]
        return
    work.progress(0, 0, "Đang chuyển sang PDF")
    source = work.out / f"source{sniff.ENDINGS[sniffed.media_type]}"
    if sniffed.kind == "text":
        source.write_text("\ufeff" + plain(work.path, work.report), encoding="utf-8")
    else:
        shutil.copyfile(work.path, source)
    made = office.convert(source, work.out)
    if made is None:
        work.report.add("conversion_failed")
        return
    work.pdf, work.base = made, True
    if sniffed.kind == "office":
        _modernise(work, source)


def _modernise(work: Work, source: Path) -> None:
    """An office file typed with old fonts is turned into Unicode before it becomes pages."""
    if work.pdf is None:
        return
    _texts(work, thumbnails=0, last=5)
    sample = "\n".join(str(page.get("text", "")) for page in work.pages.values())
    work.pages = {}
    found = legacy.detect(sample)
    if not found:
        return
    work.progress(0, 0, "Đang chuyển bảng mã cũ sang Unicode")
    flat = office.convert(source, work.out, "fodt")
    if flat is not None and office.to_unicode(flat, found):
        modern = flat.rename(work.out / "modern.fodt")
        made = office.convert(modern, work.out)
        if made is not None:
            work.pdf = made
            work.report.encoding = found
            work.report.add("old_encoding")


# Text ---------------------------------------------------------------------------------------------


def _texts(work: Work, *, thumbnails: int, last: int) -> None:
    """Pages' layer text and thumbnails. A page that kills the reader is passed over."""
    first, broken = 1, 0
    count: int | None = None

    def heard(line: str) -> None:
        nonlocal count
        try:
            told = json.loads(line)
        except ValueError:
            return
        if "problem" in told:
            work.report.add(told["problem"])
        elif "count" in told:
            count = told["count"]
        else:
            work.pages[told["page"]] = told
            if thumbnails:
                total = min(count or 0, last)
                work.progress(told["page"], total, "Đang đọc các trang")

    while True:
        done = stages.stage(
            "layer",
            "text",
            str(work.pdf),
            str(work.out),
            str(first),
            str(last),
            str(thumbnails),
            str(int(work.base)),
            on_line=heard,
        )
        if work.report.verdict == "refused":
            return
        if count is None:
            work.report.add("too_slow" if done.timed_out else "broken")
            return
        reached = max(work.pages, default=0)
        if done.ok or reached >= min(count, last):
            break
        broken += 1
        work.pages[reached + 1] = {"page": reached + 1, "error": "crash"}
        first = reached + 2
        if broken > 3 or done.timed_out or first > min(count, last):
            break
    work.report.pages = count


def _read(work: Work) -> None:
    """1. Layer text and thumbnails of every page. 2. Old encodings. 3. OCR where there is no text,
    or a broken one. 4. The PDF to read."""
    report = work.report
    _texts(work, thumbnails=0 if work.quick else MOST_THUMBNAILS, last=MOST_PAGES)
    if report.verdict == "refused":
        return
    if report.pages == 0:
        report.add("no_pages")
        return
    if (report.pages or 0) > MOST_PAGES:
        report.add("pages_limit")
    source = "converted" if work.base and report.kind != "image" else "layer"
    if any("error" in page for page in work.pages.values()):
        report.add("page_broken")
    raw = {number: str(page.get("text", "")) for number, page in sorted(work.pages.items())}
    if source == "layer" and (found := legacy.detect("\n".join(list(raw.values())[:20]))):
        raw = {number: legacy.convert(text, found) for number, text in raw.items()}
        report.encoding = found
        report.add("old_encoding")
    texts = {number: clean(text) for number, text in raw.items()}
    report.texts = [
        Page(number, text, source, None, _place(work.pages[number]))
        for number, text in texts.items()
    ]
    if (work.out / "thumbnails").exists() and (work.out / "thumbnails").stat().st_size:
        report.thumbnails = "thumbnails"
    broken = source == "layer" and is_torn(list(texts.values()))
    wanted = []
    for page in report.texts:
        about = work.pages[page.number]
        if "error" in about:
            page.unread = True
        elif broken or scans.needs_ocr(work, page):
            page.unread = True
            wanted.append(page.number)
        else:
            page.unread = bool(about.get("beside"))
    if any(page.unread for page in report.texts):
        scans.read(work, wanted[: work.quick or None], mend=broken)
    if not report.chars:
        report.add("no_text")
    if not work.quick:
        _bind(work)


def _place(page: dict[str, Any]) -> tuple[int, int] | None:
    found = page.get("thumbnail")
    return (found[0], found[1]) if found else None


def _bind(work: Work) -> None:
    """The PDF to read, when the file as it came is not the best one: made here, with words under
    its pictures, or so long that a tablet would bring all of it to show one page."""
    long = (
        (work.report.pages or 0) >= LONG_PAGES
        and work.path.stat().st_size >= LONG_BYTES
        and "page_broken" not in work.report.problems
    )
    if not work.base and not work.layers and not long:
        return
    work.progress(0, 0, "Đang ghép bản để đọc")
    target = work.out / "reading.pdf"
    layers = [f"{n}={turned}:{path}" for n, (turned, path) in sorted(work.layers.items())]
    pages = str(work.report.pages)
    done = stages.stage("binding", str(work.pdf), str(target), pages, *layers, seconds=300)
    if done.ok and target.exists():
        work.report.reading = target.name
    elif work.base and work.pdf is not None:
        shutil.copyfile(work.pdf, target)
        work.report.reading = target.name


# Signatures ---------------------------------------------------------------------------------------


def _signatures(work: Work, trust: Path | None) -> None:
    if not may_be_signed(work.path):
        return
    work.progress(0, 0, "Đang kiểm tra chữ ký số")
    arguments = [str(work.path), *([str(trust)] if trust else [])]
    done = stages.stage("signatures", *arguments, seconds=120)
    try:
        found = [Signature(**one) for one in json.loads(done.output)]
    except (ValueError, TypeError):
        found = [Signature(state="unreadable", reason="too_slow" if done.timed_out else "")]
    report = work.report
    report.signatures = found
    whole_after = False
    for one in reversed(found):
        if one.state == "changed":
            report.add("signature_changed")
        elif one.state == "added":
            report.add("signature_between" if whole_after else "signature_added")
        elif one.state == "unreadable":
            report.add("signature_unreadable")
        else:
            whole_after = True
