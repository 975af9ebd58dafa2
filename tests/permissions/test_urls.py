"""Every URL × every role, for the own council and for another one."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse

from nghitruong.platform.accounts.models import Account
from tests.permissions.matrix import MATRIX, OUTSIDE
from tests.permissions.routes import Url, urls
from tests.permissions.rows import ROLES, Row
from tests.permissions.world import World

URLS = [url for url in urls() if url.in_council]
WORKS = {200, 201, 204, 302, 303, 409, 422, 400, 410, 415}  # the person got past the walls


class _Undo(Exception):
    pass


def ask(client: Client, method: str, path: str, data: Any = None) -> Any:
    """Ask and take back whatever the answer changed, so that one row never spoils the next."""
    try:
        with transaction.atomic():
            answer = client.generic(method, path) if method not in {"GET", "POST"} else None
            if answer is None:
                send = client.get if method == "GET" else client.post
                answer = send(path, data or {}, headers={"Accept": "text/html"})
            if hasattr(answer, "streaming_content"):
                b"".join(answer.streaming_content)
            raise _Undo
    except _Undo:
        return answer


def path_of(url: Url, slug: str, keys: World) -> str:
    return reverse(url.name, args=[slug, *(keys.key(url.name, part) for part in url.parts)])


def sign_in(world: World, username: str) -> Client:
    client = Client(raise_request_exception=False)
    account = world.built.people[username].account
    assert account is not None
    client.force_login(account)
    return client


def rows() -> Iterator[tuple[Url, Row]]:
    """Every declared URL with each way it is asked (undeclared ones fail a test of their own)."""
    for url in URLS:
        for row in MATRIX.get(url.name, ()):
            yield url, row


def data_of(row: Row, keys: World) -> Any:
    return row.data(keys) if callable(row.data) else row.data


def test_every_url_is_declared_and_every_declaration_is_a_url() -> None:
    inside = {url.name for url in URLS}
    outside = {url.name for url in urls() if not url.in_council}
    assert inside - set(MATRIX) == set(), "khai trong tests/permissions/matrix.py"
    assert set(MATRIX) - inside == set(), "dòng của địa chỉ không còn nữa"
    assert outside == set(OUTSIDE)


def test_every_url_has_a_name() -> None:
    assert [url for url in urls() if url.name.endswith("None")] == []


@pytest.mark.parametrize("role", ROLES)
def test_a_person_of_the_council_gets_what_their_role_allows(here: World, role: str) -> None:
    client = sign_in(here, ROLES[role])
    slug = here.built.council.slug
    wrong = []
    for url, row in rows():
        path = path_of(url, slug, here)
        answer = ask(client, row.method, path, data_of(row, here))
        allowed = role in row.allow
        expected = "vào được" if allowed else str(row.refusal(role))
        status = answer.status_code
        passed = status in WORKS if allowed else status == row.refusal(role)
        if not passed:
            wrong.append(f"{row.method} {url.name} {path}: {answer.status_code}, phải {expected}")
    assert not wrong, "\n" + "\n".join(wrong)


@pytest.mark.parametrize("username", ["nam", "oanh"])
def test_a_person_of_another_council_finds_nothing(
    here: World, there: World, username: str
) -> None:
    """Chair, clerk and administrator over there; nobody here. The same 404 as for no council."""
    client = sign_in(there, username)
    wrong = []
    for url, row in rows():
        for slug in (here.built.council.slug, "khong-co"):
            path = path_of(url, slug, here)
            answer = ask(client, row.method, path, data_of(row, here))
            if answer.status_code != 404:
                wrong.append(f"{row.method} {path}: {answer.status_code}")
    assert not wrong, "\n" + "\n".join(wrong)


@pytest.mark.parametrize("role", ROLES)
def test_keys_of_another_council_are_not_found_behind_the_own_slug(
    here: World, there: World, role: str
) -> None:
    client = sign_in(here, ROLES[role])
    slug = here.built.council.slug
    wrong = []
    for url, row in rows():
        if not url.parts or not row.ids_checked:
            continue
        path = path_of(url, slug, there)
        answer = ask(client, row.method, path, data_of(row, there))
        expected = {404} if role in row.allow else {403, 404}
        if answer.status_code not in expected:
            wrong.append(f"{row.method} {url.name} {path}: {answer.status_code}")
    assert not wrong, "\n" + "\n".join(wrong)


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_nobody_signed_in_is_led_to_the_sign_in_page(here: World, method: str) -> None:
    client = Client(raise_request_exception=False)
    wrong = []
    for url in URLS:
        path = path_of(url, here.built.council.slug, here)
        answer = ask(client, method, path)
        target = answer.headers.get("Location", "")
        if answer.status_code != 302 or not target.startswith("/tai-khoan/dang-nhap/?next="):
            wrong.append(f"{method} {url.name}: {answer.status_code} {target}")
    assert not wrong, "\n" + "\n".join(wrong)


def test_what_is_done_by_post_is_not_done_by_a_link(here: World) -> None:
    """A GET of an act changes nothing: 405, or its form."""
    client = sign_in(here, "khai")
    both = sign_in(here, "binh")
    wrong = []
    for url, row in rows():
        if row.method != "POST":
            continue
        path = path_of(url, here.built.council.slug, here)
        for who in (client, both):
            answer = ask(who, "GET", path)
            if answer.status_code not in {405, 403, 200, 302, 404}:
                wrong.append(f"{url.name}: {answer.status_code}")
    assert not wrong, "\n" + "\n".join(wrong)


def test_every_form_is_protected_against_other_sites(here: World) -> None:
    """A POST without the page's token is refused, whoever asks."""
    client = Client(enforce_csrf_checks=True, raise_request_exception=False)
    account = here.built.people["khai"].account
    assert account is not None
    client.force_login(account)
    wrong = []
    for url, row in rows():
        if row.method != "POST":
            continue
        answer = ask(client, "POST", path_of(url, here.built.council.slug, here))
        if answer.status_code != 403:
            wrong.append(f"{url.name}: {answer.status_code}")
    assert not wrong, "\n" + "\n".join(wrong)


# Outside any council -----------------------------------------------------------------------------


def test_the_pages_outside_any_council(here: World, client: Client, settings: Any) -> None:
    settings.DEMO = False
    assert client.get(reverse("front_door")).status_code == 302
    assert client.get(reverse("account_login")).status_code == 200
    assert client.get(reverse("account_logout")).status_code == 302
    assert client.get(reverse("account_inactive")).status_code == 200
    assert client.get(reverse("account_change_password")).status_code == 302
    assert client.post(reverse("demo_sign_in", args=["an"])).status_code == 404
    assert client.post(reverse("set_language"), {"language": "en"}).status_code == 302
    assert client.get(reverse("common_holidays")).status_code == 404
    assert sign_in(here, "khai").get(reverse("common_holidays")).status_code == 404
    # Set up already: the pages of the first day do not exist for anybody but the installation's
    # administrator.
    for name, args in (("setup", []), ("setup_council", [here.built.council.unit_id])):
        assert client.get(reverse(name, args=args)).status_code in {302, 404}
        assert sign_in(here, "khai").get(reverse(name, args=args)).status_code == 404
    for left_out in ("/tai-khoan/signup/", "/tai-khoan/email/", "/tai-khoan/password/reset/"):
        assert client.get(left_out).status_code == 404


def test_an_account_that_is_nobody_here_finds_no_council(here: World) -> None:
    client = Client(raise_request_exception=False)
    client.force_login(Account.objects.create(username="nguoi-la"))
    assert client.get("/lao-cai/").status_code == 404
    assert client.get("/khong-co/").status_code == 404


def test_a_person_whose_every_role_has_ended_is_nobody_any_more(here: World) -> None:
    from django.utils import timezone
    from django_scopes import scope

    from nghitruong.council.councils.models import Membership

    person = here.built.people["cuc"]
    client = sign_in(here, "cuc")
    assert client.get("/lao-cai/").status_code == 200
    with scope(council=here.built.council.pk):
        Membership.objects.filter(person=person).update(
            ends_on=timezone.localdate() - timedelta(days=1)
        )
    assert client.get("/lao-cai/").status_code == 404
