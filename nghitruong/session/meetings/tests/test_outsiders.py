"""What guests, the press and agencies hear of papers and of what is behind closed doors."""

from __future__ import annotations

import importlib
import io
from datetime import date

import pytest
from django.apps import apps
from django.urls import reverse
from docx import Document

from nghitruong.council.councils import actions as councils
from nghitruong.council.councils.models import DutyKind
from nghitruong.council.councils.tests.factories import TERM_START, actor_of_person
from nghitruong.council.papers.actions import release_papers, withdraw_paper
from nghitruong.council.papers.models import Paper
from nghitruong.council.papers.tests.conftest import make_pdf, send
from nghitruong.platform.live.models import Event
from nghitruong.session.floor.queries import hall_state
from nghitruong.session.meetings import actions
from nghitruong.session.meetings.models import AgendaItem, SessionNotice, Sitting
from nghitruong.session.meetings.tests.conftest import at

SECRET = "Phương án nhân sự X"
REASON = "Nhân sự xin rút"
# Whatever the day on which the tests run.
LATE = {"late_approved_by": "Chủ tịch HĐND", "late_reason": "Bổ sung"}


@pytest.fixture
def outsiders(cast):
    found = {"agency": cast.agency}
    for name, kind in (("guest", DutyKind.GUEST), ("press", DutyKind.PRESS)):
        person = councils.add_person(full_name=f"Người ngoài {name}", by=cast.clerk)
        councils.give_duty(person, kind, by=cast.clerk, starts_on=TERM_START)
        found[name] = actor_of_person(person)
    return found


@pytest.fixture
def item(session, sitting, cast):
    return actions.add_item(session, by=cast.clerk, sitting=sitting, kind="decision", title="Nội A")


def a_paper(item, cast):
    send(cast.clerk, make_pdf("Một"), title=SECRET, session_id=item.session_id)
    paper = Paper.objects.get(title=SECRET)
    actions.change_item_papers(item, more=[paper], by=cast.clerk)
    return paper


def all_acts(paper, cast):
    release_papers([paper], by=cast.clerk, **LATE)
    send(cast.clerk, make_pdf("Hai"), paper=paper, reason=REASON)
    withdraw_paper(paper, reason=REASON, by=cast.clerk)


def heard():
    """What the streams of halls said as news."""
    return [e.data["value"]["text"] for e in Event.objects.filter(type="news").order_by("seq")]


@pytest.mark.parametrize("who", ["guest", "press", "agency"])
def test_no_title_and_no_reason_reaches_the_hall_or_the_page(
    session, sitting, item, cast, outsiders, signed_in, who
):
    all_acts(a_paper(item, cast), cast)
    assert heard() == [
        "Văn phòng vừa gửi 1 tài liệu mới",
        "Văn phòng vừa thay 1 tài liệu bằng bản mới",
        "Văn phòng vừa rút 1 tài liệu",
    ]
    notice = hall_state(sitting.pk)["news"]
    assert notice["text"] == "Văn phòng vừa rút 1 tài liệu"
    url = reverse("meetings:session", args=[session.council.slug, session.number])
    page = signed_in(outsiders[who]).get(url).content.decode()
    assert "Văn phòng vừa rút 1 tài liệu" in page
    assert SECRET not in page
    assert REASON not in page


@pytest.mark.parametrize("whole", [False, True])
def test_papers_only_behind_closed_doors_are_no_news(session, sitting, item, cast, whole):
    paper = a_paper(item, cast)
    if whole:
        Sitting.objects.filter(pk=sitting.pk).update(closed_doors=True)
    else:
        AgendaItem.objects.filter(pk=item.pk).update(closed_doors=True)
    release_papers([paper], by=cast.clerk, **LATE)
    assert not SessionNotice.objects.exists()
    assert heard() == []
    # Under an open item too: the hall hears that something came.
    other = actions.add_item(session, by=cast.clerk, kind="report", title="Nội B")
    actions.change_item_papers(other, more=[paper], by=cast.clerk)
    withdraw_paper(paper, reason=REASON, by=cast.clerk)
    assert SessionNotice.objects.get().text == "Văn phòng vừa rút 1 tài liệu"


def test_moving_a_closed_sitting_says_neither_which_nor_when(session, sitting, cast):
    closed = actions.add_sitting(
        session,
        by=cast.clerk,
        kind="plenary",
        title="Họp riêng",
        starts_at=at(7),
        closed_doors=True,
    )
    fields = {"kind": "plenary", "title": "Họp riêng", "starts_at": at(9)}
    actions.edit_sitting(closed, by=cast.clerk, closed_doors=True, **fields)
    said = SessionNotice.objects.get().text  # that something moved, not what and not when
    assert said == "Giờ họp trong chương trình kỳ họp vừa thay đổi; xin xem lại chương trình."
    SessionNotice.objects.all().delete()
    Sitting.objects.filter(pk=closed.pk).update(number=0)  # the first to be named
    actions.move_opening(session, date(2026, 12, 15), by=cast.clerk)
    text = SessionNotice.objects.get().text
    assert "Họp riêng" not in text
    assert text.endswith("Phiên khai mạc: 08 giờ 00 ngày 15/12/2026.")  # and none counted
    SessionNotice.objects.all().delete()
    actions.edit_sitting(closed, by=cast.clerk, kind="plenary", title="Họp", starts_at=at(10))
    assert SessionNotice.objects.get().text.startswith("Họp chuyển sang 10 giờ")


def test_closing_the_doors_takes_the_sitting_out_of_the_news_already_told(session, sitting, cast):
    fields = {"kind": "plenary", "title": "Phiên khai mạc"}
    actions.edit_sitting(sitting, by=cast.clerk, starts_at=at(9), **fields)
    actions.move_opening(session, date(2026, 12, 15), by=cast.clerk)
    told = list(SessionNotice.objects.order_by("pk").values_list("text", flat=True))
    assert all("Phiên khai mạc" in text for text in told)
    sitting.refresh_from_db()
    actions.edit_sitting(
        sitting, by=cast.clerk, starts_at=sitting.starts_at, closed_doors=True, **fields
    )
    kept = list(SessionNotice.objects.order_by("pk").values_list("text", flat=True))
    assert kept[0] == "Giờ họp trong chương trình kỳ họp vừa thay đổi; xin xem lại chương trình."
    assert kept[1].endswith("mọi hạn chuẩn bị đã tính lại.")


def test_news_kept_from_before_loses_its_titles(session, sitting, cast):
    Sitting.objects.filter(pk=sitting.pk).update(closed_doors=True, title="Họp riêng")
    moved = "Kỳ họp: mọi hạn chuẩn bị đã tính lại."
    old = {
        f"Tài liệu mới: {SECRET}": "Văn phòng vừa gửi 1 tài liệu mới",
        f"Có bản 2 của: {SECRET}. Lý do thay: {REASON}": (
            "Văn phòng vừa thay 1 tài liệu bằng bản mới"
        ),
        f"Đã rút tài liệu: {SECRET}. Lý do: {REASON}": "Văn phòng vừa rút 1 tài liệu",
        "Họp riêng chuyển sang 08 giờ 00 ngày 09/12/2026.": (
            "Giờ họp trong chương trình kỳ họp vừa thay đổi; xin xem lại chương trình."
        ),
        f"{moved} Họp riêng: 08 giờ 00 ngày 09/12/2026.": moved,
        f"{moved} Phiên bế mạc: 08 giờ 00 ngày 09/12/2026.": (
            f"{moved} Phiên bế mạc: 08 giờ 00 ngày 09/12/2026."
        ),
    }
    for text in old:
        SessionNotice.objects.create(council=session.council, session=session, text=text)
    name = "nghitruong.session.meetings.migrations.0004_notices_name_no_papers"
    importlib.import_module(name).forget(apps, None)
    kept = SessionNotice.objects.order_by("pk").values_list("text", flat=True)
    assert list(kept) == list(old.values())


def programme_of(response):
    document = Document(io.BytesIO(response.content))
    return "\n".join(p.text for p in document.paragraphs)


def test_an_invitation_prints_nothing_behind_closed_doors(
    session, sitting, item, cast, signed_in, outsiders
):
    actions.add_item(
        session, by=cast.clerk, sitting=sitting, kind="decision", title=SECRET, closed_doors=True
    )
    actions.add_sitting(
        session,
        by=cast.clerk,
        kind="plenary",
        title="Họp riêng",
        starts_at=at(14),
        closed_doors=True,
    )
    actions.issue_summons(session, by=cast.chair)
    people = [outsiders["guest"].person, outsiders["press"].person]
    invited = actions.invite(session, people, by=cast.chair)
    client = signed_in(cast.clerk)
    slug = session.council.slug
    files = reverse("meetings:summons_file", args=[slug, session.number])
    one = reverse("meetings:one_file", args=[slug, session.number, invited[0].pk])
    for response in (client.get(files, {"loai": "invitation"}), client.get(one)):
        text = programme_of(response)
        assert "Nội A" in text
        assert SECRET not in text
        assert "Họp riêng" not in text
    text = programme_of(client.get(files))  # delegates' own
    assert f"{SECRET} (họp kín)" in text
    assert "Họp riêng (họp kín)" in text
