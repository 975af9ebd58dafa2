"""The clock of each paper: its rule, its article, and whether it was there in time."""

from __future__ import annotations

from datetime import date, datetime

from django.urls import reverse
from django.utils import timezone

from nghitruong.council.papers.models import Paper, PaperVersion
from nghitruong.council.papers.tests.conftest import make_pdf, send
from nghitruong.session.meetings import clock
from nghitruong.session.meetings.clock import arrivals_of, clocks_of, rule_of, standings
from nghitruong.session.meetings.models import Session


def moment(text: str) -> datetime:
    day, month = (int(part) for part in text.split("/"))
    return timezone.make_aware(datetime(2026, month, day, 16))  # noqa: DTZ001  # made aware


def paper(cast, session, kind, title, *, received="1/11", released="", body=""):
    send(
        cast.clerk, make_pdf(title), kind=kind, title=title, session_id=session.pk,
        issuing_body=body, issuer="" if body else "UBND tỉnh",
    )  # fmt: skip
    found = Paper.objects.get(title=title)
    PaperVersion.objects.filter(paper=found).update(uploaded_at=moment(received))
    if released:
        Paper.objects.filter(pk=found.pk).update(released_at=moment(released), state="released")
    return Paper.objects.select_related("issuing_body").get(pk=found.pk)


def test_which_rule_binds_which_paper():
    documents, dossier, report = (
        "session.documents_before", "verify.dossier_before", "verify.report_before",
    )  # fmt: skip
    expected = {
        ("draft_resolution", "regular"): documents,
        ("voter_petitions", "first"): documents,
        ("report", "thematic"): dossier,
        ("draft_resolution", "urgent"): dossier,
        ("voter_petitions", "urgent"): "",
        ("verification_report", "regular"): report,
        ("verification_report", "urgent"): report,
        ("notice", "regular"): "",
        ("response_report", "regular"): "",
    }
    assert {pair: rule_of(*pair) for pair in expected} == expected


def test_in_time_late_overdue_and_running(cast, session, council, signed_in):
    """Opening Tuesday 08/12/2026: papers by Monday 23/11, the Ban's report by Tuesday 01/12."""
    body = str(next(iter(cast.agency.body_ids)))
    papers = [
        paper(cast, session, "report", "Đúng", released="23/11"),
        paper(cast, session, "draft_resolution", "Chậm", released="26/11", body=body),
        paper(cast, session, "draft_resolution", "Chưa gửi", body=body),
        paper(cast, session, "verification_report", "Thẩm tra", received="2/12"),
        paper(cast, session, "notice", "Thông báo", released="30/11"),
    ]
    Paper.objects.filter(title="Chậm").update(late_approved_by="Chánh Văn phòng")
    papers[1].refresh_from_db()
    clocks = clocks_of(session, papers, today=date(2026, 11, 28))
    shown = {p.title: (clocks[p.pk].state, clocks[p.pk].days) for p in papers if p.pk in clocks}
    assert shown == {
        "Đúng": ("met", 0),
        "Chậm": ("late", 3),
        "Chưa gửi": ("overdue", 5),
        "Thẩm tra": ("late", 1),
    }
    assert "Điều 12(1)" in str(clocks[papers[1].pk])
    assert "23/11/2026" in str(clocks[papers[1].pk])
    assert "Điều 27(3)" in clocks[papers[3].pk].due.article
    before = clocks_of(session, papers, today=date(2026, 11, 23))
    assert before[papers[2].pk].state == "running"  # its day itself is in time
    Session.objects.filter(pk=session.pk).update(expected_opening=date(2026, 12, 22))
    session.refresh_from_db()
    moved = clocks_of(session, papers, today=date(2026, 11, 28))
    assert {moved[p.pk].state for p in papers[:2]} == {"met"}  # nothing stored: all counted anew
    # the pages quote the article
    listing = reverse("meetings:papers", args=[council.slug, session.number])
    page = signed_in(cast.clerk).get(listing).content.decode()
    assert "Điều 12(1)" in page
    assert "Điều 12(1)" in signed_in(cast.clerk).get(listing + "?xuat=csv").getvalue().decode()
    league = reverse("meetings:punctuality", args=[council.slug, session.number])
    assert "Theo cơ quan trình" in signed_in(cast.clerk).get(league).content.decode()
    assert signed_in(cast.delegates[0]).get(league).status_code == 403


def test_a_body_answers_for_the_day_its_paper_came_and_not_for_the_office(
    cast, session, council, signed_in, monkeypatch
):
    """Papers due on Monday 23/11/2026; the office had some of them in time and sent none on."""
    body = str(next(iter(cast.agency.body_ids)))
    today = date(2026, 11, 28)
    papers = [
        paper(cast, session, "draft_resolution", "Đến kịp", received="20/11", body=body),
        paper(cast, session, "report", "Tỉnh kịp", received="20/11", released="26/11"),
        paper(cast, session, "report", "Tỉnh chậm", received="25/11", released="27/11"),
    ]
    clocks = clocks_of(session, papers, today)
    assert [clocks[p.pk].state for p in papers] == ["overdue", "late", "late"]
    arrivals = arrivals_of(session, papers, today)
    lines = {line.name: line for line in standings(papers, arrivals)}
    mine, theirs = lines[papers[0].issuing_body.name], lines["UBND tỉnh"]
    assert (mine.papers, mine.in_time, mine.late, mine.overdue) == (1, 1, 0, 0)
    assert (theirs.papers, theirs.in_time, theirs.late, theirs.average) == (2, 1, 1, 2.0)
    assert [line.name for line in lines.values()] == ["UBND tỉnh", mine.name]  # latest first
    # A body that was asked and has not sent it on: nothing came, whatever lies there.
    with monkeypatch.context() as asked:
        asked.setattr(clock, "_arrivals", [lambda _papers: {papers[0].pk: None}])
        (first, _rest) = standings(papers, arrivals_of(session, papers, today))
        assert (first.name, first.overdue, first.days_late) == (mine.name, 1, 5)
    # The page says whose delay it is.
    league = reverse("meetings:punctuality", args=[council.slug, session.number])
    monkeypatch.setattr(timezone, "localdate", lambda *_a, **_m: today)
    page = signed_in(cast.clerk).get(league).content.decode()
    behind, held = page.split("Đến Văn phòng đúng hạn, gửi đại biểu chậm")
    shown = [[p.title for p in papers if f">{p.title}</a>" in part] for part in (behind, held)]
    assert shown == [["Tỉnh chậm"], ["Đến kịp", "Tỉnh kịp"]]
