"""What could not be read on arrival stays with the office until it was (L117/2025 Đ5)."""

from __future__ import annotations

import pytest

from nghitruong.council.intake import actions
from nghitruong.council.intake.actions import processing
from nghitruong.council.intake.pipeline.report import Page, Report
from nghitruong.council.intake.tests.conftest import make_pdf, send
from nghitruong.council.papers import actions as papers
from nghitruong.council.papers import queries
from nghitruong.council.papers.models import Paper, PaperVersion
from nghitruong.platform.errors import Refused
from nghitruong.platform.jobs import api as jobs

SCAN = make_pdf("")  # a page without a letter


def scanned(text: str) -> Report:
    return Report(kind="pdf", media_type="application/pdf", pages=1, texts=[Page(1, text, "ocr")])


def numbers(actor, paper: Paper) -> list[int]:
    return [version.number for version in queries.versions_for(actor, paper)]


def test_a_scan_is_not_sent_to_anybody_before_it_was_read(cast, found):
    send(cast.clerk, SCAN)
    paper = Paper.objects.get()
    with pytest.raises(Refused) as refused:
        papers.release_papers([paper], by=cast.clerk)
    assert refused.value.code == "not_read_yet"
    assert "Hãy chờ" in refused.value.sentence
    found.report = scanned("Báo cáo")
    jobs.run_now(processing.JOB)
    papers.release_papers([paper], by=cast.clerk)
    paper.refresh_from_db()
    assert numbers(cast.delegates[0], paper) == [1]


def test_a_text_that_could_be_read_on_arrival_waits_for_nobody(cast, found):
    send(cast.clerk, make_pdf())
    assert not PaperVersion.objects.get().unread
    papers.release_papers([Paper.objects.get()], by=cast.clerk)


@pytest.mark.parametrize(("text", "shown"), [("Báo cáo", [2, 1]), ("MẬT\nBáo cáo", [1])])
def test_a_scan_in_place_of_a_sent_paper_is_the_offices_until_it_was_read(cast, found, text, shown):
    send(cast.clerk, make_pdf())
    paper = Paper.objects.get()
    papers.release_papers([paper], by=cast.clerk)
    paper.refresh_from_db()
    found.report = scanned("Báo cáo")
    jobs.run_now(processing.JOB)
    send(cast.clerk, SCAN, paper=paper, reason="bản ký")
    delegate = cast.delegates[0]
    assert numbers(delegate, paper) == [1]
    assert numbers(cast.clerk, paper) == [2, 1]
    assert queries.papers_for(delegate).get().latest == 1
    found.report = scanned(text)
    jobs.run_now(processing.JOB)
    assert numbers(delegate, paper) == shown
    assert queries.papers_for(delegate).get().latest == shown[0]


def blind(text: str) -> Report:
    """No OCR on this machine."""
    report = scanned(text)
    report.problems = ["no_tesseract"]
    report.texts[0].unread = True
    return report


@pytest.mark.parametrize("trouble", ["gave up", "no tesseract"])
def test_what_no_machine_could_read_waits_for_a_person_who_looks(cast, found, trouble):
    send(cast.clerk, SCAN)
    version = PaperVersion.objects.get()
    if trouble == "gave up":
        actions.give_up(str(version.pk), "RuntimeError")
    else:
        found.report = blind("")
        jobs.run_now(processing.JOB)
    version.refresh_from_db()
    assert version.unread
    with pytest.raises(Refused) as refused:
        papers.release_papers([version.paper], by=cast.clerk)
    assert refused.value.code == "not_seen"
    assert "xác nhận" in refused.value.sentence
    actions.clear_hold(version.intake, by=cast.clerk)
    version.refresh_from_db()
    assert not version.unread
    papers.release_papers([version.paper], by=cast.clerk)


def test_a_mark_found_later_takes_the_text_from_everybody_but_the_office(cast, found):
    send(cast.clerk, make_pdf())
    paper = Paper.objects.get()
    papers.release_papers([paper], by=cast.clerk)
    paper.refresh_from_db()
    assert numbers(cast.delegates[0], paper) == [1]
    found.report = scanned("MẬT\nBáo cáo")
    jobs.run_now(processing.JOB)
    assert numbers(cast.delegates[0], paper) == []
    assert numbers(cast.clerk, paper) == [1]
    actions.clear_hold(PaperVersion.objects.get().intake, by=cast.clerk)
    found.report = scanned("MẬT\nBáo cáo")
    jobs.run_now(processing.JOB)
    assert numbers(cast.delegates[0], paper) == [1]
