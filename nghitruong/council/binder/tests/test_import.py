from __future__ import annotations

import unicodedata
import zipfile
from io import BytesIO

import pytest

from nghitruong.council.binder import actions, checks, queries
from nghitruong.council.binder.actions.receiving import staging
from nghitruong.council.binder.models import Arrival, BinderPlace, ImportFile, ImportState
from nghitruong.council.binder.tests.conftest import paper_pdf, send_in, zipped
from nghitruong.council.papers import actions as paper_actions
from nghitruong.council.papers.models import Paper, PaperVersion, SecretStub
from nghitruong.council.papers.tests.conftest import make_docx, make_pdf
from nghitruong.platform.audit.models import Entry
from nghitruong.platform.errors import Refused
from nghitruong.platform.files import store
from nghitruong.platform.jobs import api as jobs

# Whatever the day on which the tests run.
LATE = {"late_approved_by": "Chủ tịch HĐND", "late_reason": "Bổ sung"}


def found(batch, name):
    return ImportFile.objects.get(batch=batch, file_name=name)


def words(batch, door, council, name):
    """The codes of the problems shown for a file."""
    files = queries.files_of(batch)
    papers = Paper.objects.filter(council=council)
    problems = checks.of_import(files, papers)
    return [problem.code for problem in problems.get(found(batch, name).pk, [])]


def test_a_zip_becomes_rows_with_proposals_in_the_order_of_its_folders(batch, door, cast):
    budget = door.add("submission", "Tờ trình về phân bổ ngân sách địa phương năm 2027")
    data = zipped(
        {
            "KH6/10. Khac/bao cao.docx": make_docx("BÁO CÁO", "Kết quả công tác năm"),
            unicodedata.normalize("NFD", "KH6/2. Ngân sách/tờ trình.pdf"): paper_pdf(
                subject="Về phân bổ ngân sách địa phương năm 2027", pages=3
            ),
            "__MACOSX/._x": b"junk",
            "KH6/Thumbs.db": b"junk",
        }
    )
    send_in(batch, cast.clerk, data)
    files = queries.files_of(batch)
    assert [file.folder for file in files] == ["KH6/2. Ngân sách", "KH6/10. Khac"]
    first = files[0]
    assert first.file_name == "tờ trình.pdf"
    assert (first.number, first.kind, first.pages) == ("213/TTr-UBND", "submission", 3)
    assert first.issuer == "Ủy ban nhân dân tỉnh Lào Cai"
    assert f"{first.dated}" == "2026-11-12"
    assert first.item_id == budget.id
    assert files[1].kind == "report"
    assert not list(staging().iterdir())
    assert not Paper.objects.exists()


def test_one_confirmation_makes_papers_places_and_items_and_undo_takes_all_back(
    batch, door, cast, council
):
    item = door.add("submission", "Phân bổ ngân sách địa phương năm 2027")
    data = zipped(
        {f"{n}.pdf": paper_pdf(f"{n}/TTr-UBND", subject="Phân bổ ngân sách") for n in range(1, 6)}
    )
    send_in(batch, cast.clerk, data)
    last = found(batch, "5.pdf")
    actions.edit_files(
        batch, {last.pk: {"title": "Tên đã sửa", "include": "1", "item": ""}}, by=cast.clerk
    )
    out = found(batch, "4.pdf")
    actions.edit_files(batch, {out.pk: {"include": ""}}, by=cast.clerk)
    papers = actions.confirm_import(batch, by=cast.clerk)
    assert len(papers) == Paper.objects.count() == PaperVersion.objects.count() == 4
    assert Paper.objects.get(number="5/TTr-UBND").title == "Tên đã sửa"
    assert {paper.session_id for paper in papers} == {door.info.id}
    assert len(door.items(None)[0].papers) == 3
    assert item.papers == ()
    places = BinderPlace.objects.order_by("order")
    assert [p.paper.number for p in places][:3] == ["1/TTr-UBND", "2/TTr-UBND", "3/TTr-UBND"]
    assert Entry.objects.filter(action="papers.add_version").count() == 4
    batch.refresh_from_db()
    with pytest.raises(Refused, match="import_closed"):
        actions.confirm_import(batch, by=cast.clerk)
    actions.undo_import(batch, by=cast.clerk)
    assert not Paper.objects.exists()
    assert not BinderPlace.objects.exists()
    assert door.items(None)[0].papers == ()
    batch.refresh_from_db()
    assert batch.state == ImportState.UNDONE


def test_a_released_paper_keeps_the_import_from_being_undone(batch, door, cast):
    send_in(batch, cast.clerk, paper_pdf(), name="a.pdf")
    send_in(batch, cast.clerk, paper_pdf("2/TTr-UBND"), name="b.pdf")
    papers = actions.confirm_import(batch, by=cast.clerk)
    paper_actions.release_papers(papers[:1], by=cast.clerk, **LATE)
    batch.refresh_from_db()
    with pytest.raises(Refused, match="already_sent"):
        actions.undo_import(batch, by=cast.clerk)
    assert Paper.objects.count() == 2


def test_a_confirmation_cut_in_the_middle_goes_on_and_makes_nothing_twice(
    batch, door, cast, monkeypatch
):
    from nghitruong.council.binder.actions import imports

    data = zipped({f"{n:02}.pdf": paper_pdf(f"{n}/BC-UBND", "BÁO CÁO") for n in range(1, 6)})
    send_in(batch, cast.clerk, data)
    monkeypatch.setattr(imports, "CHUNK", 2)
    real, calls = imports._make, []

    def breaks(row, batch, by):
        calls.append(row)
        if len(calls) == 4:
            raise ConnectionError
        real(row, batch, by)

    monkeypatch.setattr(imports, "_make", breaks)
    with pytest.raises(ConnectionError):
        actions.confirm_import(batch, by=cast.clerk)
    assert Paper.objects.count() == 2
    monkeypatch.setattr(imports, "_make", real)
    assert len(actions.confirm_import(batch, by=cast.clerk)) == 5
    assert Paper.objects.count() == 5


def test_problems_of_the_set_are_told_at_once(batch, door, cast, council):
    same = paper_pdf()
    jump = "\f"
    data = zipped(
        {
            "a.pdf": same,
            "b.pdf": same,
            "c.pdf": paper_pdf("213/TTr-UBND", subject="Về việc khác"),
            "d.pdf": make_pdf("BÁO CÁO\nVề đầu tư công\n(có Phụ lục danh mục kèm theo)"),
            "e.docx": make_pdf("BÁO CÁO\nVề y tế"),
            "f.pdf": b"",
            "g.pdf": b"%PDF-1.7 broken",
            "h.exe": b"MZ" + jump.encode(),
        }
    )
    send_in(batch, cast.clerk, data)
    assert words(batch, door, council, "a.pdf") == []
    assert "duplicate" in words(batch, door, council, "b.pdf")
    assert words(batch, door, council, "c.pdf") == ["same_number"]
    assert words(batch, door, council, "d.pdf") == ["annex_missing"]
    assert "wrong_ending" in " ".join(words(batch, door, council, "e.docx")).replace(
        "wrong_extension", "wrong_ending"
    )
    for name in ("f.pdf", "g.pdf", "h.exe"):
        assert found(batch, name).refused
        assert not found(batch, name).include
    actions.edit_files(batch, {found(batch, "b.pdf").pk: {"include": ""}}, by=cast.clerk)
    assert len(actions.confirm_import(batch, by=cast.clerk)) == 4


def test_the_annex_beside_it_is_found_by_its_name(batch, door, cast, council):
    body = make_pdf("NGHỊ QUYẾT\nVề đầu tư công\nChi tiết tại Phụ lục II kèm theo")
    send_in(batch, cast.clerk, body, name="nghi quyet.pdf")
    assert "annex_missing" in words(batch, door, council, "nghi quyet.pdf")
    send_in(batch, cast.clerk, make_pdf("DANH MỤC"), name="Phu luc 02 danh muc.pdf")
    assert "annex_missing" not in words(batch, door, council, "nghi quyet.pdf")


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
    assert not store.path_of(__import__("hashlib").sha256(secret).hexdigest()).exists()
    assert len(actions.confirm_import(batch, by=cast.clerk)) == 1


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


def test_an_import_given_up_while_its_files_are_looked_at_gets_no_more_rows(
    batch, door, cast, monkeypatch
):
    from nghitruong.council.binder import looking
    from nghitruong.council.binder.actions import receiving

    real, looks, step = looking.look, [], receiving._step

    def look(path, name, folder):
        looks.append(name)
        return real(path, name, folder)

    def given_up(arrival):
        step(arrival)
        actions.drop_import(batch, by=cast.clerk)

    monkeypatch.setattr(looking, "look", look)
    monkeypatch.setattr(receiving, "_step", given_up)
    data = zipped({f"{n}.pdf": paper_pdf(f"{n}/TTr-UBND") for n in range(1, 12)})
    send_in(batch, cast.clerk, data)
    assert len(looks) <= 1 + receiving.AT_ONCE  # nobody looks on at what nobody wants
    assert not ImportFile.objects.exists()
    assert Arrival.objects.get().state == "failed"
    assert not list(staging().iterdir())


def test_a_secret_by_its_name_is_turned_away_before_its_bytes(batch, cast):
    with pytest.raises(Refused, match="state_secret"):
        send_in(batch, cast.clerk, paper_pdf(), name="BC-TỐI MẬT.pdf")
    assert SecretStub.objects.get().degree == "secret"


def bomb():
    out = BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.pdf", bytes(60 * 1024 * 1024))
    return out.getvalue()


def locked():
    data = bytearray(zipped({"a.pdf": paper_pdf()}))
    for at in (data.find(b"PK\x03\x04") + 6, data.find(b"PK\x01\x02") + 8):
        data[at] |= 1
    return bytes(data)


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (bomb(), "quá lớn"),
        (locked(), "mật khẩu"),
        (zipped({}), ""),
        (zipped({"__MACOSX/x": b"1"}), "không có tài liệu"),
        (zipped({f"{n}": b"" for n in range(2001)}), "2.000"),
    ],
    ids=["bomb", "locked", "nothing", "junk", "many"],
)
def test_archives_that_are_not_opened_say_why(batch, cast, data, said):
    send_in(batch, cast.clerk, data, name="x.zip")
    arrival = Arrival.objects.get()
    assert arrival.state == "failed" or said == ""
    assert said in arrival.problem
    assert not list(staging().iterdir())


@pytest.mark.parametrize("method", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA, zipfile.ZIP_DEFLATED])
def test_a_damaged_file_of_an_archive_falls_alone(tmp_path, method):
    from nghitruong.council.binder import unpack

    path = tmp_path / "x.zip"
    with zipfile.ZipFile(path, "w", method) as archive:
        archive.writestr("a.txt", bytes(range(256)) * 400)
    data = bytearray(path.read_bytes())
    data[60:160] = b"\xff" * 100  # inside the packed bytes
    path.write_bytes(data)
    with unpack.opened(path) as (archive, [member]), pytest.raises(Refused, match="zip_member"):
        unpack.extract(archive, member, tmp_path / "out")


def test_names_out_of_a_zip_are_data_and_never_places(batch, cast, var):
    data = zipped(
        {
            "../../../etc/cron.d/x.pdf": paper_pdf(),
            "/tuyet/doi.pdf": paper_pdf("1/BC-UBND"),
            "C:\\Users\\a\\b.pdf": paper_pdf("2/BC-UBND"),
            "a\x1b[2J.pdf": paper_pdf("3/BC-UBND"),
        }
    )
    send_in(batch, cast.clerk, data)
    names = {(file.folder, file.file_name) for file in queries.files_of(batch)}
    assert names == {
        ("etc/cron.d", "x.pdf"),
        ("tuyet", "doi.pdf"),
        ("Users/a", "b.pdf"),
        ("", "a[2J.pdf"),
    }


def test_looking_goes_on_after_a_crash_where_it_stopped(batch, door, cast, monkeypatch):
    from nghitruong.council.binder.actions import receiving

    data = zipped({f"{n}.pdf": paper_pdf(f"{n}/BC-UBND", "BÁO CÁO") for n in range(1, 5)})
    send_in(batch, cast.clerk, data, look=False)
    real, calls = receiving._keep, []

    def dies(*args):
        calls.append(args)
        if len(calls) == 3:
            raise KeyboardInterrupt
        return real(*args)

    monkeypatch.setattr(receiving, "_keep", dies)
    arrival = Arrival.objects.get()
    with pytest.raises(KeyboardInterrupt):
        receiving.open_arrival(str(arrival.pk))
    assert receiving.waiting() == [(arrival.pk, arrival.council_id)]
    monkeypatch.setattr(receiving, "_keep", real)
    receiving.open_arrival(str(arrival.pk))
    arrival.refresh_from_db()
    assert (arrival.done, arrival.total, arrival.state) == (4, 4, "done")
    assert ImportFile.objects.count() == 4


def test_an_import_given_up_leaves_nothing(batch, door, cast):
    send_in(batch, cast.clerk, paper_pdf(), name="a.pdf")
    upload = send_in(batch, cast.clerk, paper_pdf(), name="b.pdf", look=False)
    actions.drop_import(batch, by=cast.clerk)
    jobs.run_now("binder.open")
    assert upload["arrival"]
    assert not ImportFile.objects.exists()
    batch.refresh_from_db()
    with pytest.raises(Refused, match="import_closed"):
        send_in(batch, cast.clerk, paper_pdf(), name="c.pdf")


def test_what_cannot_be_is_refused_with_a_sentence(batch, door, cast):
    send_in(batch, cast.clerk, paper_pdf(), name="a.pdf")
    row = found(batch, "a.pdf")
    for field, value in (("kind", "x"), ("dated", "31/12"), ("item", "1"), ("title", "x" * 501)):
        with pytest.raises(Refused):
            actions.edit_files(batch, {row.pk: {field: value}}, by=cast.clerk)
    actions.edit_files(batch, {row.pk: {"title": ""}}, by=cast.clerk)
    with pytest.raises(Refused, match="row_incomplete"):
        actions.confirm_import(batch, by=cast.clerk)
    with pytest.raises(Refused, match="papers_not_yours"):
        actions.confirm_import(batch, by=cast.delegates[0])


def test_a_paper_found_to_be_secret_later_takes_its_import_and_printed_sets_with_it(
    batch, door, cast, django_capture_on_commit_callbacks
):
    from nghitruong.council.binder.models import Packet

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


def test_the_printed_set_names_the_file_it_prints_not_one_nobody_has_read(
    batch, door, cast, monkeypatch
):
    from nghitruong.council.binder.actions import packets

    send_in(batch, cast.clerk, make_docx("BÁO CÁO", "Về kinh tế"), name="da-doc.docx")
    [paper] = actions.confirm_import(batch, by=cast.clerk)
    PaperVersion.objects.create(
        council=paper.council, paper=paper, number=2, sha256="a" * 64, size=1, unread=True,
        media_type="application/vnd.ms-excel", file_name="chua-doc.xls", uploaded_by_name="B",
    )  # fmt: skip
    packet = actions.order_packet(door.info, by=cast.clerk)
    [section] = packets._chosen(packet)
    assert [entry["file"] for entry in section["entries"]] == ["da-doc.docx"]


def test_what_a_killed_process_left_is_swept_and_what_is_being_done_is_not(council, var):
    import os

    from nghitruong.council.binder.actions import receiving
    from nghitruong.platform.files import partial

    for name, age in (("look-old", 7 * 3600), ("bind-old", 7 * 3600), ("look-now", 60)):
        folder = partial.root() / name
        folder.mkdir()
        (folder / "p-1.png").write_bytes(b"x")
        os.utime(folder, (os.stat(folder).st_atime, os.stat(folder).st_mtime - age))
    assert receiving.waiting() == []
    assert [path.name for path in partial.root().glob("*-*")] == ["look-now"]
