"""axe finds no serious or critical fault on any page that anybody can open."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import BrowserContext, Page

from tests.e2e.hall import TABLET, pages_of, sign_in
from tests.support.installation import Installation

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(600)]
SERIOUS = ("serious", "critical")
# What one role saw need not be looked at again when another sees exactly the same.
CLEAN: set[str] = set()
CHANGING = re.compile(r'csrfmiddlewaretoken" value="[^"]*"')


def faults(page: Page) -> list[str]:
    """Each fault as one readable line."""
    found = Axe().run(page, options={"resultTypes": ["violations"]}).response["violations"]
    return [
        f"{fault['id']} ({fault['impact']}): {node['html'][:160]}"
        for fault in found
        if fault["impact"] in SERIOUS
        for node in fault["nodes"][:3]
    ]


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_door_has_no_serious_fault(
    played: Installation, open_context: Callable[..., BrowserContext], theme: str
) -> None:
    page = open_context(viewport=TABLET, color_scheme=theme).new_page()
    page.goto(played.url)
    assert faults(page) == []


@pytest.mark.parametrize("user", ["an", "binh", "cuc", "em", "giang", "khai", "ich", "kim"])
def test_no_page_of_anybody_has_a_serious_fault(
    played: Installation, open_context: Callable[..., BrowserContext], user: str
) -> None:
    page = sign_in(open_context(viewport=TABLET), played.url, user)
    found = {}
    for one in pages_of(page, played.url, user):
        page.goto(played.url + one.path)
        shown = CHANGING.sub("", page.locator("main").inner_html())
        if shown in CLEAN:
            continue
        wrong = faults(page)
        if wrong:
            found[one.path] = wrong
        else:
            CLEAN.add(shown)
    assert not found, "\n".join(f"{path}\n  " + "\n  ".join(w) for path, w in found.items())
