"""What the intake found in the demo's papers, kept beside them: pages' words, the copy to read,
small pictures. Reading them anew takes two processors minutes (OCR), while somebody who has just
installed the demo wants to look at it. Made by the pipeline itself: ``docs/make/demo_reading.py``.
"""

from __future__ import annotations

import json
import tempfile
import zipfile
from dataclasses import asdict
from pathlib import Path
from typing import Final

from django_scopes import scope

from nghitruong.council.councils.models import Council
from nghitruong.council.intake.actions import keep_prepared
from nghitruong.council.intake.pipeline.report import Page, Report, Signature
from nghitruong.council.papers.models import PaperVersion

PREPARED: Final = Path(__file__).parent / "data" / "read.zip"
MADE: Final = ("reading", "thumbnails")


def pack(archive: zipfile.ZipFile, sha256: str, report: Report, folder: Path) -> None:
    """Add what was found in one file; the same findings give the same bytes."""
    told = asdict(report)
    files = {"report.json": json.dumps(told, ensure_ascii=False, indent=1).encode()}
    for name in MADE:
        if told[name]:
            files[told[name]] = (folder / told[name]).read_bytes()
    for name, data in files.items():
        info = zipfile.ZipInfo(f"{sha256}/{name}", date_time=(2026, 11, 22, 0, 0, 0))
        info.compress_type = zipfile.ZIP_DEFLATED
        info.external_attr = 0o644 << 16
        archive.writestr(info, data)


def unpack(archive: zipfile.ZipFile, sha256: str, folder: Path) -> Report:
    """The findings about a file; its derivatives are put into ``folder``."""
    told = json.loads(archive.read(f"{sha256}/report.json"))
    told["texts"] = [Page(**page) for page in told["texts"]]
    told["signatures"] = [Signature(**one) for one in told["signatures"]]
    report = Report(**told)
    for name in filter(None, (report.reading, report.thumbnails)):
        (folder / name).write_bytes(archive.read(f"{sha256}/{name}"))
    return report


def keep_all(council: Council) -> int:
    """Give every paper of the demo's council what was found in it; returns how many got theirs.

    A file that is not in the collection is left to the background, like any other.
    """
    kept = 0
    with scope(council=council.pk), zipfile.ZipFile(PREPARED) as archive:
        known = {name.partition("/")[0] for name in archive.namelist()}
        for version in PaperVersion.objects.filter(sha256__in=known).order_by("pk"):
            with tempfile.TemporaryDirectory() as folder:
                report = unpack(archive, version.sha256, Path(folder))
                keep_prepared(version, report, Path(folder))
            kept += 1
    return kept
