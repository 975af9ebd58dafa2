"""Enqueue, run, retry, sweep: nothing is lost and nothing is done for ever."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
from datetime import timedelta

import pytest
from django.db import transaction
from django.utils import timezone
from huey import MemoryHuey

from nghitruong.platform.jobs import api, bell, running, sweeper, worker
from nghitruong.platform.jobs.models import Job, JobState

pytestmark = pytest.mark.django_db


class Boom(Exception):
    pass


@pytest.fixture
def kinds(monkeypatch):
    """No kinds but the test's; queues in memory."""
    monkeypatch.setattr(api, "KINDS", kinds := {})
    monkeypatch.setattr(running, "KINDS", kinds)
    monkeypatch.setattr(api, "SWEEPERS", {})
    monkeypatch.setattr(api, "DAILY", {})
    queues = {}
    for lane in bell.Lane:
        queues[lane] = MemoryHuey(lane, results=False)
        queues[lane].run = queues[lane].task(name="nghitruong.run")(running.run)
    monkeypatch.setattr(bell, "queue", queues.__getitem__)
    return kinds


def later(job, seconds=3600):
    Job.objects.filter(pk=job.pk).update(due_at=timezone.now() - timedelta(seconds=seconds))


def test_a_job_asked_for_twice_is_done_once_and_rings_only_after_the_commit(
    kinds, django_capture_on_commit_callbacks
):
    done = []
    api.register("t.work", done.append)
    with django_capture_on_commit_callbacks(execute=True):
        with transaction.atomic():
            api.enqueue("t.work", "a")
            api.enqueue("t.work", "a")
        assert bell.waiting("light") == set()
    assert bell.waiting("light") == {("t.work", "a")}
    for _ in range(2):  # both rings answered by the same hands as the worker's
        queue = bell.queue("light")
        queue.execute(queue.dequeue())
    assert done == ["a"]
    assert Job.objects.get().state == JobState.DONE


def test_a_code_somebody_waits_for_does_not_stand_behind_a_zip_or_ocr(monkeypatch):
    """Each lane has threads of its own, and only they take its work."""
    queues, done, go_on = {}, [], threading.Event()

    def work(name, key):
        if name != "code":
            go_on.wait(20)
        done.append(name)

    for lane in bell.Lane:
        queues[lane] = MemoryHuey(lane, results=False)
        queues[lane].run = queues[lane].task(name="nghitruong.run")(work)
    monkeypatch.setattr(bell, "queue", queues.__getitem__)
    for lane, name in (("heavy", "ocr"), ("desk", "zip"), ("desk", "set"), ("light", "code")):
        bell.ring(bell.Lane(lane), name, "a")
    made = worker.Worker()
    hands = [thread for thread in made.threads if isinstance(thread, worker._Hand)]
    try:
        for hand in hands:
            hand.start()
        for _ in range(1000):
            if done:
                break
            time.sleep(0.01)
        assert done == ["code"]
    finally:
        go_on.set()
        for _ in range(1000):
            if len(done) == 4:
                break
            time.sleep(0.01)
        made.over.set()
        for hand in hands:
            hand.join(5)
    assert sorted(done) == ["code", "ocr", "set", "zip"]


def test_what_takes_long_has_a_lane_where_nothing_urgent_waits():
    lanes = {name: kind.lane for name, kind in api.KINDS.items()}
    watched = ("binder.open", "binder.bind", "intake.scan_folder")
    assert {lanes[name] for name in watched} == {"desk"}
    urgent = [name for name in lanes if name.startswith(("notices.", "files.shred"))]
    assert urgent
    assert {lanes[name] for name in urgent} == {"light"}


def test_erasing_what_is_secret_is_never_given_up():
    assert {"files.shred", "search.rebuild"} <= set(api.endless())


def test_asked_for_while_it_runs_it_is_done_again(kinds):
    seen = []

    def work(key):
        seen.append(key)
        if len(seen) == 1:
            api.enqueue("t.work", key)

    api.register("t.work", work)
    api.enqueue("t.work", "a")
    assert api.run_now() == 2
    assert seen == ["a", "a"]


def test_a_failing_job_is_tried_again_after_pauses_then_its_app_is_told(kinds):
    told = []

    def work(key):
        raise Boom("chưa được")

    api.register("t.work", work, tries=2, failed=lambda key, why: told.append((key, why)))
    api.enqueue("t.work", "a")
    assert running.run("t.work", "a")
    job = Job.objects.get()
    assert job.state == JobState.QUEUED
    assert job.due_at > timezone.now()
    assert not running.run("t.work", "a")  # not yet due
    later(job)
    assert running.run("t.work", "a")
    job.refresh_from_db()
    assert (job.state, told) == (JobState.FAILED, [("a", "Boom: chưa được")])
    api.enqueue("t.work", "a")  # somebody pressed «Làm lại»
    job.refresh_from_db()
    assert (job.state, job.attempts, job.error) == (JobState.QUEUED, 0, "")


def test_the_job_of_a_killed_worker_is_done_by_another(kinds):
    done = []
    api.register("t.work", done.append, lane=api.Lane.HEAVY)
    api.enqueue("t.work", "a")
    dead = subprocess.run(
        [
            sys.executable,
            "-c",
            "import os,socket;print(f'{socket.gethostname()}:{os.getpid()}:12345')",
        ],
        capture_output=True,
        text=True,
        check=True,
    ).stdout.strip()
    Job.objects.update(
        state=JobState.RUNNING,
        worker=dead,
        attempts=1,
        lease_until=timezone.now() + timedelta(hours=1),
    )
    assert not running.run("t.work", "a")  # leased
    assert running.is_gone(dead)
    assert not running.is_gone(running.me())
    assert sweeper.take_back() == 1
    assert sweeper.ring_due() == 1
    assert sweeper.ring_due() == 0  # it stands in the queue
    queue = bell.queue("heavy")
    queue.execute(queue.dequeue())
    assert done == ["a"]


def test_a_clock_that_jumps_makes_no_job_run_twice(kinds, monkeypatch):
    seen = []

    def work(key):
        seen.append(key)
        Job.objects.update(lease_until=timezone.now() - timedelta(days=2))  # the clock was set
        assert sweeper.take_back() == 0
        assert not running.run("t.work", key)

    api.register("t.work", work)
    api.enqueue("t.work", "a")
    assert api.run_now() == 1
    assert seen == ["a"]


def test_another_machines_job_is_freed_by_its_silence_not_by_the_time_of_day(kinds, monkeypatch):
    api.register("t.work", lambda key: None)
    api.enqueue("t.work", "a")
    Job.objects.update(
        state=JobState.RUNNING,
        worker="elsewhere:1:1",
        attempts=1,
        lease_until=timezone.now() - timedelta(days=1),
    )
    now = [1000.0]
    monkeypatch.setattr(sweeper.time, "monotonic", lambda: now[0])
    assert sweeper.take_back() == 0  # seen for the first time
    now[0] += 60
    Job.objects.update(lease_until=timezone.now() - timedelta(hours=23))  # it renewed its lease
    assert sweeper.take_back() == 0
    now[0] += 60
    assert sweeper.take_back() == 0
    now[0] += 31
    assert sweeper.take_back() == 1
    assert Job.objects.get().state == JobState.QUEUED


def test_a_job_whose_thread_of_this_process_is_gone_is_freed(kinds):
    api.register("t.work", lambda key: None)
    api.enqueue("t.work", "a")
    Job.objects.update(state=JobState.RUNNING, worker=running.me(), attempts=1)
    assert sweeper.take_back() == 1


def test_a_job_that_kills_its_worker_each_time_is_given_up(kinds):
    api.register("t.work", lambda key: None, tries=3)
    api.enqueue("t.work", "a")
    Job.objects.update(
        state=JobState.RUNNING,
        worker=f"{running.socket.gethostname()}:1:1",
        attempts=3,
        lease_until=timezone.now() + timedelta(hours=1),
    )
    assert sweeper.take_back() == 1
    assert running.run("t.work", "a")
    assert Job.objects.get().state == JobState.FAILED


def test_what_must_not_stay_undone_is_tried_until_it_is_done(kinds):
    broken, done = [True], []

    def work(key):
        if broken:
            raise Boom("đĩa chỉ đọc")
        done.append(key)

    api.register("t.erase", work, tries=None)
    api.enqueue("t.erase", "a")
    job = Job.objects.get()
    for tried in range(1, 9):
        assert running.run("t.erase", "a")
        job.refresh_from_db()
        assert (job.state, job.attempts) == (JobState.QUEUED, tried)
        later(job)
    Job.objects.update(attempts=running.MOST_COUNTED)  # the column is small
    assert running.run("t.erase", "a")
    job.refresh_from_db()
    assert (job.state, job.attempts) == (JobState.QUEUED, running.MOST_COUNTED)
    assert job.due_at > timezone.now() + timedelta(seconds=running.PAUSES[-1] - 60)
    broken.clear()
    later(job)
    assert running.run("t.erase", "a")
    job.refresh_from_db()
    assert (job.state, done) == (JobState.DONE, ["a"])


def test_what_an_older_program_gave_up_is_taken_up_again(kinds):
    api.register("t.erase", lambda key: None, tries=None)
    api.register("t.work", lambda key: None)
    for name in ("t.erase", "t.work"):
        Job.objects.create(name=name, key="a", state=JobState.FAILED, attempts=5)
    sweeper.ask_apps()
    states = dict(Job.objects.values_list("name", "state"))
    assert states == {"t.erase": JobState.QUEUED, "t.work": JobState.FAILED}


def test_endless_work_that_kills_its_worker_each_time_waits_between(kinds):
    api.register("t.erase", lambda key: None, tries=None)
    api.enqueue("t.erase", "a")
    Job.objects.update(state=JobState.RUNNING, worker=running.me(), attempts=5)
    assert sweeper.take_back() == 1
    job = Job.objects.get()
    assert job.state == JobState.QUEUED
    assert job.due_at > timezone.now()


def test_the_sweeper_asks_apps_and_leaves_failed_jobs_to_people(kinds):
    api.register("t.work", lambda key: None)
    api.register_sweeper("t.work", lambda: [("a", None), ("b", None)])
    Job.objects.create(name="t.work", key="b", state=JobState.FAILED)
    sweeper.ask_apps()
    assert dict(Job.objects.values_list("key", "state")) == {"a": "queued", "b": "failed"}
    api.run_now()
    sweeper.ask_apps()  # its app still says it is to be done
    assert Job.objects.get(key="a").state == JobState.QUEUED


def test_daily_work_is_done_once_a_day(kinds):
    days = []
    api.register_daily("t.nightly", days.append, hour=0, councils=lambda: [None])
    for _ in range(3):
        sweeper.ask_apps()
        api.run_now()
    assert len(days) == 1
    assert days[0].startswith(f"{timezone.localtime():%Y-%m-%d}:")


def test_old_done_jobs_are_forgotten_and_failed_ones_kept(kinds):
    long_ago = timezone.now() - timedelta(days=8)
    Job.objects.create(name="x", key="1", state=JobState.DONE, finished_at=long_ago)
    Job.objects.create(name="x", key="2", state=JobState.FAILED, finished_at=long_ago)
    sweeper.forget_old()
    assert [job.key for job in Job.objects.all()] == ["2"]


def test_the_queues_own_file_takes_a_ring(settings, tmp_path):
    settings.VAR_DIR, settings.REDIS_URL = tmp_path, ""
    bell.queue.cache_clear()
    try:
        bell.ring("heavy", "t.work", "a")
        assert bell.waiting("heavy") == {("t.work", "a")}
        assert bell.waiting("light") == set()
        assert (tmp_path / "jobs.sqlite3").exists()
    finally:
        bell.queue.cache_clear()


def test_this_process_is_known_by_its_birth_too():
    host, pid, born = running.me().rsplit(":", 2)
    assert int(pid) == os.getpid()
    assert not running.is_gone(f"{host}:{pid}:{born}")
    assert running.is_gone(f"{host}:{pid}:1")  # the number was used again
    assert not running.is_gone("another-machine:1:1")
