"""No page is wider than its screen at any size of letters; fingers find their targets."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.e2e.hall import DESKTOP, LANDSCAPE, PHONE, PROJECTOR, SITTING, TABLET, pages_of, sign_in
from tests.support.installation import Installation

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(600)]
SIZES = {"phone": PHONE, "tablet": TABLET, "landscape": LANDSCAPE, "desktop": DESKTOP}
WIDER = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
# What a finger must hit: smaller than 48 px in both directions, or lower than 48 px.
SMALL = """() => [...document.querySelectorAll('button, a.btn, select, input, summary, textarea')]
  .filter((e) => e.offsetParent !== null && !e.closest('[hidden]') && e.type !== 'hidden')
  .map((e) => [e.outerHTML.slice(0, 120), Math.round(e.getBoundingClientRect().height)])
  .filter(([, height]) => height > 0 && height < 48)"""


@pytest.mark.parametrize("user", ["binh", "cuc"])  # between them, nearly every page there is
def test_no_page_is_wider_than_its_screen(
    played: Installation, open_context: Callable[..., BrowserContext], user: str
) -> None:
    page = sign_in(open_context(viewport=DESKTOP), played.url, user)
    wide = []
    for one in pages_of(page, played.url, user, per_view=1):
        page.goto(played.url + one.path)
        for letters in ("100", "200"):
            page.evaluate("size => document.documentElement.dataset.size = size", letters)
            for name, size in SIZES.items():
                page.set_viewport_size(size)
                over = page.evaluate(WIDER)
                if over > 0:
                    wide.append(f"{one.path} {name} {letters} %: {over} px")
    assert not wide, "\n".join(wide)


@pytest.mark.parametrize("size", ["phone", "tablet", "landscape"])
def test_fingers_find_every_target_of_the_delegates_screen(
    played: Installation, open_context: Callable[..., BrowserContext], size: str
) -> None:
    page = sign_in(open_context(viewport=SIZES[size], has_touch=True), played.url, "cuc")
    page.goto(played.url + SITTING)
    for door in ("papers", "speak", "vote"):
        page.locator(f'[data-door="{door}"]').click()
        assert page.evaluate(SMALL) == []


def test_the_big_screen_never_scrolls(
    played: Installation, open_context: Callable[..., BrowserContext]
) -> None:
    page: Page = sign_in(open_context(viewport=PROJECTOR), played.url, "binh")
    page.goto(played.url + SITTING + "man-hinh/")
    expect(page.locator(".nt-projector-main")).to_be_visible()
    for size in (PROJECTOR, {"width": 1280, "height": 720}, {"width": 1024, "height": 768}):
        page.set_viewport_size(size)
        assert page.evaluate(WIDER) <= 0
        tall = "document.documentElement.scrollHeight - document.documentElement.clientHeight"
        assert page.evaluate(tall) <= 0
        main = page.locator(".nt-projector-main")
        assert main.evaluate("e => e.scrollHeight - e.clientHeight") <= 0


def test_the_first_load_of_the_delegates_screen_is_light(
    played: Installation, open_context: Callable[..., BrowserContext]
) -> None:
    context = open_context(viewport=TABLET)
    page = sign_in(context, played.url, "cuc")
    fresh = open_context(viewport=TABLET, storage_state=context.storage_state()).new_page()
    session = fresh.context.new_cdp_session(fresh)
    session.send("Network.enable")
    sizes: list[float] = []
    session.on("Network.loadingFinished", lambda event: sizes.append(event["encodedDataLength"]))
    fresh.goto(played.url + SITTING)
    expect(fresh.locator("nt-connection")).to_have_attribute("state", "online")
    fresh.evaluate("document.fonts.ready.then(() => true)")
    assert 20_000 < sum(sizes) < 200_000, sizes
    page.close()
