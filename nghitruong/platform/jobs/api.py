"""What apps use: register a function, enqueue a key, tell progress.

jobs.register("intake.process", process, lane=jobs.Lane.HEAVY)  # in AppConfig.ready
jobs.register_sweeper("intake.process", not_yet_processed)    # the app's own column is the truth
jobs.enqueue("intake.process", version.pk, council_id=...)    # in an action, inside its transaction
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from nghitruong.platform.jobs import bell
from nghitruong.platform.jobs.bell import Lane as Lane
from nghitruong.platform.jobs.models import Job, JobState

Function = Callable[[str], object]
Due = Callable[[], Iterable[tuple[Any, uuid.UUID | None]]]
Failed = Callable[[str, str], object]


@dataclass(frozen=True)
class Kind:
    """A kind of work; ``lane`` is the queue it waits in. ``tries`` counts crashes too; None: it is
    never given up, but tried at the longest pause until it is done. ``failed(key, sentence)`` is
    called once, in the council's scope, when the last try failed; ``sentence`` is for people."""

    name: str
    function: Function
    lane: Lane
    tries: int | None
    failed: Failed | None


@dataclass(frozen=True)
class Daily:
    """Work done once a day for each council that ``councils`` yields, after ``hour`` o'clock; None
    is the installation as a whole, outside any council's scope."""

    name: str
    hour: int
    councils: Callable[[], Iterable[uuid.UUID | None]]


KINDS: dict[str, Kind] = {}
SWEEPERS: dict[str, Due] = {}
DAILY: dict[str, Daily] = {}


def register(
    name: str,
    function: Function,
    *,
    lane: Lane = Lane.LIGHT,
    tries: int | None = 5,
    failed: Failed | None = None,
) -> None:
    """``function(key)`` does the work called ``name``. It runs in the council's scope, outside any
    transaction, may be called twice for the same key, and raises when it should be tried again.
    ``tries=None`` is for what must not stay undone, such as erasing a secret."""
    KINDS[name] = Kind(name, function, lane, tries, failed)


def endless() -> list[str]:
    """The kinds that are never given up."""
    return [kind.name for kind in KINDS.values() if kind.tries is None]


def register_sweeper(name: str, due: Due) -> None:
    """``due()`` yields (key, council id) of everything the app's own rows say is to be done; called
    outside any scope at the start and every minute. What has a job already is left alone."""
    SWEEPERS[name] = due


def register_daily(
    name: str, function: Function, *, hour: int, councils: Callable[[], Iterable[uuid.UUID | None]]
) -> None:
    """``function("2026-12-08:<council>")`` once a day after ``hour`` o'clock, local time; a machine
    that was off then does it when it is on again."""
    register(name, function, lane=Lane.HEAVY, tries=3)
    DAILY[name] = Daily(name, hour, councils)


def enqueue(
    name: str, key: Any, *, council_id: uuid.UUID | None = None, delay: float = 0.0
) -> None:
    """Have (name, key) done after the caller's transaction commits (``delay`` in seconds).

    Asked twice before it began: done once. Asked while it runs: done again afterwards.
    """
    kind, key = KINDS[name], str(key)
    due_at = timezone.now() + timedelta(seconds=delay)
    with transaction.atomic(savepoint=False):
        # A key nobody asked for before is the common case, often in a hall's transaction.
        job = Job(name=name, key=key, council_id=council_id, due_at=due_at)
        Job.objects.bulk_create([job], ignore_conflicts=True)
        if not Job.objects.filter(pk=job.pk).exists():
            # PostgreSQL: it may have ended between the two updates of the first time.
            _ask_again(name, key, due_at) or _ask_again(name, key, due_at)
        if not delay:
            transaction.on_commit(lambda: bell.ring(kind.lane, name, key))


def enqueue_new(
    name: str, keys: Iterable[Any], *, council_id: uuid.UUID | None, delay: float
) -> None:
    """:func:`enqueue` for keys of rows made in this transaction, which nobody can have asked for
    before: one statement for all of them. Rings no bell: the sweeper takes them after ``delay``."""
    due_at = timezone.now() + timedelta(seconds=delay)
    Job.objects.bulk_create(
        Job(name=KINDS[name].name, key=str(key), council_id=council_id, due_at=due_at)
        for key in keys
    )


def _ask_again(name: str, key: str, due_at: datetime) -> bool:
    """Queue a job that is there, or have it done once more when it runs; False: it is neither."""
    mine = Job.objects.filter(name=name, key=key)
    fresh = {
        "state": JobState.QUEUED,
        "attempts": 0,
        "due_at": due_at,
        "error": "",
        "note": "",
        "done": 0,
        "total": 0,
        "finished_at": None,
    }
    waits = mine.exclude(state=JobState.RUNNING).update(**fresh)
    return bool(waits or mine.filter(state=JobState.RUNNING).update(again=True))


def progress(name: str, key: Any, done: int, total: int, note: str = "") -> None:
    """How far a running job is; call it at most about once a second. Ends nothing."""
    Job.objects.filter(name=name, key=str(key)).update(
        done=max(done, 0), total=max(total, 0), note=note[:200]
    )


def progress_of(name: str, keys: Iterable[Any]) -> dict[str, Job]:
    """The jobs of these keys, by key: state, done, total, note, error, attempts."""
    wanted = [str(key) for key in keys]
    return {job.key: job for job in Job.objects.filter(name=name, key__in=wanted)}


def forget(name: str, key: Any) -> None:
    """Drop a job that does not run: what it worked on is gone."""
    Job.objects.filter(name=name, key=str(key)).exclude(state=JobState.RUNNING).delete()


def run_now(name: str | None = None, *, limit: int = 1000) -> int:
    """Do everything that is due, here and now, newest work included: tests, the demo, commands.

    Returns how many ran. A job that fails raises what it raised.
    """
    from nghitruong.platform.jobs import running

    ran = 0
    while ran < limit:
        due = Job.objects.filter(state=JobState.QUEUED, due_at__lte=timezone.now())
        if name is not None:
            due = due.filter(name=name)
        job = due.order_by("id").first()
        if job is None:
            return ran
        running.run(job.name, job.key, raising=True)
        ran += 1
    raise RuntimeError("jobs beget jobs without end")


def counts() -> dict[str, int]:
    """How many jobs are in each state (metrics, the doctor)."""
    from django.db.models import Count

    rows = Job.objects.values("state").annotate(n=Count(F("id"))).values_list("state", "n")
    return dict(rows)
