from __future__ import annotations

import io
from datetime import timedelta

import pytest
from django.utils import timezone
from docx import Document

from nghitruong.council.councils.models import Membership, Person
from nghitruong.council.councils.tests.factories import make_delegate
from nghitruong.platform.audit.models import Entry
from nghitruong.platform.errors import Refused
from nghitruong.session.meetings import actions, chairing, documents, queries
from nghitruong.session.meetings.models import Summons


def own(session, actor):
    return Summons.objects.get(session=session, person=actor.person)


def test_every_delegate_in_office_gets_a_numbered_summons(session, cast):
    issued = actions.issue_summons(session, by=cast.chair)
    assert [row.number for row in issued] == [1, 2, 3, 4]
    session.refresh_from_db()
    assert session.state == "convened"
    assert session.convened_on == timezone.localdate()
    assert own(session, cast.chair).title == "Chủ tịch HĐND"


def test_issuing_again_summons_only_the_newcomer(session, cast, council):
    actions.issue_summons(session, by=cast.chair)
    assert actions.issue_summons(session, by=cast.chair) == []
    make_delegate(council, "Phạm Thị Em", seat=5)
    assert [row.number for row in actions.issue_summons(session, by=cast.chair)] == [5]


def test_a_clerk_issues_in_the_name_of_the_chair(session, cast):
    actions.issue_summons(session, by=cast.clerk, on_behalf=cast.chair.name)
    entry = Entry.objects.get(action="meetings.issue_summons")
    assert (entry.actor_name, entry.on_behalf) == (cast.clerk.name, cast.chair.name)


def test_who_signs_is_who_chairs_today(session, sitting, cast):
    today = timezone.localdate()
    post = Membership.objects.get(post="council_chair")

    def names():
        chair = chairing.chair_at(sitting)
        return chairing.chair_name(session), chair.full_name if chair else ""

    # A last day entered ahead, and the successor's first: until then nothing changes.
    Membership.objects.filter(pk=post.pk).update(ends_on=today)
    successor = Membership.objects.create(
        council=session.council,
        organization=post.organization,
        person=cast.delegates[0].person,
        post="council_chair",
        starts_on=today + timedelta(days=1),
    )
    assert names() == (cast.chair.name, cast.chair.name)
    Membership.objects.filter(pk=post.pk).update(ends_on=today - timedelta(days=1))
    assert names() == ("", "")
    Membership.objects.filter(pk=successor.pk).update(starts_on=today)
    assert names() == (cast.delegates[0].name, cast.delegates[0].name)
    # The suspension stands on the membership of the council.
    Membership.objects.filter(person=cast.delegates[0].person, organization__kind="plenary").update(
        status="suspended"
    )
    assert names() == ("", "")


def test_a_delegate_issues_none(session, cast):
    with pytest.raises(Refused, match="summons_not_yours"):
        actions.issue_summons(session, by=cast.delegates[0])


def test_names_and_titles_are_those_of_the_issue(session, cast):
    actions.issue_summons(session, by=cast.chair)
    Person.objects.filter(pk=cast.delegates[0].person.pk).update(full_name="Tên Khác")
    assert own(session, cast.delegates[0]).name == "Lê Thị Cúc"


def test_guests_have_numbers_of_their_own(session, cast):
    actions.issue_summons(session, by=cast.chair)
    issued = actions.invite(session, [cast.agency.person, cast.chair.person], by=cast.chair)
    assert [(row.kind, row.number, row.name) for row in issued] == [
        ("invitation", 1, "Hoàng Văn Giang")
    ]


def test_a_delegate_answers_and_changes_the_answer(session, cast):
    actions.issue_summons(session, by=cast.chair)
    cuc = cast.delegates[0]
    actions.reply(own(session, cuc), coming=True, by=cuc)
    assert queries.reply_counts(session).coming == 1
    with pytest.raises(Refused, match="reason_missing") as refused:
        actions.reply(own(session, cuc), coming=False, reason="  ", by=cuc)
    assert "Điều 33" in refused.value.article
    row = actions.reply(own(session, cuc), coming=False, reason="Đi viện", by=cuc)
    assert (row.reply, row.reason) == ("absent", "Đi viện")


def test_nobody_answers_for_another_but_the_clerk_writes_down_what_was_told(session, cast):
    actions.issue_summons(session, by=cast.chair)
    cuc, dung = cast.delegates[:2]
    with pytest.raises(Refused, match="not_your_summons"):
        actions.reply(own(session, cuc), coming=True, by=dung)
    actions.reply(own(session, cuc), coming=True, by=cast.clerk)
    assert Entry.objects.get(action="meetings.reply").on_behalf == "Lê Thị Cúc"


def test_a_delegate_sees_only_the_own_summons(session, cast):
    actions.issue_summons(session, by=cast.chair)
    seen = queries.summons_for(cast.delegates[0], session)
    assert [row.name for row in seen] == ["Lê Thị Cúc"]
    assert queries.summons_for(cast.clerk, session).count() == 4


def text_of(data):
    document = Document(io.BytesIO(data))
    cells = [c.text for t in document.tables for row in t.rows for c in row.cells]
    return "\n".join([p.text for p in document.paragraphs] + cells)


def test_the_word_file_is_in_official_layout(session, sitting, cast):
    actions.add_item(session, by=cast.clerk, sitting=sitting, kind="report", title="Báo cáo A")
    rows = actions.issue_summons(session, by=cast.chair)
    parts = queries.agenda(cast.chair, session)
    data = documents.summons_file(session, rows, parts, signer=cast.chair.name)
    text = text_of(data)
    for line in (
        "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
        "Độc lập - Tự do - Hạnh phúc",
        "HỘI ĐỒNG NHÂN DÂN TỈNH LÀO CAI",
        "Số: 01/GTT-HĐND",
        "Số: 04/GTT-HĐND",
        "GIẤY TRIỆU TẬP",
        "08 giờ 00, Thứ Ba, ngày 08/12/2026",
        "- Báo cáo A.",
        "TM. THƯỜNG TRỰC HĐND",
    ):
        assert line in text
    page = Document(io.BytesIO(data)).sections[0]
    assert (round(page.page_width.mm), round(page.page_height.mm)) == (210, 297)
    assert round(page.left_margin.mm) == 30
    assert data == documents.summons_file(session, rows, parts, signer=cast.chair.name)


def test_the_list_names_everybody_with_the_answer(session, cast):
    actions.issue_summons(session, by=cast.chair)
    actions.reply(own(session, cast.delegates[0]), coming=False, reason="Đi viện", by=cast.clerk)
    rows = list(queries.summons_for(cast.clerk, session))
    text = text_of(documents.list_file(session, rows, "summons"))
    assert "Lê Thị Cúc" in text
    assert "Đi viện" in text
    assert "Tổng số 4; sẽ dự 0; xin vắng 1; chưa trả lời 3." in text
