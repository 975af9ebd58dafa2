"""«Việc hôm nay»: each role finds what waits for it, the most urgent first, at a bounded cost."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from django_scopes import scope

from nghitruong.config.demo.people import Built
from nghitruong.config.today import tasks_for
from nghitruong.council.councils.models import Function
from nghitruong.council.councils.roles import Actor
from nghitruong.council.intake.models import Intake
from nghitruong.council.papers.models import Paper, PaperState, PaperVersion, ReadingPosition
from nghitruong.session.floor.actions import roll
from nghitruong.session.meetings.models import (
    AgendaItem,
    AgendaPaper,
    SessionState,
    Sitting,
    Summons,
    SummonsKind,
)
from tests.support.cast import actor


def titles(who: Actor) -> list[str]:
    return [f"{task.button}: {task.title}" for task in tasks_for(who, list(Function))]


def paper(session: Any, state: str, title: str) -> Paper:
    item = AgendaItem.objects.filter(session=session).first()
    assert item is not None
    row: Paper = Paper.objects.create(
        council=session.council, kind="report", title=title, fold=title.lower(), state=state
    )
    AgendaPaper.objects.create(council=session.council, item=item, paper=row)
    text(row, 1)
    return row


def text(paper: Paper, number: int) -> PaperVersion:
    made: PaperVersion = PaperVersion.objects.create(
        council=paper.council,
        paper=paper,
        number=number,
        file_name="a.pdf",
        sha256=f"{paper.pk.hex}{number:032}",
        size=1,
        media_type="application/pdf",
        uploaded_by_name="Bình",
    )
    return made


def test_nothing_waits_and_the_page_says_so(client: Client, province: Built) -> None:
    client.force_login(province.people["cuc"].account)
    assert "Không có việc nào đang chờ" in client.get("/lao-cai/").content.decode()


def test_a_running_sitting_comes_first_and_leads_each_to_their_screen(
    province: Built, session: Any, sitting: Any, chair: Actor, clerk: Actor, cuc: Actor
) -> None:
    Sitting.objects.filter(pk=sitting.pk).update(state="open", presiding=chair.person)
    assert titles(cuc)[0].startswith("Vào họp")
    assert titles(clerk)[0].startswith("Vào bàn thư ký")
    assert [line.split(":")[0] for line in titles(chair)[:2]] == ["Vào điều hành", "Vào họp"]
    vice = next(
        actor(province, name)
        for name, person in province.people.items()
        if name.startswith("db") and actor(province, name).is_chair
    )
    assert titles(vice)[0].startswith("Vào họp")
    assert titles(actor(province, "em"))[0].startswith("Theo dõi")
    Sitting.objects.filter(pk=sitting.pk).update(closed_doors=True)
    assert titles(actor(province, "em")) == []


def test_who_checks_in_finds_the_door_while_the_roll_is_called(
    sitting: Any, clerk: Actor, cuc: Actor
) -> None:
    """README: «Vào họp», then «Tôi có mặt»; the sitting itself begins later."""
    assert not any(line.startswith("Vào họp") for line in titles(cuc))
    roll.open_roll(sitting, by=clerk)
    assert titles(cuc)[0].startswith("Vào họp")


def test_a_summons_waits_until_it_is_answered(session: Any, cuc: Actor) -> None:
    row = Summons.objects.create(
        council=session.council,
        session=session,
        kind=SummonsKind.SUMMONS,
        number=7,
        person=cuc.person,
        name=cuc.name,
        issued_at=timezone.now(),
    )
    assert titles(cuc) == ["Trả lời: Trả lời giấy triệu tập số 7"]
    Summons.objects.filter(pk=row.pk).update(reply="coming")
    assert titles(cuc) == []


def test_released_papers_wait_for_delegates_and_drafts_for_the_clerk(
    session: Any, sitting: Any, cuc: Actor, clerk: Actor
) -> None:
    paper(session, PaperState.RELEASED, "Báo cáo A")
    paper(session, PaperState.RELEASED, "Báo cáo B")
    paper(session, PaperState.DRAFT, "Báo cáo C")
    assert "Mở tài liệu: Đọc 2 tài liệu chưa mở" in titles(cuc)
    assert not any("đang chuẩn bị" in line for line in titles(cuc))
    assert "Xem tài liệu: Phát hành 1 tài liệu đang chuẩn bị" in titles(clerk)
    loose = Paper.objects.get(title="Báo cáo B")
    AgendaPaper.objects.filter(paper=loose).delete()  # of the session, on no item
    Paper.objects.filter(pk=loose.pk).update(session_id=session.pk)
    read = Paper.objects.get(title="Báo cáo A")
    ReadingPosition.objects.create(
        council=session.council, person=cuc.person, version=read.versions.get()
    )
    assert "Mở tài liệu: Đọc 1 tài liệu chưa mở" in titles(cuc)
    text(read, 2)  # replaced since
    assert "Mở tài liệu: Đọc 2 tài liệu chưa mở" in titles(cuc)
    for one, state in ((loose, "held"), (read, "failed")):
        Intake.objects.update_or_create(
            version=one.versions.earliest("number"),
            defaults={"council": session.council, "state": state},
        )
    assert "Xem tài liệu: 1 tài liệu chờ xem dấu mật" in titles(clerk)
    assert "Xem tài liệu: 1 tài liệu máy chưa đọc được" in titles(clerk)
    assert not any("dấu mật" in line for line in titles(cuc))
    session.state = SessionState.CLOSED
    session.save()
    assert titles(cuc) == []


def test_the_clerk_is_reminded_to_open_the_roll_on_the_day(sitting: Any, clerk: Actor) -> None:
    Sitting.objects.filter(pk=sitting.pk).update(starts_at=timezone.now() + timedelta(days=3))
    assert not any("Mở điểm danh" in line for line in titles(clerk))
    Sitting.objects.filter(pk=sitting.pk).update(starts_at=timezone.now())
    assert any("Mở điểm danh" in line for line in titles(clerk))


def test_an_agency_sees_the_items_it_has_sent_nothing_for(
    province: Built, session: Any, sitting: Any, giang: Actor
) -> None:
    item = AgendaItem.objects.filter(session=session).first()
    assert item is not None
    item.presenting_body = province.bodies["SXD"]
    item.save()
    assert any("Gửi tài liệu" in line for line in titles(giang))
    paper(session, PaperState.DRAFT, "Tờ trình")
    assert not any("Gửi tài liệu" in line for line in titles(giang))


def test_the_administrator_is_told_of_records_without_guard(khai: Actor) -> None:
    from nghitruong.platform.storage.guards import install_guards, remove_guards

    assert titles(khai) == []
    remove_guards()
    try:
        assert titles(khai) == ["Xem nhật ký: Nhật ký chưa được khóa chống sửa, xóa"]
    finally:
        install_guards()


@pytest.mark.parametrize("username", ["an", "binh", "cuc", "giang", "em", "khai"])
def test_the_page_costs_the_same_however_much_waits(
    client: Client,
    province: Built,
    session: Any,
    sitting: Any,
    username: str,
    django_assert_max_num_queries: Any,
) -> None:
    account = province.people[username].account
    assert account is not None
    client.force_login(account)
    client.get("/lao-cai/")
    with scope(council=province.council.pk):
        for n in range(30):
            paper(session, PaperState.RELEASED if n % 2 else PaperState.DRAFT, f"Báo cáo {n}")
    with django_assert_max_num_queries(24):
        assert client.get("/lao-cai/").status_code == 200
