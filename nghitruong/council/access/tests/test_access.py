"""Accounts and duties: who may do what, and what the log says afterwards."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django_scopes import scope

from nghitruong.config.demo.people import Built
from nghitruong.council.access import actions
from nghitruong.council.councils.actions import appoint, give_duty
from nghitruong.council.councils.models import (
    Council,
    Duty,
    DutyKind,
    Organization,
    OrganizationKind,
    Person,
)
from nghitruong.council.councils.roles import Actor
from nghitruong.lib.text import fold, sort_key
from nghitruong.platform.accounts import actions as accounts
from nghitruong.platform.audit.models import Entry
from nghitruong.platform.errors import NotAllowed, Refused
from nghitruong.platform.live.models import TicketEnd
from tests.support.cast import actor


@pytest.fixture
def ich(province: Built, council: Council) -> Actor:
    return actor(province, "ich")


@pytest.fixture
def newcomer(council: Council) -> Person:
    name = "Sùng A Lử"
    person: Person = Person.objects.create(
        council=council, full_name=name, sort_key=sort_key(name), fold=fold(name)
    )
    return person


def test_the_administrator_opens_an_account_with_a_password_shown_once(
    newcomer: Person, khai: Actor, client: Client
) -> None:
    password = actions.open_account(newcomer, "lu.sa", by=khai)
    newcomer.refresh_from_db()
    account = newcomer.account
    assert account is not None
    assert account.check_password(password)
    assert account.must_change_password
    entry = Entry.objects.get(action="accounts.create")
    assert entry.actor_name == "Đỗ Quang Khải"
    assert password not in str(entry.payload)
    with pytest.raises(Refused, match="đã có tài khoản"):
        actions.open_account(newcomer, "lu", by=khai)


def test_a_name_taken_or_with_accents_is_refused(newcomer: Person, khai: Actor) -> None:
    with pytest.raises(Refused, match="đã có người dùng"):
        actions.open_account(newcomer, "an", by=khai)
    with pytest.raises(Refused, match="không dấu"):
        actions.open_account(newcomer, "lử sùng", by=khai)
    newcomer.refresh_from_db()
    assert newcomer.account is None


def test_only_the_administrator_opens_accounts(newcomer: Person, clerk: Actor, ich: Actor) -> None:
    for by in (clerk, ich):
        with pytest.raises(NotAllowed):
            actions.open_account(newcomer, "lu", by=by)


def test_a_support_helper_gives_a_delegate_a_new_password(province: Built, ich: Actor) -> None:
    password = actions.reset_access(province.people["cuc"], by=ich)
    account = province.people["cuc"].account
    assert account is not None
    account.refresh_from_db()
    assert account.check_password(password)
    assert Entry.objects.get(action="accounts.reset_password").actor_name == "Trịnh Văn Ích"
    assert TicketEnd.objects.filter(person_id=province.people["cuc"].pk).exists()


@pytest.mark.parametrize("username", ["an", "binh", "khai"])
def test_a_support_helper_cannot_take_over_chair_clerk_or_administrator(
    province: Built, ich: Actor, khai: Actor, username: str
) -> None:
    with pytest.raises(NotAllowed, match="quản trị viên"):
        actions.reset_access(province.people[username], by=ich)
    assert actions.reset_access(province.people[username], by=khai)


def test_an_account_of_two_councils_is_not_one_councils_to_reset(
    province: Built, commune: Built, khai: Actor
) -> None:
    cuc = province.people["cuc"]
    with scope(council=commune.council.pk):
        Person.objects.filter(pk=commune.people["phuc"].pk).update(account=cuc.account)
    with pytest.raises(NotAllowed, match="Hội đồng khác"):
        actions.reset_access(cuc, by=khai)


def test_nor_to_lock_or_unlock(province: Built, commune: Built, khai: Actor) -> None:
    """One council's administrator does not shut the other's delegate out; who may, does it in
    every hall the account is in."""
    cuc, phuc = province.people["cuc"], commune.people["phuc"]
    with scope(council=commune.council.pk):
        Person.objects.filter(pk=phuc.pk).update(account=cuc.account)
    account = cuc.account
    assert account is not None
    for active in (False, True):
        with pytest.raises(NotAllowed, match="Hội đồng khác"):
            actions.set_active(cuc, active, by=khai)
    account.refresh_from_db()
    assert account.is_active
    assert not TicketEnd.objects.exists()
    assert khai.account is not None
    khai.account.is_superuser = True
    actions.set_active(cuc, False, by=khai)
    account.refresh_from_db()
    assert not account.is_active
    ended = set(TicketEnd.objects.values_list("person_id", flat=True))
    assert ended == {cuc.pk, phuc.pk}
    TicketEnd.objects.all().delete()
    actions.reset_access(cuc, by=khai)
    assert set(TicketEnd.objects.values_list("person_id", flat=True)) == {cuc.pk, phuc.pk}


def test_the_installations_administrator_is_not_one_councils_to_take_over(
    province: Built, khai: Actor
) -> None:
    """A superuser opens every council without being a person in any other: a new password from
    this council's administrator would hand all of them over."""
    cuc = province.people["cuc"]
    account = cuc.account
    assert account is not None
    account.is_superuser = True
    account.save(update_fields=["is_superuser"])
    with pytest.raises(NotAllowed, match="cả hệ thống"):
        actions.reset_access(cuc, by=khai)
    for active in (False, True):
        with pytest.raises(NotAllowed, match="cả hệ thống"):
            actions.set_active(cuc, active, by=khai)
    account.refresh_from_db()
    assert account.is_active
    assert not Entry.objects.filter(action="accounts.reset_password").exists()
    assert actions.reset_access(cuc, by=actor(province, "cuc"))


@pytest.mark.django_db(transaction=True)
def test_a_password_is_hashed_before_the_transaction_begins(
    province: Built, khai: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Argon2 takes tenths of a second: nobody's vote waits for it."""
    inside: list[bool] = []

    def make() -> tuple[str, str]:
        inside.append(connection.in_atomic_block)
        return "mat-khau-mot-lan", "!"

    monkeypatch.setattr(accounts, "make_secret", make)
    with scope(council=province.council.pk):
        actions.reset_access(province.people["cuc"], by=khai)
    assert inside == [False]


def test_the_page_says_why_an_account_is_not_locked_here(
    client: Client, province: Built, commune: Built
) -> None:
    cuc = province.people["cuc"]
    with scope(council=commune.council.pk):
        Person.objects.filter(pk=commune.people["phuc"].pk).update(account=cuc.account)
    page = as_(client, province, "khai").get(f"/lao-cai/tai-khoan/{cuc.pk}/").content.decode()
    assert "không khóa, mở khóa ở đây được" in page
    assert "/khoa/" not in page


@pytest.mark.parametrize("username", ["binh", "cuc", "an", "em"])
def test_nobody_else_resets_a_password(province: Built, council: Council, username: str) -> None:
    with pytest.raises(NotAllowed):
        actions.reset_access(province.people["dung"], by=actor(province, username))


def test_a_locked_account_is_out_at_once_and_nobody_locks_their_own(
    province: Built, khai: Actor, client: Client
) -> None:
    cuc = province.people["cuc"]
    client.force_login(cuc.account)
    assert client.get("/lao-cai/").status_code == 200
    actions.set_active(cuc, False, by=khai)
    assert client.get("/lao-cai/").status_code == 302
    assert TicketEnd.objects.filter(person_id=cuc.pk).exists()  # nor does the hall hear it
    actions.set_active(cuc, True, by=khai)
    with pytest.raises(Refused, match="chính mình"):
        actions.set_active(province.people["khai"], False, by=khai)


# The pages ---------------------------------------------------------------------------------------


def as_(client: Client, built: Built, username: str) -> Client:
    client.force_login(built.people[username].account)
    return client


def test_the_list_costs_the_same_for_fifteen_people_and_for_a_hundred(
    client: Client, province: Built, django_assert_max_num_queries: Any
) -> None:
    as_(client, province, "khai").get("/lao-cai/")
    with scope(council=province.council.pk):
        Person.objects.bulk_create(
            Person(council=province.council, full_name=f"Vàng Thị {n}", sort_key=str(n), fold="v")
            for n in range(85)
        )
    with django_assert_max_num_queries(14):
        page = client.get("/lao-cai/tai-khoan/?in=1").content.decode()
    assert "Vàng Thị 84" in page
    assert "Thư ký: biểu quyết" in page


def test_the_password_is_on_the_answer_and_nowhere_else(client: Client, province: Built) -> None:
    as_(client, province, "ich")
    url = f"/lao-cai/tai-khoan/{province.people['cuc'].pk}/"
    assert "Cấp lại mật khẩu" in client.get(url).content.decode()
    answer = client.post(f"{url}cap-lai/")
    assert answer.status_code == 200
    assert 'id="mat-khau"' in answer.content.decode()
    assert "no-store" in answer.headers["Cache-Control"]


def test_a_duty_is_given_and_ended(client: Client, province: Built) -> None:
    as_(client, province, "binh")
    person = province.people["em"]
    url = f"/lao-cai/tai-khoan/{person.pk}/"
    client.post(f"{url}giao-viec/", {"kind": "press"})
    with scope(council=province.council.pk):
        duty = Duty.objects.get(person=person, kind=DutyKind.PRESS)
    assert "Báo chí" in client.get(url).content.decode()
    client.post(f"/lao-cai/tai-khoan/nhiem-vu/{duty.pk}/thoi/")
    with scope(council=province.council.pk):
        assert not Duty.objects.filter(
            person=person, kind=DutyKind.PRESS, ends_on__isnull=True
        ).exists()
        actions_done = set(Entry.objects.values_list("action", flat=True))
    assert {"councils.give_duty", "councils.end_duty"} <= actions_done


def test_a_clerk_does_not_make_an_administrator(client: Client, province: Built) -> None:
    as_(client, province, "binh")
    client.post(f"/lao-cai/tai-khoan/{province.people['em'].pk}/giao-viec/", {"kind": "admin"})
    with scope(council=province.council.pk):
        assert not Duty.objects.filter(person=province.people["em"], kind=DutyKind.ADMIN).exists()


def test_a_clerk_does_not_make_themselves_chair(client: Client, province: Built) -> None:
    """The chair's private notes and steering are not the office's to hand to itself."""
    binh, em = province.people["binh"], province.people["em"]
    as_(client, province, "binh")
    own = f"/lao-cai/tai-khoan/{binh.pk}/"
    assert "giao-viec/" not in client.get(own).content.decode()
    for kind in ("chair", "press", "clerk"):
        client.post(f"{own}giao-viec/", {"kind": kind})
    client.post(f"/lao-cai/tai-khoan/{em.pk}/giao-viec/", {"kind": "chair"})
    with scope(council=province.council.pk):
        assert not Duty.objects.filter(kind=DutyKind.PRESS, person=binh).exists()
        assert not Duty.objects.filter(kind=DutyKind.CHAIR, person__in=[binh, em]).exists()
    as_(client, province, "khai").post(f"/lao-cai/tai-khoan/{em.pk}/giao-viec/", {"kind": "chair"})
    with scope(council=province.council.pk):
        assert Duty.objects.filter(kind=DutyKind.CHAIR, person=em).exists()


def test_nor_takes_a_post_but_an_administrator_may(
    province: Built, clerk: Actor, khai: Actor
) -> None:
    """A commune's administrator may be its only member of staff."""
    standing = Organization.objects.get(kind=OrganizationKind.STANDING)
    post: dict[str, Any] = {
        "post": "council_vice_chair",
        "post_label": "Phó Chủ tịch HĐND",
        "starts_on": date(2026, 6, 1),
    }
    with pytest.raises(NotAllowed, match="cho mình"):
        appoint(province.people["binh"], standing, by=clerk, **post)
    with pytest.raises(NotAllowed, match="Chủ tọa"):
        give_duty(province.people["em"], DutyKind.CHAIR, by=clerk)
    assert appoint(province.people["khai"], standing, by=khai, **post)
    assert give_duty(province.people["khai"], DutyKind.CHAIR, by=khai)


def test_a_delegate_is_told_whose_page_it_is(client: Client, province: Built) -> None:
    answer = as_(client, province, "cuc").get("/lao-cai/tai-khoan/")
    assert answer.status_code == 403
    assert "Trang này dành cho" in answer.content.decode()
    assert "Tài khoản" not in client.get("/lao-cai/").content.decode()
