"""What a file really is, found by its bytes, in a process of its own.

Files come from strangers and PDF parsers fall over: the parser runs apart, with a time limit, and
takes nothing down with it. Run as ``python -m nghitruong.platform.files.inspection PATH``; it
prints one JSON object.
"""

from __future__ import annotations

import json
import re
import resource
import subprocess
import sys
import unicodedata
import zipfile
import zlib
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

from nghitruong.platform.files import stamps
from nghitruong.platform.files.sniff import DOCX, PDF, sniff
from nghitruong.platform.jobs.apart import surroundings

__all__ = ["DOCX", "PDF", "Finding", "inspect", "look"]

FIRST_PAGES = 3  # a mark of secrecy stands on these
FEW = 20  # letters: a page with fewer has no text layer worth the name
# Vietnamese letters beyond Latin-1: writing in an old encoding has none of them.
_OURS = re.compile("[ĐđĂăƠơƯư\u1ea0-\u1ef9]")
TEXT_LIMIT = 60_000
PART_LIMIT = 200 * 1024 * 1024
_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_V = "{urn:schemas-microsoft-com:vml}"


@dataclass(frozen=True)
class Finding:
    """``problem`` is empty for a good file: else one of :mod:`.sniff`'s, broken, encrypted,
    no_pages, too_slow. ``text`` is that of the first pages, where it can be had at once; the rest
    is found in the background. ``read``: all that stands on the first pages is in ``text``, in
    letters a search for words understands; a scan with a line typed over it is not, nor a page
    with a stamp, which may be a picture, a note laid over it or drawn in red ink."""

    media_type: str = ""
    pages: int | None = None
    text: str = ""
    problem: str = ""
    read: bool = False


def inspect(path: Path, *, timeout: float = 60) -> Finding:
    """Look at the file at ``path``; never raises for a bad file."""
    try:
        done = subprocess.run(
            [sys.executable, "-m", "nghitruong.platform.files.inspection", str(path.resolve())],
            cwd=Path(__file__).resolve().parents[3],
            env=surroundings(),
            capture_output=True,
            timeout=timeout,
            check=False,
        )
        answer: dict[str, Any] = json.loads(done.stdout)
        return Finding(**answer)
    except subprocess.TimeoutExpired:
        return Finding(problem="too_slow")
    except ValueError:  # the parser died
        return Finding(problem="broken")


def look(path: Path) -> Finding:
    """The same, in this process."""
    sniffed = sniff(path)
    if sniffed.problem:
        return Finding(media_type=sniffed.media_type, problem=sniffed.problem)
    if sniffed.media_type == PDF:
        return _pdf(path)
    if sniffed.media_type == DOCX:
        return _docx(path)
    if sniffed.kind == "text":
        with path.open("rb") as file:
            text = file.read(TEXT_LIMIT).decode("utf-8", "replace")
        return Finding(media_type=sniffed.media_type, text=text, read=_ours(text))
    return Finding(media_type=sniffed.media_type, read=sniffed.kind in ("audio", "video"))


def _ours(text: str) -> bool:
    """Whether this is Vietnamese writing, in letters that are what they look like."""
    plain = unicodedata.normalize("NFC", text)
    return "\ufffd" not in plain and _OURS.search(plain) is not None


def _enough(text: str) -> bool:
    """Whether there is more than a number or a stamp typed over a picture."""
    return sum(map(str.isalpha, text)) >= FEW


def _pdf(path: Path) -> Finding:
    import pypdfium2 as pdfium

    try:
        document = pdfium.PdfDocument(path)
    except pdfium.PdfiumError as error:
        locked = "password" in str(error).lower()
        return Finding(media_type=PDF, problem="encrypted" if locked else "broken")
    try:
        count = len(document)
        if count == 0:
            return Finding(media_type=PDF, problem="no_pages")
        text: list[str] = []
        read = True
        for index in range(min(count, FIRST_PAGES)):
            page = document[index]
            layer = page.get_textpage().get_text_range()
            text.append(layer)
            beside = stamps.beside_text(page)
            text += beside.words
            read = read and _enough(layer) and not beside and not stamps.has_red(page)
    except pdfium.PdfiumError:
        return Finding(media_type=PDF, problem="broken")
    joined = "\n".join(text)[:TEXT_LIMIT]
    return Finding(media_type=PDF, pages=count, text=joined, read=read and _ours(joined))


def _docx(path: Path) -> Finding:
    try:
        with zipfile.ZipFile(path) as archive:
            names = set(archive.namelist())
            parts = ["word/document.xml"]
            parts += sorted(n for n in names if re.fullmatch(r"word/(header|footer)\d*\.xml", n))
            lines: list[str] = []
            for part in parts:
                if archive.getinfo(part).file_size > PART_LIMIT:
                    return Finding(media_type=DOCX, problem="broken")
                lines += _lines(archive, part)
            pages = _docx_pages(archive) if "docProps/app.xml" in names else None
    except (
        zipfile.BadZipFile,
        zlib.error,
        ET.ParseError,
        OSError,
        RuntimeError,
        ValueError,
        EOFError,
    ):
        return Finding(media_type=DOCX, problem="broken")
    text = "\n".join(lines)[:TEXT_LIMIT]
    bare = not any(name.startswith("word/media/") for name in names)
    return Finding(media_type=DOCX, pages=pages, text=text, read=_ours(text) and bare)


def _lines(archive: zipfile.ZipFile, part: str) -> list[str]:
    """The texts of the part's first paragraphs (boxes and table cells are paragraphs too)."""
    lines: list[str] = []
    with archive.open(part) as stream:
        if b"<!DOCTYPE" in stream.read(4096):
            raise ValueError("a document type has no place here")
    with archive.open(part) as stream:
        for _, element in ET.iterparse(stream):  # noqa: S314  # no DTD: checked above
            if element.tag == f"{_V}textpath" and element.get("string"):  # WordArt
                lines.append(element.get("string", ""))
            elif element.tag == f"{_W}p":
                text = "".join(
                    node.text or ""
                    if node.tag == f"{_W}t"
                    else "\t"
                    if node.tag == f"{_W}tab"
                    else "\n"
                    if node.tag == f"{_W}br"
                    else ""
                    for node in element.iter()
                )
                lines.append(text)
                if len(lines) >= 150:
                    break
    return lines


def _docx_pages(archive: zipfile.ZipFile) -> int | None:
    data = archive.read("docProps/app.xml")
    found = re.search(rb"<Pages>(\d{1,6})</Pages>", data)
    return int(found.group(1)) or None if found else None


def main() -> None:
    """Look at one file with limits on time and memory; print the finding."""
    resource.setrlimit(resource.RLIMIT_CPU, (50, 55))
    resource.setrlimit(resource.RLIMIT_AS, (2 << 30, 2 << 30))
    json.dump(asdict(look(Path(sys.argv[1]))), sys.stdout)


if __name__ == "__main__":
    main()
