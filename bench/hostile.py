"""More than 200 broken and hostile files in one zip, through the whole way: sent, unpacked, looked
at, confirmed, processed in the background, stored, given out.

* ``rows``: each file has its row, taken or refused with a sentence; nothing fell over;
* ``evil_taken``: none of those known to be evil is a paper whose content the server vouches for;
* ``jobs_left``: no job waits, runs, was tried twice or gave up; ``slowest_s``: none hangs;
* ``litter``: no working file is left; ``scripts``: nothing is given out as what a browser runs.

``python -m bench.hostile [postgresql]``; its exit status tells.
"""

from __future__ import annotations

import io
import os
import sys
import time
import zipfile
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from bench._installation import ENGINES, on_engines, prepare, show

TRICKS = (
    "../../../etc/cron.d/lenh.pdf",
    "C:\\Windows\\system32\\a.pdf",
    "bao-cao\u202efdp.pdf",
    "<img src=x onerror=alert(1)>.pdf",
    "a\x1b[2J.pdf",
    "…/.htaccess.pdf",
    "x" * 300 + ".pdf",
)
RUNS = ("html", "svg", "javascript", "xml", "php", "x-sh")  # in the type of an answer


def files() -> dict[str, tuple[bytes, str]]:
    """name → (bytes, what is wrong with it when that is known)."""
    from nghitruong.council.intake.tests import broken
    from nghitruong.council.papers.tests.samples import make_pdf

    found = {name: (data, expected) for name, data, expected in broken.every()}
    found["5000-trang.pdf"] = (make_pdf("Báo cáo kinh tế xã hội của tỉnh", pages=5000), "")
    found |= {name: (make_pdf(f"Báo cáo số {n}"), "") for n, name in enumerate(TRICKS)}
    return found


def packed(sent: dict[str, tuple[bytes, str]]) -> bytes:
    """All of them in one zip; what would unfold beyond measure is stored as it is."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, (data, _expected) in sent.items():
            archive.writestr(name, data)
    return out.getvalue()


def run_jobs() -> None:
    """Everything due, one after another as a worker does it; what fails is put back or given up."""
    from django.utils import timezone

    from nghitruong.platform.jobs import running
    from nghitruong.platform.jobs.models import Job, JobState

    while job := Job.objects.filter(state=JobState.QUEUED, due_at__lte=timezone.now()).first():
        running.run(job.name, job.key)


def taken_in(world: Any, data: bytes) -> tuple[float, float]:
    """Send the zip, have it looked at, confirm all that was not refused: (seconds of the looking,
    seconds of what follows in the background)."""
    from django_scopes import scope

    from nghitruong.council.binder import actions as binder
    from nghitruong.council.binder.models import ImportFile
    from nghitruong.council.binder.sessions import sessions
    from nghitruong.council.papers import actions as papers

    with scope(council=world.council.pk):
        session = sessions().by_id(world.sitting.session_id)
        assert session is not None
        batch = binder.start_import(session, by=world.clerk)
        upload = papers.start_upload(
            by=world.clerk,
            length=len(data),
            file_name="tat-ca.zip",
            about={"into": f"binder:{batch.pk}"},
        )
        upload, _cut = papers.receive_bytes(upload, io.BytesIO(data), offset=0, by=world.clerk)
        papers.finish_upload(upload, by=world.clerk)
    started = time.perf_counter()
    run_jobs()
    opened = time.perf_counter() - started
    with scope(council=world.council.pk):
        rows = ImportFile.objects.filter(batch=batch, refused="")
        named = {
            row.pk: {"kind": row.kind or "report", "title": row.title or f"Tệp {row.place}"}
            for row in rows
        }
        binder.edit_files(batch, named, by=world.clerk)
        binder.confirm_import(batch, by=world.clerk)
    started = time.perf_counter()
    run_jobs()
    return opened, time.perf_counter() - started


def given_out(slug: str, cookie: str, versions: Iterable[Any]) -> tuple[Counter[str], list[str]]:
    """(statuses of the answers, names of what a browser would run)."""
    from django.test import Client

    client = Client(SERVER_NAME="127.0.0.1")
    name, _, value = cookie.partition("=")
    client.cookies[name] = value
    scripts, given = [], Counter[str]()
    for version in versions:
        path = f"/{slug}/tai-lieu/{version.paper_id}/ban/{version.number}/tep"
        for query in ("", "?doc"):
            answer = client.get(path + query)
            given[str(answer.status_code)] += 1
            if answer.status_code != 200:
                continue
            shown = not answer["Content-Disposition"].startswith("attachment")
            runs = any(word in answer["Content-Type"] for word in RUNS)
            if answer.get("X-Content-Type-Options") != "nosniff" or (runs and shown):
                scripts.append(version.file_name)
            answer.close()
    return given, scripts


def judged(engine: str, world: Any, sent: dict[str, tuple[bytes, str]], **took: float) -> None:
    """What became of all of them, from the rows and the folders."""
    from django.conf import settings
    from django_scopes import scope

    from bench import _world
    from nghitruong.council.binder.actions.receiving import staging
    from nghitruong.council.binder.models import Arrival, ImportFile
    from nghitruong.council.intake.models import Intake
    from nghitruong.council.papers.models import PaperVersion
    from nghitruong.platform.files import partial
    from nghitruong.platform.jobs.models import Job, JobState

    left = Job.objects.exclude(state=JobState.DONE, attempts__lte=1)
    with scope(council=world.council.pk):
        arrival = Arrival.objects.get()
        rows = list(ImportFile.objects.select_related("paper"))
        vouched = set(
            Intake.objects.exclude(verdict="refused").values_list("version__paper_id", flat=True)
        )
        seconds = list(Intake.objects.values_list("seconds", flat=True))
        versions = list(PaperVersion.objects.filter(paper__import_file__isnull=False))
        given, scripts = given_out(world.slug, _world.login(world.clerk), versions)
    evil = {name for name, (_data, expected) in sent.items() if expected}
    taken = sorted(r.file_name for r in rows if r.file_name in evil and r.paper_id in vouched)
    litter = [
        path.name
        for folder in (staging(), partial.root(), Path(settings.VAR_DIR) / "intake")
        for path in (folder.iterdir() if folder.exists() else ())
        if path != staging()
    ]
    show(
        at_least={"files": 200, "rows": len(sent)},
        at_most={"evil_taken": 0, "jobs_left": 0, "slowest_s": 120, "litter": 0, "scripts": 0},
        true=("opened_whole",),
        name="hostile",
        engine=engine,
        files=len(sent),
        rows=len(rows),
        opened_whole=arrival.state == "done",
        refused=dict(Counter(row.refused for row in rows if row.refused)),
        papers=len(versions),
        evil_taken=len(taken),
        taken=taken,
        jobs_left=left.count(),
        left=[f"{job.name} {job.state} {job.attempts} {job.error[:80]}" for job in left[:5]],
        slowest_s=max((one for one in seconds if one is not None), default=None),
        litter=len(litter),
        scripts=len(scripts),
        given=dict(given),
        **took,
    )


def case(engine: str) -> None:
    """The whole way."""
    from bench import _world

    world = _world.build(12)
    sent = files()
    opened, processed = taken_in(world, packed(sent))
    judged(engine, world, sent, open_s=opened, process_s=processed)


def cases(engine: str) -> None:
    """The case on one engine."""
    prepare()
    case(engine)


if __name__ == "__main__":
    os.environ.setdefault("NGHITRUONG_LOG_LEVEL", "ERROR")
    wanted = tuple(name for name in ENGINES if name in sys.argv[1:]) or ("sqlite",)
    sys.exit(on_engines("bench.hostile", cases, engines=wanted))
