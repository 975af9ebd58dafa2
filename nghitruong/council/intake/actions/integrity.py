"""Every stored file of the council, read again each night and compared with its SHA-256."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.utils import timezone

from nghitruong.council.intake.models import Intake, IntegrityCheck
from nghitruong.council.papers.models import PaperVersion
from nghitruong.platform.audit import api as audit
from nghitruong.platform.files import store

JOB = "intake.integrity"
KEPT = 60  # checks kept: two months of nights


def check_integrity(_key: str = "") -> IntegrityCheck:
    """The nightly job, in the council's scope: read every file, keep the result, log it.

    A derived file that is missing or damaged is made again; an original never is: the office must
    restore it from the backup.
    """
    started = timezone.now()
    faults: list[dict[str, Any]] = []
    looked: dict[str, str] = {}
    size = 0

    def fault(digest: str) -> str:
        nonlocal size
        if digest not in looked:
            path = store.path_of(digest)
            if not path.exists():
                looked[digest] = "missing"
            else:
                size += path.stat().st_size
                looked[digest] = "" if store.verify(digest) else "damaged"
        return looked[digest]

    versions = PaperVersion.objects.exclude(file_name="").select_related("paper")
    council_id = None
    for version in versions.order_by("pk").iterator(chunk_size=200):
        council_id = version.council_id
        if what := fault(version.sha256):
            faults.append(_fault(version, what, "original"))
    again: list[Intake] = []
    made = Intake.objects.exclude(reading_sha256="", thumbnails_sha256="")
    for intake in made.select_related("version__paper").order_by("pk").iterator(chunk_size=200):
        council_id = intake.council_id
        for digest in (intake.reading_sha256, intake.thumbnails_sha256):
            if digest and (what := fault(digest)):
                faults.append(_fault(intake.version, what, "made"))
                if what == "damaged":
                    store.erase(digest)
                again.append(intake)
    if council_id is None:
        council_id = _council_of(_key)
    with transaction.atomic():
        check = IntegrityCheck(
            council_id=council_id,
            started_at=started,
            finished_at=timezone.now(),
            files=len(looked),
            size=size,
            faults=faults,
        )
        check.save(force_insert=True)
        audit.record(
            "intake.check_integrity",
            council_id=council_id,
            actor_id=None,
            actor_name="Hệ thống",
            target=check,
            payload={"files": check.files, "faults": len(faults)},
        )
        old = IntegrityCheck.objects.order_by("-started_at").values_list("pk", flat=True)[KEPT:]
        IntegrityCheck.objects.filter(pk__in=list(old)).delete()
        _make_again(again)
    return check


def _make_again(intakes: list[Intake]) -> None:
    from nghitruong.council.intake.actions.processing import JOB as PROCESS
    from nghitruong.council.intake.models import IntakeState
    from nghitruong.platform.jobs import api as jobs

    for intake in intakes:
        Intake.objects.filter(pk=intake.pk).update(state=IntakeState.WAITING)
        jobs.enqueue(PROCESS, intake.version_id, council_id=intake.council_id)


def _council_of(key: str) -> Any:
    return key.rpartition(":")[2] or None


def _fault(version: PaperVersion, what: str, part: str) -> dict[str, Any]:
    return {
        "version": str(version.pk),
        "paper": str(version.paper_id),
        "title": version.paper.title,
        "number": version.number,
        "file": version.file_name,
        "what": what,
        "part": part,
    }
