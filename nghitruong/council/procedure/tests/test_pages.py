import re
from datetime import date

import pytest
from django.urls import reverse
from django_scopes import scope

from nghitruong.council.councils.tests.factories import make_cast, make_council
from nghitruong.council.procedure.profiles import calendar_for, holiday_rows, profile_for

pytestmark = pytest.mark.django_db


@pytest.fixture
def council():
    return make_council()


@pytest.fixture
def cast(council):
    return make_cast(council, accounts=True)


def url(name, council, *args):
    return reverse(f"procedure:{name}", args=[council.slug, *args])


def test_every_rule_is_shown_with_its_value_and_article(client, council, cast):
    client.force_login(cast.clerk.account)
    body = client.get(url("rules", council)).content.decode()
    assert "quá 1/2 tổng số đại biểu" in body
    assert "15 ngày trước ngày khai mạc kỳ họp" in body
    assert "NQ 104/2025/UBTVQH15, Điều 12(1)" in body


def test_each_rules_page_opens(client, council, cast):
    client.force_login(cast.clerk.account)
    for key in profile_for(council, date(2026, 12, 1)).rules:
        assert client.get(url("rule", council, key)).status_code == 200, key
    assert client.get(url("rule", council, "no.such")).status_code == 404


def test_the_office_sets_a_value_and_takes_it_back(client, council, cast):
    client.force_login(cast.clerk.account)
    page = url("rule", council, "session.documents_before")
    data = {"value": "10", "reason": "Quy chế", "valid_from": "2026-01-01", "legal_basis": ""}
    assert client.post(page, data).status_code == 302
    today = date(2026, 12, 1)
    assert profile_for(council, today)["session.documents_before"] == 10
    assert "Quy chế" in client.get(page).content.decode()
    client.post(page, {"reset": "1", "reason": "theo mẫu"})


def test_what_the_law_fixes_asks_for_its_text(client, council, cast):
    client.force_login(cast.clerk.account)
    page = url("rule", council, "vote.majority")
    data = {"value": "2/3", "reason": "x", "valid_from": "2026-01-01", "legal_basis": ""}
    assert client.post(page, data).status_code == 200
    assert profile_for(council, date(2026, 12, 1))["vote.majority"] == "1/2"


def test_a_delegate_reads_a_rule_but_has_no_form(client, council, cast):
    client.force_login(cast.delegates[0].account)
    page = url("rule", council, "session.documents_before")
    assert 'name="value"' not in client.get(page).content.decode()
    data = {"value": "10", "reason": "x", "valid_from": "2026-01-01"}
    client.post(page, data)
    assert profile_for(council, date(2026, 12, 1))["session.documents_before"] == 15


def test_a_day_off_is_added_and_removed(client, council, cast):
    client.force_login(cast.clerk.account)
    page = url("holidays", council)
    client.post(page, {"day": "2027-03-10", "name": "Ngày hội"})
    assert calendar_for(council).is_day_off(date(2027, 3, 10))
    body = client.get(page).content.decode()
    assert "Thứ Tư, ngày 10/03/2027" in body
    address = re.search(r'action="([^"]*/ngay-nghi/[^"]*)"', body)[1]
    client.post(address)
    assert not calendar_for(council).is_day_off(date(2027, 3, 10))


def test_a_delegate_cannot_change_days_off(client, council, cast):
    client.force_login(cast.delegates[0].account)
    answer = client.post(url("holidays", council), {"day": "2027-03-10", "name": "x"})
    assert answer.status_code == 403


def test_the_installations_administrator_keeps_the_calendar_of_all(client, council, cast):
    from nghitruong.platform.accounts.models import Account
    from nghitruong.platform.audit.models import Entry

    page, day = reverse("common_holidays"), date(2026, 11, 24)
    client.force_login(cast.admin.account)
    assert client.get(page).status_code == 404  # of one council only
    client.force_login(Account.objects.create(username="goc", is_superuser=True))
    body = client.get(page).content.decode()
    assert "Nghị quyết 80-NQ/TW" in body
    assert "chưa xác nhận" in body
    assert client.post(page, {"confirm": day.isoformat()}).status_code == 302
    rows = {row.day: row for row in holiday_rows(council)}
    assert rows[day].confirmed
    assert not rows[date(2026, 9, 1)].confirmed  # the others wait as before
    client.post(page, {"remove": day.isoformat()})
    assert not calendar_for(council).is_day_off(day)
    assert calendar_for(council).is_day_off(date(2026, 9, 2))
    answer = client.post(page, {"day": "2026-12-31", "name": "Nghỉ bù", "basis": "Thông báo 1"})
    assert answer.status_code == 302
    assert calendar_for(council).is_day_off(date(2026, 12, 31))
    with scope(council=council.pk):
        assert Entry.objects.filter(action__contains="common_holiday").count() == 3
    assert client.post(page, {"remove": "hôm qua"}, follow=True).status_code == 200
