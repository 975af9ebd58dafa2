"""Late circulation and publicity: who decides, what stays on record."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from nghitruong.council.councils import actions as councils
from nghitruong.council.councils.models import Organization
from nghitruong.council.councils.roles import Actor, actor_of_person
from nghitruong.council.councils.tests.factories import TERM_START
from nghitruong.council.papers import actions as papers
from nghitruong.council.papers.models import Paper
from nghitruong.council.papers.tests.conftest import make_pdf, send
from nghitruong.platform.audit.models import Entry
from nghitruong.platform.errors import NotAllowed, Refused
from nghitruong.session.meetings import actions as meetings
from nghitruong.session.meetings.clock import clocks_of
from nghitruong.session.meetings.models import AgendaPaper, Session, SessionKind
from nghitruong.session.submissions import actions, due, queries
from nghitruong.session.submissions.models import LateCirculation, Publicity
from nghitruong.session.submissions.tests.conftest import again, soon, upload


@pytest.fixture
def paper(session, people):
    """The office's own paper, not asked of anybody."""

    def make(kind="report", title="Báo cáo"):
        send(people.clerk, make_pdf(title), kind=kind, title=title, session_id=session.pk)
        return Paper.objects.get(title=title)

    return make


def test_in_time_needs_no_decision_and_records_none(paper, people):
    found = paper()
    papers.release_papers([found], by=people.clerk, late_approved_by="Chủ tịch", late_reason="x")
    found.refresh_from_db()
    assert found.late_approved_by == ""
    assert not LateCirculation.objects.exists()
    with pytest.raises(Refused, match="not_late"):
        actions.allow_late([paper(title="Khác")], approved_by="", reason="x", by=people.chair)


def test_many_at_once_are_refused_together_and_sent_with_one_decision(
    paper, session, people, signed_in
):
    found = [paper(title=f"Báo cáo {n}") for n in range(3)]
    notice = paper(kind="notice", title="Thông báo")  # no rule binds it
    soon(session)
    with pytest.raises(Refused, match="late_not_allowed") as refused:
        papers.release_papers([*found, notice], by=people.clerk)
    assert "2 tài liệu khác" in refused.value.sentence
    page = reverse("papers:details", args=[session.council.slug, found[0].pk])
    assert b'name="late_reason"' in signed_in(people.clerk).get(page).content  # the named box
    assert not Paper.objects.filter(state="released").exists()
    with pytest.raises(Refused, match="approver_missing"):  # the clerk decides nothing herself
        papers.release_papers(found, by=people.clerk, late_reason="Chờ số liệu")
    papers.release_papers(
        [*found, notice],
        by=people.clerk,
        late_approved_by="Nguyễn Văn An, Chủ tịch HĐND",
        late_reason="Chờ số liệu",
    )
    assert LateCirculation.objects.count() == 3
    row = LateCirculation.objects.first()
    assert (row.approved_by, row.recorded_by_name) == (
        "Nguyễn Văn An, Chủ tịch HĐND", "Trần Thị Bình",
    )  # fmt: skip
    assert Entry.objects.filter(action="submissions.allow_late").count() == 3
    notice.refresh_from_db()
    assert notice.late_approved_by == ""


def test_only_the_day_due_at_the_delegates_asks_for_a_decision(paper, session, people):
    """A Ban's report holds nothing back, nor is it held; a thematic session has no such day."""
    report = paper(kind="verification_report", title="Thẩm tra")
    draft = paper(kind="draft_resolution", title="Dự thảo")
    soon(session, days=1)
    assert [found for found, _clock in due.late_papers([report, draft])] == [draft]
    Session.objects.filter(pk=session.pk).update(kind="urgent")
    assert due.late_papers([report, draft]) == []
    papers.release_papers([report, draft], by=people.clerk)


def test_a_decision_taken_before_is_enough_and_says_so(paper, session, people, signed_in):
    found = paper()
    soon(session)
    with pytest.raises(NotAllowed):
        actions.allow_late([found], approved_by="Tôi", reason="x", by=people.delegate)
    url = reverse("submissions:allow_late", args=[session.council.slug, found.pk])
    answer = signed_in(people.chair).post(url, {"late_reason": "Số liệu về muộn"}, follow=True)
    text = answer.content.decode()
    assert "Nguyễn Văn An cho phép lưu hành chậm" in text
    assert "Điều 12(1)" in text
    papers.release_papers([found], by=people.clerk)
    found.refresh_from_db()
    assert found.late_approved_by == "Nguyễn Văn An"
    details = reverse("papers:details", args=[session.council.slug, found.pk])
    assert "Số liệu về muộn" in signed_in(people.clerk).get(details).content.decode()


def test_a_decision_without_its_reason_cannot_be_stored(paper, council):
    with pytest.raises(IntegrityError), transaction.atomic():
        LateCirculation.objects.create(council=council, paper=paper(), approved_by="An", reason="")


def test_publicity_is_decided_by_thuong_truc_and_every_decision_stays(
    paper, council, people, signed_in
):
    found = paper()
    papers.release_papers([found], by=people.clerk)
    for name in ("clerk", "head", "director", "delegate"):
        with pytest.raises(NotAllowed, match="publicity_standing"):
            actions.set_publicity(found, public=True, by=getattr(people, name))
    standing = Organization.objects.get(kind="standing_committee")
    councils.appoint(
        people.committee.person, standing, post="standing_member", post_label="Ủy viên",
        starts_on=TERM_START, by=Actor.system(council),
    )  # fmt: skip
    member = actor_of_person(people.committee.person)
    actions.set_publicity(found, public=True, by=member)
    with pytest.raises(Refused, match="reason_missing"):
        actions.set_publicity(found, public=False, by=people.chair)
    actions.set_publicity(found, public=False, reason="Có dữ liệu cá nhân", by=people.chair)
    decided = queries.publicity_of(found)
    assert decided is not None
    assert (decided.public, decided.decided_by_name) == (False, "Nguyễn Văn An")
    assert Publicity.objects.count() == 2
    assert Entry.objects.filter(action="submissions.set_publicity").count() == 2
    url = reverse("submissions:decisions", args=[council.slug, found.pk])
    page = signed_in(people.chair).get(url).content.decode()
    assert "Có dữ liệu cá nhân" in page
    assert "Lò Thị Mai" in page  # the earlier decision
    # What it does today, in words, and after a withdrawal that it does nothing any more.
    assert "phần mềm chưa đăng tài liệu ra cổng công khai" in page
    assert "Tài liệu đã rút" not in page
    assert list(queries.facts(people.clerk, found)) == [("Công khai", "không công khai")]
    actions.set_publicity(found, public=True, by=people.chair)
    papers.withdraw_paper(found, reason="Nhầm", by=people.clerk)
    found.refresh_from_db()
    ((_label, said),) = queries.facts(people.clerk, found)
    assert said == "tài liệu đã rút (trước khi rút đã quyết định: công khai)"
    assert (
        "Tài liệu đã rút: không công khai nữa" in signed_in(people.chair).get(url).content.decode()
    )


def test_sent_first_and_put_on_the_agenda_afterwards_needs_the_same_decision(
    session, item, people, signed_in
):
    send(people.clerk, make_pdf("Báo cáo"), kind="report", title="Báo cáo")
    found = Paper.objects.get()
    soon(session)
    papers.release_papers([found], by=people.clerk)  # of no session: late for none
    found.refresh_from_db()
    with pytest.raises(Refused, match="late_not_allowed"):
        meetings.change_item_papers(item, more=[found], by=people.clerk)
    with pytest.raises(Refused, match="late_not_allowed"):
        meetings.add_item(session, by=people.clerk, kind="report", title="Khác", papers=[found])
    # Title and papers of one form are saved together or not at all.
    form = {"title": "Tên mới", "kind": "report", "minutes": "5", "papers": [str(found.pk)]}
    url = reverse("meetings:item", args=[session.council.slug, session.number, item.pk])
    assert signed_in(people.clerk).post(url, form).status_code == 409
    item.refresh_from_db()
    assert item.title == "Nghị quyết về phí"
    page = reverse("submissions:decisions", args=[session.council.slug, found.pk])
    assert "Ghi quyết định" in signed_in(people.clerk).get(page).content.decode()
    actions.allow_late([found], approved_by="", reason="Số liệu về muộn", by=people.chair)
    meetings.change_item_papers(item, more=[found], by=people.clerk)
    assert list(item.papers.all()) == [found]


def test_sent_in_time_it_may_come_to_the_agenda_at_any_time(session, item, paper, people):
    found = paper()
    papers.release_papers([found], by=people.clerk)
    yesterday = timezone.now() - timedelta(days=40)
    Paper.objects.filter(pk=found.pk).update(released_at=yesterday, session_id=None)
    soon(session)
    meetings.change_item_papers(item, more=[Paper.objects.get()], by=people.clerk)
    assert item.papers.count() == 1


def test_late_at_any_session_it_is_for_or_stands_under_is_late(session, paper, people):
    """For a session far ahead, and under an item of one that opens in five days."""
    near = meetings.create_session(
        by=people.clerk, number=5, kind="regular", place="Hội trường",
        expected_opening=timezone.localdate() + timedelta(days=5),
    )  # fmt: skip
    found = paper()
    assert due.late_papers([found]) == []
    meetings.add_item(near, by=people.clerk, kind="report", title="Báo cáo", papers=[found])
    ((late, clock),) = due.late_papers([found])
    assert (late, clock.state) == (found, "overdue")
    with pytest.raises(Refused, match="late_not_allowed"):
        papers.release_papers([found], by=people.clerk)


def test_an_earlier_opening_lists_the_papers_it_makes_late_and_asks_who_lets_them(
    session, item, paper, people, signed_in
):
    sent, unsent = paper(), paper(title="Còn soạn")
    withdrawn, other = paper(title="Đã rút"), paper(kind="notice", title="Thông báo")
    papers.release_papers([sent, withdrawn, other], by=people.clerk)
    papers.withdraw_paper(withdrawn, reason="nhầm", by=people.clerk)
    early = timezone.localdate() + timedelta(days=5)
    url = reverse("meetings:move_opening", args=[session.council.slug, session.number])
    page = signed_in(people.clerk).get(url, {"to": early.isoformat()}).content.decode()
    assert re.findall(r'name="late" value="([^"]+)"', page) == [str(sent.pk)]
    assert "Tài liệu chưa gửi mà đã qua hạn mới" in page
    assert str(unsent.pk) in page
    assert "Thông báo</a>" not in page
    # Not seen, or with nobody's leave: nothing moves.
    with pytest.raises(Refused, match="papers_become_late"):
        meetings.move_opening(session, early, by=people.clerk)
    with pytest.raises(Refused, match="approver_missing"):
        meetings.move_opening(session, early, by=people.clerk, late=[sent.pk], late_reason="Lũ")
    with pytest.raises(Refused, match="reason_missing"):
        meetings.move_opening(session, early, by=people.chair, late=[sent.pk])
    session.refresh_from_db()
    assert session.expected_opening != early
    assert not LateCirculation.objects.exists()
    data = {"to": early.isoformat(), "late": [str(sent.pk)], "late_reason": "Họp sớm vì lũ"}
    signed_in(people.chair).post(url, data)
    session.refresh_from_db()
    assert session.expected_opening == early
    decision = LateCirculation.objects.get()
    assert (decision.paper, decision.approved_by, decision.reason) == (
        sent, "Nguyễn Văn An", "Họp sớm vì lũ",
    )  # fmt: skip
    # Decided once; moving again, earlier or later, does not ask again.
    meetings.move_opening(session, early - timedelta(days=1), by=people.clerk)
    meetings.move_opening(session, early + timedelta(days=1), by=people.clerk)


def test_the_clock_of_the_session_runs_until_the_office_has_the_paper(asked, session, people):
    """Uploaded in time and sent on late is late, in the session's list as in the list of asks."""
    soon(session)
    upload(asked, people.director, "Điều 1", number="12/TTr-SXD")
    found = again(asked).paper
    AgendaPaper.objects.get_or_create(item=asked.item, paper=found, council=found.council)

    def met():
        return clocks_of(session, [found])[found.pk].met

    session.kind = SessionKind.THEMATIC  # the Ban's dossier: received, not sent, counts
    assert met() is None
    actions.pass_on(asked, by=people.director)
    actions.pass_on(asked, by=people.forwarder)
    assert met() == timezone.localdate()
    actions.return_ask(again(asked), reason="Thiếu phụ lục", by=people.clerk)
    assert met() is None
