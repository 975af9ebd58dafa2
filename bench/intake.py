"""The real papers through the intake: is what it says of them true?

22 files of the data folder, each exactly once, two at a time (``make intake-report`` one by one):

* ``taken``: every one is accepted (all are genuine; the Word file under a wrong ending too);
* ``numbers``: the number proposed is the paper's own, of the 19 that have one;
* ``issuers``, ``dates``: proposed and right;
* ``wrong_percent``: characters of the twin in another format whose words were not read in place,
  the worst of the pairs;
* ``found``: words of their titles stand in what was read of scans and of the broken font.

``python -m bench.intake`` (the data folder is NGHITRUONG_DATA); its exit status tells.
"""

from __future__ import annotations

import csv
import os
import re
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from bench._installation import show, status
from nghitruong.lib.text import fold, nfc

DATA = Path(os.environ.get("NGHITRUONG_DATA", "../shared/data")) / "documents"
# (what was read, whose words must all be in it)
TWINS = (
    ("congbao-luat-55-2024-pccc.pdf", "luat-55-2024-qh15.docx"),
    ("luat-19-2023-qh15.doc", "luat-19-2023-qh15.docx"),
    ("luat-19-2023-qh15.docx", "luat-19-2023-qh15.doc"),
)
# Of papers that are pictures, or whose letters are not what they look like.
FIND = {
    "hdnd-hanoi-nq-12-2025.pdf": ("hoi dong nhan dan", "tai san cong"),
    "bca-tt-53-2025.pdf": ("bo cong an", "luat cu tru"),
    "qh-luat-40-2013-pccc.pdf": ("quoc hoi", "phong chay va chua chay"),
    "cp-nd-47-2020-broken-font.pdf": ("nghi dinh", "chia se du lieu so"),
}
# The issuer as the manifest calls it → what the proposal must hold, folded.
ISSUERS = {
    "UBND TP Hà Nội": "uy ban nhan dan thanh pho ha noi",
    "HĐND TP Hà Nội": "hoi dong nhan dan thanh pho ha noi",
    "HĐND huyện Tuần Giáo": "tuan giao",
    "Đoàn giám sát HĐND tỉnh Bình Dương": "binh duong",
    "Quốc hội / Công báo 1535+1536": "quoc hoi",
    "Chủ tịch Chính phủ lâm thời VNDCCH": "chu tich",
    "Thủ tướng": "thu tuong",
}
# As printed on the papers themselves (or in the appearance of their signature).
DATES = {
    "luat-72-2025-qh15.docx": "2025-06-16",
    "luat-83-2025-qh15.docx": "2025-06-24",
    "luat-87-2025-qh15.docx": "2025-06-25",
    "luat-55-2024-qh15.docx": "2024-11-29",
    "congbao-luat-55-2024-pccc.pdf": "2024-11-29",
    "luat-19-2023-qh15.docx": "2023-06-20",
    "luat-19-2023-qh15.doc": "2023-06-20",
    "luat-27-2001-pccc.WRONG-EXTENSION.docx": "2001-06-29",
    "qh-luat-40-2013-pccc.pdf": "2013-11-22",
    "cp-nd-47-2020-broken-font.pdf": "2020-04-09",
}
AROUND = 5  # words


def words(text: str) -> list[str]:
    """Letters and figures, without their case: typography is no error."""
    return re.findall(r"\w+", nfc(text).lower())


def wrong_share(read: str, twin: str) -> float:
    """The share of the twin's characters in words that were not read: no run of five words around
    them stands in ``read``."""
    have, want = words(read), words(twin)
    runs = {tuple(have[at : at + AROUND]) for at in range(len(have) - AROUND + 1)}
    right = [False] * len(want)
    for at in range(len(want) - AROUND + 1):
        if tuple(want[at : at + AROUND]) in runs:
            right[at : at + AROUND] = [True] * AROUND
    wrong = sum(len(word) for word, good in zip(want, right, strict=True) if not good)
    return wrong / max(1, sum(map(len, want)))


def main() -> int:
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "nghitruong.config.settings")
    django.setup()
    from nghitruong.config.management.commands.intake_report import Command

    with (DATA / "manifest.csv").open(encoding="utf-8", newline="") as table:
        manifest = {row["file"]: row for row in csv.DictReader(table)}
    started = time.perf_counter()
    with tempfile.TemporaryDirectory(prefix="nt-bench-") as folder, ThreadPoolExecutor(2) as pool:
        texts = Path(folder)

        def report(name: str) -> dict[str, Any]:
            return Command.report(DATA / name, name, texts)

        lines = dict(zip(manifest, pool.map(report, manifest), strict=True))
        read = {name: (texts / f"{name}.txt").read_text() for name in manifest}
    seconds = time.perf_counter() - started
    numbered = {name for name, row in manifest.items() if row["number"]}
    wrong_numbers = {
        name: lines[name]["number"]
        for name in numbered
        if lines[name]["number"] != manifest[name]["number"]
    }
    issuers = {
        name: fold(ISSUERS.get(row["issuer"], row["issuer"])) in fold(lines[name]["issuer"])
        for name, row in manifest.items()
    }
    show(
        at_least={
            "files": 22,
            "taken": len(manifest),
            "numbers": 18,
            "issuers": 16,
            "dates": 16,
            "dates_right": len(DATES) - 1,
            "found": len(FIND),
        },
        at_most={"wrong_percent": 1.0},
        name="intake",
        files=len(manifest),
        taken=sum(line["verdict"] != "refused" for line in lines.values()),
        numbered=len(numbered),
        numbers=len(numbered) - len(wrong_numbers),
        issuers=sum(issuers.values()),
        dates=sum(bool(line["date"]) for line in lines.values()),
        dates_right=sum(lines[name]["date"] == day for name, day in DATES.items()),
        wrong_percent=100 * max(wrong_share(read[one], read[other]) for one, other in TWINS),
        found=sum(
            all(word in fold(" ".join(read[name].split())) for word in wanted)
            for name, wanted in FIND.items()
        ),
        wrong_numbers=wrong_numbers,
        wrong_issuers={name: lines[name]["issuer"] for name, good in issuers.items() if not good},
        seconds=seconds,
    )
    return status()


if __name__ == "__main__":
    sys.exit(main())
