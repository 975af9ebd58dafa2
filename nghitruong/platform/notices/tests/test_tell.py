"""Telling people: once each, in the caller's transaction, opened and reached as it happened."""

from __future__ import annotations

import uuid

import pytest
from django.db import transaction
from django.urls import reverse
from django_scopes import scope

from nghitruong.platform.live import tickets
from nghitruong.platform.live.api import doorbell_stream
from nghitruong.platform.live.models import Event
from nghitruong.platform.notices import api, queries
from nghitruong.platform.notices.models import Delivery, DeliveryState, Message, Recipient

ONE = {
    "kind": "papers.release",
    "subject": "Kỳ họp thứ 4: 2 tài liệu mới",
    "text": "Tờ trình về học phí",
    "url": "/lao-cai/tai-lieu/",
}


def tell(council, *actors, key="lan-1", **options):
    people = [actor.person_id for actor in actors]
    return api.tell(council_id=council.pk, people=people, key=key, **{**ONE, **options})


def rings(actor):
    return Event.objects.filter(
        stream=doorbell_stream(actor.person_id), type="notices.moved"
    ).count()


def test_each_is_told_once_however_often_it_is_asked(council, cuc, dung):
    first = tell(council, cuc, cuc)
    again = tell(council, cuc, dung, subject="Lời khác")
    assert first.pk == again.pk
    assert Message.objects.get().subject == ONE["subject"]
    assert sorted(Recipient.objects.values_list("person_id", flat=True)) == sorted(
        [cuc.person_id, dung.person_id]
    )
    assert list(Delivery.objects.values_list("channel", "state", "round")) == [
        ("app", "sent", 1),
        ("app", "sent", 1),
    ]
    assert (rings(cuc), rings(dung)) == (1, 1)
    assert tell(council, cuc, key="lan-2").pk != first.pk
    assert tell(council, cuc, kind="khac").pk != first.pk


def test_what_is_rolled_back_was_told_to_nobody(council, cuc):
    with transaction.atomic():
        tell(council, cuc)
        transaction.set_rollback(True)
    assert not Message.objects.exists()
    assert rings(cuc) == 0


@pytest.mark.parametrize("url", ["https://noi-khac.vn/", "//noi-khac.vn/", "tai-lieu/"])
def test_a_notice_leads_nowhere_but_here(council, cuc, url):
    with pytest.raises(ValueError, match="not a path"):
        tell(council, cuc, url=url)


def test_it_is_delivered_when_a_screen_shows_it_and_opened_when_the_person_opens_it(
    council, cuc, dung, browser
):
    tell(council, cuc, dung)
    client = browser(cuc)
    page = client.get(reverse("home", args=[council.slug])).content.decode()
    assert '<span class="nt-bell-count" data-part="count">1</span>' in page
    row = Recipient.objects.get(person_id=cuc.person_id)
    assert (row.reached_at, row.opened_at) == (None, None)

    arrived = reverse("notices:arrived", args=[council.slug])
    assert client.post(arrived).json() == {"count": 1, "subject": ONE["subject"]}
    assert client.post(arrived).json() == {"count": 1, "subject": ""}  # shown once
    cookie = client.post(arrived).cookies[tickets.PERSONAL_COOKIE]
    assert cookie["path"] == "/live/"
    ticket, _until = tickets.verify(cookie.value, salt=tickets.PERSONAL_SALT)
    assert ticket.device == tickets.device_of(client.session.session_key)  # ends with the sign-in
    row.refresh_from_db()
    assert row.reached_at is not None
    assert row.opened_at is None
    assert row.deliveries.get().state == DeliveryState.DELIVERED

    listed = client.get(reverse("notices:notices", args=[council.slug])).content.decode()
    assert ONE["subject"] in listed
    assert "chưa mở" in listed
    answer = client.get(reverse("notices:open", args=[council.slug, row.pk]))
    assert answer["Location"] == ONE["url"]
    row.refresh_from_db()
    opened_at = row.opened_at
    assert opened_at is not None
    assert row.deliveries.get().state == DeliveryState.OPENED
    assert client.post(arrived).json()["count"] == 0
    assert rings(cuc) == 2  # her other screens count anew
    client.get(reverse("notices:open", args=[council.slug, row.pk]))
    row.refresh_from_db()
    assert row.opened_at == opened_at
    assert Recipient.objects.get(person_id=dung.person_id).opened_at is None


def test_opening_what_it_is_about_opens_the_notice(council, cuc, dung):
    message = tell(council, cuc, dung)
    assert api.opened([message.pk], cuc.person_id) == 1
    assert api.opened([message.pk], cuc.person_id) == 0
    row = Recipient.objects.get(person_id=cuc.person_id)
    assert row.reached_at == row.opened_at is not None
    assert api.opened([message.pk], uuid.uuid4()) == 0


def test_who_has_not_opened_it_is_told_again(council, cuc, dung, browser):
    message = tell(council, cuc, dung)
    api.opened([message.pk], cuc.person_id)
    assert api.tell_again(message) == [dung.person_id]
    row = Recipient.objects.get(person_id=dung.person_id)
    assert row.rounds == 2
    assert sorted(row.deliveries.values_list("round", flat=True)) == [1, 2]
    assert Delivery.objects.filter(recipient__person_id=cuc.person_id).count() == 1
    client = browser(dung)
    arrived = client.post(reverse("notices:arrived", args=[council.slug])).json()
    assert arrived == {"count": 1, "subject": ONE["subject"]}
    assert api.tell_again(message, people=[cuc.person_id]) == []


def test_nobody_opens_another_persons_notice(council, commune, cuc, dung, browser, client):
    tell(council, cuc)
    with scope(council=commune.council.pk):
        foreign = api.tell(
            council_id=commune.council.pk, people=[commune.people["nam"].pk], key="1", **ONE
        )
        other = Recipient.objects.get(message=foreign)
    assert queries.notices_for(cuc).count() == 1
    mine = Recipient.objects.get()
    assert browser(dung).get(reverse("notices:open", args=[council.slug, mine.pk])).status_code == (
        404
    )
    for slug in (council.slug, commune.council.slug):
        answer = browser(cuc).get(reverse("notices:open", args=[slug, other.pk]))
        assert answer.status_code == 404
    assert client.post(reverse("notices:arrived", args=[council.slug])).status_code == 302


def test_thousands_are_told_in_a_bounded_number_of_statements(
    council, django_assert_max_num_queries
):
    people = [uuid.uuid4() for _ in range(2500)]
    with django_assert_max_num_queries(90):
        message = api.tell(council_id=council.pk, people=people, key="dong", **ONE)
    assert message.recipients.count() == 2500
