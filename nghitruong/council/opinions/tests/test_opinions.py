"""From the delegate's words to the Ban's confirmation, over two versions of the draft."""

from __future__ import annotations

import io
import re
import uuid

import pytest
from django.db import connection
from django.http import Http404
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from docx import Document

from nghitruong.council.councils import actions as council_actions
from nghitruong.council.councils.models import Organization
from nghitruong.council.councils.roles import Actor, actor_of_person
from nghitruong.council.councils.tests.factories import TERM_START
from nghitruong.council.intake.models import PageText
from nghitruong.council.opinions import actions, documents, follow, queries
from nghitruong.council.opinions.models import Opinion, OpinionState
from nghitruong.council.opinions.tests.conftest import (
    FIRST,
    confirm,
    give,
    replaced,
)
from nghitruong.council.papers import actions as paper_actions
from nghitruong.council.papers.models import Paper
from nghitruong.platform.audit.models import Entry
from nghitruong.platform.errors import NotAllowed, Refused
from nghitruong.platform.notices.models import Message


def test_an_opinion_keeps_its_version_its_place_and_its_words(cast, version):
    cuc = cast.delegates[0]
    given = give(version, cuc, article="2", clause="2", point="a")
    assert given.place == "Điểm a khoản 2 Điều 2"
    assert given.quote == "a) Từ tháng 9 đến tháng 12 của năm học;"
    assert given.heading == "Mức hỗ trợ"
    entry = Entry.objects.filter(action="opinions.give").get()
    assert "thấp" not in str(entry.payload)  # the log names the act; the words stay in the row


def test_sent_again_it_is_the_same_opinion(cast, version):
    nonce = uuid.uuid4()
    first = give(version, cast.delegates[0], nonce=nonce)
    assert give(version, cast.delegates[0], text="khác", nonce=nonce).pk == first.pk
    assert give(version, cast.delegates[1], nonce=nonce).pk != first.pk
    assert Opinion.objects.count() == 2


def test_what_cannot_be_an_opinion(cast, version, draft):
    cuc = cast.delegates[0]
    for actor in (cast.clerk, cast.agency, cast.support):
        with pytest.raises(NotAllowed):
            give(version, actor)
    for text in ("", "  \n ", "x" * 5_001):
        with pytest.raises(Refused):
            give(version, cuc, text=text)
    with pytest.raises(Refused, match="không có điều"):
        give(version, cuc, article="9")
    paper_actions.withdraw_paper(draft, reason="hoãn", by=cast.clerk)
    with pytest.raises(Refused, match="không nhận ý kiến"):
        give(version, cuc)
    assert not Opinion.objects.exists()


def test_an_opinion_follows_its_place_to_the_new_version(cast, draft, version):
    expected = [
        ({"article": "1"}, follow.SAME, "Điều 1"),
        ({"article": "2"}, follow.MOVED, "Điều 3"),
        ({"article": "2", "clause": "1"}, follow.MOVED, "Khoản 2 Điều 3"),
        ({"article": "2", "clause": "2"}, follow.MOVED, "Khoản 1 Điều 3"),
        ({"article": "2", "clause": "2", "point": "b"}, follow.MOVED, "Điểm b khoản 1 Điều 3"),
        ({"article": "2", "clause": "3"}, follow.REMOVED, "Điều 3"),
        ({"article": "3"}, follow.REMOVED, ""),
        ({}, follow.SAME, "Toàn văn"),
    ]
    given = [give(version, cast.delegates[0], **place) for place, _status, _label in expected]
    latest = replaced(cast, draft)
    for opinion, (place, status, label) in zip(given, expected, strict=True):
        where = follow.follow(opinion, latest)
        assert (where.status, where.label) == (status, label), place
        assert Opinion.objects.get(pk=opinion.pk).version == version  # what it spoke of stays


def test_a_changed_clause_and_a_text_not_read_yet(cast, draft, version):
    opinion = give(version, cast.delegates[0], article="2", clause="1")
    latest = replaced(cast, draft)
    PageText.objects.filter(version=latest).update(text=FIRST.replace("100.000", "150.000"))
    where = follow.follow(opinion, latest)
    assert where.status == follow.CHANGED
    assert "150.000" in where.text
    PageText.objects.filter(version=latest).delete()
    assert follow.follow(opinion, latest).status == follow.UNKNOWN


def test_answered_by_the_agency_confirmed_by_the_ban(cast, agency, head, version):
    opinion = give(version, cast.delegates[0], article="2", clause="1")
    with pytest.raises(NotAllowed):
        actions.answer_opinion(opinion, decision="accepted", text="x", by=cast.delegates[1])
    for decision, text in (("", "x"), ("maybe", "x"), ("explained", "  ")):
        with pytest.raises(Refused):
            actions.answer_opinion(opinion, decision=decision, text=text, by=agency)
    with pytest.raises(Refused):
        actions.confirm_opinion(
            opinion, version=version, answer=actions.newest_answer(opinion), by=head
        )  # nothing to confirm yet
    answered = actions.answer_opinion(
        opinion, decision="accepted", text="Đã nâng lên 150.000 đồng", by=agency
    )
    assert answered.state == OpinionState.ANSWERED
    told = Message.objects.get(kind="opinions.answer")
    assert told.subject.startswith("Đã trả lời ý kiến của quý vị: ")
    assert told.recipients.get().person_id == cast.delegates[0].person.pk
    assert str(opinion.pk) in told.url
    with pytest.raises(NotAllowed):
        actions.confirm_opinion(
            opinion, version=version, answer=actions.newest_answer(opinion), by=agency
        )
    actions.return_opinion(
        opinion, answer=actions.newest_answer(opinion), by=head, reason="Dự thảo chưa thể hiện"
    )
    actions.answer_opinion(opinion, decision="partly", text="Đã sửa ở bản 2", by=agency)
    done = actions.confirm_opinion(
        opinion, version=version, answer=actions.newest_answer(opinion), by=head
    )
    assert done.state == OpinionState.CONFIRMED
    with pytest.raises(Refused):
        actions.answer_opinion(opinion, decision="explained", text="thôi", by=agency)
    steps = queries.opinion_for(cast.delegates[0], opinion.pk).steps.all()
    assert [step.kind for step in steps] == ["answer", "return", "answer", "confirm"]
    assert steps[0].text == "Đã nâng lên 150.000 đồng"  # the first answer is not hidden
    with pytest.raises(Refused):
        actions.withdraw_opinion(opinion, by=cast.delegates[0])


def test_a_confirmation_is_of_one_version(cast, agency, head, version, draft, signed_in):
    opinion = give(version, cast.delegates[0], article="2", clause="1")
    actions.answer_opinion(opinion, decision="accepted", text="Đã nâng", by=agency)
    client = signed_in(head)
    url = reverse("opinions:confirm", args=[draft.council.slug, opinion.pk])
    assert client.post(url).status_code == 422  # which text was before the person
    assert client.post(url, {"ban": "1"}).status_code == 422  # and which answer
    read = actions.newest_answer(opinion)
    actions.answer_opinion(opinion, decision="explained", text="Giữ như dự thảo", by=agency)
    page = client.post(url, {"ban": "1", "answer": str(read), "note": "Đã đọc kỹ"})
    assert page.status_code == 409
    assert 'value="Đã đọc kỹ"' in page.content.decode()
    with pytest.raises(Refused, match="answer_changed"):
        actions.return_opinion(opinion, answer=read, by=head, reason="Chưa đúng")
    back = reverse("opinions:send_back", args=[draft.council.slug, opinion.pk])
    page = client.post(back, {"answer": str(read), "reason": "Ban chưa thấy số liệu"})
    assert page.status_code == 409  # with the new answer, and the Ban's own words still there
    for words in ("Câu trả lời đã đổi", "Giữ như dự thảo", "Ban chưa thấy số liệu"):
        assert words in page.content.decode()
    shown = re.findall(r'name="answer" value="([^"]+)"', page.content.decode())
    assert shown == [str(actions.newest_answer(opinion))] * 2
    assert client.post(url, {"ban": "1", "answer": shown[0]}).status_code == 302
    (row,) = queries.rows_for(cast.clerk, draft)
    assert (row.confirmed, row.outdated) == (1, False)
    second = give(version, cast.delegates[0], text="Hai")
    actions.answer_opinion(second, decision="accepted", text="Đã sửa", by=agency)
    replaced(cast, draft)
    with pytest.raises(Refused, match="newer_version"):
        actions.confirm_opinion(
            second, version=version, answer=actions.newest_answer(second), by=head
        )
    row, _second = sorted(queries.rows_for(cast.clerk, draft), key=lambda r: -r.confirmed)
    assert (row.confirmed, row.outdated) == (1, True)
    page = client.get(
        reverse("opinions:table", args=[draft.council.slug, draft.pk])
    ).content.decode()
    assert "xác nhận ở bản 1; dự thảo nay bản 2" in page
    table = Document(io.BytesIO(documents.table_document(draft, [row]))).tables
    told = [cell.text for each in table for line in each.rows for cell in line.cells]
    assert "Đã xác nhận ở bản 1; dự thảo nay là bản 2" in told


def test_the_table_reads_each_text_once(cast, version, draft, django_assert_num_queries):
    for n in range(3):
        give(version, cast.delegates[0], text=f"Ý {n}", article="2", clause=str(n + 1))
    replaced(cast, draft)
    with CaptureQueriesContext(connection) as few:
        queries.rows_for(cast.clerk, draft)
    for n in range(9):
        give(version, cast.delegates[1], text=f"Ý {n}", article="2", clause=str(n % 3 + 1))
    with django_assert_num_queries(len(few)):
        assert len(queries.rows_for(cast.clerk, draft)) == 12


def test_the_clerk_enters_an_answer_from_paper_and_is_named(cast, version):
    opinion = give(version, cast.delegates[0])
    answered = actions.answer_opinion(opinion, decision="explained", text="Đã rõ", by=cast.clerk)
    assert cast.clerk.name in answered.answered_by
    assert "ghi theo bản giấy" in answered.answered_by


def test_only_the_ban_in_charge_confirms_and_nobody_after_the_draft_is_withdrawn(
    cast, agency, head, version, draft, council
):
    by = Actor.system(council)
    other = Organization.objects.create(
        council=council, kind="committee", code="VX", name="Ban Văn hóa", fold="ban van hoa"
    )
    council_actions.appoint(
        cast.delegates[1].person, other, post="committee_chair", post_label="Trưởng Ban",
        starts_on=TERM_START, by=by,
    )  # fmt: skip
    stranger = actor_of_person(cast.delegates[1].person)
    first, second = give(version, cast.delegates[0]), give(version, cast.delegates[0], text="Hai")
    for opinion in (first, second):
        actions.answer_opinion(opinion, decision="accepted", text="Đã sửa Điều 2", by=agency)
    for step in (
        lambda: actions.confirm_opinion(
            first, version=version, answer=actions.newest_answer(first), by=stranger
        ),
        lambda: actions.return_opinion(
            first, answer=actions.newest_answer(first), by=stranger, reason="Chưa"
        ),
    ):
        with pytest.raises(NotAllowed, match="committee_heads_only"):
            step()
    assert [kind for kind, _paper, _n in queries.waiting_for(stranger)] == []
    assert [kind for kind, _paper, _n in queries.waiting_for(head)] == ["confirm"]
    confirm(first, version, head)
    paper_actions.withdraw_paper(draft, reason="Trình lại sau", by=cast.chair)
    for step in (
        lambda: actions.answer_opinion(second, decision="accepted", text="Sửa", by=agency),
        lambda: actions.confirm_opinion(
            second, version=version, answer=actions.newest_answer(second), by=head
        ),
    ):
        with pytest.raises(Refused, match="paper_withdrawn"):
            step()
    second.refresh_from_db()
    assert second.state == OpinionState.ANSWERED
    assert queries.waiting_for(head) == []


def test_who_sees_which_opinions(cast, agency, head, version, council):
    cuc, dung = cast.delegates[:2]
    opinion = give(version, cuc)
    for actor in (cuc, cast.clerk, cast.chair, agency, head):
        assert queries.opinion_for(actor, opinion.pk)
    for actor in (dung, cast.support):
        with pytest.raises(Http404):
            queries.opinion_for(actor, opinion.pk)
    with pytest.raises(Http404):
        queries.table_paper_for(dung, version.paper_id)
    other = Organization.objects.filter(kind="agency").first() or Organization.objects.create(
        council=council, kind="agency", code="SX", name="Sở X", fold="so x"
    )
    Paper.objects.update(issuing_body=other)
    with pytest.raises(Http404):
        queries.opinion_for(agency, opinion.pk)  # another agency's paper
    actions.withdraw_opinion(opinion, by=cuc)
    with pytest.raises(Http404):
        queries.opinion_for(cast.clerk, opinion.pk)
    assert queries.opinion_for(cuc, opinion.pk).state == OpinionState.WITHDRAWN
