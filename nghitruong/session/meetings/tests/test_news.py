from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from nghitruong.council.papers.actions import release_papers, withdraw_paper
from nghitruong.council.papers.models import Paper
from nghitruong.council.papers.tests.conftest import make_pdf, send
from nghitruong.platform.live.models import Event
from nghitruong.session.floor import actions as floor
from nghitruong.session.floor.models import JournalEntry
from nghitruong.session.floor.queries import hall_state
from nghitruong.session.meetings import actions
from nghitruong.session.meetings.models import SessionNotice

# Whatever the day on which the tests run.
LATE = {"late_approved_by": "Chủ tịch HĐND", "late_reason": "Bổ sung"}


@pytest.fixture
def hall(session, sitting, cast):
    """An open sitting at its first item, under which stands a released paper."""
    item = actions.add_item(session, by=cast.clerk, sitting=sitting, kind="decision", title="NQ 1")
    send(cast.clerk, make_pdf("Dự thảo"), title="Dự thảo NQ 1", kind="draft_resolution")
    actions.change_item_papers(item, more=[Paper.objects.get()], by=cast.clerk)
    sitting.state, sitting.opened_at, sitting.current_item = "open", timezone.now(), item
    sitting.save()
    return sitting


def after(sitting, stale):
    """A screen that saw ``stale`` and every event since."""
    screen = dict(stale)
    for event in Event.objects.filter(stream=f"sitting:{sitting.pk.hex}:hall").order_by("seq"):
        screen[event.data["slice"]] = event.data["value"]
    return screen


SLICES = ("sitting", "item", "notice", "news")


def same(screen, sitting):
    fresh = hall_state(sitting.pk)
    return [name for name in SLICES if screen[name] != fresh[name]] == []


def test_a_released_paper_is_told_to_the_hall_and_the_item_drawn_anew(hall, cast):
    stale = hall_state(hall.pk)
    release_papers([Paper.objects.get()], by=cast.clerk, **LATE)
    screen = after(hall, stale)
    assert screen["news"]["text"] == "Văn phòng vừa gửi 1 tài liệu mới"
    assert same(screen, hall)


def test_a_replaced_text_shows_its_new_version_in_the_hall(hall, cast):
    release_papers([Paper.objects.get()], by=cast.clerk, **LATE)
    stale = hall_state(hall.pk)
    send(cast.clerk, make_pdf("Dự thảo sửa"), paper=Paper.objects.get(), reason="Tiếp thu")
    screen = after(hall, stale)
    assert screen["item"]["papers"][0]["version"] == 2
    assert same(screen, hall)


def test_a_withdrawn_paper_is_told_without_its_title_and_reason(hall, cast):
    release_papers([Paper.objects.get()], by=cast.clerk, **LATE)
    stale = hall_state(hall.pk)
    withdraw_paper(Paper.objects.get(), reason="Trình kỳ sau", by=cast.clerk)
    screen = after(hall, stale)
    assert screen["news"]["text"] == "Văn phòng vừa rút 1 tài liệu"
    assert same(screen, hall)


def test_news_never_takes_the_place_of_words_put_up_and_goes_with_the_item(session, hall, cast):
    words = "Mời đại biểu nghỉ giải lao đến 15 giờ 30"
    floor.announce(hall, words, by=cast.chair)
    stale = hall_state(hall.pk)
    release_papers([Paper.objects.get()], by=cast.clerk, **LATE)
    screen = after(hall, stale)
    assert screen["notice"]["text"] == words
    assert screen["news"]["text"] == "Văn phòng vừa gửi 1 tài liệu mới"
    assert same(screen, hall)
    floor.clear_notice(hall, by=cast.chair)
    screen = after(hall, stale)
    assert (screen["notice"], screen["news"] is None) == (None, False)
    assert same(screen, hall)
    lines = JournalEntry.objects.filter(kind="floor.clear_notice")
    assert lines.count() == 1
    floor.clear_notice(hall, by=cast.chair)  # news is nothing to take down
    item = actions.add_item(session, by=cast.clerk, sitting=hall, kind="other", title="Sau")
    floor.go_to_item(hall, item.pk, by=cast.chair)
    assert lines.count() == 1
    screen = after(hall, stale)
    assert (screen["notice"], screen["news"]) == (None, None)
    assert same(screen, hall)


def test_an_edited_item_is_drawn_anew_in_the_hall(hall, cast):
    stale = hall_state(hall.pk)
    actions.edit_item(
        hall.current_item, kind="decision", title="NQ 1 (sửa tên)", minutes=20, by=cast.clerk
    )
    screen = after(hall, stale)
    assert screen["item"]["title"] == "NQ 1 (sửa tên)"
    assert same(screen, hall)


def test_a_moved_date_is_told_once(session, cast):
    actions.move_opening(session, date(2026, 12, 15), by=cast.clerk)
    actions.move_opening(session, date(2026, 12, 15), by=cast.clerk)
    assert SessionNotice.objects.count() == 1


def test_the_same_news_of_one_day_is_one_line_of_the_page(session, cast, signed_in):
    again = "Văn phòng vừa thay 1 tài liệu bằng bản mới"
    for text in (again, "Họp chuyển sang 10 giờ", again, again):
        SessionNotice.objects.create(council=session.council, session=session, text=text)
    old = SessionNotice.objects.create(council=session.council, session=session, text=again)
    SessionNotice.objects.filter(pk=old.pk).update(at=timezone.now() - timedelta(days=2))
    url = reverse("meetings:session", args=[session.council.slug, session.number])
    page = signed_in(cast.clerk).get(url).content.decode()
    assert page.count(again) == 2  # today's and that of two days ago
    assert page.count("lần trong ngày") == 1
    assert "3 lần trong ngày" in page
    assert "Họp chuyển sang 10 giờ" in page
