"""A process dies while a zip is handed over or looked at: nothing is lost, nothing is blanked."""

from __future__ import annotations

import hashlib
import io
import os
import threading
import time

import pytest

from nghitruong.council.binder import queries
from nghitruong.council.binder.actions import receiving
from nghitruong.council.binder.models import Arrival
from nghitruong.council.binder.tests.conftest import paper_pdf, send_in, zipped
from nghitruong.council.papers import actions as papers
from nghitruong.council.papers.models import Upload
from nghitruong.platform.files import partial, store
from nghitruong.platform.jobs import api as jobs


def old(folder):
    """Everything in the folder was left seven hours ago."""
    for path in folder.iterdir():
        os.utime(path, (path.stat().st_atime, path.stat().st_mtime - 7 * 3600))


def test_a_crash_before_the_commit_loses_no_byte_of_the_zip(batch, door, cast, monkeypatch):
    data = zipped({"a.pdf": paper_pdf(), "b.pdf": paper_pdf("2/BC-UBND")})
    upload = papers.start_upload(
        by=cast.clerk,
        length=len(data),
        file_name="tai-lieu.zip",
        about={"into": f"binder:{batch.pk}", "folder": ""},
    )
    upload, _ = papers.receive_bytes(upload, io.BytesIO(data), offset=0, by=cast.clerk)

    def dies(*_args, **_more):
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(receiving.jobs, "enqueue", dies)
        with pytest.raises(KeyboardInterrupt):
            papers.finish_upload(upload, by=cast.clerk)
    assert not Arrival.objects.exists()
    # What is left in the staging folder goes at night; it must not take the sender's bytes along.
    old(receiving.staging())
    receiving.waiting()
    assert partial.path_of(upload.pk).read_bytes() == data
    papers.finish_upload(Upload.objects.get(pk=upload.pk), by=cast.clerk)  # «Tải tiếp»
    jobs.run_now("binder.open")
    assert [file.file_name for file in queries.files_of(batch)] == ["a.pdf", "b.pdf"]
    assert not list(receiving.staging().iterdir())
    assert not partial.path_of(upload.pk).exists()


def test_a_crash_after_the_commit_leaves_no_second_copy_and_no_name(batch, door, cast, monkeypatch):
    with monkeypatch.context() as patched:
        patched.setattr(partial, "erase", lambda key: None)
        send_in(batch, cast.clerk, paper_pdf(), name="a.pdf", look=False)
    assert list(partial.root().glob("*.part"))
    jobs.run_now("binder.open")
    assert not list(partial.root().glob("*.part"))
    assert not list(partial.root().glob("*.json"))
    assert queries.files_of(batch)[0].file_name == "a.pdf"


@pytest.mark.real_time
def test_sweeping_what_a_killed_look_left_never_blanks_a_stored_paper(
    batch, door, cast, monkeypatch
):
    data = paper_pdf()
    with monkeypatch.context() as patched:
        patched.setattr(receiving, "clear", lambda key: None)  # killed just before it
        send_in(batch, cast.clerk, data, name="a.pdf")
    digest = hashlib.sha256(data).hexdigest()
    arrival = Arrival.objects.get()
    assert arrival.state == "done"
    assert receiving.staged(arrival.pk).samefile(store.path_of(digest))
    old(receiving.staging())
    receiving.waiting()
    assert not list(receiving.staging().iterdir())
    assert store.verify(digest)


def test_erasing_a_zip_with_a_secret_never_blanks_the_papers_beside_it(
    batch, door, cast, monkeypatch
):
    data = paper_pdf()
    files = {"a.pdf": data, "b.pdf": paper_pdf("2/BC-UBND", "BÁO CÁO", "TỐI MẬT")}
    send_in(batch, cast.clerk, zipped(files), look=False)
    arrival = Arrival.objects.get()

    def dies(_arrival):
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(receiving, "_step", dies)
        patched.setattr(receiving.Path, "unlink", lambda self, missing_ok=False: None)
        with pytest.raises(KeyboardInterrupt):
            receiving.open_arrival(str(arrival.pk))
    digest = hashlib.sha256(data).hexdigest()
    left = receiving.staging() / f"{arrival.pk}-0.out"
    assert left.samefile(store.path_of(digest))
    receiving.open_arrival(str(arrival.pk))
    assert sorted(file.refused for file in queries.files_of(batch)) == ["", "state_secret"]
    assert not list(receiving.staging().iterdir())
    assert store.verify(digest)


def test_two_files_of_a_zip_are_looked_at_at_once_and_keep_their_order(
    batch, door, cast, monkeypatch
):
    real, together = receiving.looking.look, threading.Barrier(2)

    def look(path, name, folder):
        if name in ("1.pdf", "2.pdf"):
            together.wait(20)  # each waits for the other
        if name == "1.pdf":
            time.sleep(0.2)  # what was begun first is ready last
        return real(path, name, folder)

    monkeypatch.setattr(receiving.looking, "look", look)
    kept, keep = [], receiving._keep

    def in_order(arrival, place, *more):
        kept.append(place)
        return keep(arrival, place, *more)

    monkeypatch.setattr(receiving, "_keep", in_order)
    names = ("1.pdf", "2.pdf", "3.pdf")
    send_in(batch, cast.clerk, zipped({name: paper_pdf(f"{name[0]}/BC-UBND") for name in names}))
    assert kept == [0, 1, 2]
    assert [file.number for file in queries.files_of(batch)] == [
        "1/BC-UBND",
        "2/BC-UBND",
        "3/BC-UBND",
    ]
