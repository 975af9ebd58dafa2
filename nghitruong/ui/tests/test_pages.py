"""The frame, the error pages, the preferences: what every page owes its reader."""

import json

import pytest
from django.test import Client, RequestFactory
from django.urls import path

from nghitruong.ui import errors, navigation, preferences
from nghitruong.ui.navigation import NavItem
from nghitruong.ui.tests import kitchen

pytestmark = [pytest.mark.django_db, pytest.mark.urls(kitchen.__name__)]


@pytest.fixture(autouse=True)
def templates(settings, built) -> None:
    from django.template import engines

    loaders = engines["django"].engine.template_loaders
    folder = kitchen.__file__.rsplit("/", 1)[0] + "/templates"
    engine = engines["django"].engine
    before = engine.dirs
    engine.dirs = [folder]
    for loader in loaders:
        loader.reset()
    yield
    engine.dirs = before
    for loader in loaders:
        loader.reset()


def test_the_kitchen_sink_draws_every_component(client: Client) -> None:
    html = client.get("/").content.decode()
    for part in ("nt-page-head", "nt-tabs", "nt-stat", "nt-chip-now", "nt-empty", "nt-progress"):
        assert part in html
    assert "{%" not in html
    assert "{#" not in html


def test_an_error_of_a_field_is_tied_to_it(client: Client) -> None:
    html = client.get("/").content.decode()
    assert 'id="id_title_error"' in html
    assert 'aria-invalid="true"' in html
    assert "id_title_helptext" in html.split('name="title"')[1].split(">")[0]


def test_no_page_has_inline_script_or_handlers(client: Client) -> None:
    html = client.get("/").content.decode()
    for tag in html.split("<script")[1:]:
        head = tag.split(">")[0]
        assert "src=" in head or 'type="application/json"' in head
    assert " onclick=" not in html
    assert "hx-on" not in html


def test_demo_data_is_labelled_on_every_page(client: Client, settings) -> None:
    assert "Dữ liệu minh họa" not in client.get("/").content.decode()
    settings.DEMO = True
    assert "Dữ liệu minh họa" in client.get("/").content.decode()


def test_preferences_are_rendered_at_once(client: Client) -> None:
    client.cookies["nt_ui"] = "dark.150"
    html = client.get("/").content.decode()
    assert '<html lang="vi" data-bs-theme="dark" data-size="150"' in html


@pytest.mark.parametrize("cookie", ["", "pink.999", "<script>.1", "dark"])
def test_unknown_preferences_are_ignored(cookie: str) -> None:
    request = RequestFactory().get("/")
    request.COOKIES["nt_ui"] = cookie
    found = preferences.read(request)
    assert found.theme in ("", "dark")
    assert found.size == "100"


@pytest.mark.parametrize("status", [400, 403, 404, 409, 410, 413, 429, 500, 503])
def test_an_error_page_says_what_to_do_next(client: Client, status: int) -> None:
    response = client.get(f"/loi/{status}/")
    html = response.content.decode()
    assert response.status_code == status
    assert "Hãy" in html or "Nếu" in html
    assert "Về trang đầu" in html


def test_a_program_gets_the_reason_as_json(client: Client) -> None:
    answer = client.get("/loi/409/", headers={"Accept": "application/json"})
    assert json.loads(answer.content)["code"] == "http_409"
    assert (
        client.get("/loi/404/", headers={"HX-Request": "true"})["Content-Type"]
        == "application/json"
    )


def test_a_refusal_shows_its_own_sentence_and_law() -> None:
    request = RequestFactory().get("/")
    page = errors.error_page(
        request, 409, sentence="Chưa đủ đại biểu.", article="Điều 83, Luật số 72/2025/QH15"
    )
    text = page.content.decode()
    assert "Chưa đủ đại biểu." in text
    assert "Căn cứ: Điều 83" in text


def test_an_error_page_survives_a_front_end_that_was_not_built(monkeypatch, tmp_path) -> None:
    monkeypatch.setattr("nghitruong.ui.assets.DIST", tmp_path)
    page = errors.server_error(RequestFactory().get("/"))
    assert page.status_code == 500
    assert "Máy chủ gặp lỗi" in page.content.decode()


class Council:
    slug = "lao-cai"
    name = "HĐND tỉnh Lào Cai"


urls = [
    path("<slug:council>/", kitchen.sink, name="council-home"),
    path("<slug:council>/ky-hop/", kitchen.sink, name="council-sessions"),
    path("trang/", kitchen.sink, name="outside"),
]


@pytest.fixture
def nav(monkeypatch: pytest.MonkeyPatch, settings) -> None:
    class Urls:
        urlpatterns = urls

    monkeypatch.setattr(navigation, "_items", {})
    settings.ROOT_URLCONF = Urls
    navigation.register(NavItem("Kỳ họp", "gavel", "council-sessions", order=2))
    navigation.register(NavItem("Việc hôm nay", "home", "council-home", order=1))
    navigation.register(NavItem("Ngoài", "world", "outside", order=3))
    navigation.register(NavItem("Ẩn", "lock", "outside-2", visible=lambda request: False))


@pytest.mark.urls(None)
def test_navigation_is_ordered_and_the_longest_match_is_active(nav) -> None:
    request = RequestFactory().get("/lao-cai/ky-hop/6/")
    request.council = Council
    links = navigation.links(request)
    assert [link.label for link in links] == ["Việc hôm nay", "Kỳ họp", "Ngoài"]
    assert [link.active for link in links] == [False, True, False]


@pytest.mark.urls(None)
def test_outside_a_council_its_entries_are_left_out(nav) -> None:
    request = RequestFactory().get("/trang/")
    request.council = None
    assert [link.label for link in navigation.links(request)] == ["Ngoài"]
