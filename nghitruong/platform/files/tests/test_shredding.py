"""Orders to erase, and files nobody names."""

from __future__ import annotations

import os
import time

import pytest
from django.db import transaction
from django.utils import timezone

from nghitruong.platform.files import orphans, partial, shredding, store
from nghitruong.platform.files.models import Shredding
from nghitruong.platform.jobs import api as jobs
from nghitruong.platform.jobs import running
from nghitruong.platform.jobs.models import Job, JobState

OLD = time.time() - 10 * 86400


@pytest.fixture(autouse=True)
def var(tmp_path, settings):
    settings.VAR_DIR = tmp_path
    settings.FILES_DIR = tmp_path / "files"
    settings.UPLOADS_DIR = tmp_path / "uploads"
    return tmp_path


def stored(data: bytes, *, old: bool = False) -> str:
    digest, _size = store.put([data])
    if old:
        os.utime(store.path_of(digest), (OLD, OLD))
    return digest


@pytest.mark.django_db
def test_an_order_that_a_crash_left_is_carried_out_by_the_worker():
    path = store.path_of(stored(b"secret"))
    shredding.order([path])
    assert path.read_bytes() == b"secret"  # nothing happens before the caller's commit
    for key, council in shredding.waiting():
        jobs.enqueue(shredding.JOB, key, council_id=council)
    assert jobs.run_now(shredding.JOB) == 1
    assert not path.exists()
    assert not Shredding.objects.exists()


@pytest.mark.django_db
def test_an_order_rolled_back_leaves_the_file():
    path = store.path_of(stored(b"kept"))
    with transaction.atomic():
        keys = shredding.order([path])
        transaction.set_rollback(True)
    assert shredding.carry_out(keys) == 0
    assert path.exists()


@pytest.mark.django_db
def test_a_file_stored_again_meanwhile_is_another_papers(tmp_path, monkeypatch):
    digest = stored(b"twice", old=True)
    keys = shredding.order([store.path_of(digest)])
    again = tmp_path / "again.pdf"
    again.write_bytes(b"twice")
    assert store.adopt(again) == (digest, 5)
    monkeypatch.setattr(orphans, "named", lambda: {digest})  # a paper has it
    assert shredding.carry_out(keys) == 0
    assert not Shredding.objects.exists()
    assert store.path_of(digest).exists()
    keys = shredding.order([store.path_of(digest)])  # found secret there too: a new order counts
    assert shredding.carry_out(keys) == 1


@pytest.mark.django_db
def test_only_our_own_folders_are_ever_erased(tmp_path):
    partial.root()
    with pytest.raises(ValueError, match="not ours"):
        shredding.order([tmp_path / "elsewhere"])


@pytest.mark.django_db
def test_a_file_stored_again_while_the_sweep_looks_stays(tmp_path, monkeypatch):
    digest = stored(b"back", old=True)
    again = tmp_path / "again.pdf"
    again.write_bytes(b"back")
    real, calls = orphans.named, []

    def names():
        found = real()
        calls.append(1)
        if len(calls) == 2:  # after the last look at the rows, before the removal
            store.adopt(again)
        return found

    monkeypatch.setattr(orphans, "named", names)
    assert orphans.sweep(remove=True).removed == 0
    assert store.path_of(digest).exists()


@pytest.mark.django_db
def test_a_slow_upload_is_young_when_it_is_stored(tmp_path):
    slow = tmp_path / "slow.part"
    slow.write_bytes(b"slow")
    os.utime(slow, (OLD, OLD))
    digest, _size = store.adopt(slow)
    assert orphans.sweep(remove=True).removed == 0
    assert store.path_of(digest).exists()


@pytest.mark.django_db
def test_a_file_sent_again_and_refused_is_written_over_at_the_next_try(tmp_path):
    digest = stored(b"secret", old=True)
    (key,) = shredding.order([store.path_of(digest)])
    again = tmp_path / "again.pdf"
    again.write_bytes(b"secret")
    store.adopt(again)  # makes it young; the upload is then refused, no row comes
    assert shredding.carry_out([key]) == 0
    assert store.path_of(digest).exists()  # its rows may still be on their way
    shredding.run(str(key))
    assert not store.path_of(digest).exists()
    assert not Shredding.objects.exists()


@pytest.mark.django_db
def test_what_the_sweep_removes_is_written_over(tmp_path):
    digest = stored(b"orphan", old=True)
    os.link(store.path_of(digest), tmp_path / "same")  # shows the bytes after the name is gone
    assert orphans.sweep(remove=True).removed == 1
    assert (tmp_path / "same").read_bytes() == bytes(6)
    assert not list((tmp_path / "files").glob(".in-*"))


@pytest.mark.django_db
def test_a_disk_that_cannot_be_written_is_tried_until_it_can(monkeypatch):
    path = store.path_of(stored(b"secret"))
    (key,) = shredding.order([path])
    jobs.enqueue(shredding.JOB, key)

    def refuse(_path):
        raise OSError(30, "Read-only file system")

    with monkeypatch.context() as broken:
        broken.setattr(partial, "shred", refuse)
        for _ in range(8):
            Job.objects.update(due_at=timezone.now())
            assert running.run(shredding.JOB, str(key))
    assert Job.objects.get().state == JobState.QUEUED
    Job.objects.update(due_at=timezone.now())
    assert running.run(shredding.JOB, str(key))
    assert not path.exists()
    assert not Shredding.objects.exists()
