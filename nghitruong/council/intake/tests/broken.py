"""Broken and hostile files, made in code, the same each time: more than 200.

Run as a module with a folder, it puts each of them through the pipeline with the stages in this
one process (a stage that crashes takes the process down, and the test sees it) and prints a JSON
line per file. LibreOffice and Tesseract are left out: they run apart and are limited there.
"""

from __future__ import annotations

import contextlib
import io
import json
import random
import struct
import sys
import tempfile
import time
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path

from nghitruong.council.papers.tests.samples import make_docx, make_pdf

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def _zip(parts: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in parts.items():
            archive.writestr(name, data)
    return out.getvalue()


def _ole(*names: str) -> bytes:
    return OLE + bytes(512) + b"".join(name.encode("utf-16-le") + b"\0\0" * 8 for name in names)


def _png(width: int, height: int, data: bytes = b"") -> bytes:
    def chunk(kind: bytes, body: bytes) -> bytes:
        return (
            struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
        )

    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", head)
        + chunk(b"IDAT", zlib.compress(data))
        + chunk(b"IEND", b"")
    )


def _encrypted_pdf() -> bytes:
    import pikepdf

    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(make_pdf())) as document:
        document.save(out, encryption=pikepdf.Encryption(owner="a", user="b"))
    return out.getvalue()


def _pdf(body: str) -> bytes:
    return f"%PDF-1.7\n{body}\ntrailer<</Root 1 0 R>>\n".encode()


_ONE = (
    "1 0 obj<</Type/Catalog/Pages 2 0 R{}>>endobj\n2 0 obj<</Type/Pages/Kids[{}]/Count {}>>endobj\n"
)


def named() -> Iterator[tuple[str, bytes, str]]:
    """(name, bytes, the problem it must be refused for; empty: anything but a crash)."""
    types = {"[Content_Types].xml": b"<Types/>"}
    yield "rong.pdf", b"", "empty"
    yield "khong.bin", bytes(5000), "unknown"
    yield "mat-khau.pdf", _encrypted_pdf(), "encrypted"
    yield "mat-khau.docx", _ole("EncryptedPackage", "EncryptionInfo"), "encrypted"
    yield (
        "macro.docm",
        _zip({**types, "word/document.xml": b"<a/>", "word/vbaProject.bin": b"x"}),
        "macro",
    )
    yield "macro.doc", _ole("WordDocument", "Macros", "_VBA_PROJECT"), "macro"
    yield "macro.xls", _ole("Workbook", "_VBA_PROJECT_CUR", "_VBA_PROJECT"), "macro"
    odt = {"mimetype": b"application/vnd.oasis.opendocument.text", "content.xml": b"<a/>"}
    yield "macro.odt", _zip({**odt, "Basic/Standard/Module1.xml": b"x"}), "macro"
    yield "bom.docx", _zip({**types, "word/document.xml": bytes(60 << 20)}), "bomb"
    yield "bom.zip", _zip({f"{n}": b"" for n in range(20_001)}), "bomb"
    yield "bom.png", _png(60_000, 60_000), "bomb"
    yield (
        "ve.svg",
        b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>",
        "script",
    )
    yield "ve2.svg", b"<?xml version='1.0'?>\n<svg onload='alert(1)'/>", "script"
    yield "ve.png", b"\n  <svg onload=alert(1)>", "script"
    yield "trang.html", b"<!DOCTYPE html><script>alert(1)</script>", "script"
    yield "trang.txt", "\ufeff<html><body onload=alert(1)>".encode("utf-16"), "script"
    yield "trang.php", b"text <?php system('id') ?>", "script"
    yield "chay.pdf", b"MZ" + bytes(300), "program"
    yield "chay.docx", b"\x7fELF" + bytes(300), "program"
    yield "lenh.txt", b"#!/bin/sh\nrm -rf /\n", "program"
    yield "nen.zip", _zip({"a.pdf": make_pdf()}), "archive"
    yield "nen.rar", b"Rar!\x1a\x07\x00" + bytes(50), "archive"
    yield "nen.docx", _zip({"../../../etc/passwd": b"x", "word/document.xml": b"<a/>"}), "archive"
    yield "anh.heic", b"\0\0\0\x18ftypheic" + bytes(100), "heic"
    yield "khong-trang.pdf", _pdf(_ONE.format("", "", 0)), "broken"
    yield "hong.pdf", b"%PDF-1.7\nhong het ca", "broken"
    yield "vong.pdf", _pdf(_ONE.format("", "2 0 R", 5)), ""
    yield (
        "vong-xref.pdf",
        b"%PDF-1.7\nxref\n0 1\ntrailer<</Prev 9/Root 1 0 R>>\nstartxref\n9\n%%EOF",
        "broken",
    )
    big = "3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 {0} {0}]>>endobj"
    for number, side in enumerate(("99999999", "-5", "0", "1e30", "0.0001", "abc")):
        yield f"kho-{number}.pdf", _pdf(_ONE.format("", "3 0 R", 1) + big.format(side)), ""
    script = "/OpenAction<</S/JavaScript/JS(app.alert\\(1\\))>>"
    yield "js.pdf", _pdf(_ONE.format(script, "3 0 R", 1) + big.format("200")), ""
    yield "js-mo-dau.pdf", b"<script>alert(1)</script>" + make_pdf(), ""
    yield "anh-gia.jpg", b"\xff\xd8\xff" + bytes(50), "broken"
    yield "anh-gia.tif", b"II*\0\x08\0\0\0" + b"\xff" * 60, "broken"
    yield "anh-gia.gif", b"GIF89a" + b"\xff" * 60, "broken"
    yield "am-thanh.mp3", b"ID3\x03" + bytes(200), ""
    yield "phim.mp4", b"\0\0\0\x18ftypisom" + bytes(200), ""
    yield "chu.rtf", b"{\\rtf1 " + b"{" * 5000, ""


def damaged() -> Iterator[tuple[str, bytes, str]]:
    """Good files cut short, with zeros written over them, or with bytes turned."""
    chance = random.Random(2026)  # the same files each time
    good = {
        "a.pdf": make_pdf("Báo cáo kinh tế - xã hội", pages=3),
        "b.docx": make_docx("Tờ trình", "Về việc thông qua nghị quyết"),
        "c.png": _png(60, 60, bytes(61 * 60)),
    }
    for name, data in good.items():
        stem, _, ending = name.partition(".")
        for number in range(18):
            cut = chance.randrange(1, len(data))
            yield f"{stem}-cut-{number}.{ending}", data[:cut], ""
            at, length = chance.randrange(len(data)), chance.randrange(1, 400)
            zeros = data[:at] + bytes(min(length, len(data) - at)) + data[at + length :]
            yield f"{stem}-zero-{number}.{ending}", zeros, ""
            turned = bytearray(data)
            for _ in range(chance.randrange(1, 60)):
                turned[chance.randrange(len(turned))] = chance.randrange(256)
            yield f"{stem}-turn-{number}.{ending}", bytes(turned), ""
    for number in range(20):
        yield f"nhieu-{number}.pdf", chance.randbytes(chance.randrange(1, 3000)), ""
        yield f"nhieu-{number + 20}.docx", b"PK\x03\x04" + chance.randbytes(500), ""


def every() -> Iterator[tuple[str, bytes, str]]:
    """All of them."""
    yield from named()
    yield from damaged()


def main(folder: str) -> None:
    """Process every file; see the module's own words."""
    from nghitruong.council.intake.pipeline import binding, layer, ocr, office, pictures, run
    from nghitruong.council.intake.pipeline import signatures as signing
    from nghitruong.council.intake.pipeline import stages as pipeline_stages
    from nghitruong.platform.jobs.apart import Done

    stages = {"layer": layer, "pictures": pictures, "binding": binding, "signatures": signing}

    def here(name: str, *arguments: str, on_line=None, **_limits: object) -> Done:
        out = io.StringIO()
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(io.StringIO()):
            code = stages[name].main(arguments)
        for line in out.getvalue().splitlines():
            if on_line is not None:
                on_line(line)
        return Done(code, False, out.getvalue(), "")

    pipeline_stages.stage = here
    office.program = lambda: None  # type: ignore[assignment]
    ocr.available = lambda: False  # type: ignore[assignment]
    root = Path(folder)
    for name, data, expected in every():
        path = root / "file"
        path.write_bytes(data)
        started = time.perf_counter()
        with tempfile.TemporaryDirectory(dir=root) as out:
            report = run.process(path, Path(out), name=name)
            made = sum(item.stat().st_size for item in Path(out).rglob("*") if item.is_file())
        line = {
            "file": name,
            "expected": expected,
            "made": made,
            "took": time.perf_counter() - started,
            **report.as_dict(),
        }
        print(json.dumps(line, ensure_ascii=False), flush=True)


if __name__ == "__main__":
    main(sys.argv[1])
