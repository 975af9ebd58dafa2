from __future__ import annotations

import uuid
from dataclasses import replace
from hashlib import sha256

import pytest

from nghitruong.council.binder import actions
from nghitruong.council.binder.actions import packets
from nghitruong.council.binder.actions.receiving import staging
from nghitruong.council.binder.models import Arrival, ImportFile, Packet
from nghitruong.council.binder.tests.conftest import paper_pdf, send_in, zipped
from nghitruong.council.papers import actions as paper_actions
from nghitruong.council.papers.models import SecretStub
from nghitruong.council.papers.tests.conftest import make_pdf
from nghitruong.platform.errors import Refused
from nghitruong.platform.files import store
from nghitruong.platform.files.models import Shredding
from nghitruong.platform.jobs import api as jobs


def test_a_secret_among_the_files_leaves_no_name_and_no_byte(batch, door, cast, var):
    secret = make_pdf("MẬT\nBÁO CÁO\nVề kế hoạch Sao Băng")
    data = zipped({"thuong.pdf": paper_pdf(), "ke-hoach-sao-bang.pdf": secret})
    send_in(batch, cast.clerk, data)
    row = ImportFile.objects.get(refused="state_secret")
    assert (row.file_name, row.folder, row.title, row.sha256) == ("", "", "", "")
    assert SecretStub.objects.get().session_id == door.info.id
    kept = b"".join(path.read_bytes() for path in var.rglob("*") if path.is_file())
    assert "Sao Băng".encode() not in kept
    assert b"sao-bang" not in kept
    assert not store.path_of(sha256(secret).hexdigest()).exists()
    assert len(actions.confirm_import(batch, by=cast.clerk)) == 1


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("Ho so/a.pdf", "MẬT\nBáo cáo", "Trang đầu của tệp"),
        ("Ho so/BC-TỐI MẬT.pdf", "Báo cáo", "hãy đổi tên tệp"),
        ("Hồ sơ mật/a.pdf", "Báo cáo", "hãy đổi tên thư mục"),
    ],
)
def test_a_file_that_was_erased_says_where_the_mark_was_seen(batch, door, cast, name, text, said):
    send_in(batch, cast.clerk, zipped({name: make_pdf(text), "b.pdf": paper_pdf()}))
    row = ImportFile.objects.get(refused="state_secret")
    (problem,) = row.problems
    assert said in problem["text"]
    assert ("đổi tên" in problem["text"]) == (not said.startswith("Trang"))
    assert SecretStub.objects.get().found_in == ("text" if said.startswith("Trang") else "name")


@pytest.mark.parametrize("archive", [True, False])
def test_a_look_cut_off_at_a_secret_goes_on_and_the_register_has_one_line(
    batch, door, cast, var, monkeypatch, archive
):
    from nghitruong.platform.files import shredding

    secret = make_pdf("MẬT\nBÁO CÁO\nVề kế hoạch Sao Băng")
    data = zipped({"a.pdf": secret, "b.pdf": paper_pdf()}) if archive else secret
    real = shredding.carry_out

    def dies(keys):
        real(keys)
        raise ConnectionError

    send_in(batch, cast.clerk, data, name="sao-bang.pdf", look=False)
    key = str(Arrival.objects.get().pk)
    monkeypatch.setattr(shredding, "carry_out", dies)
    with pytest.raises(ConnectionError):
        actions.open_arrival(key)
    monkeypatch.setattr(shredding, "carry_out", real)
    actions.open_arrival(key)
    assert SecretStub.objects.count() == 1
    assert Arrival.objects.get().state == "done"
    assert ImportFile.objects.filter(refused="state_secret").count() == 1
    assert ImportFile.objects.filter(refused="").count() == int(archive)
    assert not list(staging().iterdir())
    kept = b"".join(path.read_bytes() for path in var.rglob("*") if path.is_file())
    assert b"sao-bang" not in kept


def test_a_secret_by_its_name_is_turned_away_before_its_bytes(batch, cast):
    with pytest.raises(Refused, match="state_secret"):
        send_in(batch, cast.clerk, paper_pdf(), name="BC-TỐI MẬT.pdf")
    assert SecretStub.objects.get().degree == "secret"


def test_a_paper_found_to_be_secret_later_takes_its_import_and_printed_sets_with_it(
    batch, door, cast, django_capture_on_commit_callbacks
):
    send_in(batch, cast.clerk, paper_pdf(subject="Kế hoạch Sao Băng"), name="sao-bang.pdf")
    [paper] = actions.confirm_import(batch, by=cast.clerk)
    packet = actions.order_packet(door.info, by=cast.clerk)
    jobs.run_now("binder.bind")
    packet.refresh_from_db()
    bound = store.path_of(packet.sha256)
    assert bound.exists()
    with django_capture_on_commit_callbacks(execute=True):
        paper_actions.expunge_secret(paper, "confidential", by=cast.clerk)
    row = ImportFile.objects.get()
    assert (row.file_name, row.title, row.number, row.sources) == ("", "", "", {})
    assert not Packet.objects.exists()
    assert not bound.exists()


def test_printed_sets_of_other_sessions_that_may_hold_its_pages_go_too(
    batch, door, cast, var, monkeypatch, django_capture_on_commit_callbacks
):
    """Under another session's agenda, or long taken off it: no page of it stays in the store."""
    send_in(batch, cast.clerk, paper_pdf(subject="Kế hoạch Sao Băng"), name="sao-bang.pdf")
    [paper] = actions.confirm_import(batch, by=cast.clerk)
    item = door.add("report", "Kế hoạch")
    door.attach({item.id: [paper.pk]}, by=cast.clerk)
    other = replace(door.info, id=uuid.uuid4(), number=7)
    done = actions.order_packet(other, by=cast.clerk)
    jobs.run_now("binder.bind")
    done.refresh_from_db()
    door.detach([paper.pk], by=cast.clerk)
    assert store.path_of(done.sha256).exists()

    door.attach({item.id: [paper.pk]}, by=cast.clerk)
    bound = actions.order_packet(replace(other, id=uuid.uuid4(), number=8), by=cast.clerk)
    really, ran = packets.apart.run, []

    def cut_in(*given, **more):
        result = really(*given, **more)
        with django_capture_on_commit_callbacks(execute=True):
            paper_actions.expunge_secret(paper, "confidential", by=cast.clerk)
        ran.append(bound.pk)
        return result

    before = {path.name for path in (var / "files").rglob("*") if path.is_file()}
    monkeypatch.setattr(packets.apart, "run", cut_in)
    jobs.run_now("binder.bind")
    assert ran == [bound.pk]
    assert not Packet.objects.exists()
    assert not store.path_of(done.sha256).exists()
    after = {path.name for path in (var / "files").rglob("*") if path.is_file()}
    assert after < before  # the set that was being bound left no file
    assert not Shredding.objects.exists()
