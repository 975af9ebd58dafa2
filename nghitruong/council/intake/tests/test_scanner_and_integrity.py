"""The scanner's folder, and the nightly walk over the store."""

from __future__ import annotations

import os
import time
import uuid
from pathlib import Path

import pytest
from django.urls import reverse

from nghitruong.council.intake import actions, queries
from nghitruong.council.intake.actions import scanner
from nghitruong.council.intake.models import Intake, IntegrityCheck, ScannedFile, ScannerFolder
from nghitruong.council.intake.tests.conftest import make_pdf, send
from nghitruong.council.papers.models import Paper, PaperVersion, SecretStub
from nghitruong.platform.errors import Refused
from nghitruong.platform.files import partial, shredding, store
from nghitruong.platform.files.models import Shredding
from nghitruong.platform.jobs import api as jobs
from nghitruong.platform.jobs.models import Job, JobState


@pytest.fixture
def folder(cast, council, settings, var):
    settings.SCANNER_DIR = var / "scanner"
    account = cast.clerk.person
    from nghitruong.platform.accounts.models import Account

    if account.account is None:
        account.account = Account.objects.create(username=account.pk.hex)
        account.save(update_fields=["account"])
    actions.set_scanner(enabled=True, by=cast.clerk)
    return scanner.folder_of(council)


def drop(folder, name, data, age=60.0):
    path = folder / name
    path.write_bytes(data)
    then = time.time() - age
    os.utime(path, (then, then))
    return path


def test_a_stable_file_becomes_a_paper_and_is_moved_aside(folder, found):
    path = drop(folder, "Báo cáo 12.pdf", make_pdf())
    assert queries.scanners_with_files()
    assert actions.take_scanned() == 1
    paper = Paper.objects.get()
    assert (paper.title, paper.state) == ("Báo cáo 12", "draft")
    assert not path.exists()
    assert (folder / "da-nhan" / "Báo cáo 12.pdf").read_bytes() == make_pdf()
    assert ScannedFile.objects.get().paper == paper
    assert queries.scanners_with_files() == []
    assert actions.take_scanned() == 0


def test_a_file_still_being_written_waits(folder, found):
    drop(folder, "dang-quet.pdf", make_pdf(), age=1)
    drop(folder, "dang-quet.pdf.part", make_pdf())
    drop(folder, ".an.pdf", make_pdf())
    os.symlink("/etc/passwd", folder / "lien-ket.pdf")
    assert actions.take_scanned() == 0
    assert not Paper.objects.exists()


def test_a_bad_file_goes_to_its_own_folder_with_the_reason(folder, found):
    drop(folder, "hong.pdf", b"")
    drop(folder, "ve.svg", b"<svg onload=alert(1)>")
    assert actions.take_scanned() == 0
    reasons = {row.file_name: row.refusal for row in ScannedFile.objects.all()}
    assert "rỗng" in reasons["hong.pdf"]
    assert "mã lệnh" in reasons["ve.svg"]
    assert "rỗng" in (folder / "khong-nhan" / "hong.pdf.ly-do.txt").read_text()


def test_a_secret_file_is_erased_and_leaves_a_stub_only(folder, found):
    path = drop(folder, "KH (MẬT).pdf", make_pdf())
    actions.take_scanned()
    assert not path.exists()
    assert list((folder / "khong-nhan").iterdir()) == []
    assert SecretStub.objects.count() == 1
    assert ScannedFile.objects.get().file_name == ""
    assert not Paper.objects.exists()


def test_a_run_cut_off_before_the_move_does_not_take_a_file_twice(folder, found):
    drop(folder, "a.pdf", make_pdf())
    actions.take_scanned()
    os.replace(folder / "da-nhan" / "a.pdf", folder / "a.pdf")
    drop(folder, "a.pdf", make_pdf())
    assert actions.take_scanned() == 0
    assert Paper.objects.count() == 1


def test_cut_off_before_its_row_a_file_gets_it_in_the_next_run(folder, found, monkeypatch):
    drop(folder, "a.pdf", make_pdf())
    with monkeypatch.context() as broken:
        broken.setattr(ScannedFile, "save", refuse_writing)
        actions.take_scanned()
    assert (Paper.objects.count(), ScannedFile.objects.count()) == (1, 0)
    assert actions.take_scanned() == 0
    row = ScannedFile.objects.get()
    assert (row.paper, row.refusal) == (Paper.objects.get(), "")
    assert (folder / "da-nhan" / "a.pdf").exists()


def test_a_file_put_again_is_a_paper_of_the_session_or_says_why_not(
    folder, cast, council, found, signed_in
):
    drop(folder, "a.pdf", make_pdf())
    assert actions.take_scanned() == 1
    first = Paper.objects.get()
    drop(folder, "a.pdf", make_pdf())
    assert actions.take_scanned() == 0  # it is here: said, and no second paper
    again = ScannedFile.objects.order_by("-found_at").first()
    assert (again.paper, again.refusal) == (first, scanner.ALREADY_HERE)
    page = signed_in(cast.clerk).get(reverse("intake:scanner", args=[council.slug]))
    assert scanner.ALREADY_HERE in page.content.decode()
    Paper.objects.filter(pk=first.pk).update(state="withdrawn")
    drop(folder, "a.pdf", make_pdf())
    assert actions.take_scanned() == 1
    key = uuid.uuid4()
    actions.set_scanner(enabled=True, session_id=key, by=cast.clerk)
    drop(folder, "a.pdf", make_pdf())
    assert actions.take_scanned() == 1
    assert Paper.objects.get(session_id=key).state == "draft"
    assert Paper.objects.count() == 3
    assert ScannedFile.objects.filter(paper__isnull=False).count() == 4
    assert len(list((folder / "da-nhan").iterdir())) == 4


def test_without_its_clerk_the_folder_pauses_and_says_so(folder, cast, found, monkeypatch):
    drop(folder, "a.pdf", make_pdf())
    monkeypatch.setattr(scanner.paper_rules, "can_manage", lambda actor: False)
    assert actions.take_scanned() == 0
    assert "tạm ngừng" in ScannerFolder.objects.get().trouble
    with pytest.raises(Refused):
        actions.set_scanner(enabled=True, by=cast.delegates[0])


def test_its_page_switches_it(folder, cast, council, signed_in):
    client = signed_in(cast.clerk)
    url = reverse("intake:scanner", args=[council.slug])
    assert str(folder) in client.get(url).content.decode()
    assert client.post(url, {"kind": "report"}).status_code == 302
    setting = ScannerFolder.objects.get()
    assert (setting.enabled, setting.kind) == (False, "report")


def test_the_nightly_check_finds_a_missing_and_a_changed_file(cast, council, found, signed_in):
    for title in ("một", "hai", "ba"):
        send(cast.clerk, make_pdf(title), title=title)
    jobs.run_now("intake.process")
    key = f"2026-12-08:{council.pk}"
    assert actions.check_integrity(key).faults == []
    first, second, third = PaperVersion.objects.order_by("uploaded_at")
    store.path_of(first.sha256).unlink()
    store.path_of(second.sha256).chmod(0o600)
    store.path_of(second.sha256).write_bytes(b"khac")
    made = Intake.objects.get(version=third).thumbnails_sha256
    store.path_of(made).unlink()
    check = actions.check_integrity(key)
    got = {(fault["title"], fault["what"], fault["part"]) for fault in check.faults}
    assert ("một", "missing", "original") in got
    assert ("hai", "damaged", "original") in got
    assert ("ba", "missing", "made") in got
    jobs.run_now("intake.process")  # what was made is made again, originals are not invented
    assert store.path_of(made).exists()
    assert not store.path_of(first.sha256).exists()
    page = signed_in(cast.clerk).get(reverse("intake:storage", args=[council.slug]))
    text = page.content.decode()
    assert "hãy khôi phục từ bản sao lưu" in text
    assert IntegrityCheck.objects.count() == 2


def refuse_writing(*_args, **_kwargs):
    raise OSError(30, "Read-only file system")


@pytest.mark.parametrize("marked", ["name", "text"])
def test_a_secret_file_that_cannot_be_written_over_is_registered_once(
    folder, found, monkeypatch, marked
):
    if marked == "name":
        drop(folder, "KH (TỐI MẬT).pdf", make_pdf())
    else:
        drop(folder, "KH.txt", "TỐI MẬT\nKế hoạch phòng thủ".encode())
    with monkeypatch.context() as broken:
        broken.setattr(partial, "shred", refuse_writing)
        for _ in range(3):
            drop(folder, f"{_}.pdf", make_pdf(str(_)))
            assert actions.take_scanned() == 1  # the others are taken
        assert "chưa ghi đè được" in ScannerFolder.objects.get().trouble
        (left,) = [path for path in folder.iterdir() if path.is_file()]
        assert not left.name.startswith("KH")
        order = Shredding.objects.get()
        assert order.name == f"{folder.name}/{left.name}"
        assert (SecretStub.objects.count(), SecretStub.objects.get().degree) == (1, "secret")
        assert ScannedFile.objects.filter(file_name="").count() == 1
    shredding.run(str(order.pk))  # the disk is well again
    assert not left.exists()
    assert queries.scanners_with_files()  # the trouble is to be looked at
    actions.take_scanned()
    assert ScannerFolder.objects.get().trouble == ""
    assert queries.scanners_with_files() == []


def test_a_secret_file_that_cannot_even_be_moved_is_not_registered_and_says_so(
    folder, found, monkeypatch
):
    path = drop(folder, "KH (MẬT).pdf", make_pdf())
    drop(folder, "sau.pdf", make_pdf("sau"), age=50)
    with monkeypatch.context() as broken:
        broken.setattr(Path, "rename", refuse_writing)
        assert actions.take_scanned() == 1
        assert actions.take_scanned() == 0
    assert path.exists()
    assert not SecretStub.objects.exists()
    trouble = ScannerFolder.objects.get().trouble
    assert "có dấu mật" in trouble
    assert "KH" not in trouble
    actions.take_scanned()
    assert SecretStub.objects.count() == 1
    assert not path.exists()


def test_a_file_that_cannot_be_read_is_named_unless_its_name_is_of_a_secret(
    folder, found, monkeypatch
):
    drop(folder, "KH (MẬT).pdf", make_pdf())
    monkeypatch.setattr(scanner.hashlib, "file_digest", refuse_writing)
    actions.take_scanned()
    assert "KH" not in ScannerFolder.objects.get().trouble
    drop(folder, "thường.pdf", make_pdf(), age=50)
    actions.take_scanned()
    assert "«thường.pdf»" in ScannerFolder.objects.get().trouble


def test_cut_off_before_the_commit_a_secret_file_is_found_again_by_its_degree(
    folder, found, monkeypatch
):
    drop(folder, "KH (TUYỆT MẬT).pdf", make_pdf())

    class Cut(BaseException):
        pass

    def die(_paths):
        raise Cut

    with monkeypatch.context() as broken:
        broken.setattr(shredding, "order", die)
        with pytest.raises(Cut):
            actions.take_scanned()
    assert not SecretStub.objects.exists()
    actions.take_scanned()
    assert SecretStub.objects.get().degree == "top_secret"
    assert [path for path in folder.iterdir() if path.is_file()] == []


def test_a_file_that_cannot_be_moved_aside_stops_nothing(folder, found, monkeypatch):
    drop(folder, "a.pdf", make_pdf("a"))
    drop(folder, "hong.pdf", b"", age=55)
    drop(folder, "b.pdf", make_pdf("b"), age=50)
    monkeypatch.setattr(scanner, "_move", refuse_writing)
    actions.take_scanned()
    rows = ScannedFile.objects.filter(paper__isnull=False).count()
    actions.take_scanned()
    assert ScannedFile.objects.filter(paper__isnull=False).count() == rows  # not one every run
    assert sorted(Paper.objects.values_list("title", flat=True)) == ["a", "b"]
    assert "Read-only" in ScannerFolder.objects.get().trouble


def test_given_up_the_folder_says_so_and_switching_it_on_begins_anew(folder, cast, council, found):
    Job.objects.filter(name=scanner.JOB).delete()
    kind = jobs.KINDS[scanner.JOB]
    Job.objects.create(
        name=scanner.JOB, key=str(council.pk), council_id=council.pk, state=JobState.FAILED
    )
    kind.failed(str(council.pk), "MemoryError")
    assert "đã ngừng" in ScannerFolder.objects.get().trouble
    actions.set_scanner(enabled=True, by=cast.clerk)
    assert ScannerFolder.objects.get().trouble == ""
    assert Job.objects.get(name=scanner.JOB).state == JobState.QUEUED
