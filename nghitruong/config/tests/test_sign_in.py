"""Signing in: clear words, a hall behind one address, one-time passwords, the demo's door."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django_scopes import scope

from nghitruong.config.demo.people import Built
from nghitruong.council.councils.models import Person
from nghitruong.council.councils.tests.factories import make_account
from nghitruong.platform.accounts import actions
from nghitruong.platform.accounts.models import Account
from nghitruong.platform.audit.models import Entry
from nghitruong.platform.live import sql, tickets
from nghitruong.platform.live.commands import Ticket
from nghitruong.platform.live.models import DeviceEnd

LOGIN = "/tai-khoan/dang-nhap/"
FAST = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture(autouse=True)
def fast_hashes(settings: Any) -> None:
    settings.PASSWORD_HASHERS = FAST


def give_password(built: Built, username: str, password: str = "mat-khau-tot") -> Account:
    account = built.people[username].account
    assert account is not None
    account.set_password(password)
    account.save(update_fields=["password"])
    return account


def sign_in(client: Client, username: str, password: str = "mat-khau-tot", **extra: Any) -> Any:
    return client.post(LOGIN, {"login": username, "password": password}, **extra)


def test_the_page_is_ours_and_in_vietnamese(client: Client, db: None) -> None:
    make_account("co-nguoi")  # without anybody the installation would begin with its set-up
    page = client.get("/", follow=True).content.decode()
    assert "<h1" in page
    assert "Đăng nhập" in page
    assert "Sign In" not in page


def test_a_person_of_one_council_lands_at_its_home(client: Client, province: Built) -> None:
    give_password(province, "cuc")
    assert sign_in(client, "cuc").headers["Location"] == "/"
    answer = client.get("/", follow=True)
    assert answer.redirect_chain == [("/lao-cai/", 302)]
    assert "Việc hôm nay" in answer.content.decode()


def test_a_person_of_two_councils_chooses(client: Client, province: Built, commune: Built) -> None:
    account = province.people["cuc"].account
    with scope(council=commune.council.pk):
        Person.objects.filter(pk=commune.people["phuc"].pk).update(account=account)
    client.force_login(account)
    page = client.get("/").content.decode()
    assert "/lao-cai/" in page
    assert "/mau-a/" in page


def test_an_account_of_nobody_is_told_so(client: Client, db: None) -> None:
    client.force_login(Account.objects.create(username="la"))
    assert "chưa thuộc Hội đồng nào" in client.get("/").content.decode()


def test_a_wrong_password_says_what_to_look_at(client: Client, province: Built) -> None:
    give_password(province, "cuc")
    page = sign_in(client, "cuc", "sai").content.decode()
    assert "chưa đúng" in page
    assert "not correct" not in page


def test_the_page_one_wanted_is_opened_after_signing_in(client: Client, province: Built) -> None:
    give_password(province, "binh")
    answer = client.get("/lao-cai/nhat-ky/")
    assert answer.status_code == 302
    page = client.get(answer.headers["Location"]).content.decode()
    assert 'name="next"' in page
    answer = client.post(
        answer.headers["Location"],
        {"login": "binh", "password": "mat-khau-tot", "next": "/lao-cai/nhat-ky/"},
    )
    assert answer.headers["Location"] == "/lao-cai/nhat-ky/"


def test_ten_wrong_passwords_close_one_name_and_nobody_else(
    client: Client, province: Built
) -> None:
    give_password(province, "cuc")
    give_password(province, "dung")
    for _ in range(9):
        assert sign_in(client, "cuc", "sai").status_code == 200
    closed = sign_in(client, "cuc", "sai")
    assert closed.status_code == 429
    assert "quá nhiều lần" in closed.content.decode()
    assert "Tổ hỗ trợ" in closed.content.decode()
    assert sign_in(client, "cuc").status_code == 429  # the right one comes too late
    assert sign_in(Client(), "dung").status_code == 302  # the same address, another name


def test_a_closed_name_stays_open_from_another_address(client: Client, province: Built) -> None:
    give_password(province, "cuc")
    for _ in range(10):
        sign_in(client, "cuc", "sai", headers={"x-forwarded-for": "203.0.113.9"})
    attacker = {"x-forwarded-for": "10.0.0.5, 203.0.113.9"}
    assert sign_in(client, "cuc", headers=attacker).status_code == 429
    assert sign_in(Client(), "cuc", headers={"x-forwarded-for": "10.0.0.5"}).status_code == 302


def test_a_hall_of_125_signs_in_from_one_address_with_many_typing_mistakes(province: Built) -> None:
    from django.contrib.auth.hashers import make_password

    password = make_password("mat-khau-tot")
    Account.objects.bulk_create(Account(username=f"hall{n}", password=password) for n in range(125))
    hall = {"x-forwarded-for": "198.51.100.7"}
    client = Client()
    for n in range(125):
        for _ in range(3):
            assert sign_in(client, f"hall{n}", "sai", headers=hall).status_code == 200
        answer = sign_in(client, f"hall{n}", headers=hall)
        assert answer.status_code == 302, n
        client.logout()


def test_signing_out_needs_a_post_and_ends_the_session(client: Client, province: Built) -> None:
    client.force_login(province.people["cuc"].account)
    assert "Đăng xuất khỏi thiết bị này?" in client.get("/tai-khoan/dang-xuat/").content.decode()
    assert client.get("/lao-cai/").status_code == 200
    client.post("/tai-khoan/dang-xuat/")
    assert client.get("/lao-cai/").status_code == 302


# One-time passwords ------------------------------------------------------------------------------


def test_a_one_time_password_must_be_changed_before_anything_else(
    client: Client, province: Built, khai: Any
) -> None:
    account = province.people["cuc"].account
    password = actions.reset_password(account, by=khai)
    sign_in(client, "cuc", password)
    answer = client.get("/lao-cai/")
    assert answer.headers["Location"] == "/tai-khoan/mat-khau/"
    told = client.get("/lao-cai/", headers={"Accept": "application/json"})
    assert told.status_code == 403
    assert told.json()["code"] == "password_due"
    again = client.post("/tai-khoan/mat-khau/", {"new": password, "again": password})
    assert again.status_code == 422
    different = client.post("/tai-khoan/mat-khau/", {"new": "hoa-ban-trang", "again": "khac"})
    assert "chưa giống nhau" in different.content.decode()
    done = client.post("/tai-khoan/mat-khau/", {"new": "hoa-ban-trang", "again": "hoa-ban-trang"})
    assert done.status_code == 302
    assert client.get("/lao-cai/").status_code == 200  # still signed in
    with scope(council=province.council.pk):
        entry = Entry.objects.get(action="accounts.change_password")
    assert entry.actor_name == "Lê Thị Cúc"
    assert "hoa-ban-trang" not in str(entry.payload)


def test_a_changed_password_ends_the_tickets_of_other_devices_not_of_this_one(
    client: Client, province: Built
) -> None:
    """A ticket of the hall lasts a day and casts votes without a sign-in."""
    give_password(province, "cuc")
    cuc, other = province.people["cuc"], Client()
    ticket = Ticket(cuc.council_id, cuc.pk, tickets.NO_SITTING, "", "", "lao-cai")

    def ask(browser: Client) -> str:
        browser.post(reverse("notices:arrived", args=["lao-cai"]))  # what every page's bell does
        return str(browser.cookies[tickets.PERSONAL_COOKIE].value)

    sign_in(other, "cuc")
    sign_in(client, "cuc")
    theirs, hall = ask(other), tickets.make(ticket)
    form = {"current": "mat-khau-tot", "new": "hoa-ban-trang", "again": "hoa-ban-trang"}
    assert client.post("/tai-khoan/mat-khau/", form).status_code == 302
    mine, later = ask(client), tickets.make(ticket)  # within the same second, most likely
    ended = sql.ended_tickets(timezone.now() - timedelta(minutes=1))
    assert cuc.pk in ended
    personal, halls = (
        tickets.Verifier(salt=tickets.PERSONAL_SALT, ended=ended),
        tickets.Verifier(ended=ended),
    )
    assert personal(mine).person_id == cuc.pk
    assert halls(later).person_id == cuc.pk
    for verifier, value in ((personal, theirs), (halls, hall)):
        with pytest.raises(tickets.BadTicket):
            verifier(value)


def test_changing_a_password_asks_for_the_present_one(client: Client, province: Built) -> None:
    give_password(province, "cuc")
    sign_in(client, "cuc")
    form = {"current": "sai", "new": "hoa-ban-trang", "again": "hoa-ban-trang"}
    assert "chưa đúng" in client.post("/tai-khoan/mat-khau/", form).content.decode()
    form["current"] = "mat-khau-tot"
    assert client.post("/tai-khoan/mat-khau/", form).status_code == 302


def test_a_session_is_renewed_every_day_and_so_never_ends_during_a_sitting(
    client: Client, province: Built
) -> None:
    client.force_login(province.people["cuc"].account)
    client.get("/lao-cai/")
    session = client.session
    session["renewed"] = "2026-01-01"
    session.save()
    from django.contrib.sessions.models import Session

    Session.objects.update(expire_date=timezone.now() + timedelta(hours=1))
    client.get("/lao-cai/")
    assert Session.objects.get().expire_date > timezone.now() + timedelta(days=13)


# The demo's door ---------------------------------------------------------------------------------


def test_the_cast_is_offered_in_demo_mode_only(
    client: Client, province: Built, commune: Built, settings: Any
) -> None:
    settings.DEMO = False
    assert "Nguyễn Văn An" not in client.get(LOGIN).content.decode()
    assert client.post("/minh-hoa/an/").status_code == 404
    settings.DEMO = True
    page = client.get(LOGIN).content.decode()
    assert "Nguyễn Văn An" in page
    assert "Lương Văn Nam" in page
    assert client.get("/minh-hoa/an/").status_code == 405
    assert client.post("/minh-hoa/an/").status_code == 302
    assert client.get("/", follow=True).redirect_chain == [("/lao-cai/", 302)]


def test_nobody_real_gets_in_by_the_demo_door(
    client: Client, province: Built, settings: Any
) -> None:
    settings.DEMO = True
    Account.objects.create(username="that")
    assert client.post("/minh-hoa/that/").status_code == 404
    province.council.is_demo = False
    province.council.save()
    assert client.post("/minh-hoa/an/").status_code == 404
    assert client.post("/minh-hoa/khong-co/").status_code == 404


def test_a_browser_that_changes_hands_keeps_no_ticket_of_the_hall(
    client: Client, province: Built
) -> None:
    for username in ("cuc", "dung"):
        give_password(province, username)
    sign_in(client, "cuc")
    device = tickets.device_of(str(client.session.session_key))
    answer = client.post("/tai-khoan/dang-xuat/")
    for name in (tickets.COOKIE, tickets.PERSONAL_COOKIE):
        taken = answer.cookies[name]
        assert (taken["path"], taken["max-age"], taken.value) == ("/live/", 0, "")
    assert DeviceEnd.objects.filter(device=device).exists()
    assert tickets.COOKIE in sign_in(client, "dung").cookies  # also who signs in over another
    assert tickets.COOKIE not in client.get("/lao-cai/").cookies
