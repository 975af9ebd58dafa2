"""The office's pages: counts, the log of ten thousand, sending again, savings."""

from __future__ import annotations

import io
import time
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from python_calamine import CalamineWorkbook

from nghitruong.council.councils.models import Person
from nghitruong.council.papers import actions as papers
from nghitruong.council.papers.models import PaperVersion
from nghitruong.platform.notices import api as notices
from nghitruong.platform.notices.models import Delivery, Recipient
from nghitruong.session.delivery import actions, savings
from nghitruong.session.delivery.models import PrintRun, Release

ROWS = 10_000


@pytest.fixture
def release(session, clerk, paper_of):
    papers.release_papers(
        [paper_of(session, "Một", pages=100), paper_of(session, "Hai", pages=20)], by=clerk
    )
    return Release.objects.get()


def test_the_office_sees_counts_then_people_and_sends_again(
    council, session, release, browser, clerk, cuc
):
    notices.opened([release.message_id], cuc.person_id)
    client = browser(clerk)
    page = client.get(reverse("delivery:releases", args=[council.slug, 4])).content.decode()
    assert "còn 14" in page
    log = reverse("delivery:log", args=[council.slug, release.pk])
    page = client.get(log).content.decode()
    assert "Lê Thị Cúc" in page
    assert "Gửi lại cho 14 người chưa mở?" in page
    left = client.get(log, {"tt": "chua-toi"}).content.decode()
    assert "Lê Thị Cúc" not in left
    found = client.get(log, {"q": "le thi cuc"}).content.decode()
    assert "Trong ứng dụng: đã gửi" not in found
    resend = reverse("delivery:resend", args=[council.slug, release.pk])
    opened = client.get(resend)
    assert opened.status_code == 405
    assert opened["Allow"] == "POST"
    assert "Hãy quay lại trang trước" in opened.content.decode()  # not an empty page
    assert client.get(resend, headers={"accept": "application/json"}).json()["code"] == "http_405"
    assert client.post(resend).status_code == 409  # it was sent a moment ago
    Recipient.objects.update(last_round_at=timezone.now() - timedelta(minutes=5))
    assert client.post(resend)["Location"] == log
    assert Delivery.objects.filter(round=2).count() == 14
    assert browser(cuc).get(log).status_code == 403

    book = b"".join(client.get(log, {"xuat": "xlsx"}).streaming_content)
    lines = CalamineWorkbook.from_filelike(io.BytesIO(book)).get_sheet_by_index(0).to_python()
    assert lines[0][0] == "Họ và tên"
    assert len(lines) == 16


@pytest.mark.timeout(240)  # thirty thousand rows on a busy machine
def test_ten_thousand_recipients_are_a_page_of_fifty(council, release, browser, clerk):
    people = Person.objects.bulk_create(
        Person(council=council, full_name=f"Khách {n}", sort_key=f"{n:05}", fold=f"khach {n}")
        for n in range(ROWS)
    )
    rows = Recipient.objects.bulk_create(
        Recipient(
            council_id=council.pk,
            message=release.message,
            person_id=person.pk,
            last_round_at=timezone.now(),
        )
        for person in people
    )
    Delivery.objects.bulk_create(
        Delivery(council_id=council.pk, recipient=row, channel="app", state="sent") for row in rows
    )
    client = browser(clerk)
    log = reverse("delivery:log", args=[council.slug, release.pk])
    client.get(log)
    for query in ("", "?page=150&sort=-ten", "?q=khach+99", "?tt=chua-mo"):
        began = time.perf_counter()
        with CaptureQueriesContext(connection) as statements:
            page = client.get(log + query).content.decode()
        print(f"{query or 'log'}: {time.perf_counter() - began:.3f} s, {len(statements)}")
        assert len(statements) < 25
        assert page.count("<tr>") < 60
    assert "10.015" in client.get(log).content.decode()


def test_savings_are_pages_times_delegates_less_what_was_printed(
    council, session, release, browser, clerk, cuc
):
    paper = release.papers.get(pages=20).paper
    new = PaperVersion.objects.create(
        council=council,
        paper=paper,
        number=2,
        sha256="0" * 64,
        size=10,
        media_type="application/pdf",
        file_name="b.pdf",
        pages=25,
        uploaded_by_name="Trần Thị Bình",
        reason="sửa",
        unread=True,
    )
    papers.show_version(new)
    client = browser(clerk)
    add = reverse("delivery:record_print", args=[council.slug, 4])
    assert client.post(add, {"sets": "0", "pages": "1"}).status_code == 422
    assert client.post(add, {"sets": "2", "pages": "145", "note": "Chủ tọa"}).status_code == 302
    assert browser(cuc).post(add, {"sets": "2", "pages": "1"}).status_code == 403

    found = savings.savings_for(clerk, [session])[session.pk]
    # (100 + 20 + 25 pages) × 15 delegates − 2 × 145
    assert (found.circulated, found.printed, found.saved) == (2175, 290, 1885)
    assert (found.papers, found.releases, found.unreached) == (2, 2, 30)
    assert found.pages == 125  # as they are now: a text that was replaced is not counted again
    assert found.took is None  # not while somebody is not reached
    last_in = timezone.now() - timedelta(hours=5)
    PaperVersion.objects.update(uploaded_at=last_in)
    for one in Release.objects.all():
        one.papers.update(came_at=last_in)
    Recipient.objects.update(reached_at=last_in + timedelta(hours=1))
    Recipient.objects.filter(person_id=cuc.person_id).update(
        reached_at=last_in + timedelta(hours=2, minutes=5)
    )
    found = savings.savings_for(clerk, [session])[session.pk]
    assert savings.duration_words(found.took) == "2 giờ 05 phút"

    page = client.get(reverse("delivery:savings", args=[council.slug])).content.decode()
    assert "1.885" in page
    assert "86,67" in page
    book = b"".join(
        client.get(reverse("delivery:savings_file", args=[council.slug])).streaming_content
    )
    lines = CalamineWorkbook.from_filelike(io.BytesIO(book)).get_sheet_by_index(0).to_python()
    assert lines[1][0] == session.title
    assert lines[1][4:6] == [2175, 290]
    assert lines[1][10] == "2 giờ 05 phút"

    run = PrintRun.objects.get()
    remove = reverse("delivery:remove_print", args=[council.slug, 4, run.pk])
    assert client.post(remove).status_code == 302
    assert not PrintRun.objects.exists()


def test_a_withdrawal_saves_no_paper(session, release, clerk):
    papers.withdraw_paper(release.papers.first().paper, reason="nhầm", by=clerk)
    found = savings.savings_for(clerk, [session])[session.pk]
    assert (found.circulated, found.releases) == (1800, 1)
    with pytest.raises(Exception, match="từ 1"):
        actions.record_print(session, sets=0, pages=3, note="", by=clerk)
