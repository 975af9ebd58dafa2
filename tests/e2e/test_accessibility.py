"""axe finds no serious or critical fault on any page that anybody can open, by day and by night."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import BrowserContext, Page

from nghitruong.ui.preferences import COOKIE
from tests.e2e.hall import TABLET, pages_of, sign_in
from tests.support.installation import Installation

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(600)]
SERIOUS = ("serious", "critical")
# What was found clean need not be looked at again where only the words differ.
CLEAN: set[str] = set()
# A page without its words: the tree of elements with what a rule can depend on. Texts and names
# count as present or not; neighbours and rows of the same shape as one. Of long lists it leaves
# three rows of each shape on the page, so that axe need not look at the fiftieth.
SHAPE = (Path(__file__).parent / "shape.js").read_text(encoding="utf-8")
# The theme is one attribute, which the server writes from the reader's choice; colours that fade
# into each other are looked at when they have arrived.
DARKEN = """() => {
  if (document.documentElement.dataset.bsTheme === "dark") return false;
  document.documentElement.dataset.bsTheme = "dark";
  for (const fading of document.getAnimations()) fading.finish();
  return true;
}"""
COLOURS = {"runOnly": {"type": "rule", "values": ["color-contrast", "link-in-text-block"]}}


def faults(page: Page, **options: Any) -> list[str]:
    """Each fault as one readable line."""
    asked = {"resultTypes": ["violations"], **options}
    found = Axe().run(page, options=asked).response["violations"]
    return [
        f"{fault['id']} ({fault['impact']}): {node['html'][:160]} {_measured(node)}"
        for fault in found
        if fault["impact"] in SERIOUS
        for node in fault["nodes"][:3]
    ]


def _measured(node: dict[str, Any]) -> str:
    """The colours and their contrast, where that is the fault."""
    data = next((check["data"] for check in node["any"] if isinstance(check["data"], dict)), {})
    colours = [data.get(name) for name in ("fgColor", "bgColor", "contrastRatio")]
    return " ".join(str(colour) for colour in colours if colour)


def faults_at_night(page: Page) -> list[str]:
    """The same page in its dark colours: only what depends on colours is asked again."""
    if not page.evaluate(DARKEN):
        return []
    return [f"tối: {line}" for line in faults(page, **COLOURS)]


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_door_has_no_serious_fault(
    played: Installation, open_context: Callable[..., BrowserContext], theme: str
) -> None:
    context = open_context(viewport=TABLET)
    context.add_cookies([{"name": COOKIE, "value": f"{theme}.100", "url": played.url}])
    page = context.new_page()
    page.goto(played.url)
    assert page.locator("html").get_attribute("data-bs-theme") == theme
    assert faults(page) == []


def test_pale_words_are_found_by_night(
    played: Installation, open_context: Callable[..., BrowserContext]
) -> None:
    page = open_context(viewport=TABLET).new_page()
    page.goto(played.url)
    page.evaluate("document.querySelector('h1').style.color = '#222'")  # readable by day
    assert faults(page) == []
    assert [line for line in faults_at_night(page) if "tối: color-contrast" in line]


def test_a_page_is_passed_over_only_where_nothing_but_words_differs(
    open_context: Callable[..., BrowserContext],
) -> None:
    page = open_context(viewport=TABLET).new_page()

    def shape(main: str) -> str:
        page.set_content(f"<main>{main}</main>")
        return str(page.evaluate(SHAPE))

    row = '<li class="a"><button aria-label="Có mặt: An">x</button> An</li>'
    clean = shape(f"<ul>{row}</ul>")
    assert shape(f"<ul>{row}{row.replace('An', 'Bình')}</ul>") == clean
    assert shape(f"<ul>{row * 9}</ul>") == clean
    assert page.locator("li").count() == 3
    shape(f'<div style="height: 4rem; overflow: auto"><ul>{row * 9}</ul></div>')
    assert page.locator("li").count() == 9
    for other in (
        row.replace(' aria-label="Có mặt: An"', ""),
        row.replace(">x<", "><"),
        row.replace('"a"', '"b"'),
        row.replace("button", "div"),
        row.replace('"Có mặt: An"', '""'),
        row.replace("<button", '<button style="color: #222222"'),
    ):
        assert shape(f"<ul>{row}{other}</ul>") != clean, other
    grey, black = (f'<p style="color: {one}">x</p>' for one in ("#999999", "#222222"))
    assert shape(grey) != shape(black)
    labelled = '<label for="x">Tên</label><input id="{}">'
    assert shape(labelled.format("x")) != shape(labelled.format("y"))


@pytest.mark.parametrize("user", ["an", "binh", "cuc", "em", "giang", "khai", "ich", "kim"])
def test_no_page_of_anybody_has_a_serious_fault(
    played: Installation, open_context: Callable[..., BrowserContext], user: str
) -> None:
    page = sign_in(open_context(viewport=TABLET), played.url, user)
    found = {}
    for one in pages_of(page, played.url, user):
        page.goto(played.url + one.path)
        shown = page.evaluate(SHAPE)
        if shown in CLEAN:
            continue
        wrong = faults(page) + faults_at_night(page)
        if wrong:
            found[one.path] = wrong
        else:
            CLEAN.add(shown)
    assert not found, "\n".join(f"{path}\n  " + "\n  ".join(w) for path, w in found.items())
