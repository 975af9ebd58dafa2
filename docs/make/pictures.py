"""Make the pictures of README and docs from the demo: ``python -m docs.make.pictures``.

Starts a demo of its own, plays the third sitting, photographs what a reader should see first.
Pictures go to docs/pictures/ and are kept in the repository: run it again when the look changes.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from playwright.sync_api import BrowserContext, Page, expect, sync_playwright

from tests.e2e.hall import DESKTOP, LANDSCAPE, SITTING, TABLET, Hall, sign_in
from tests.support.browser import launch
from tests.support.installation import InstallationFactory

OUT = Path(__file__).resolve().parent.parent / "pictures"
BIG_SCREEN = {"width": 1280, "height": 720}


def _take(page: Page, name: str) -> None:
    page.evaluate("document.fonts.ready.then(() => true)")
    page.wait_for_timeout(500)
    page.screenshot(path=OUT / f"{name}.png")


def _step(page: Page, name: str) -> None:
    page.locator(f'[data-step="{name}"]').click()


def _hall(hall: Hall) -> None:
    """From the roll to the result, stopping for a picture."""
    _step(hall.clerk, "open_roll")
    for delegate in hall.delegates:
        delegate.locator("[data-check-in]").click()
    hall.others("check-in", 3)
    expect(hall.projector.locator(".nt-ring-number")).to_have_text("57")
    hall.clerk.set_viewport_size(DESKTOP)
    _take(hall.clerk, "desk")
    _step(hall.chair, "open")
    _step(hall.chair, "next")
    expect(hall.projector.locator("h1")).to_be_visible()
    first = hall.projector.locator("h1").inner_text()
    _step(hall.chair, "next")
    expect(hall.projector.locator("h1")).not_to_have_text(first)
    hall.others("ask", 4)
    _step(hall.chair, "prepare_poll")
    _step(hall.chair, "open_poll")
    hall.cuc.locator('[data-choice="yes"]').click()
    _take(hall.cuc, "hall-vote")
    hall.cuc.locator("[data-confirm-vote]").click()
    expect(hall.cuc.locator(".nt-vote-done")).to_be_visible()
    hall.others("vote", 20)
    expect(hall.chair.locator(".nt-tally-cast")).to_have_text("35")
    _take(hall.chair, "cockpit")
    hall.others("vote", 2)
    _step(hall.chair, "close_poll")
    _step(hall.chair, "publish_poll")
    expect(hall.projector.locator(".nt-outcome")).to_be_visible()
    hall.projector.set_viewport_size(BIG_SCREEN)
    _take(hall.projector, "projector-result")


def _papers(url: str, open_context: Callable[..., BrowserContext]) -> None:
    """Home, the agenda, a paper in the reader."""
    clerk = sign_in(open_context(viewport=DESKTOP), url, "binh")
    clerk.goto(url + "/lao-cai/")
    _take(clerk, "home")
    clerk.goto(url + "/lao-cai/ky-hop/4/chuong-trinh/")
    _take(clerk, "agenda")
    cuc = sign_in(open_context(viewport=LANDSCAPE), url, "cuc")
    cuc.goto(url + SITTING)
    cuc.locator('[data-door="papers"]').click()
    cuc.locator(".nt-papers a").first.click()
    cuc.wait_for_selector("canvas")
    cuc.wait_for_timeout(2500)
    _take(cuc, "reader")


def main() -> None:
    """All pictures."""
    OUT.mkdir(exist_ok=True)
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    factory = InstallationFactory(Path(tempfile.mkdtemp(prefix="nt-pictures-")))
    installation = factory.make()
    expect.set_options(timeout=20_000)
    try:
        installation.start()
        with sync_playwright() as playwright:
            browser = launch(playwright)

            def open_context(**options: Any) -> BrowserContext:
                return browser.new_context(
                    locale="vi-VN", timezone_id="Asia/Ho_Chi_Minh", **options
                )

            hall = Hall(installation, open_context)
            hall.cuc.set_viewport_size(TABLET)
            _hall(hall)
            _papers(installation.url, open_context)
            browser.close()
    finally:
        factory.discard(installation)
        factory.close()
    total = sum(path.stat().st_size for path in OUT.glob("*.png"))
    print(f"{OUT}: {total / 1e6:.2f} MB")


if __name__ == "__main__":
    main()
