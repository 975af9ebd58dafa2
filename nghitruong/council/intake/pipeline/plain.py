"""The words of a file that needs no program to give them: plain text, and the inside of a .docx."""

from __future__ import annotations

import re
import unicodedata
import zipfile
import zlib
from pathlib import Path

from nghitruong.council.intake.pipeline import legacy
from nghitruong.council.intake.pipeline.report import Report
from nghitruong.council.intake.pipeline.wording import clean


def plain(path: Path, report: Report) -> str:
    """The writing of a plain text file in any of the encodings of this country."""
    data = path.read_bytes()[: 20 << 20]
    for encoding in (
        ("utf-8-sig", "utf-16") if data[:2] in {b"\xff\xfe", b"\xfe\xff"} else ("utf-8-sig",)
    ):
        try:
            return data.decode(encoding)
        except UnicodeError:
            continue
    latin = data.decode("cp1258", "replace")
    old = data.decode("latin-1")
    found = legacy.detect(old)
    if found:
        report.add("old_encoding")
        report.encoding = found
        return legacy.convert(old, found)
    return unicodedata.normalize("NFC", latin)


def bare_docx(path: Path) -> str | None:
    """The words of a Word file, without its pages; None: not even those."""
    try:
        with zipfile.ZipFile(path) as archive:
            info = archive.getinfo("word/document.xml")
            if info.file_size > 50 << 20:
                return None
            xml = archive.read(info).decode("utf-8", "replace")
    except (OSError, KeyError, ValueError, EOFError, RuntimeError, zipfile.BadZipFile, zlib.error):
        return None
    xml = re.sub(r"</w:p>|<w:br\b[^>]*>", "\n", xml)
    xml = re.sub(r"<w:tab\b[^>]*/>", "\t", xml)
    text = re.sub(r"<[^>]+>", "", xml)
    for entity, char in (("&lt;", "<"), ("&gt;", ">"), ("&quot;", '"'), ("&amp;", "&")):
        text = text.replace(entity, char)
    return clean(text)


def has_pictures(path: Path) -> bool:
    """Whether a Word file holds pictures; one that cannot be opened may."""
    try:
        with zipfile.ZipFile(path) as archive:
            return any(name.startswith("word/media/") for name in archive.namelist())
    except (OSError, zipfile.BadZipFile):
        return True
