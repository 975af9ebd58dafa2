"""Two requests for one file, a process that dies, a disk that forgets: never a wrong byte."""

from __future__ import annotations

import hashlib
import io
import os

import pytest

from nghitruong.council.papers import actions
from nghitruong.council.papers.models import Paper, PaperVersion, Upload
from nghitruong.council.papers.tests.conftest import make_pdf
from nghitruong.platform.errors import Refused
from nghitruong.platform.files import partial, store


@pytest.fixture
def data():
    return make_pdf("x" * 5000, pages=40)


@pytest.fixture
def upload(cast, data):
    about = {"kind": "report", "title": "Báo cáo"}
    return actions.start_upload(
        by=cast.clerk, length=len(data), file_name="bao-cao.pdf", about=about
    )


def again(upload):
    """The row as another request reads it."""
    return Upload.objects.get(pk=upload.pk)


def give(upload, data, cast, *, offset=0):
    return actions.receive_bytes(upload, io.BytesIO(data), offset=offset, by=cast.clerk)


def test_a_second_request_that_read_the_offset_too_early_changes_no_byte(cast, data, upload):
    early, half = again(upload), len(data) // 2
    give(upload, data[:half], cast)
    with pytest.raises(Refused, match="wrong_offset"):
        give(early, data[:100], cast)  # and was cut: what it wrote would be a hole
    assert again(upload).offset == half == partial.path_of(upload.pk).stat().st_size
    found, _cut = give(again(upload), data[half:], cast, offset=half)
    actions.finish_upload(found, by=cast.clerk)
    assert PaperVersion.objects.get().sha256 == hashlib.sha256(data).hexdigest()


def test_a_late_request_never_writes_into_the_stored_paper(cast, data, upload, monkeypatch):
    early = again(upload)
    give(upload, data, cast)
    monkeypatch.setattr(partial, "erase", lambda key: None)  # died after the commit
    actions.finish_upload(again(upload), by=cast.clerk)
    digest = hashlib.sha256(data).hexdigest()
    assert partial.path_of(upload.pk).samefile(store.path_of(digest))
    with pytest.raises(Refused, match="wrong_offset"):
        give(early, b"other bytes", cast)
    assert store.verify(digest)
    monkeypatch.undo()
    assert actions.finish_upload(again(upload), by=cast.clerk)["version"] == 1
    assert not partial.path_of(upload.pk).exists()
    assert store.verify(digest)


def test_bytes_a_disk_lost_are_asked_for_again(cast, data, upload):
    half = len(data) // 2
    give(upload, data[:half], cast)
    os.truncate(partial.path_of(upload.pk), 10)
    with pytest.raises(Refused, match="wrong_offset"):
        give(again(upload), data[half:], cast, offset=half)
    assert again(upload).offset == 10
    found, _cut = give(again(upload), data[10:], cast, offset=10)
    os.truncate(partial.path_of(upload.pk), 20)
    with pytest.raises(Refused, match="not_whole"):
        actions.finish_upload(found, by=cast.clerk)
    found, _cut = give(again(upload), data[20:], cast, offset=20)
    actions.finish_upload(found, by=cast.clerk)
    assert PaperVersion.objects.get().sha256 == hashlib.sha256(data).hexdigest()


def test_the_same_question_asked_twice_at_once_is_answered_twice(cast, data, upload):
    give(upload, data, cast)
    one, other = again(upload), again(upload)
    assert actions.finish_upload(one, by=cast.clerk) == actions.finish_upload(other, by=cast.clerk)
    assert Paper.objects.count() == 1


def test_bytes_for_a_file_given_up_meanwhile_are_not_kept(cast, data, upload):
    class GivesUp(io.BytesIO):
        def read(self, size=-1):
            actions.cancel_upload(again(upload), by=cast.clerk) if self.tell() == 0 else None
            return super().read(size)

    with pytest.raises(Refused, match="upload_gone"):
        actions.receive_bytes(upload, GivesUp(data), offset=0, by=cast.clerk)
    assert not list(partial.root().glob(f"{upload.pk}*"))
