from __future__ import annotations

from datetime import date

import pytest
from django.http import Http404

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
    assert told == [([paper], f"Tài liệu mới: {paper.title}")]


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
    assert told[-1][1].startswith("Có bản 3")


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
