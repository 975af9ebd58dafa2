from __future__ import annotations

import html
import re
from datetime import date

import pytest
from django.http import Http404
from django.urls import reverse

from nghitruong.council.councils.models import Organization, OrganizationKind
from nghitruong.council.papers import actions, events, queries
from nghitruong.council.papers.models import Paper
from nghitruong.council.papers.tests.conftest import make_pdf, send
from nghitruong.platform.audit.models import Entry
from nghitruong.platform.errors import Refused
from nghitruong.platform.storage.ids import new_id


@pytest.fixture
def told(monkeypatch):
    """What the halls are told."""
    heard = []
    monkeypatch.setattr(events, "_tellers", [lambda papers, text: heard.append((papers, text))])
    return heard


@pytest.fixture
def paper(cast):
    send(cast.clerk, make_pdf("Bản 1"), session_id=new_id())
    return Paper.objects.get()


def test_a_draft_is_the_offices_alone_until_it_is_released(cast, paper, told):
    cuc = cast.delegates[0]
    assert paper in queries.papers_for(cast.clerk)
    assert paper in queries.papers_for(cast.chair)
    with pytest.raises(Http404):
        queries.paper_for(cuc, paper.pk)
    actions.release_papers([paper], by=cast.clerk)
    assert queries.paper_for(cuc, paper.pk).state == "released"
    assert told == [([paper], "Văn phòng vừa gửi 1 tài liệu mới")]


def test_many_at_once_are_told_once_and_a_double_tap_sends_once(cast, paper, told):
    send(cast.clerk, make_pdf("Khác"), title="Khác", session_id=paper.session_id)
    papers = list(Paper.objects.all())
    assert len(actions.release_papers(papers, by=cast.clerk)) == 2
    assert actions.release_papers(papers, by=cast.clerk) == []
    assert len(told) == 1
    assert Entry.objects.filter(action="papers.release").count() == 2


def test_a_paper_that_is_not_late_keeps_no_name_of_who_let_it_circulate(cast, paper, told):
    actions.release_papers([paper], by=cast.clerk, late_approved_by="Chánh Văn phòng")
    entry = Entry.objects.get(action="papers.release")
    assert entry.payload["late_approved_by"] == ""


def test_texts_replaced_before_the_release_stay_in_the_office(cast, paper, told):
    cuc = cast.delegates[0]
    send(cast.clerk, make_pdf("Bản 2"), paper=paper, reason="Sửa lỗi")
    actions.release_papers([paper], by=cast.clerk)
    send(cast.clerk, make_pdf("Bản 3"), paper=paper, reason="Tiếp thu")
    paper.refresh_from_db()
    assert [v.number for v in queries.versions_for(cuc, paper)] == [3, 2]
    assert [v.number for v in queries.versions_for(cast.clerk, paper)] == [3, 2, 1]
    assert told[-1][1] == "Văn phòng vừa thay 1 tài liệu bằng bản mới"


def test_a_withdrawn_paper_stays_readable_for_those_who_had_it(cast, paper, told):
    with pytest.raises(Refused, match="reason_missing"):
        actions.withdraw_paper(paper, reason=" ", by=cast.clerk)
    actions.release_papers([paper], by=cast.clerk)
    actions.withdraw_paper(paper, reason="Trình lại", by=cast.clerk)
    assert queries.paper_for(cast.delegates[0], paper.pk).state == "withdrawn"
    with pytest.raises(Refused, match="withdrawn"):
        actions.release_papers([paper], by=cast.clerk)
    with pytest.raises(Refused, match="already_withdrawn"):
        actions.withdraw_paper(paper, reason="Lần nữa", by=cast.clerk)


def test_a_draft_withdrawn_is_never_seen(cast, paper, told):
    actions.withdraw_paper(paper, reason="Nhầm", by=cast.clerk)
    with pytest.raises(Http404):
        queries.paper_for(cast.delegates[0], paper.pk)
    assert told == []


def test_guests_and_agencies_see_none_of_others_papers(cast, paper, told):
    actions.release_papers([paper], by=cast.clerk)
    for actor in (cast.agency, cast.support):
        with pytest.raises(Http404):
            queries.paper_for(actor, paper.pk)


def test_a_corrected_description_is_audited_with_before_and_after(cast, paper):
    actions.edit_paper(
        paper, by=cast.clerk, kind="report", title="Tên đúng", dated=date(2026, 11, 20)
    )
    changed = Entry.objects.get(action="papers.edit").payload["changed"]
    assert changed["title"] == ["Báo cáo kinh tế - xã hội", "Tên đúng"]


def fields_of(page):
    """What a browser would send of the form «Thông tin», its hidden fields too."""
    found = {}
    for tag in re.findall(r"<input[^>]*>", page):
        name, value = re.search(r' name="([\w-]+)"', tag), re.search(r' value="([^"]*)"', tag)
        if name and name[1].removeprefix("initial-") in ("title", "number", "dated", "issuer"):
            found[name[1]] = html.unescape(value[1]) if value else ""
    return found | {"kind": "report", "initial-kind": "report"}


def test_a_body_the_form_does_not_propose_is_kept(cast, council, paper, signed_in):
    """An import recognises every body of the council, the form proposes those that submit."""
    body = Organization.objects.get(council=council, kind=OrganizationKind.PLENARY)
    Paper.objects.filter(pk=paper.pk).update(issuing_body=body)
    client = signed_in(cast.clerk)
    url = reverse("papers:details", args=[council.slug, paper.pk])
    page = client.get(url).content.decode()
    assert re.search(rf'<option value="{body.pk}" selected>', page)
    held = {"issuing_body": str(body.pk), "initial-issuing_body": str(body.pk)}
    assert client.post(url, fields_of(page) | held | {"title": "Tên mới"}).status_code == 302
    paper.refresh_from_db()
    assert (paper.title, paper.issuing_body) == ("Tên mới", body)


def test_two_who_describe_one_paper_do_not_undo_each_other(cast, council, paper, signed_in):
    url = reverse("papers:details", args=[council.slug, paper.pk])
    client = signed_in(cast.clerk)
    page = fields_of(client.get(url).content.decode())
    actions.number_paper(paper, number="12/TTr", dated=date(2026, 11, 20), by=cast.admin)
    assert client.post(url, page | {"title": "Tên đúng"}).status_code == 302
    paper.refresh_from_db()
    assert (paper.title, paper.number, paper.dated) == ("Tên đúng", "12/TTr", date(2026, 11, 20))

    answer = client.post(url, page | {"number": "13/TTr"})
    assert answer.status_code == 409
    shown = html.unescape(answer.content.decode())
    assert f"thay đổi của {cast.admin.name}. Nay là: số, ký hiệu: 12/TTr." in shown
    paper.refresh_from_db()
    assert paper.number == "12/TTr"
    kept = fields_of(answer.content.decode())
    assert (kept["number"], kept["title"], kept["dated"]) == ("13/TTr", "Tên đúng", "2026-11-20")
    assert client.post(url, kept).status_code == 302
    paper.refresh_from_db()
    assert (paper.title, paper.number, paper.dated) == ("Tên đúng", "13/TTr", date(2026, 11, 20))
    # Both wrote the same: nobody is asked.
    assert client.post(url, page | {"number": "13/TTr"}).status_code == 302
