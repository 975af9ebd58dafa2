"""The tags every page uses."""

import datetime as dt
from zoneinfo import ZoneInfo

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.template import Context, Template
from django.test import RequestFactory

from nghitruong.ui import assets


def render(source: str, **values: object) -> str:
    return Template("{% load ui %}" + source).render(Context(values))


def test_an_icon_is_inline_and_hidden_from_screen_readers() -> None:
    html = render('{% icon "gavel" "text-muted" %}')
    assert html.startswith('<svg class="icon text-muted" aria-hidden="true"')
    assert html.endswith("</svg>")


def test_an_icon_with_a_label_is_read_aloud() -> None:
    html = render('{% icon "check" label=word %}', word='Có "mặt"')
    assert 'role="img" aria-label="Có &quot;mặt&quot;"' in html


@pytest.mark.parametrize("name", ["khong-co", "../icons/home"])
def test_an_icon_nobody_listed_fails_loudly(name: str) -> None:
    with pytest.raises(ImproperlyConfigured, match=name.split("/")[-1]):
        render("{% icon name %}", name=name)


def test_an_island_carries_its_first_state_without_breaking_out_of_the_page() -> None:
    html = render(
        '{% island "nt-hall" state sitting=7 read_only=True left_out=None %}'
        '{% island "nt-hall" state %}',
        state={"name": "</script><b>Đ"},
    )
    assert (
        '<nt-hall data-state-id="nt-hall-state-1" sitting="7" read-only="True"></nt-hall>' in html
    )
    assert 'id="nt-hall-state-2"' in html
    assert "left" not in html
    assert "</script><b>" not in html


def test_a_file_that_was_not_built_names_the_command(tmp_path, monkeypatch) -> None:
    monkeypatch.setattr(assets, "DIST", tmp_path)
    with pytest.raises(ImproperlyConfigured, match="npm run build"):
        assets.asset_url("style.css")


def test_built_files_are_found_by_their_plain_names(built) -> None:
    assert assets.asset_url("app.js") == "/static/ui/app-1.js"
    assert assets.asset_url("style.css") == "/static/ui/style-2.css"
    assert assets.preload_urls("app.js") == ["/static/ui/chunk-3.js"]
    assert assets.font_urls() == ["/static/ui/f-400-a.woff2"]
    with pytest.raises(ImproperlyConfigured, match=r"hall\.js"):
        assets.asset_url("hall.js")


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("{{ 46|percent:50 }}", "92,00\u00a0%"),
        ("{{ 2|percent:3 }}", "66,67\u00a0%"),
        ("{{ 1|percent:0 }}", ""),
        ("{{ none|percent:3 }}", ""),
        ("{{ ratio|percent }}", "12,35\u00a0%"),
        ("{{ 3321|number }}", "3.321"),
    ],
)
def test_numbers_are_written_as_officials_write_them(source: str, expected: str) -> None:
    assert render(source, none=None, ratio=0.12345) == expected


def test_dates_and_hours_are_those_of_vietnam() -> None:
    late = dt.datetime(2026, 12, 7, 18, 5, tzinfo=dt.UTC)
    assert render("{{ at|vn_date }}", at=late) == "Thứ Ba, ngày 08/12/2026"
    assert render('{{ at|vn_date:"short" }}', at=late) == "08/12/2026"
    assert render("{{ at|vn_time }}", at=late) == "01 giờ 05"
    assert render("{{ at|vn_date }}", at=dt.date(2026, 12, 13)) == "Chủ nhật, ngày 13/12/2026"
    assert render("{{ at|vn_date }}{{ at|vn_time }}", at=None) == ""
    assert (
        render("{{ at|vn_datetime }}", at=late.astimezone(ZoneInfo("Asia/Tokyo")))
        == "01 giờ 05, Thứ Ba, ngày 08/12/2026"
    )


def test_a_query_keeps_what_it_does_not_change() -> None:
    request = RequestFactory().get("/", {"q": "Đinh & Cao", "page": "3"})
    html = render("{% query page=None sort='ten' %}", request=request)
    assert html == "?q=Đinh+%26+Cao&amp;sort=ten".replace("Đ", "%C4%90")


def test_get_finds_by_a_variable_key() -> None:
    assert render("{{ votes|get:key }}", votes={"yes": 46}, key="yes") == "46"
