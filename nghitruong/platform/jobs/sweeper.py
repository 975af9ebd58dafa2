"""Rings again for everything the rows say is to be done; forgets what is long done."""

from __future__ import annotations

import logging
import uuid
from collections.abc import Mapping
from datetime import timedelta

from django.utils import timezone
from django_scopes import scopes_disabled

from nghitruong.platform.jobs import api, bell
from nghitruong.platform.jobs.models import Job, JobState
from nghitruong.platform.jobs.running import is_gone

logger = logging.getLogger(__name__)

KEPT = timedelta(days=7)
CHUNK = 200


def ask_apps() -> None:
    """A job for everything that apps' own rows say is to be done, and today's daily work."""
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


def take_back() -> int:
    """Free the jobs whose worker died: its lease ended, or its process is gone from here."""
    running = Job.objects.filter(state=JobState.RUNNING)
    dead = {worker for worker in running.values_list("worker", flat=True) if is_gone(worker)}
    freed = {"state": JobState.QUEUED, "due_at": timezone.now(), "worker": "", "lease_until": None}
    count: int = running.filter(lease_until__lt=timezone.now()).update(**freed)
    if dead:
        count += Job.objects.filter(state=JobState.RUNNING, worker__in=dead).update(**freed)
    return count


def ring_due() -> int:
    """Ring for every due job that does not stand in a queue."""
    due = list(
        Job.objects.filter(state=JobState.QUEUED, due_at__lte=timezone.now())
        .order_by("due_at")
        .values_list("name", "key")[:1000]
    )
    if not due:
        return 0
    standing = {lane: bell.waiting(lane) for lane in bell.LANES}
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
