"""Running a version's file through the pipeline and keeping what was found."""

from __future__ import annotations

import logging
import shutil
import tempfile
import time
from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone
from django_scopes import scopes_disabled

from nghitruong.council.councils.roles import Actor
from nghitruong.council.intake import rules
from nghitruong.council.intake.actions.scanner import forget_scanned
from nghitruong.council.intake.models import Intake, IntakeState, PageText
from nghitruong.council.intake.pipeline.report import Report, were_read
from nghitruong.council.intake.pipeline.run import process as run_pipeline
from nghitruong.council.intake.signals import text_ready
from nghitruong.council.papers import secrecy
from nghitruong.council.papers.actions import hide_version, set_pages, show_version
from nghitruong.council.papers.models import Paper, PaperVersion, Secrecy
from nghitruong.platform.audit import api as audit
from nghitruong.platform.files import partial, store
from nghitruong.platform.files.inspection import FIRST_PAGES
from nghitruong.platform.jobs import api as jobs
from nghitruong.platform.jobs.running import is_gone, me
from nghitruong.platform.storage.db import lock_row

logger = logging.getLogger(__name__)

JOB = "intake.process"
SYSTEM = "Hệ thống"
TELL_SECONDS = 1.0  # between two writes of how far it got


def begin(version: PaperVersion) -> Intake:
    """A version has arrived: have its file looked at after the caller's commit. Once."""
    intake, fresh = Intake.objects.get_or_create(
        version=version, defaults={"council_id": version.council_id}
    )
    if fresh:
        jobs.enqueue(JOB, version.pk, council_id=version.council_id)
    return intake


def process(key: str) -> None:
    """The job: look at the file of version ``key``; asked again after it was done, does nothing.

    1. The file's bytes run through the pipeline in a folder of their own. 2. A mark of secrecy read
    from a picture: nothing of the text is kept, the paper is held for a person. 3. Derivatives get
    their place in the store. 4. Rows, audit entry and signal in one transaction.
    """
    version = PaperVersion.objects.select_related("paper").filter(pk=key).first()
    if version is None:
        return
    intake = begin(version)
    if intake.state not in {IntakeState.WAITING, IntakeState.FAILED}:
        return
    path = store.path_of(version.sha256)
    if not path.exists():
        if version.file_name:  # else erased as a secret
            _end(intake, IntakeState.FAILED, problems=["file_missing"])
        return
    root = Path(settings.VAR_DIR) / "intake"
    root.mkdir(parents=True, exist_ok=True, mode=0o700)
    _sweep_folders(root)
    folder = Path(tempfile.mkdtemp(prefix=f"w-{_safe(me())}-", dir=root))
    try:
        report = run_pipeline(
            path,
            folder,
            name=version.file_name,
            trust=settings.TRUST_DIR,
            progress=_teller(key),
        )
        marked = _marked(report)
        if marked is not None and not intake.cleared_by_name:
            _hold(intake, marked)
        else:
            _keep(intake, version, report, folder)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _safe(worker: str) -> str:
    """A worker's name as a part of a path: converters stumble over a colon."""
    return "_".join(worker.rsplit(":", 2))


def _sweep_folders(root: Path) -> None:
    """Remove what killed workers of this machine left behind."""
    for folder in root.glob("w-*"):
        owner = folder.name.removeprefix("w-").rpartition("-")[0]
        if is_gone(":".join(owner.rsplit("_", 2))):
            shutil.rmtree(folder, ignore_errors=True)


class _teller:  # a function with a memory
    """Writes progress at most once a second."""

    def __init__(self, key: str) -> None:
        self.key = key
        self.told = 0.0

    def __call__(self, done: int, total: int, note: str) -> None:
        now = time.monotonic()
        if now - self.told >= TELL_SECONDS:
            self.told = now
            jobs.progress(JOB, self.key, done, total, note)


def _marked(report: Report) -> Secrecy | None:
    """The degree stamped on the first pages; what the office typed was looked at on arrival."""
    first = "\n".join(page.text for page in report.texts[:FIRST_PAGES])
    return secrecy.in_text(first) or secrecy.in_stamp(report.red_text)


def _hold(intake: Intake, degree: Secrecy) -> None:
    with transaction.atomic():
        PageText.objects.filter(version=intake.version_id).delete()
        _end(intake, IntakeState.HELD, degree=degree)
        hide_version(intake.version)
        text_ready.send(sender=Intake, version=intake.version)
        audit.record(
            "intake.hold",
            council_id=intake.council_id,
            actor_id=None,
            actor_name=SYSTEM,
            target=intake,
            payload={"degree": degree.value},
        )


def _end(intake: Intake, state: IntakeState, **changes: object) -> None:
    changes |= {"state": state, "finished_at": timezone.now()}
    Intake.objects.filter(pk=intake.pk).update(**changes)


def _keep(intake: Intake, version: PaperVersion, report: Report, folder: Path) -> None:
    reading, size, pictures = "", 0, ""
    if report.reading:
        reading, size = store.adopt(folder / report.reading)
    if report.thumbnails:
        pictures, _ = store.adopt(folder / report.thumbnails)
    found = report.as_dict()
    with transaction.atomic():
        current = lock_row(PaperVersion.objects.filter(pk=version.pk)).get()
        if not current.file_name:  # erased as a secret while it was being read
            transaction.on_commit(lambda: _shred(reading, pictures))
            return
        PageText.objects.filter(version=version).delete()
        PageText.objects.bulk_create(
            [
                PageText(
                    council_id=version.council_id,
                    version=version,
                    number=page.number,
                    text=page.text,
                    source=page.source,
                    confidence=page.confidence,
                    thumbnail_at=page.thumbnail[0] if page.thumbnail else 0,
                    thumbnail_size=page.thumbnail[1] if page.thumbnail else 0,
                )
                for page in report.texts
            ],
            batch_size=200,
        )
        _end(
            intake,
            IntakeState.DONE,
            kind=report.kind,
            media_type=report.media_type,
            verdict=report.verdict,
            problems=report.problems,
            missing=report.missing,
            text_from=report.text_from,
            encoding=report.encoding,
            pages=report.pages,
            chars=report.chars,
            signatures=found["signatures"],
            reading_sha256=reading,
            reading_size=size,
            thumbnails_sha256=pictures,
            degree="",
            seconds=report.seconds,
        )
        if report.pages and report.pages != version.pages:
            set_pages(version, report.pages)
        audit.record(
            "intake.process",
            council_id=version.council_id,
            actor_id=None,
            actor_name=SYSTEM,
            target=version,
            payload={
                "sha256": version.sha256,
                "verdict": report.verdict,
                "problems": report.problems,
                "pages": report.pages,
                "text_from": report.text_from,
                "reading_sha256": reading,
                "signatures": [one.state for one in report.signatures],
            },
        )
        if were_read(report) or intake.cleared_by_name:
            show_version(current)
        text_ready.send(sender=Intake, version=version)


def keep_prepared(version: PaperVersion, report: Report, folder: Path) -> None:
    """Keep what was found in this very file before (the demo's papers): nothing is left to do."""
    _keep(begin(version), version, report, folder)
    jobs.forget(JOB, version.pk)


def _shred(*digests: str) -> None:
    """Remove what was made of a secret file, unless another file gave the very same."""
    for digest in filter(None, digests):
        with scopes_disabled():
            kept = (
                Intake.objects.filter(
                    Q(reading_sha256=digest) | Q(thumbnails_sha256=digest)
                ).exists()
                or PaperVersion.objects.filter(sha256=digest).exists()
            )
        if not kept:
            partial.shred(store.path_of(digest))


def give_up(key: str, sentence: str) -> None:
    """The job failed for good: say so on the page. What nobody could read waits for a person of
    the office to look at it."""
    logger.error("tệp của bản %s: thôi xử lý: %s", key, sentence)
    with transaction.atomic():
        Intake.objects.filter(version__pk=key, state=IntakeState.WAITING).update(
            state=IntakeState.FAILED, problems=["gave_up"], finished_at=timezone.now()
        )


def retry(intake: Intake, *, by: Actor) -> None:
    """Look at the file again: a converter was installed, a machine had stopped."""
    rules.may_retry(by, intake)
    with transaction.atomic():
        # One that was held meanwhile waits for a person, not for another look.
        again = Intake.objects.filter(
            pk=intake.pk, state__in=[IntakeState.DONE, IntakeState.FAILED, IntakeState.WAITING]
        ).update(state=IntakeState.WAITING)
        if again != 1:
            return
        jobs.enqueue(JOB, intake.version_id, council_id=intake.council_id)
        audit.record("intake.retry", **by.audit(), target=intake.version, payload={})


def clear_hold(intake: Intake, *, by: Actor) -> None:
    """A person looked: there is no mark of secrecy. What was held is processed again; what could
    not be read here is shown as it is."""
    rules.may_clear(by, intake)
    with transaction.atomic():
        mine = Intake.objects.filter(pk=intake.pk)
        cleared = mine.filter(state=IntakeState.HELD).update(
            state=IntakeState.WAITING, cleared_by_name=by.name
        )
        if cleared == 1:
            jobs.enqueue(JOB, intake.version_id, council_id=intake.council_id)
        elif mine.filter(state__in=rules.LOOKED, version__unread=True).update(
            cleared_by_name=by.name
        ):
            show_version(intake.version)
            text_ready.send(sender=Intake, version=intake.version)
        else:
            return  # asked twice: once is enough, in the log too
        audit.record(
            "intake.clear_hold",
            **by.audit(),
            target=intake.version,
            payload={"degree": intake.degree},
        )


def erase_made(paper: Paper, _versions: QuerySet[PaperVersion] | None = None) -> set[str]:
    """Forget everything made from a secret paper's files, and what the scanner called them; returns
    the digests to erase. The scanner's own copies go too."""
    forget_scanned(paper)
    mine = Intake.objects.filter(version__paper=paper)
    made = {
        digest
        for pair in mine.values_list("reading_sha256", "thumbnails_sha256")
        for digest in pair
        if digest
    }
    with scopes_disabled():  # the store is one for all councils of the installation
        others = Intake.objects.exclude(version__paper=paper)
        kept = set(others.filter(reading_sha256__in=made).values_list("reading_sha256", flat=True))
        kept |= set(
            others.filter(thumbnails_sha256__in=made).values_list("thumbnails_sha256", flat=True)
        )
    PageText.objects.filter(version__paper=paper).delete()
    mine.update(
        state=IntakeState.DONE,
        signatures=[],
        problems=[],
        reading_sha256="",
        reading_size=0,
        thumbnails_sha256="",
        chars=0,
    )
    return made - kept
