from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from nghitruong.council.councils.importers.spreadsheet import FAULTS, grid
from nghitruong.council.councils.models import Person
from nghitruong.platform.errors import Refused
from nghitruong.session.meetings import actions
from nghitruong.session.meetings.actions.lists import undo_list, write_list
from nghitruong.session.meetings.binder_door import MeetingsDoor
from nghitruong.session.meetings.importers import LISTS
from nghitruong.session.meetings.models import AgendaItem, AgendaPaper, Summons

AGENDA, GUESTS = LISTS["chuong-trinh"], LISTS["khach-moi"]


def csv(*lines):
    return "\n".join(lines).encode()


def test_an_agenda_comes_in_by_sittings_and_goes_back_as_a_whole(session, sitting, cast):
    rows = AGENDA.read(
        csv(
            "Phiên;Nội dung;Loại;Số phút;Họp kín",
            "1;Khai mạc;Nghi thức;15;",
            "Phiên thứ 1;Báo cáo kinh tế;Báo cáo;30;",
            ";Công tác cán bộ;Bầu cử;;x",
        ),
        "x.csv",
    )
    batch = write_list(AGENDA, rows, session, file_name="x.csv", by=cast.clerk)
    items = list(AgendaItem.objects.order_by("order"))
    assert [(i.title, i.kind, i.minutes, i.closed_doors) for i in items] == [
        ("Khai mạc", "ceremony", 15, False),
        ("Báo cáo kinh tế", "report", 30, False),
        ("Công tác cán bộ", "election", 10, True),
    ]
    assert [i.sitting_id for i in items] == [sitting.pk, sitting.pk, None]
    with pytest.raises(Refused, match="other_list"):
        undo_list(GUESTS, batch, session, by=cast.clerk)
    undo_list(AGENDA, batch, session, by=cast.clerk)
    assert not AgendaItem.objects.exists()
    batch.refresh_from_db()
    with pytest.raises(Refused, match="already_undone"):
        undo_list(AGENDA, batch, session, by=cast.clerk)


def test_faults_stand_at_their_cells_and_nothing_is_written(session, sitting, cast):
    rows = AGENDA.read(
        csv(
            "Phiên;Nội dung;Loại;Số phút;Cơ quan",
            "9;;Gì đó;hai;Sở lạ",
            "1;Đúng;;5;",
        ),
        "x.csv",
    )
    with pytest.raises(Refused, match="rows_faulty"):
        write_list(AGENDA, rows, session, file_name="x.csv", by=cast.clerk)
    assert set(rows[0].errors) == {"sitting", "title", "kind", "minutes", "body"}
    assert rows[1].errors == {}
    assert not AgendaItem.objects.exists()
    cells = grid(AGENDA.sheet(rows), "x.xlsx")
    assert cells[0][-1] == FAULTS
    assert "Không có phiên này" in cells[1][-1]
    assert cells[2][-1] == ""
    with pytest.raises(Refused):
        AGENDA.may(cast.delegates[0])


def test_guests_are_made_once_and_invited_with_numbers(session, cast):
    actions.issue_summons(session, by=cast.chair)
    before = Person.objects.count()
    rows = GUESTS.read(
        csv(
            "Họ và tên;Chức danh, đơn vị;Điện thoại;Email",
            "Lý Thị Kim;Báo Lào Cai;0912 345 678;kim@example.vn",
            "Mai Văn Lâm;Giám đốc Sở Y tế;;",
        ),
        "khach.csv",
    )
    batch = write_list(GUESTS, rows, session, file_name="khach.csv", by=cast.clerk)
    assert Person.objects.count() == before + 2
    invited = Summons.objects.filter(kind="invitation").order_by("number")
    assert [(s.number, s.name) for s in invited] == [(1, "Lý Thị Kim"), (2, "Mai Văn Lâm")]
    assert GUESTS.check(rows, session, by=cast.clerk) == 2  # invited already
    actions.reply(invited[0], coming=True, by=cast.clerk)
    with pytest.raises(Refused, match="import_in_use"):
        undo_list(GUESTS, batch, session, by=cast.clerk)
    Summons.objects.update(reply="none")
    undo_list(GUESTS, batch, session, by=cast.clerk)
    assert Person.objects.count() == before
    bad = GUESTS.read(csv("Họ và tên;Email;Điện thoại", "Kim;a;1"), "x.csv")
    assert GUESTS.check(bad, session, by=cast.clerk) == 1
    assert set(bad[0].errors) == {"full_name", "email", "phone"}


def test_the_pages_from_the_file_to_the_undo(session, sitting, cast, council, signed_in):
    client = signed_in(cast.clerk)
    at = [council.slug, session.number, "chuong-trinh"]
    sheet = client.get(reverse("meetings:list_model", args=at)).content
    assert grid(sheet, "x.xlsx")[1][1] == "Khai mạc kỳ họp"
    file = SimpleUploadedFile("a.xlsx", sheet)
    page = client.post(reverse("meetings:choose_list", args=at), {"file": file})
    assert 'name="2.title" value="Khai mạc kỳ họp"' in page.content.decode()
    sent = {
        "file_name": "a.xlsx",
        "2.title": "Khai mạc",
        "2.kind": "Lạ",
        "3.title": "x",
        "3.skip": "1",
    }
    write = reverse("meetings:write_list", args=at)
    assert "cần sửa" in client.post(write, sent).content.decode()
    back = client.post(write, sent | {"back": "1"})
    assert "Loại nội dung: Ghi một trong" in grid(back.content, "x.xlsx")[1][-1]
    done = client.post(write, sent | {"2.kind": "Nghi thức"})
    assert client.get(done.url).status_code == 200
    assert AgendaItem.objects.count() == 1
    client.post(f"{done.url}hoan-tac/")
    assert not AgendaItem.objects.exists()
    assert client.get(reverse("meetings:choose_list", args=[*at[:2], "khac"])).status_code == 404


def test_the_binders_door_puts_papers_under_items_and_takes_them_out(session, cast, council):
    from nghitruong.council.papers.models import Paper
    from nghitruong.council.papers.tests.conftest import make_pdf, send

    door = MeetingsDoor()
    first = actions.add_item(session, by=cast.clerk, kind="report", title="Báo cáo")
    actions.add_item(session, by=cast.clerk, kind="decision", title="Biểu quyết")
    outcome = send(cast.clerk, make_pdf(), session_id=session.pk)
    paper = Paper.objects.get(pk=outcome["paper"])
    assert [(i.order, i.title) for i in door.items(session.pk)] == [
        (1, "Báo cáo"),
        (2, "Biểu quyết"),
    ]
    door.attach({first.pk: [paper.pk]}, by=cast.clerk)
    door.attach({first.pk: [paper.pk]}, by=cast.clerk)
    assert door.items(session.pk)[0].papers == (paper.pk,)
    door.detach([paper.pk], by=cast.clerk)
    assert not AgendaPaper.objects.exists()
    assert door.session(cast.clerk, session.number) == door.by_id(session.pk)
