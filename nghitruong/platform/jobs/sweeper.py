"""Rings again for everything the rows say is to be done; forgets what is long done."""

from __future__ import annotations

import logging
import time
import uuid
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from django.utils import timezone
from django_scopes import scopes_disabled

from nghitruong.platform.jobs import api, bell, running
from nghitruong.platform.jobs.models import Job, JobState

logger = logging.getLogger(__name__)

KEPT = timedelta(days=7)
CHUNK = 200


def ask_apps() -> None:
    """A job for everything that apps' own rows say is to be done, and today's daily work.

    What is never given up but stands as failed (an earlier version of this program, or of the
    kind, gave it up) is queued again first.
    """
    Job.objects.filter(name__in=api.endless(), state=JobState.FAILED).update(
        state=JobState.QUEUED, due_at=timezone.now(), finished_at=None
    )
    for name, due in api.SWEEPERS.items():
        try:
            with scopes_disabled():
                wanted = [(str(key), council_id) for key, council_id in due()]
            for start in range(0, len(wanted), CHUNK):
                _enqueue_missing(name, dict(wanted[start : start + CHUNK]))
        except Exception:
            logger.exception("bộ rà %s hỏng", name)
    local = timezone.localtime()
    for daily in api.DAILY.values():
        if local.hour < daily.hour:
            continue
        try:
            with scopes_disabled():
                keys = {f"{local:%Y-%m-%d}:{council}": council for council in daily.councils()}
            _enqueue_missing(daily.name, keys)
        except Exception:
            logger.exception("việc hằng ngày %s hỏng", daily.name)


def _enqueue_missing(name: str, wanted: Mapping[str, uuid.UUID | None]) -> None:
    """Failed jobs are left to people: trying them each minute for ever helps nobody. A row of a job
    that is done though its app says it is not, is done again."""
    jobs = dict(Job.objects.filter(name=name, key__in=wanted).values_list("key", "state"))
    for key, council_id in wanted.items():
        state = jobs.get(key)
        if state is None or (state == JobState.DONE and name not in api.DAILY):
            api.enqueue(name, key, council_id=council_id)


# Running jobs as last seen: key → (their lease, since when on this process's own clock).
_seen: dict[uuid.UUID, tuple[Any, float]] = {}


def take_back() -> int:
    """Free the jobs whose worker is gone; returns how many.

    On this machine the processes themselves tell: one that died, or this one, with no thread at the
    job. Of another machine only its silence does: the lease it should renew has not changed for
    ``LEASE``, on the clock that nobody sets (`time.monotonic`). No moment of the wall clock is
    compared, so that setting it never makes a job run twice.
    """
    now = time.monotonic()
    gone: list[uuid.UUID] = []
    seen: dict[uuid.UUID, tuple[Any, float]] = {}
    for job in Job.objects.filter(state=JobState.RUNNING):
        if running.is_here(job.worker):
            lost = job.worker == running.me() and not running.in_hand(job.name, job.key)
            if lost or running.is_gone(job.worker):
                gone.append(job.pk)
            continue
        lease, since = _seen.get(job.pk, (None, now))
        if lease != (job.worker, job.lease_until):
            since = now
        seen[job.pk] = (job.worker, job.lease_until), since
        if now - since >= running.LEASE.total_seconds():
            gone.append(job.pk)
    _seen.clear()
    _seen.update(seen)
    now_due = timezone.now()
    free: dict[str, Any] = {"state": JobState.QUEUED, "worker": "", "lease_until": None}
    freed = Job.objects.filter(pk__in=gone, state=JobState.RUNNING)
    # What is never given up and takes its worker with it each time leaves the others some peace.
    tried = freed.filter(name__in=api.endless(), attempts__gt=len(running.PAUSES))
    later = tried.update(due_at=now_due + timedelta(seconds=running.PAUSES[-1]), **free)
    return int(later + freed.update(due_at=now_due, **free))


def ring_due() -> int:
    """Ring for every due job that does not stand in a queue."""
    due = list(
        Job.objects.filter(state=JobState.QUEUED, due_at__lte=timezone.now())
        .order_by("due_at")
        .values_list("name", "key")[:1000]
    )
    if not due:
        return 0
    standing = {lane: bell.waiting(lane) for lane in bell.Lane}
    rung = 0
    for name, key in due:
        kind = api.KINDS.get(name)
        if kind is not None and (name, key) not in standing[kind.lane]:
            bell.ring(kind.lane, name, key)
            rung += 1
    return rung


def forget_old() -> None:
    """Done jobs go after a week; failed ones stay until somebody looks."""
    Job.objects.filter(state=JobState.DONE, finished_at__lt=timezone.now() - KEPT).delete()
