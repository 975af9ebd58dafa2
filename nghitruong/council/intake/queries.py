"""Reading what was found. The caller has fetched the version through ``papers.queries``."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from typing import Any

from django.db.models import OuterRef, Q, QuerySet, Subquery
from django.urls import reverse
from django.utils.translation import gettext_noop

from nghitruong.council.councils.roles import Actor
from nghitruong.council.intake import rules
from nghitruong.council.intake.actions import processing, scanner
from nghitruong.council.intake.models import (
    Intake,
    IntakeState,
    IntegrityCheck,
    PageText,
    ScannedFile,
    ScannerFolder,
)
from nghitruong.council.intake.pipeline.problems import PROBLEMS
from nghitruong.council.papers.extension import ReadingCopy
from nghitruong.council.papers.models import Paper, PaperVersion
from nghitruong.council.papers.rules import can_manage
from nghitruong.platform.files import store
from nghitruong.platform.files.sniff import PDF
from nghitruong.platform.jobs import api as jobs
from nghitruong.platform.jobs.models import Job


def intake_of(version: PaperVersion) -> Intake | None:
    """What became of the file; None when nobody has looked yet."""
    return Intake.objects.filter(version=version).first()


def pages_of(version: PaperVersion) -> list[str]:
    """The text of each page, in order; empty when there is none (yet)."""
    return list(
        PageText.objects.filter(version=version).order_by("number").values_list("text", flat=True)
    )


def numbered_pages(version: PaperVersion) -> dict[int, str]:
    """The text of each page that was read, by its number from 1."""
    return dict(PageText.objects.filter(version=version).values_list("number", "text"))


def text_of(version: PaperVersion) -> str:
    """The whole text, pages apart by a form feed."""
    return "\f".join(pages_of(version))


def page_of(version: PaperVersion, number: int) -> PageText | None:
    """One page."""
    return PageText.objects.filter(version=version, number=number).first()


def first_page(
    actor: Actor, paper: Paper, version: PaperVersion, packet: list[Paper]
) -> dict[str, str]:
    """For the reading page: the address of the picture of page 1, which is seen while the file is
    still coming; nothing where there is none."""
    drawn = PageText.objects.filter(version=version, number=1, thumbnail_size__gt=0)
    if not drawn.exists():
        return {}
    where = [actor.council.slug, paper.pk, version.number, 1]
    return {"picture": reverse("intake:thumbnail", args=where)}


def reading_copy(version: PaperVersion) -> ReadingCopy | None:
    """The PDF made for reading, where the file itself is not the best one."""
    return copy_of(version, intake_of(version))


def copy_of(version: PaperVersion, intake: Intake | None) -> ReadingCopy | None:
    """The same when the row is at hand. A lost copy is made again in the night; until then a PDF is
    read as it came, which has the same pages."""
    if intake is None or not intake.reading_sha256:
        return None
    if version.media_type == PDF and not store.path_of(intake.reading_sha256).exists():
        return None
    return ReadingCopy(intake.reading_sha256, PDF, intake.reading_size)


def progress_of(intake: Intake) -> Job | None:
    """How far the work on it is."""
    return jobs.progress_of(processing.JOB, [intake.version_id]).get(str(intake.version_id))


def list_columns() -> dict[str, Any]:
    """For lists of papers: ``intake_state``, ``intake_text_from``, ``intake_verdict`` of the newest
    version; None where nobody has looked yet."""
    newest = Intake.objects.filter(version__paper=OuterRef("pk")).order_by("-version__number")
    return {
        f"intake_{name}": Subquery(newest.values(name)[:1])
        for name in ("state", "text_from", "verdict")
    }


def sentences(intake: Intake) -> list[str]:
    """The remarks in words (msgids)."""
    more = {
        "file_missing": gettext_noop("Tệp gốc không còn trong kho. Hãy khôi phục từ bản sao lưu."),
        "gave_up": gettext_noop(
            "Máy chủ thử nhiều lần mà không xử lý xong. Tệp gốc vẫn tải về được."
        ),
    }
    return [
        more.get(code) or PROBLEMS[code].sentence
        for code in intake.problems
        if code in more or code in PROBLEMS
    ]


def panels(actor: Actor, versions: Sequence[PaperVersion]) -> dict[Any, dict[str, Any]]:
    """What the office's page shows under each version."""
    found = Intake.objects.select_related("version").filter(version__in=versions)
    places = {version.pk: (version.paper_id, version.number) for version in versions}
    running = jobs.progress_of(processing.JOB, [version.pk for version in versions])
    return {
        intake.version_id: {
            "template": "intake/panel.html",
            "url": reverse("intake:state", args=[actor.council.slug, paper_id, number]),
            "intake": intake,
            "job": running.get(str(intake.version_id)),
            "sentences": sentences(intake),
            "needs_eyes": rules.needs_eyes(intake),
            "to_say": intake.version.unread
            or intake.state != IntakeState.DONE
            or intake.verdict != "accepted",
            "can_manage": can_manage(actor),
        }
        for intake in found
        for paper_id, number in [places[intake.version_id]]
    }


# For the sweeper: outside any scope ---------------------------------------------------------------


def versions_waiting() -> list[tuple[uuid.UUID, uuid.UUID]]:
    """(version, council) of every file nobody has looked at yet."""
    waiting = PaperVersion.objects.exclude(file_name="").filter(
        Q(intake__isnull=True) | Q(intake__state=IntakeState.WAITING)
    )
    return list(waiting.order_by("pk").values_list("pk", "council_id"))


def scanners_with_files() -> list[tuple[uuid.UUID, uuid.UUID]]:
    """(council, council) of every watched folder with a file that is ready, or in trouble: the
    trouble may be over."""
    on = ScannerFolder.objects.filter(enabled=True).select_related("council")
    return [
        (setting.council_id, setting.council_id)
        for setting in on
        if setting.trouble
        or scanner.ready_files(scanner.folder_of(setting.council))
        or not scanner.folder_of(setting.council).is_dir()
    ]


# For the office -----------------------------------------------------------------------------------


def scanner_of(actor: Actor) -> ScannerFolder | None:
    """This council's setting."""
    return ScannerFolder.objects.filter(council=actor.council).select_related("clerk").first()


def scanned_files(actor: Actor) -> QuerySet[ScannedFile]:
    """What came in by the scanner's folder, newest first."""
    files: QuerySet[ScannedFile] = ScannedFile.objects.filter(council=actor.council)
    return files.select_related("paper").order_by("-found_at")


def last_check(actor: Actor) -> IntegrityCheck | None:
    """The newest walk over the stored files."""
    checks = IntegrityCheck.objects.filter(council=actor.council)
    return checks.order_by("-started_at").first()


def troubled(actor: Actor) -> QuerySet[Intake]:
    """Files that are not wholly processed, newest first."""
    rows: QuerySet[Intake] = Intake.objects.filter(council=actor.council)
    return (
        rows.exclude(state=IntakeState.DONE, verdict="accepted")
        .exclude(version__file_name="")
        .select_related("version__paper")
        .order_by("-version__uploaded_at")
    )
