from __future__ import annotations

import io
import json
import re
import uuid

import pikepdf
import pypdfium2 as pdfium
import pytest
from django.urls import reverse

from nghitruong.council.binder import actions, checks, queries, sheets
from nghitruong.council.binder.contents import contents
from nghitruong.council.binder.models import BinderPlace
from nghitruong.council.binder.tests.conftest import paper_pdf, send_in
from nghitruong.council.councils.models import Organization
from nghitruong.council.papers.models import Paper, PaperVersion
from nghitruong.council.papers.tests.conftest import make_docx, make_pdf, send
from nghitruong.platform.errors import Refused
from nghitruong.platform.files import store
from nghitruong.platform.jobs import api as jobs

# Whatever the day on which the tests run.
LATE = {"late_approved_by": "Chủ tịch HĐND", "late_reason": "Bổ sung"}


@pytest.fixture
def filled(door, cast):
    """Five papers sent one by one, as offices did before."""
    made = []
    for kind, title, pages in (
        ("report", "Báo cáo kinh tế", 3),
        ("programme", "Chương trình", 1),
        ("report", "Báo cáo ngân sách", 2),
        ("submission", "Tờ trình phân bổ", 4),
        ("list", "Danh sách", 1),
    ):
        outcome = send(
            cast.clerk,
            make_pdf(title, pages=pages),
            kind=kind,
            title=title,
            session_id=door.info.id,
        )
        made.append(Paper.objects.get(pk=outcome["paper"]))
    return made


def listing(door, cast):
    sections = contents(cast.clerk.council_id, door.info.id)
    return [(e.tab, e.paper.title, e.first, e.last) for s in sections for e in s.entries]


def test_papers_stand_in_the_menus_order_with_pages_counted_through(door, cast, filled):
    assert listing(door, cast) == [
        (1, "Chương trình", 1, 1),
        (2, "Báo cáo kinh tế", 2, 4),
        (3, "Báo cáo ngân sách", 5, 6),
        (4, "Tờ trình phân bổ", 7, 10),
        (5, "Danh sách", 11, 11),
    ]


def test_a_paper_moves_before_another_one_and_into_another_section(door, cast, filled):
    economy, _, budget, submission, names = filled
    actions.move_paper(door.info.id, budget, before=economy, by=cast.clerk)
    assert [row[1] for row in listing(door, cast)][1:3] == ["Báo cáo ngân sách", "Báo cáo kinh tế"]
    actions.move_paper(door.info.id, names, section="chuong-trinh", by=cast.clerk)
    assert listing(door, cast)[1] == (2, "Danh sách", 2, 2)
    actions.move_paper(door.info.id, submission, before=names, by=cast.clerk)
    assert [row[1] for row in listing(door, cast)][:3] == [
        "Chương trình",
        "Tờ trình phân bổ",
        "Danh sách",
    ]
    with pytest.raises(Refused, match="section_wrong"):
        actions.move_paper(door.info.id, names, section="x", by=cast.clerk)
    with pytest.raises(Refused, match="papers_not_yours"):
        actions.move_paper(door.info.id, names, section="bao-cao", by=cast.delegates[0])
    assert BinderPlace.objects.count() == 5


def test_a_paper_of_two_sessions_keeps_its_place_in_each(door, cast, filled):
    """The order of a session that is over and printed is not another session's to change."""
    economy, _, budget, *_rest = filled
    actions.move_paper(door.info.id, budget, before=economy, by=cast.clerk)
    before = listing(door, cast)
    later = uuid.uuid4()
    actions.fill_places(later, [budget], by=cast.clerk)
    assert BinderPlace.objects.filter(paper=budget).count() == 2
    assert listing(door, cast) == before


def test_a_delegate_sees_the_same_numbers_on_what_was_sent(door, cast, filled):
    from nghitruong.council.papers.actions import release_papers, withdraw_paper

    release_papers([filled[2], filled[3]], by=cast.clerk, **LATE)
    seen = [
        (e.tab, e.first)
        for s in queries.binder_for(cast.delegates[0], door.info)
        for e in s.entries
    ]
    assert seen == [(3, 5), (4, 7)]
    withdraw_paper(filled[3], reason="nhầm", by=cast.clerk)
    assert (4, "Danh sách", 7, 7) in listing(door, cast)


def test_the_reading_page_knows_the_packets_page_numbers(door, cast, filled, signed_in, council):
    from nghitruong.council.papers.actions import release_papers

    release_papers([filled[2], filled[3]], by=cast.clerk, **LATE)
    client = signed_in(cast.delegates[0])
    addresses = [reverse("papers:paper", args=[council.slug, one.pk]) for one in filled]
    bound = [f"{address}?ban=1" for address in addresses]

    def packet(address, **query):
        page = client.get(address, query).content.decode()
        return json.loads(re.search(r'application/json">(\{"file".*?)</script>', page)[1])["packet"]

    # Pages of papers this person may not open are not on the list.
    assert packet(addresses[3]) == {
        "first": 7,
        "papers": [[5, 6, bound[2]], [7, 10, bound[3]]],
    }
    send(cast.clerk, make_pdf("Bản sau", pages=2), paper=filled[3], reason="sửa")
    assert packet(addresses[3])["first"] == 7
    older = packet(addresses[3], ban=1)
    assert (older["first"], older["papers"][1]) == (0, [7, 8, f"{addresses[3]}?ban=2"])
    # The office opens what is not bound yet: its numbers lead to the text they were counted over.
    send(cast.clerk, make_pdf("Chưa đọc", pages=1), paper=filled[3], reason="sửa nữa")
    PaperVersion.objects.filter(paper=filled[3], number=3).update(unread=True)
    client = signed_in(cast.clerk)
    newest = packet(addresses[3])
    assert newest["first"] == 0
    assert [7, 8, f"{addresses[3]}?ban=2"] in newest["papers"]
    assert packet(addresses[3], ban=2)["first"] == 7


def bound(door, cast, **options):
    packet = actions.order_packet(door.info, by=cast.clerk, **options)
    jobs.run_now("binder.bind")
    packet.refresh_from_db()
    assert packet.state == "done", packet.problem
    path = store.path_of(packet.sha256)
    document = pdfium.PdfDocument(path)
    texts = [document[n].get_textpage().get_text_range() for n in range(len(document))]
    with pikepdf.open(path) as pdf:
        labels = [pdf.pages[n].label for n in range(len(pdf.pages))]
        with pdf.open_outline() as outline:
            branches = [item.title for item in outline.root]
    return packet, texts, labels, branches


def test_the_printed_set_has_cover_contents_tabs_and_the_screens_page_numbers(door, cast, filled):
    send(
        cast.clerk,
        make_docx("Tài liệu"),
        file_name="van-ban.docx",
        kind="notice",
        title="Thông báo",
        session_id=door.info.id,
    )
    packet, texts, labels, branches = bound(door, cast)
    assert packet.pages == len(texts) == 2 + 6 + 12
    assert "KỲ HỌP THỨ SÁU" in texts[0]
    assert "Hội trường A" in texts[0]
    assert "MỤC LỤC" in texts[1]
    assert "7–10" in texts[1]
    assert "Tab 1" in texts[2]
    assert "Tab 1 tr. 1" in " ".join(texts[3].split())
    tabs = [n for n, text in enumerate(texts) if "Tab 4\r" in text and "tr." not in text]
    assert " ".join(texts[tabs[0] + 4].split()).endswith("Tab 4 tr. 10")
    assert labels[3] == "1"
    assert labels[tabs[0] + 1] == "7"
    assert labels[0] == "i"
    assert "in riêng" in texts[-1]
    assert branches[0] == "Chương trình"


def test_it_is_said_from_which_page_a_printed_set_no_longer_holds(
    door, cast, filled, signed_in, council
):
    from nghitruong.council.papers.actions import withdraw_paper

    whole, *_ = bound(door, cast)
    part, *_ = bound(door, cast, papers=[filled[1].pk])
    client = signed_in(cast.clerk)

    def told():
        binder = client.get(reverse("binder:binder", args=[council.slug, 6])).content.decode()
        pages = [
            client.get(reverse("binder:packet", args=[council.slug, 6, one.pk])).content.decode()
            for one in (whole, part)
        ]
        said = r"đã đổi sau khi in: từ trang (\d+)"
        return [found and int(found[1]) for found in (re.search(said, p) for p in (binder, *pages))]

    assert told() == [None, None, None]
    # What comes after everything moves no number.
    send_in_last = make_pdf("Cuối", pages=1)
    send(cast.clerk, send_in_last, kind="notice", title="Cuối", session_id=door.info.id)
    assert told() == [None, None, None]
    send(cast.clerk, make_pdf("Bản sau", pages=2), paper=filled[3], reason="sửa")
    assert told() == [7, 7, None]
    withdraw_paper(filled[2], reason="nhầm", by=cast.clerk)
    assert told() == [5, 5, None]  # the part printed stands before it
    page = signed_in(cast.delegates[0]).get(reverse("binder:binder", args=[council.slug, 6]))
    assert "đã đổi sau khi in" not in page.content.decode()


def test_a_selection_keeps_the_packets_numbers_and_sent_ones_can_be_all(door, cast, filled):
    from nghitruong.council.papers.actions import release_papers

    packet, texts, labels, _ = bound(door, cast, papers=[filled[2].pk], dividers=False)
    assert packet.pages == 4
    assert labels[2:] == ["5", "6"]
    assert "Tab 3 tr. 5" in " ".join(texts[2].split())
    with pytest.raises(Refused, match="packet_empty"):
        actions.order_packet(door.info, by=cast.clerk, drafts=False)
    release_papers([filled[0]], by=cast.clerk, **LATE)
    assert bound(door, cast, drafts=False, dividers=False)[0].pages == 5


def test_rotated_pages_get_their_number_where_the_reader_sees_the_corner(door, cast):
    source = pikepdf.open(io.BytesIO(make_pdf("Bảng biểu", pages=4)))
    for at, turn in enumerate((0, 90, 180, 270)):
        source.pages[at].rotate(turn, relative=False)
    out = io.BytesIO()
    source.save(out)
    send(cast.clerk, out.getvalue(), kind="report", title="Bảng", session_id=door.info.id)
    packet, _texts, _labels, _ = bound(door, cast, dividers=False)
    document = pdfium.PdfDocument(store.path_of(packet.sha256))
    for number in range(2, 6):
        page = document[number]
        bitmap = page.render(scale=1, grayscale=True).to_pil()
        width, _height = bitmap.size
        corner = bitmap.crop((width - 100, 5, width - 8, 28))
        assert corner.getextrema()[0] < 100, f"trang {number} không có số ở góc"


def test_a_paper_whose_file_is_gone_fails_with_its_name(door, cast, filled):
    version = filled[0].versions.get()
    store.path_of(version.sha256).unlink()
    packet = actions.order_packet(door.info, by=cast.clerk)
    jobs.run_now("binder.bind")
    packet.refresh_from_db()
    assert packet.state == "failed"
    assert "Báo cáo kinh tế" in packet.problem


def test_what_a_session_and_its_items_still_lack(door, cast, filled):
    item = door.add("submission", "Phân bổ ngân sách")
    kinds = {paper.pk: paper.kind for paper in filled}
    door.attach({item.id: [filled[3].pk]}, by=cast.clerk)
    lacking = checks.of_agenda(door.items(None), kinds)
    assert lacking[item.id] == ["dự thảo nghị quyết", "báo cáo thẩm tra"]
    more = [(item.id, "draft_resolution"), (item.id, "verification_report")]
    assert checks.of_agenda(door.items(None), kinds, more) == {}
    tree = checks.of_tree("regular", [(p.kind, p.title) for p in filled])
    assert "chuong-trinh" not in tree
    assert "Báo cáo của Tòa án nhân dân" in tree["bao-cao"]
    assert "Báo cáo ngân sách" not in tree["bao-cao"]


def test_the_list_goes_to_excel_and_back_with_faults_at_their_cells(batch, door, cast):
    door.add("submission", "Phân bổ ngân sách")
    send_in(batch, cast.clerk, paper_pdf(), name="a.pdf")
    send_in(batch, cast.clerk, paper_pdf("5/BC-UBND", "BÁO CÁO"), name="b.pdf")
    items = door.items(None)
    data = sheets.written(queries.files_of(batch), items)
    changes, faults = sheets.read(data, "x.xlsx", queries.files_of(batch), items)
    assert (len(changes), faults) == (2, [])
    rows = "Tệp;Loại;Tên tài liệu;Ngày văn bản;Nội dung chương trình\na.pdf;Báo cáo;Tên mới;12/11/2026;1\nb.pdf;Gì đó;;31/02/2026;99\nc.pdf;Báo cáo;x;;\n"  # noqa: E501
    sheet = rows.encode()
    changes, faults = sheets.read(sheet, "x.csv", queries.files_of(batch), items)
    assert [(f.line, f.column) for f in faults] == [
        (3, "title"),
        (3, "kind"),
        (3, "dated"),
        (3, "item"),
        (4, "file"),
    ]
    actions.edit_files(batch, changes, by=cast.clerk)
    row = queries.files_of(batch)[0]
    assert (row.title, row.kind, row.item_id) == ("Tên mới", "report", items[0].id)
    back = sheets.with_faults(sheet, "x.csv", faults)
    again = sheets.grid(back, "x.xlsx")
    assert again[0][-1] == sheets.FAULTS
    assert again[1][-1] == ""
    assert "31/12/2026" in again[2][-1]


def described(batch):
    fields = ("pk", "file_name", "title", "number", "issuer", "body", "kind", "dated", "edited")
    return [tuple(getattr(row, name) for name in fields) for row in queries.files_of(batch)]


def test_two_files_of_one_name_keep_what_is_written_of_each(batch, door, cast):
    """Two departments' «To trinh.pdf»: the sheet goes out and comes back untouched."""
    send_in(batch, cast.clerk, paper_pdf("1/TTr-SXD"), name="To trinh.pdf")
    send_in(batch, cast.clerk, paper_pdf("2/BC-STC", "BÁO CÁO"), name="to trinh.pdf")
    before = described(batch)
    assert len({row[3] for row in before}) == 2
    files = queries.files_of(batch)
    changes, faults = sheets.read(sheets.written(files, []), "x.xlsx", files, [])
    assert (set(changes), faults) == ({row.pk for row in files}, [])
    actions.edit_files(batch, changes, by=cast.clerk)
    assert described(batch) == before
    # A key used twice, or one nobody gave out, is a fault of that very cell.
    first, second = files
    for key, words in ((str(first.pk), "đã có ở dòng trên"), ("khong-co", "Không có mã này")):
        typed = f"Tệp;Mã (giữ nguyên)\nTo trinh.pdf;{first.pk}\nto trinh.pdf;{key}\n".encode()
        changes, (fault,) = sheets.read(typed, "x.csv", files, [])
        assert second.pk not in changes
        assert (fault.line, fault.column) == (3, "key")
        assert words in fault.text
    # A sheet without the column of keys cannot say which is meant: neither is touched.
    typed = "Tệp;Loại;Tên tài liệu\nTo trinh.pdf;Báo cáo;Một\nto trinh.pdf;Báo cáo;Hai\n".encode()
    changes, faults = sheets.read(typed, "x.csv", files, [])
    assert (changes, [(f.line, f.column) for f in faults]) == ({}, [(2, "file"), (3, "file")])
    assert "cùng tên" in faults[0].text


def test_a_sheet_without_folders_does_not_take_the_file_outside_them_for_the_other(
    batch, door, cast
):
    send_in(batch, cast.clerk, paper_pdf("1/TTr-SXD"), name="a.pdf")
    send_in(batch, cast.clerk, paper_pdf("2/TTr-STC"), name="a.pdf", folder="So Tai chinh")
    files = queries.files_of(batch)
    typed = "Tệp;Loại;Tên tài liệu\na.pdf;Báo cáo;Một\n".encode()
    changes, faults = sheets.read(typed, "x.csv", files, [])
    assert (changes, [f.column for f in faults]) == ({}, ["file"])
    typed = "Tệp;Thư mục;Loại;Tên tài liệu\na.pdf;So Tai chinh;Báo cáo;Một\na.pdf;;Báo cáo;Hai\n"
    changes, faults = sheets.read(typed.encode(), "x.csv", files, [])
    titles = {row.folder: changes[row.pk]["title"] for row in files}
    assert (titles, faults) == ({"": "Hai", "So Tai chinh": "Một"}, [])


def test_the_sheet_leaves_the_body_a_clerk_chose(batch, door, cast, council):
    send_in(batch, cast.clerk, paper_pdf(), name="a.pdf")
    (row,) = queries.files_of(batch)
    chosen = Organization.objects.create(
        council=council, kind="agency", code="STC", name="Sở Tài chính", fold="so tai chinh"
    )
    actions.edit_files(batch, {row.pk: {"body": str(chosen.pk)}}, by=cast.clerk)
    files = queries.files_of(batch)
    changes, _faults = sheets.read(sheets.written(files, []), "x.xlsx", files, [])
    changes[row.pk]["title"] = "Tên sửa trong bảng"
    actions.edit_files(batch, changes, by=cast.clerk)
    row.refresh_from_db()
    assert (row.title, row.body) == ("Tên sửa trong bảng", chosen)
    changes[row.pk]["issuer"] = "Cơ quan khác"  # now the choice was about another one
    actions.edit_files(batch, changes, by=cast.clerk)
    row.refresh_from_db()
    assert row.body is None


def test_the_pages_of_the_binder(batch, door, cast, filled, signed_in, council, settings):
    client = signed_in(cast.clerk)
    slug = council.slug
    send_in(batch, cast.clerk, paper_pdf(), name="a.pdf")
    page = client.get(reverse("binder:binder", args=[slug, 6]))
    assert page.status_code == 200
    assert "Tờ trình phân bổ" in page.content.decode()
    url = reverse("binder:import", args=[slug, 6, batch.pk])
    state = client.get(url, headers={"Accept": "application/json"}).json()
    assert state["files"][0]["number"] == "213/TTr-UBND"
    assert state["waiting"] == []
    answer = client.post(
        reverse("binder:edit", args=[slug, 6, batch.pk]),
        {"files": {state["files"][0]["id"]: {"title": "Sửa"}}},
        content_type="application/json",
    ).json()
    assert answer["files"][0]["title"] == "Sửa"
    moved = client.post(
        reverse("binder:move", args=[slug, 6, filled[0].pk]),
        {"section": "tra-cuu"},
        headers={"Accept": "application/json"},
    ).json()
    assert moved["sections"][-1]["entries"][0]["tab"] == 5
    ordered = client.post(reverse("binder:order_packet", args=[slug, 6]), {"dividers": "1"})
    jobs.run_now("binder.bind")
    assert (
        b"application/pdf" in client.get(f"{ordered.url[:-1]}.pdf").headers["Content-Type"].encode()
    )
    done = client.post(
        reverse("binder:confirm", args=[slug, 6, batch.pk]), headers={"Accept": "application/json"}
    )
    assert done.json()["ok"]
    assert client.get(reverse("binder:sheet", args=[slug, 6, batch.pk])).status_code == 200
    delegate = signed_in(cast.delegates[0])
    assert delegate.get(reverse("binder:binder", args=[slug, 6])).status_code == 200
    assert delegate.get(url).status_code == 403
