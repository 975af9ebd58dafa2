"""A zip like the one an office sends before a session: so many papers, so many megabytes, the same
bytes each time. Real law in the text, a letterhead to read number and date from, pictures in the
annexes; every tenth paper is a scan, a picture of its pages and nothing else.
"""

from __future__ import annotations

import hashlib
import io
import os
import random
import zipfile
from functools import lru_cache
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont
from reportlab import rl_config
from reportlab.lib.pagesizes import A4
from reportlab.lib.utils import ImageReader
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

from nghitruong.council.binder import fonts

DATA = Path(os.environ.get("NGHITRUONG_DATA", "../shared/data"))
KINDS = (
    ("BC", "BÁO CÁO", "Kết quả thực hiện nhiệm vụ phát triển kinh tế - xã hội"),
    ("TTr", "TỜ TRÌNH", "Về việc phân bổ dự toán ngân sách địa phương"),
    ("BC", "BÁO CÁO THẨM TRA", "Thẩm tra dự thảo nghị quyết về dự toán ngân sách"),
    ("TB", "THÔNG BÁO", "Về nội dung, chương trình kỳ họp"),
)
SCAN_EVERY, SCAN_PAGES, TEXT_PAGES, PICTURES = 10, 4, 8, 3
LINES, WIDE, HIGH = 44, 1240, 1754  # lines of a page; a page of 150 dpi


def _lines() -> list[str]:
    """The lines of real laws, wrapped."""
    texts = sorted((DATA / "rules").glob("*.txt"))
    if not texts:
        raise SystemExit(f"Không có văn bản trong {DATA / 'rules'}; đặt NGHITRUONG_DATA")
    found = []
    for path in texts:
        for line in path.read_text(encoding="utf-8").splitlines():
            while line.strip():
                cut = line[:88].rfind(" ") if len(line) > 88 else len(line)
                found.append(line[: max(cut, 1)].strip())
                line = line[max(cut, 1) :]
    return found


def _head(number: int) -> list[str]:
    sign, kind, subject = KINDS[number % len(KINDS)]
    return [
        "ỦY BAN NHÂN DÂN",
        "TỈNH LÀO CAI",
        f"Số: {100 + number}/{sign}-UBND",
        "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
        "Độc lập - Tự do - Hạnh phúc",
        f"Lào Cai, ngày {1 + number % 28:02d} tháng 11 năm 2026",
        kind,
        f"{subject}, phần thứ {number + 1}",
        "Căn cứ Luật Tổ chức chính quyền địa phương;",
    ]


def _noise(chance: random.Random, high: int) -> io.BytesIO:
    image = Image.frombytes("L", (1200, high), chance.randbytes(1200 * high))
    out = io.BytesIO()
    image.save(out, "JPEG", quality=90)
    out.seek(0)
    return out


@lru_cache(maxsize=1)
def _row_bytes() -> float:
    """What a row of noise weighs as JPEG."""
    return len(_noise(random.Random(0), 400).getvalue()) / 400


def _picture(chance: random.Random, size: int) -> ImageReader:
    """A photograph's worth of bytes: noise does not pack."""
    return ImageReader(_noise(chance, max(16, round(size / _row_bytes()))))


def _typed(number: int, lines: list[str], size: int) -> bytes:
    """A paper with text, and pictures in its annex that make up its size."""
    chance = random.Random(number)
    out = io.BytesIO()
    canvas = Canvas(out, pagesize=A4, invariant=1)

    def page(rows: list[str], top: float = 780) -> None:
        canvas.setFont("Text", 11)
        for at, row in enumerate(rows):
            canvas.drawString(60, top - at * 16, row)

    start = number * TEXT_PAGES * LINES % (len(lines) - TEXT_PAGES * LINES)
    for at in range(TEXT_PAGES):
        rows = lines[start + at * LINES : start + (at + 1) * LINES]
        page([*_head(number), *rows[: LINES - 9]] if at == 0 else rows)
        canvas.showPage()
    for at in range(PICTURES):
        page([f"Hình {at + 1}. Hiện trạng công trình, kèm theo báo cáo của Ủy ban nhân dân tỉnh"])
        canvas.drawImage(_picture(chance, size // PICTURES), 60, 380, width=470, height=360)
        canvas.showPage()
    canvas.save()
    return out.getvalue()


def _scanned(number: int, lines: list[str], size: int) -> bytes:
    """Pictures of pages, with the grain of a scanner."""
    chance = random.Random(number)
    face = ImageFont.truetype(str(fonts.find()[0]), 24)
    pages = []
    for at in range(SCAN_PAGES):
        start = (number * 7 + at) * LINES % (len(lines) - LINES)
        rows = [*(_head(number) if at == 0 else []), *lines[start : start + LINES - 9]]
        sheet = Image.new("L", (WIDE, HIGH), 255)
        draw = ImageDraw.Draw(sheet)
        for row, text in enumerate(rows):
            draw.text((110, 110 + row * 36), text, font=face, fill=20)
        grain = Image.frombytes("L", (WIDE, HIGH), chance.randbytes(WIDE * HIGH))
        pages.append(Image.blend(sheet, grain, 0.12))
    # The quality that gives the size wanted: scanners differ, too.
    out = io.BytesIO()
    for quality in (98, 95, 90):
        out = io.BytesIO()
        canvas = Canvas(out, pagesize=A4, invariant=1)
        for sheet in pages:
            packed = io.BytesIO()
            sheet.save(packed, "JPEG", quality=quality)
            canvas.drawImage(ImageReader(packed), 0, 0, width=A4[0], height=A4[1])
            canvas.showPage()
        canvas.save()
        if out.tell() <= size * 1.2:
            break
    return out.getvalue()


def make_zip(path: Path, papers: int, size: int) -> set[str]:
    """Write the zip of ``papers`` papers and about ``size`` bytes; returns their SHA-256."""
    regular, _bold = fonts.find()
    rl_config.useA85 = 0  # pictures as they are, as every scanner writes them
    pdfmetrics.registerFont(TTFont("Text", str(regular)))
    lines = _lines()
    digests = set()
    left = size
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for number in range(papers):
            scan = number % SCAN_EVERY == SCAN_EVERY - 1
            # What scans weigh more or less the next typed papers make up for.
            data = (_scanned if scan else _typed)(number, lines, left // (papers - number))
            left -= len(data)
            digests.add(hashlib.sha256(data).hexdigest())
            sign = KINDS[number % len(KINDS)][0]
            name = f"{number // 20 + 1:02d}. Phan {number // 20 + 1}/{100 + number}-{sign}-UBND.pdf"
            stamp = zipfile.ZipInfo(name, (2026, 11, 20, 8, 0, 0))
            stamp.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(stamp, data)
    return digests
