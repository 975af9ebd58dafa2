"""The pages and documents of opinions, and what a device kept."""

from __future__ import annotations

import io
import re
import uuid

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from docx import Document
from python_calamine import CalamineWorkbook

from nghitruong.council.opinions import actions
from nghitruong.council.opinions.models import Opinion, OpinionState
from nghitruong.council.opinions.tests.conftest import (
    give,
    replaced,
)
from nghitruong.council.papers import actions as paper_actions
from nghitruong.platform.notices.models import Message


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
    read = re.search(r'name="answer" value="([^"]+)"', page)[1]
    client.post(one + "xac-nhan/", {"note": "", "ban": before, "answer": read})
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
    actions.answer_opinion(opinion, decision="accepted", text="Đã sửa", by=cast.clerk)
    told = Message.objects.filter(kind="opinions.answer")
    assert draft.title in told.get().subject
    paper_actions.expunge_secret(draft, "secret", by=cast.clerk)
    assert not Opinion.objects.exists()
    assert told.get().subject == "Ý kiến của quý vị về một tài liệu đã được gỡ bỏ"


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
