"""From the ask to the delegate: each stop, who sees what there, what is refused and why."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.http import Http404
from django.utils import timezone

from nghitruong.council.papers import actions as papers
from nghitruong.council.papers import queries as paper_queries
from nghitruong.council.papers.actions import Errand, errands
from nghitruong.council.papers.models import Paper, SecretStub
from nghitruong.council.papers.tests.conftest import make_pdf, send
from nghitruong.council.procedure.profiles import calendar_for, freeze, profile_for
from nghitruong.platform.audit.models import Entry
from nghitruong.platform.errors import NotAllowed, Refused
from nghitruong.platform.notices.models import Message, Recipient
from nghitruong.platform.storage.db import lock_row
from nghitruong.session.meetings.models import AgendaPaper
from nghitruong.session.submissions import actions, errand, flows, queries, rules
from nghitruong.session.submissions.due import due_of, ruled
from nghitruong.session.submissions.models import Ask, AskStep, LateCirculation, StepKind
from nghitruong.session.submissions.tests.conftest import again, sees, soon, upload

# Who reads the text at which stop; the rows are the whole of the rule.
TABLE = {
    "preparing": {"director"},
    "forwarding": {"director", "forwarder"},
    "checking": {"director", "forwarder", "clerk", "chair", "head"},
    "cleared": {"director", "forwarder", "clerk", "chair", "head", "committee"},
    "circulated": {"director", "forwarder", "clerk", "chair", "head", "committee", "delegate"},
}
EVERYBODY = TABLE["circulated"] | {"stranger"}


def test_from_the_ask_to_the_delegate(asked, session, item, people):
    """The whole way, with a return, a late decision, and a draft that moves after verification."""

    def who_sees() -> set[str]:
        return {name for name in EVERYBODY if sees(getattr(people, name), asked)}

    assert asked.forwarded
    upload(asked, people.director, "Điều 1. Phí là 10.000 đồng", number="12/TTr-SXD")
    assert who_sees() == TABLE["preparing"]
    paper = Paper.objects.get()
    assert (paper.state, paper.issuer, paper.number) == ("draft", "Sở Xây dựng", "12/TTr-SXD")
    upload(asked, people.director, "Điều 1. Phí là 12.000 đồng")
    assert paper.versions.count() == 2

    actions.pass_on(asked, by=people.director)
    assert who_sees() == TABLE["forwarding"]
    told = Recipient.objects.select_related("message").order_by("pk")
    assert [(row.message.subject.split(":")[0], row.person_id) for row in told] == [
        ("Đề nghị gửi tài liệu", people.director.person_id),
        ("Chờ chuyển", people.forwarder.person_id),
    ]
    with pytest.raises(NotAllowed):  # sent is sent
        upload(asked, people.director)
    actions.return_ask(asked, reason="Thiếu chữ ký", by=people.forwarder)
    returned = queries.last_return(again(asked))
    assert returned is not None
    assert returned.reason == "Thiếu chữ ký"
    upload(asked, people.director, "Điều 1. Phí là 13.000 đồng", reason="Đã ký")
    assert queries.last_return(again(asked)) is not None  # still says why, until it is sent again
    actions.pass_on(asked, by=people.director)
    actions.pass_on(asked, by=people.forwarder)
    assert who_sees() == TABLE["checking"]

    with pytest.raises(Refused, match="not_cleared"):  # nor by the other door
        papers.release_papers([paper], by=people.head)
    actions.pass_on(asked, by=people.clerk)
    assert who_sees() == TABLE["cleared"]
    assert AgendaPaper.objects.filter(item=item, paper=paper).exists()

    # The Ban verifies beside it; its report names the text it read and holds nothing back.
    send(
        people.clerk, make_pdf("Báo cáo thẩm tra"), kind="verification_report",
        title="Báo cáo thẩm tra", session_id=session.pk,
    )  # fmt: skip
    report = Paper.objects.get(kind="verification_report")
    papers.name_verified(report, paper.versions.get(number=3), by=people.clerk)

    soon(session)
    with pytest.raises(NotAllowed, match="not_your_turn"):
        actions.circulate(asked, by=people.clerk)
    with pytest.raises(NotAllowed, match="circulation_not_yours"):
        papers.release_papers([paper], by=people.clerk)
    with pytest.raises(Refused, match="late_not_allowed") as refused:
        actions.circulate(asked, by=people.head)
    assert "Điều 12(1)" in refused.value.article
    assert "Cho phép lưu hành chậm" in refused.value.sentence
    with pytest.raises(Refused, match="reason_missing"):
        actions.circulate(asked, by=people.head, late_approved_by="Chủ tịch HĐND")
    assert not LateCirculation.objects.exists()
    actions.circulate(asked, by=people.head, late_reason="Chờ ý kiến Bộ Tài chính")
    decision = LateCirculation.objects.get()
    assert (decision.approved_by, decision.reason) == ("Phan Văn Minh", "Chờ ý kiến Bộ Tài chính")
    assert "Điều 12(1)" in decision.article
    paper.refresh_from_db()
    assert (paper.state, paper.late_approved_by) == ("released", "Phan Văn Minh")
    assert who_sees() == TABLE["circulated"]
    assert queries.asks_for(people.director).get().stage == "circulated"

    # The draft moves on: whoever reads the report is told.
    found = paper_queries.papers_for(people.clerk).get(pk=report.pk)
    assert not paper_queries.verification_of(people.clerk, found).moved
    send(people.clerk, make_pdf("Điều 1. Phí là 15.000 đồng"), paper=paper, reason="Tiếp thu")
    verified = paper_queries.verification_of(people.clerk, found)
    assert (verified.moved, verified.version.number, verified.newest) == (True, 3, 4)

    assert [step.kind for step in AskStep.objects.order_by("at", "pk")] == [
        "ask", "upload", "upload", "send", "return", "upload", "send", "forward", "check",
        "circulate",
    ]  # fmt: skip
    assert Entry.objects.filter(action__startswith="submissions.").count() == 11  # and the decision


def test_the_table_of_stops_is_the_table_of_the_test():
    party = {
        "director": "body", "forwarder": "forwarder", "clerk": "office", "committee": "committee",
    }  # fmt: skip
    for stop in flows.WAY:
        seen = {name for name, who in party.items() if who in stop.sees}
        assert seen == TABLE[stop.state] & set(party)


def test_only_whose_turn_it_is_acts_and_a_foreign_agency_knows_nothing(asked, people):
    upload(asked, people.director)
    for name in ("forwarder", "clerk", "head", "committee", "delegate", "stranger"):
        with pytest.raises(NotAllowed):
            actions.pass_on(asked, by=getattr(people, name))
    for name in ("stranger", "delegate", "committee"):
        assert not queries.asks_for(getattr(people, name)).exists()
    with pytest.raises(Http404):
        upload(asked, people.stranger)
    with pytest.raises(NotAllowed):
        actions.ask_papers(asked.session, [], by=people.director)
    assert rules.holds(people.director, again(asked))
    assert not rules.holds(people.clerk, again(asked))


def test_nothing_is_sent_without_a_file_and_a_return_needs_its_reason(asked, people):
    with pytest.raises(Refused, match="nothing_to_send"):
        actions.pass_on(asked, by=people.director)
    upload(asked, people.director)
    with pytest.raises(Refused, match="not_your_turn"):
        actions.return_ask(asked, reason="Sai", by=people.clerk)
    actions.pass_on(asked, by=people.director)
    with pytest.raises(Refused, match="reason_missing"):
        actions.return_ask(asked, reason=" ", by=people.forwarder)


def test_a_scan_is_read_before_it_moves_on(asked, people):
    upload(asked, people.director)
    paper = Paper.objects.get()
    paper.versions.update(unread=True)
    assert paper_queries.versions_for(people.director, paper) == []
    with pytest.raises(Refused, match="not_read_yet"):
        actions.pass_on(asked, by=people.director)


def test_a_secret_file_of_an_agency_leaves_only_a_stub(asked, people):
    with pytest.raises(Refused, match="state_secret"):
        upload(asked, people.director, "TỐI MẬT\nDự thảo")
    assert SecretStub.objects.count() == 1
    assert not Paper.objects.exists()
    assert again(asked).paper is None


def test_the_office_takes_in_what_was_brought_to_it(asked, people):
    with pytest.raises(Refused):
        upload(asked, people.clerk)
    with pytest.raises(NotAllowed):
        actions.take_in(asked, by=people.director)
    actions.take_in(asked, by=people.clerk)
    upload(asked, people.clerk)
    actions.pass_on(asked, by=people.clerk)
    assert again(asked).state == "cleared"


def test_a_council_without_that_office_has_no_such_stop(session, people):
    rule = session.profile["rules"]["submission.forwarding"]
    session.profile["rules"]["submission.forwarding"] = rule | {"value": "no"}
    session.save()
    body = people.director.memberships[0].organization
    wanted = actions.Wanted(body=body, kind="report", title="Báo cáo")
    (ask,) = actions.ask_papers(session, [wanted], by=people.clerk)
    assert [stop.state for stop in flows.way_of(ask)] == ["preparing", "checking", "cleared"]
    upload(ask, people.director)
    actions.pass_on(ask, by=people.director)
    assert again(ask).state == "checking"
    assert not queries.asks_for(people.forwarder).exists()
    assert not sees(people.forwarder, ask)


def test_a_commune_is_set_up_without_it(council):
    from nghitruong.council.councils.tests.factories import TERM_START, make_commune_council

    commune = freeze(profile_for(make_commune_council(), TERM_START.replace(month=12)))
    province = freeze(profile_for(council, TERM_START.replace(month=12)))
    assert not flows.passes_forwarding(commune, "peoples_committee")
    assert flows.passes_forwarding(province, "agency")
    assert not flows.passes_forwarding(province, "committee")  # the council's own bodies


def test_asked_twice_is_asked_once(asked, session, people):
    same = actions.Wanted(body=asked.body, kind=asked.kind, title=asked.title)
    assert actions.ask_papers(session, [same], by=people.clerk) == []
    assert Ask.objects.count() == 1


def test_the_offices_own_day_may_only_be_earlier_than_the_laws(asked, session, people):
    """Otherwise one page would call in time what another, by the law, calls late."""
    calendar = calendar_for(session.council)

    def ask(day, title="Khác"):
        wanted = actions.Wanted(body=asked.body, kind="report", title=title, due=day)
        return actions.ask_papers(session, [wanted], by=people.clerk)

    law = ruled(session, "report", calendar)
    with pytest.raises(Refused, match="due_after_opening"):
        ask(session.expected_opening)
    with pytest.raises(Refused, match="due_after_rule") as refused:
        ask(law.due + timedelta(days=1))
    assert refused.value.article == law.article
    (early,) = ask(law.due - timedelta(days=2))
    assert due_of(early, calendar).due == law.due - timedelta(days=2)
    Ask.objects.filter(pk=early.pk).update(due_override=law.due + timedelta(days=3))
    assert due_of(again(early), calendar).due == law.due
    # The law's day has passed: a day is still to be named, and the clock says late all the same.
    soon(session, 5)
    law = ruled(session, "report", calendar)
    assert law.due < timezone.localdate()
    (late,) = ask(timezone.localdate() + timedelta(days=2), "Gấp")
    assert due_of(late, calendar).due == law.due


def test_an_ask_taken_back_withdraws_the_draft_and_can_be_asked_anew(asked, session, people):
    upload(asked, people.director)
    actions.cancel_ask(asked, reason="Chuyển kỳ họp sau", by=people.clerk)
    assert Paper.objects.get().state == "withdrawn"
    assert not sees(people.director, asked)
    with pytest.raises(Refused):
        upload(asked, people.director)
    new = actions.Wanted(body=asked.body, kind=asked.kind, title=asked.title)
    assert len(actions.ask_papers(session, [new], by=people.clerk)) == 1


def test_a_secret_found_later_takes_its_words_from_the_ask(asked, people):
    upload(asked, people.director)
    actions.pass_on(asked, by=people.director)
    actions.return_ask(asked, reason="Nội dung về quốc phòng", by=people.forwarder)
    papers.expunge_secret(Paper.objects.get(), "secret", by=people.clerk)
    left = again(asked)
    assert "phí" not in left.title
    assert left.state == "cancelled"
    assert not AskStep.objects.exclude(reason="").exists()
    assert not Message.objects.filter(subject__contains="phí").exists()
    assert not Message.objects.filter(text__contains="quốc phòng").exists()


def test_a_draft_held_for_a_mark_is_the_offices_at_once(asked, people):
    upload(asked, people.director)
    paper = Paper.objects.get()
    assert not sees(people.clerk, asked)
    paper.versions.get().intake.__class__.objects.filter(version__paper=paper).update(
        state="held", degree="secret"
    )
    assert sees(people.clerk, asked)


def test_every_step_has_its_words_in_the_log():
    from nghitruong.config.audit_labels import LABELS

    assert {f"submissions.{kind}" for kind in StepKind.values} <= set(LABELS)


def test_a_file_that_ends_when_the_ask_was_sent_on_or_cancelled_makes_no_paper(
    asked, people, monkeypatch
):
    """In the transaction that makes the version the ask is read again, under its lock."""
    real = errand.ERRAND.hold
    locked = []
    monkeypatch.setattr(errand, "lock_row", lambda rows: locked.append(1) or lock_row(rows))

    def between(key, by):
        actions.cancel_ask(asked, reason="Thôi", by=people.clerk)
        return real(key, by)

    monkeypatch.setitem(errands._errands, "ask", Errand(errand.target, between, errand.done))
    with pytest.raises(Refused):
        upload(asked, people.director)
    assert locked
    assert not Paper.objects.exists()
