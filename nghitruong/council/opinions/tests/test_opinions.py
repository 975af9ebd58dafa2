"""From the delegate's words to the Ban's confirmation, over two versions of the draft."""

from __future__ import annotations

import io
import re
import uuid

import pytest
from django.db import IntegrityError, connection, transaction
from django.http import Http404
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from docx import Document
from python_calamine import CalamineWorkbook

from nghitruong.council.councils import actions as council_actions
from nghitruong.council.councils.models import Organization
from nghitruong.council.councils.roles import Actor, actor_of_person
from nghitruong.council.councils.tests.factories import TERM_START
from nghitruong.council.intake.models import PageText
from nghitruong.council.opinions import actions, documents, follow, queries
from nghitruong.council.opinions.models import Opinion, OpinionState
from nghitruong.council.papers import actions as paper_actions
from nghitruong.council.papers.models import Paper
from nghitruong.council.papers.tests.conftest import make_pdf, send
from nghitruong.platform.audit.models import Entry
from nghitruong.platform.errors import NotAllowed, Refused
from nghitruong.platform.live.models import Event

FIRST = """Điều 1. Phạm vi điều chỉnh
Nghị quyết này quy định mức hỗ trợ học phí cho trẻ em mầm non.
Điều 2. Mức hỗ trợ
1. Mức hỗ trợ là 100.000 đồng một tháng cho mỗi trẻ em thuộc hộ nghèo.
2. Thời gian hưởng hỗ trợ không quá 9 tháng trong một năm học:
a) Từ tháng 9 đến tháng 12 của năm học;
b) Từ tháng 01 đến tháng 5 của năm học.
3. Không hỗ trợ trẻ em đã hưởng chính sách cùng loại.
Điều 3. Nguồn kinh phí
Ngân sách tỉnh bảo đảm theo phân cấp hiện hành.
"""
# An article before it; clause 1 raised, clause 3 gone, clause 2 now first; article 3 dropped.
SECOND = """Điều 1. Phạm vi điều chỉnh
Nghị quyết này quy định mức hỗ trợ học phí cho trẻ em mầm non.
Điều 2. Đối tượng áp dụng
Trẻ em mầm non đang học tại cơ sở công lập, dân lập và tư thục trên địa bàn tỉnh.
Điều 3. Mức hỗ trợ
1. Thời gian hưởng hỗ trợ không quá 9 tháng trong một năm học:
a) Từ tháng 9 đến tháng 12 của năm học;
b) Từ tháng 01 đến tháng 5 của năm học.
2. Mức hỗ trợ là 150.000 đồng một tháng cho mỗi trẻ em thuộc hộ nghèo.
"""


def words(version, text):
    PageText.objects.create(
        council=version.council, version=version, number=1, text=text, source="layer"
    )


@pytest.fixture
def agency(council, cast):
    return cast.agency


@pytest.fixture
def head(council, cast, draft):
    """Hoa heads the Ban in charge of the draft."""
    by = Actor.system(council)
    ban = Organization.objects.filter(kind="committee").first()
    if ban is None:
        ban = Organization.objects.create(
            council=council, kind="committee", code="PC", name="Ban Pháp chế", fold="ban phap che"
        )
    council_actions.appoint(
        cast.delegates[2].person,
        ban,
        post="committee_chair",
        post_label="Trưởng Ban Pháp chế",
        starts_on=TERM_START,
        by=by,
    )
    Paper.objects.create(
        council=council,
        kind="verification_report",
        title="Báo cáo thẩm tra",
        issuing_body=ban,
        verifies=draft.versions.get(),
    )
    return actor_of_person(cast.delegates[2].person)


@pytest.fixture
def draft(cast, agency):
    send(
        cast.clerk,
        make_pdf("dự thảo một"),
        kind="draft_resolution",
        title="Dự thảo nghị quyết hỗ trợ học phí",
        issuing_body=str(next(iter(agency.body_ids))),
    )
    paper = Paper.objects.get()
    words(paper.versions.get(), FIRST)
    paper_actions.release_papers([paper], by=cast.clerk)
    return Paper.objects.get()


@pytest.fixture
def version(draft):
    return draft.versions.get()


def give(version, by, text="Mức này thấp", nonce=None, **place):
    return actions.give_opinion(version, text=text, by=by, nonce=nonce or uuid.uuid4(), **place)


def replaced(cast, draft):
    send(cast.clerk, make_pdf("dự thảo hai"), paper=draft, reason="tiếp thu")
    latest = draft.versions.get(number=2)
    words(latest, SECOND)
    return latest


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
        actions.confirm_opinion(opinion, version=version, by=head)  # nothing to confirm yet
    answered = actions.answer_opinion(
        opinion, decision="accepted", text="Đã nâng lên 150.000 đồng", by=agency
    )
    assert answered.state == OpinionState.ANSWERED
    bell = Event.objects.filter(stream=f"doorbell:{cast.delegates[0].person.pk.hex}")
    told = bell.exclude(type="notices.moved")  # the draft's release rang it too
    assert [row.type for row in told] == ["opinions.moved"]
    with pytest.raises(NotAllowed):
        actions.confirm_opinion(opinion, version=version, by=agency)
    actions.return_opinion(opinion, by=head, reason="Dự thảo chưa thể hiện")
    actions.answer_opinion(opinion, decision="partly", text="Đã sửa ở bản 2", by=agency)
    done = actions.confirm_opinion(opinion, version=version, by=head)
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
    assert client.post(url, {"ban": "1"}).status_code == 302
    (row,) = queries.rows_for(cast.clerk, draft)
    assert (row.confirmed, row.outdated) == (1, False)
    second = give(version, cast.delegates[0], text="Hai")
    actions.answer_opinion(second, decision="accepted", text="Đã sửa", by=agency)
    replaced(cast, draft)
    with pytest.raises(Refused, match="newer_version"):
        actions.confirm_opinion(second, version=version, by=head)
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
        lambda: actions.confirm_opinion(first, version=version, by=stranger),
        lambda: actions.return_opinion(first, by=stranger, reason="Chưa"),
    ):
        with pytest.raises(NotAllowed, match="committee_heads_only"):
            step()
    assert [kind for kind, _paper, _n in queries.waiting_for(stranger)] == []
    assert [kind for kind, _paper, _n in queries.waiting_for(head)] == ["confirm"]
    actions.confirm_opinion(first, version=version, by=head)
    paper_actions.withdraw_paper(draft, reason="Trình lại sau", by=cast.chair)
    for step in (
        lambda: actions.answer_opinion(second, decision="accepted", text="Sửa", by=agency),
        lambda: actions.confirm_opinion(second, version=version, by=head),
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


def test_the_pages_from_giving_to_seeing_what_became_of_it(
    cast, agency, head, draft, version, council, signed_in
):
    cuc = cast.delegates[0]
    url = reverse("opinions:give", args=[council.slug, draft.pk])
    client = signed_in(cuc)
    page = client.get(url).content.decode()
    assert "Góp ý cả điều" in page
    assert "?dieu=2&amp;khoan=2&amp;diem=a#y-kien-moi" in page
    page = client.get(url + "?dieu=2&khoan=1").content.decode()
    assert "Mức hỗ trợ là 100.000 đồng" in page
    sent = {"text": "Đề nghị <b>200.000</b>", "nonce": uuid.uuid4()}
    posted = f"{url}?dieu=2&khoan=1&ban=1"
    assert client.post(posted, sent).status_code == 302
    assert client.post(posted, sent).status_code == 302
    opinion = Opinion.objects.get()
    assert "Đề nghị &lt;b&gt;200.000&lt;/b&gt;" in client.get(url).content.decode()
    replaced(cast, draft)
    page = client.get(url).content.decode()
    assert "bản 2: nay là Khoản 2 Điều 3" in page
    own = page.index("1 ý kiến của tôi")  # beside the article it stands in now
    assert page.index("<strong>Điều 3</strong>") < own
    one = reverse("opinions:opinion", args=[council.slug, opinion.pk])
    assert "Rút ý kiến" in client.get(one).content.decode()
    client = signed_in(agency)
    table = reverse("opinions:table", args=[council.slug, draft.pk])
    assert "Trả lời" in client.get(table).content.decode()
    bad = client.post(one + "tra-loi/", {"decision": "accepted", "text": ""})
    assert bad.status_code == 200
    assert Opinion.objects.get().state == OpinionState.SENT
    client.post(one + "tra-loi/", {"decision": "accepted", "text": "Đã sửa ở bản 2"})
    client = signed_in(head)
    page = client.get(one).content.decode()
    assert "Xác nhận đã tiếp thu" in page
    (before,) = re.findall(r'name="ban" value="(\d+)"', page)
    client.post(one + "xac-nhan/", {"note": "", "ban": before})
    page = signed_in(cuc).get(one).content.decode()
    assert "Ban đã xác nhận" in page
    assert "Đã sửa ở bản 2" in page
    home = signed_in(cuc).get(reverse("opinions:papers", args=[council.slug])).content.decode()
    assert "Tiếp thu:" in home
    assert signed_in(cast.delegates[1]).get(table).status_code == 404


def test_the_documents_tell_every_opinion_and_every_answer(
    cast, agency, draft, version, council, signed_in
):
    cuc, dung = cast.delegates[:2]
    a = give(version, cuc, text="Đề nghị nâng mức **chi**", article="2", clause="1")
    give(version, dung, text="=1+1 là công thức?", article="3")
    b = give(version, cuc, text="Bố cục tốt")
    actions.answer_opinion(a, decision="accepted", text="Đã nâng", by=agency)
    actions.answer_opinion(b, decision="explained", text="Cảm ơn", by=agency)
    replaced(cast, draft)
    client = signed_in(cast.clerk)
    base = reverse("opinions:table", args=[council.slug, draft.pk])

    def text_of(name):
        document = Document(io.BytesIO(client.get(base + name).content))
        cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
        return "\n".join([*(p.text for p in document.paragraphs), *cells])

    table = text_of("tong-hop.docx")
    assert (
        "Có 3 ý kiến của 2 đại biểu: tiếp thu 1, tiếp thu một phần 0, giải trình 1, chưa trả lời 1"
        in table
    )
    assert "nay là Khoản 2 Điều 3 của bản 2" in table
    assert "không còn ở bản 2" in table
    report = text_of("giai-trinh.docx")
    assert "khoản 4 Điều 15" in report
    for part in ("II. Những ý kiến được tiếp thu", "III. Những ý kiến được giải trình", "IV."):
        assert part in report
    assert "Đề nghị nâng mức * *chi* *" in report
    book = CalamineWorkbook.from_filelike(io.BytesIO(client.get(base + "tong-hop.xlsx").content))
    rows = book.get_sheet_by_index(0).to_python()
    assert [row[1] for row in rows[1:]] == ["Toàn văn", "Khoản 1 Điều 2", "Điều 3"]
    assert rows[3][4] == "=1+1 là công thức?"


def test_the_database_refuses_a_state_nobody_knows_and_a_secret_paper_takes_all_with_it(
    cast, draft, version
):
    opinion = give(version, cast.delegates[0], article="1")
    for change in ({"state": "done"}, {"state": "answered"}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Opinion.objects.filter(pk=opinion.pk).update(**change)
    paper_actions.expunge_secret(draft, "secret", by=cast.clerk)
    assert not Opinion.objects.exists()


def test_a_device_sends_what_it_kept_once_and_only_as_who_wrote_it(cast, draft, council, signed_in):
    cuc, dung = cast.delegates[:2]
    address = reverse("opinions:give", args=[council.slug, draft.pk])
    kept = {"text": "Viết khi mất mạng", "nonce": str(uuid.uuid4())}

    def sent(actor, by=None, **fields):
        headers = {"Accept": "application/json", "X-Person": str((by or actor).person_id)}
        return signed_in(actor).post(
            f"{address}?dieu=2&khoan=1&ban=1", {**kept, **fields}, headers=headers
        )

    assert sent(dung, by=cuc).json()["code"] == "another_person"
    for _again in range(2):  # the answer to the first was lost
        answer = sent(cuc)
        assert (answer.status_code, answer.json()["ok"]) == (200, True)
    assert [o.author_name for o in Opinion.objects.all()] == [cuc.name]
    empty = sent(cuc, text=" ", nonce=str(uuid.uuid4()))
    assert (empty.status_code, empty.json()["code"]) == (422, "text_missing")
