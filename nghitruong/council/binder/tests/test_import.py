from __future__ import annotations

import unicodedata

import pytest

from nghitruong.council.binder import actions, checks, queries
from nghitruong.council.binder.actions.receiving import staging
from nghitruong.council.binder.models import BinderPlace, ImportFile, ImportState
from nghitruong.council.binder.tests.conftest import paper_pdf, send_in, zipped
from nghitruong.council.councils.models import Organization
from nghitruong.council.papers import actions as paper_actions
from nghitruong.council.papers.models import Paper, PaperVersion
from nghitruong.council.papers.tests.conftest import make_docx, make_pdf
from nghitruong.platform.audit.models import Entry
from nghitruong.platform.errors import Refused
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
    assert batch.state == ImportState.OPEN  # corrected and confirmed again, or dropped
    assert len(actions.confirm_import(batch, by=cast.clerk)) == 4
    batch.refresh_from_db()
    actions.undo_import(batch, by=cast.clerk)
    batch.refresh_from_db()
    actions.drop_import(batch, by=cast.clerk)
    assert not ImportFile.objects.exists()  # nothing names the bytes: the night's sweep takes them


def test_the_body_that_issued_a_paper_is_known_by_its_name(batch, cast, council):
    committee = Organization.objects.get(kind="peoples_committee")
    department = Organization.objects.create(
        council=council, kind="agency", code="SXD", name="Sở Xây dựng", fold="so xay dung"
    )
    send_in(batch, cast.clerk, paper_pdf(), name="a.pdf")
    row = found(batch, "a.pdf")
    assert row.body == committee
    actions.edit_files(batch, {row.pk: {"issuer": "Sở Xây dựng tỉnh Lào Cai"}}, by=cast.clerk)
    assert found(batch, "a.pdf").body == department
    for said in ("Ủy ban nhân dân tỉnh Lào Cai", "UBND tỉnh Lào Cai"):
        actions.edit_files(batch, {row.pk: {"issuer": said}}, by=cast.clerk)
        assert found(batch, "a.pdf").body == committee
    actions.edit_files(batch, {row.pk: {"issuer": "Sở Xây dựng tỉnh Yên Bái"}}, by=cast.clerk)
    assert found(batch, "a.pdf").body is None
    actions.edit_files(batch, {row.pk: {"body": str(committee.pk)}}, by=cast.clerk)
    with pytest.raises(Refused, match="body_gone"):
        actions.edit_files(batch, {row.pk: {"body": str(batch.pk)}}, by=cast.clerk)
    (paper,) = actions.confirm_import(batch, by=cast.clerk)
    assert paper.issuing_body == committee


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


def test_a_file_that_comes_while_the_rest_is_written_is_not_left_behind(
    batch, door, cast, monkeypatch
):
    from nghitruong.council.binder.actions import imports

    send_in(batch, cast.clerk, paper_pdf("1/BC-UBND", "BÁO CÁO"), name="a.pdf")
    real = imports._make

    def meanwhile(row, batch, by):
        monkeypatch.setattr(imports, "_make", real)
        real(row, batch, by)
        send_in(batch, cast.clerk, paper_pdf("2/BC-UBND", "BÁO CÁO"), name="b.pdf")

    monkeypatch.setattr(imports, "_make", meanwhile)
    with pytest.raises(Refused, match="still_looking"):
        actions.confirm_import(batch, by=cast.clerk)
    batch.refresh_from_db()
    assert (batch.state, Paper.objects.count()) == (ImportState.OPEN, 1)
    written = found(batch, "a.pdf")  # what is typed for it now would go nowhere
    actions.edit_files(batch, {written.pk: {"title": written.title}}, by=cast.clerk)
    with pytest.raises(Refused, match="row_written"):
        actions.edit_files(batch, {written.pk: {"title": "Tên khác"}}, by=cast.clerk)
    assert len(actions.confirm_import(batch, by=cast.clerk)) == 2
    assert Paper.objects.count() == 2


def test_of_two_identical_files_the_ticked_one_is_the_original(batch, door, cast, council):
    """«X (1).pdf» comes before «X.pdf» by name and after it in the archive."""
    same = paper_pdf()
    send_in(batch, cast.clerk, zipped({"bao cao.pdf": same, "bao cao (1).pdf": same}))
    ticked, copy = found(batch, "bao cao.pdf"), found(batch, "bao cao (1).pdf")
    assert (ticked.include, copy.include) == (True, False)
    assert words(batch, door, council, "bao cao.pdf") == []
    assert words(batch, door, council, "bao cao (1).pdf") == ["duplicate"]
    actions.edit_files(
        batch, {ticked.pk: {"include": ""}, copy.pk: {"include": "1"}}, by=cast.clerk
    )
    assert words(batch, door, council, "bao cao.pdf") == ["duplicate"]
    assert words(batch, door, council, "bao cao (1).pdf") == []


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
    assert [found(batch, name).include for name in ("a.pdf", "b.pdf")] == [True, False]
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
