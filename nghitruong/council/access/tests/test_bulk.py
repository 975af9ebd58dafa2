"""Accounts for many at once, with their printed sheets."""

import re

import pytest
from django.urls import reverse
from django_scopes import scope

from nghitruong.council.access import actions
from nghitruong.council.councils import actions as councils
from nghitruong.council.councils.models import Person
from nghitruong.council.councils.tests.factories import make_cast, make_council
from nghitruong.platform.accounts.models import Account
from nghitruong.platform.audit.models import Entry
from nghitruong.platform.errors import NotAllowed

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _quick_hashing(settings):
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture
def council():
    return make_council()


@pytest.fixture
def cast(council):
    return make_cast(council, accounts=True)


def newcomers(council, cast, *names):
    with scope(council=council.pk):
        return [councils.add_person(full_name=name, by=cast.clerk) for name in names]


def test_everybody_chosen_gets_an_own_user_name_and_password(council, cast):
    people = newcomers(council, cast, "Lê Thị Cúc", "Lý Thu Cúc", "Đỗ Ân")
    with scope(council=council.pk):
        opened = actions.open_accounts(people, by=cast.admin)
    assert [one.username for one in opened] == ["cuc.lt", "cuc.lt2", "an.d"]
    assert len({one.password for one in opened}) == 3
    for one in opened:
        account = Account.objects.get(username=one.username)
        assert account.check_password(one.password)
        assert account.must_change_password
        assert one.person.account_id == account.pk


def test_who_has_an_account_is_passed_over(council, cast):
    with scope(council=council.pk):
        assert actions.open_accounts([cast.clerk.person], by=cast.admin) == []


def test_only_an_administrator_opens_accounts(council, cast):
    people = newcomers(council, cast, "Lê Thị Cúc")
    with scope(council=council.pk), pytest.raises(NotAllowed):
        actions.open_accounts(people, by=cast.clerk)
    assert not Account.objects.filter(username="cuc.lt").exists()


def test_the_sheets_are_shown_once_and_the_password_is_stored_nowhere(client, council, cast):
    people = newcomers(council, cast, "Lê Thị Cúc", "Đỗ Ân")
    client.force_login(cast.admin.account)
    page = reverse("access:open_many", args=[council.slug])
    assert "Lê Thị Cúc" in client.get(page).content.decode()
    answer = client.post(page, {"person": [str(person.pk) for person in people]})
    body = answer.content.decode()
    assert body.count("nt-sheet") == 2
    assert "no-store" in answer.headers["Cache-Control"]
    passwords = re.findall(r"[a-z]{3}-\d{4}-[a-z]{3}", body)
    assert len(passwords) == 2
    account = Account.objects.get(username="cuc.lt")
    assert account.check_password(passwords[1])  # Đỗ Ân stands before Lê Thị Cúc
    assert passwords[1] not in account.password
    with scope(council=council.pk):
        assert passwords[0] not in str(list(Entry.objects.values_list("payload", flat=True)))
        assert not Person.objects.filter(pk__in=[p.pk for p in people], account=None).exists()
    again = client.get(page).content.decode()
    assert passwords[0] not in again


def test_nobody_chosen_is_said(client, council, cast):
    client.force_login(cast.admin.account)
    page = reverse("access:open_many", args=[council.slug])
    assert client.post(page, {}).headers["Location"] == page


def test_a_clerk_does_not_open_the_page(client, council, cast):
    client.force_login(cast.clerk.account)
    assert client.get(reverse("access:open_many", args=[council.slug])).status_code == 403
