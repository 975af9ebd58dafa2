"""Moving the opening day moves the sittings planned for it, which summons print."""

from __future__ import annotations

from datetime import date

import pytest
from django.urls import reverse

from nghitruong.platform.audit.models import Entry
from nghitruong.session.meetings import actions
from nghitruong.session.meetings.models import Session, SessionNotice, Sitting
from nghitruong.session.meetings.tests.conftest import at

LATER = date(2026, 12, 15)


@pytest.fixture
def sittings(session, sitting, cast):
    """Opening on the 8th, a plenary on the 9th, one held already."""
    plenary = actions.add_sitting(
        session, by=cast.clerk, kind="plenary", starts_at=at(14, day=date(2026, 12, 9))
    )
    held = actions.add_sitting(session, by=cast.clerk, kind="preparatory", starts_at=at(7))
    Sitting.objects.filter(pk=held.pk).update(state="closed", opened_at=at(7))
    Sitting.objects.filter(pk=plenary.pk).update(title="Thảo luận, ngày 09/12/2026, tổ 19/12/2026")
    return sitting, plenary, held


def starts():
    return list(Sitting.objects.order_by("number").values_list("starts_at", flat=True))


def test_planned_sittings_move_by_the_same_days_and_everybody_is_told(session, sittings, cast):
    actions.move_opening(session, LATER, by=cast.clerk)
    assert starts() == [at(8, day=LATER), at(14, day=date(2026, 12, 16)), at(7)]
    assert Sitting.objects.get(number=1).ends_at == at(10, day=LATER)
    assert Sitting.objects.get(number=2).title == "Thảo luận, ngày 16/12/2026, tổ 19/12/2026"
    told = SessionNotice.objects.get().text
    assert "Phiên khai mạc: 08 giờ 00 ngày 15/12/2026; 1 phiên sau dời cùng số ngày" in told
    payload = Entry.objects.get(action="meetings.move_opening").payload
    assert set(payload["sittings"]) == {"1", "2"}


def test_they_stay_when_the_office_says_so(session, sittings, cast):
    before = starts()
    actions.move_opening(session, LATER, by=cast.clerk, sittings=False)
    assert starts() == before


def test_the_page_shows_old_and_new_hours_before_anything_moves(session, sittings, cast, signed_in):
    client = signed_in(cast.clerk)
    url = reverse("meetings:move_opening", args=[session.council.slug, session.number])
    page = client.get(url, {"to": "2026-12-15"}).content.decode()
    assert "08 giờ 00, Thứ Ba, ngày 15/12/2026" in page
    assert "14 giờ 00, Thứ Tư, ngày 16/12/2026" in page
    assert 'name="sittings" value="1" checked' in page
    assert "07 giờ" not in page  # held already
    assert Session.objects.get().expected_opening == date(2026, 12, 8)
    assert client.get(url).status_code == 200  # no day yet: it asks for one
    client.post(url, {"to": "2026-12-15", "sittings": "1"})
    assert Session.objects.get().expected_opening == LATER
    assert starts()[0] == at(8, day=LATER)
    # The first sitting stands on the wanted day already: nobody moves it twice.
    Sitting.objects.filter(number=1).update(starts_at=at(8, day=date(2026, 12, 20)))
    page = client.get(url, {"to": "2026-12-20"}).content.decode()
    assert 'name="sittings" value="1" checked' not in page
    # Begun: the page says what to do instead, and nothing moves.
    Session.objects.update(state="in_session")
    page = client.get(url, {"to": "2026-12-21"}).content.decode()
    assert "sửa giờ từng phiên" in page
    assert 'name="late' not in page
    assert client.post(url, {"to": "2026-12-21"}).status_code == 409
