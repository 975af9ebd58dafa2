"""Looking at one file of an import: what it is, its pages' text, whether it is a secret.

The very looks a paper sent alone gets, and a first pass of the intake pipeline for what its head
says: seals put in their places, the first pages of a scan read. The whole is done after the
confirmation, like for every paper.
"""

from __future__ import annotations

import tempfile
from dataclasses import dataclass, field
from pathlib import Path

from django.conf import settings

from nghitruong.council.intake.pipeline.report import were_read
from nghitruong.council.intake.pipeline.run import process
from nghitruong.council.papers import secrecy
from nghitruong.council.papers.models import Secrecy
from nghitruong.council.papers.rules import PROBLEMS
from nghitruong.platform.files import inspection, sniff

OCR_PAGES = inspection.FIRST_PAGES  # a mark may stand on any of them


@dataclass(frozen=True)
class Look:
    """``refused`` is a code with its ``sentence``; ``degree`` a mark of secrecy that was found
    in the ``found_in`` (text, name, folder)."""

    media_type: str = ""
    pages: int | None = None
    texts: list[str] = field(default_factory=list)
    refused: str = ""
    sentence: str = ""
    degree: Secrecy | None = None
    found_in: str = "text"
    wrong_ending: bool = False
    seen: bool = False  # what stands on the first pages is in ``texts``


def look(path: Path, name: str, folder: str = "") -> Look:
    """Look at the file at ``path``; never raises for what is in it."""
    if (degree := secrecy.in_name(name)) is not None:
        return Look(degree=degree, found_in="name")
    for part in folder.split("/"):
        if (degree := secrecy.in_name(part)) is not None:
            return Look(degree=degree, found_in="folder")
    finding = inspection.inspect(path)
    degree = secrecy.in_text(finding.text)
    if degree is not None:
        return Look(degree=degree)
    problem = finding.problem
    if finding.media_type == "text/plain" and not name.lower().endswith((".txt", ".text")):
        problem = problem or "unknown"  # what claims to be a PDF and is only writing
    if problem:
        return Look(media_type=finding.media_type, refused=problem, sentence=str(PROBLEMS[problem]))
    texts, pages, red, seen = [finding.text], finding.pages, "", finding.read
    if finding.media_type not in (inspection.DOCX, "text/plain"):
        work = Path(settings.UPLOADS_DIR)
        with tempfile.TemporaryDirectory(dir=work, prefix="look-") as out:
            report = process(path, Path(out), name=name, quick=OCR_PAGES)
        texts, red = [page.text for page in report.texts], report.red_text
        pages = report.pages or pages
        seen = seen or were_read(report)
    found = [secrecy.in_text(text) for text in texts[: inspection.FIRST_PAGES]]
    for degree in (*found, secrecy.in_stamp(red)):
        if degree is not None:
            return Look(degree=degree)
    return Look(
        media_type=finding.media_type,
        pages=pages,
        texts=texts,
        seen=seen,
        wrong_ending=sniff.wrong_ending(name, finding.media_type),
    )
