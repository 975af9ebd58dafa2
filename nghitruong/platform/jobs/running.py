"""Doing one job: claim its row, call its function, write what came of it."""

from __future__ import annotations

import contextlib
import logging
import os
import socket
import threading
from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

from django.db import connection, transaction
from django.db.models import F
from django.db.models.functions import Least
from django.utils import timezone
from django_scopes import scope, scopes_disabled

from nghitruong.platform.errors import Refused
from nghitruong.platform.jobs.api import KINDS, Kind
from nghitruong.platform.jobs.models import Job, JobState

logger = logging.getLogger(__name__)

LEASE = timedelta(seconds=90)
RENEW_SECONDS = 30.0
# What this process is doing now: (name, key) → how many threads have it in hand or reach for it.
_in_hand: Counter[tuple[str, str]] = Counter()
_hands = threading.Lock()
PAUSES = (10, 60, 300, 1800)  # seconds before the second, third… try
MOST_COUNTED = 1000  # tries of what is never given up are counted no further: the column is small


def _born() -> str:
    """When this process began, in the kernel's ticks: a process number is used again one day."""
    with contextlib.suppress(OSError, IndexError):
        return Path("/proc/self/stat").read_text().rpartition(")")[2].split()[19]
    return "0"


def me() -> str:
    """This process, known again after it died."""
    return f"{socket.gethostname()}:{os.getpid()}:{_born()}"


def is_gone(worker: str) -> bool:
    """Whether that process of this machine lives no more; False for another machine's."""
    host, _, rest = worker.rpartition(":")[0].rpartition(":")
    born = worker.rpartition(":")[2]
    if host != socket.gethostname() or not rest.isdecimal():
        return False
    try:
        stat = Path(f"/proc/{rest}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return True
    return born not in {"0", stat[19]} or stat[0] == "Z"


def is_here(worker: str) -> bool:
    """Whether that process is one of this machine."""
    return worker.rsplit(":", 2)[0] == socket.gethostname()


def in_hand(name: str, key: str) -> bool:
    """Whether a thread of this process has the job."""
    with _hands:
        return _in_hand[name, key] > 0


@contextlib.contextmanager
def _reaching(name: str, key: str) -> Iterator[None]:
    with _hands:
        _in_hand[name, key] += 1
    try:
        yield
    finally:
        with _hands:
            _in_hand[name, key] -= 1
            if not _in_hand[name, key]:
                del _in_hand[name, key]


def claim(name: str, key: str) -> Job | None:
    """Take the job for this process; None when it is not due, or somebody has it.

    A running job is nobody's to take, whatever a clock says: only the sweeper frees it, once it
    knows that its worker is gone (:func:`.sweeper.take_back`).
    """
    now = timezone.now()
    free = Job.objects.filter(name=name, key=key, state=JobState.QUEUED, due_at__lte=now)
    taken = free.update(
        state=JobState.RUNNING,
        attempts=Least(F("attempts") + 1, MOST_COUNTED),
        worker=me(),
        lease_until=now + LEASE,
        again=False,
        error="",
    )
    return Job.objects.filter(name=name, key=key).first() if taken == 1 else None


class _Lease(threading.Thread):
    """Renews a running job's lease while its function works."""

    def __init__(self, job: Job) -> None:
        super().__init__(name=f"lease {job}", daemon=True)
        self.job = job
        self.over = threading.Event()

    def run(self) -> None:
        while not self.over.wait(RENEW_SECONDS):
            try:
                Job.objects.filter(pk=self.job.pk, worker=me()).update(
                    lease_until=timezone.now() + LEASE
                )
            except Exception:
                logger.warning("không gia hạn được việc %s", self.job, exc_info=True)
        connection.close()


@contextlib.contextmanager
def _leased(job: Job, *, renew: bool) -> Iterator[None]:
    if not renew:
        yield
        return
    lease = _Lease(job)
    lease.start()
    try:
        yield
    finally:
        lease.over.set()


@contextlib.contextmanager
def _scope_of(job: Job) -> Iterator[None]:
    with scope(council=job.council_id) if job.council_id else scopes_disabled():
        yield


def run(name: str, key: str, *, raising: bool = False) -> bool:
    """Do the job if it is free and due; returns whether it was done here.

    1. Claim: a filtered UPDATE that counts its rows. 2. Call the function in the council's scope,
    renewing the lease. 3. Success: done (or queued again, when asked for meanwhile). Failure:
    queued again after a pause; after the last try, where the kind has one, failed for good, and
    its app told.
    """
    kind = KINDS.get(name)
    if kind is None:
        logger.error("không có việc nền tên %s", name)
        return False
    with _reaching(name, key):
        job = claim(name, key)
        if job is None:
            return False
        return _do(kind, job, raising=raising)


def _do(kind: Kind, job: Job, *, raising: bool) -> bool:
    if kind.tries is not None and job.attempts > kind.tries:  # its worker died each time
        _give_up(kind, job, "Máy chủ dừng đột ngột mỗi lần xử lý việc này.")
        return True
    try:
        with _scope_of(job), _leased(job, renew=not raising):
            kind.function(job.key)
    except Exception as error:
        logger.warning("việc nền %s: lần %d hỏng", job, job.attempts, exc_info=True)
        if raising:
            _put_back(job, repr(error))
            raise
        sentence = error.sentence if isinstance(error, Refused) else _short(error)
        if kind.tries is not None and job.attempts >= kind.tries:
            _give_up(kind, job, sentence)
        else:
            _put_back(job, sentence)
        return True
    with transaction.atomic():
        held = Job.objects.filter(pk=job.pk, worker=me(), state=JobState.RUNNING)
        over: dict[str, Any] = {"lease_until": None, "worker": ""}
        ended = held.filter(again=False).update(
            state=JobState.DONE, finished_at=timezone.now(), note="", **over
        )
        if not ended:
            held.update(
                state=JobState.QUEUED, due_at=timezone.now(), attempts=0, again=False, **over
            )
    return True


def _short(error: Exception) -> str:
    return f"{type(error).__name__}: {error}"[:500]


def _put_back(job: Job, sentence: str) -> None:
    pause = PAUSES[min(job.attempts, len(PAUSES)) - 1]
    Job.objects.filter(pk=job.pk, worker=me(), state=JobState.RUNNING).update(
        state=JobState.QUEUED,
        due_at=timezone.now() + timedelta(seconds=pause),
        error=sentence[:500],
        worker="",
        lease_until=None,
    )


def _give_up(kind: Kind, job: Job, sentence: str) -> None:
    logger.error("việc nền %s: thôi sau %d lần: %s", job, job.attempts, sentence)
    Job.objects.filter(pk=job.pk, worker=me(), state=JobState.RUNNING).update(
        state=JobState.FAILED,
        error=sentence[:500],
        finished_at=timezone.now(),
        worker="",
        lease_until=None,
    )
    if kind.failed is not None:
        try:
            with _scope_of(job):
                kind.failed(job.key, sentence)
        except Exception:
            logger.exception("việc nền %s: không ghi được là đã thôi", job)
