"""A commune of two staff, from an empty installation to a session being prepared, in one test."""

import io
import re
from datetime import date

import pytest
from django.contrib.auth.hashers import check_password
from django.urls import reverse
from django_scopes import scope

from nghitruong.config import setup
from nghitruong.council.councils import queries
from nghitruong.council.councils.models import Council, DutyKind, Person, UnitLevel
from nghitruong.council.councils.roles import actor_for
from nghitruong.council.councils.tests.factories import (
    make_account,
    make_cast,
    make_council,
    make_unit,
)
from nghitruong.platform.accounts.models import Account

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _own_place(settings, tmp_path):
    settings.VAR_DIR = tmp_path
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture
def unit():
    return make_unit("Xã Mậu A", code="04375", level=UnitLevel.COMMUNE, parent=make_unit())


def form_data(**more):
    return {
        "number": "1",
        "starts_on": "2026-03-25",
        "statutory_seats": "4",
        "full_name": "Đỗ Quang Khải",
        "username": "khai",
        "password": "nui-rung-xanh",
        "again": "nui-rung-xanh",
        **more,
    }


def enter_code(client):
    client.get(reverse("setup"))
    return client.post(reverse("setup"), {"code": setup.setup_code().upper()})


def test_a_commune_of_two_staff_is_ready_the_same_day(client, unit):
    assert client.get("/").headers["Location"] == reverse("setup")
    enter_code(client)
    found = client.get(reverse("setup"), {"q": "mau a"}).content.decode()
    page = re.search(r'href="(/thiet-lap/[^"]+)"', found)[1]
    done = client.post(page, form_data())
    council = Council.objects.get()
    assert council.name == "Hội đồng nhân dân xã Mậu A"
    assert done.headers["Location"] == reverse("ready", args=[council.slug])

    steps = client.get(done.headers["Location"]).content.decode()
    assert "0 trên 4 đại biểu" in steps

    lines = "Họ và tên;Số ghế\nNguyễn Văn An;1\nLê Thị Cúc;2\nGiàng A Dũng;3"
    file = io.BytesIO(lines.encode())
    file.name = "dai-bieu.csv"
    preview = client.post(reverse("councils:import", args=[council.slug]), {"file": file})
    data = dict(re.findall(r'name="(\d+\.\w+)" value="([^"]*)"', preview.content.decode()))
    data = {name: value for name, value in data.items() if not name.endswith(".skip")}
    client.post(reverse("councils:import_apply", args=[council.slug]), data | {"file_name": "d"})
    client.post(reverse("councils:person_add", args=[council.slug]), {"full_name": "Trần Thị Bình"})
    with scope(council=council.pk):
        binh = Person.objects.get(full_name="Trần Thị Bình")
        waiting = list(Person.objects.filter(account=None).order_by("sort_key"))
    for kind in DutyKind:
        if kind.value.startswith("clerk"):
            client.post(reverse("access:grant", args=[council.slug, binh.pk]), {"kind": kind})
    sheets = client.post(
        reverse("access:open_many", args=[council.slug]), {"person": [p.pk for p in waiting]}
    ).content.decode()
    secrets = re.findall(r"[a-z]{3}-\d{4}-[a-z]{3}", sheets)
    assert len(secrets) == 4

    client.logout()
    login = reverse("account_login")
    client.post(login, {"login": "cuc.lt", "password": secrets[2]})
    asked = client.get("/", follow=True)
    assert asked.redirect_chain[-1][0] == reverse("account_change_password")
    new = {"new": "mua-xuan-dep", "again": "mua-xuan-dep"}
    client.post(reverse("account_change_password"), new)
    assert client.get(reverse("home", args=[council.slug])).status_code == 200

    client.logout()
    client.post(login, {"login": "khai", "password": "nui-rung-xanh"})
    left = client.get(reverse("ready", args=[council.slug])).content.decode()
    assert "3 trên 4 đại biểu" in left
    assert "Còn 1 bước" in left  # the session itself


def test_without_the_code_of_the_server_nobody_gets_in(client, unit):
    client.get(reverse("setup"))
    wrong = client.post(reverse("setup"), {"code": "000000000000"})
    assert "Mã chưa đúng" in wrong.content.decode()
    vietnamese = client.post(reverse("setup"), {"code": "đâê1"})  # a keyboard set to Telex
    assert "tắt bộ gõ tiếng Việt" in vietnamese.content.decode()
    page = reverse("setup_council", args=[unit.pk])
    assert client.post(page, form_data()).status_code == 404
    assert not Council.objects.exists()
    assert setup.code_path().stat().st_mode & 0o077 == 0


def test_after_the_first_run_the_pages_do_not_exist_for_others(client, unit):
    client.force_login(make_account("ai-do"))
    assert client.get(reverse("setup")).status_code == 404
    assert client.get(reverse("setup_council", args=[unit.pk])).status_code == 404
    client.logout()
    assert client.get(reverse("setup")).status_code == 404
    assert "/dang-nhap/" in client.get("/").headers["Location"]


def test_a_code_once_given_is_worth_nothing_after_the_set_up(client, unit):
    enter_code(client)
    make_account("nhanh-hon")
    page = reverse("setup_council", args=[unit.pk])
    assert client.post(page, form_data()).status_code == 404


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("again", "khac-han-luon", "chưa giống nhau"),
        ("password", "12345678", ""),
        ("statutory_seats", "0", ""),
        ("starts_on", "2031-03-25", "chưa bắt đầu"),
        ("slug", "live", "không dùng được"),
    ],
)
def test_a_fault_in_the_form_leaves_nothing_behind(client, unit, field, value, words):
    enter_code(client)
    page = reverse("setup_council", args=[unit.pk])
    answer = client.post(page, form_data(**{field: value}))
    assert answer.status_code == 200
    assert words in answer.content.decode()
    assert not Council.objects.exists()
    assert not Account.objects.exists()


def test_the_first_administrators_password_is_stored_hashed_only(client, unit):
    enter_code(client)
    client.post(reverse("setup_council", args=[unit.pk]), form_data())
    account = Account.objects.get()
    assert account.is_superuser
    assert not account.must_change_password
    assert check_password("nui-rung-xanh", account.password)
    assert "nui-rung-xanh" not in account.password
    assert actor_for(account, Council.objects.get()).has("admin")


def test_a_superuser_sets_up_one_more_council(client, unit):
    first = make_council("Tỉnh Sơn La", code="14")
    client.force_login(make_account("goc", is_superuser=True))
    found = client.get(reverse("setup"), {"q": "son la"}).content.decode()
    assert "Đã có Hội đồng" in found
    data = {"number": "1", "starts_on": "2026-03-25", "statutory_seats": "20"}
    answer = client.post(reverse("setup_council", args=[unit.pk]), data)
    made = Council.objects.exclude(pk=first.pk).get()
    assert answer.headers["Location"] == reverse("ready", args=[made.slug])
    assert queries.counts_at(made, date(2026, 11, 1)).statutory == 20


def test_the_steps_are_the_offices_page(client):
    council = make_council()
    cast = make_cast(council, accounts=True)
    page = reverse("ready", args=[council.slug])
    client.force_login(cast.delegates[0].account)
    assert client.get(page).status_code == 403
    client.force_login(cast.clerk.account)
    assert client.get(page).status_code == 200
