"""The hall of the demo in browsers: chair, clerk, three delegates and the projector."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from typing import Any

from playwright.sync_api import BrowserContext, Page, expect

from tests.support.crawl import Crawler, PageOf
from tests.support.installation import ROOT, Installation

SITTING = "/lao-cai/ky-hop/4/phien/3/"
TABLET = {"width": 820, "height": 1180}
LANDSCAPE = {"width": 1180, "height": 820}
PHONE = {"width": 390, "height": 844}
DESKTOP = {"width": 1440, "height": 900}
PROJECTOR = {"width": 1920, "height": 1080}

NAMES = {
    "an": "Nguyễn Văn An",
    "binh": "Trần Thị Bình",
    "cuc": "Lê Thị Cúc",
    "dung": "Giàng A Dũng",
    "hoa": "Vũ Thị Hoa",
}


def sign_in(context: BrowserContext, url: str, username: str) -> Page:
    """By the one-tap list of the demo, as a stranger would."""
    page = context.new_page()
    page.goto(url)
    page.locator(f'form[action$="/minh-hoa/{username}/"] button').first.click()
    page.wait_for_url(lambda address: "dang-nhap" not in address and "minh-hoa" not in address)
    return page


class Hall:
    """One page per person; ``others`` acts for the delegates without a browser."""

    def __init__(
        self, installation: Installation, open_context: Callable[..., BrowserContext]
    ) -> None:
        self.installation = installation
        self.open_context = open_context
        self.clerk = self.seat("binh", "thu-ky/", viewport=DESKTOP)
        self.chair = self.seat("an", "dieu-hanh/", viewport=DESKTOP)
        self.projector = self.seat("binh", "man-hinh/", viewport=PROJECTOR)
        self.cuc = self.seat("cuc", viewport=TABLET, has_touch=True)
        self.dung = self.seat("dung", viewport=LANDSCAPE, has_touch=True)
        self.hoa = self.seat("hoa", viewport=PHONE, has_touch=True)

    @property
    def delegates(self) -> list[Page]:
        """The three with browsers."""
        return [self.cuc, self.dung, self.hoa]

    @property
    def everybody(self) -> list[Page]:
        """Every screen of the hall."""
        return [self.chair, self.clerk, self.projector, *self.delegates]

    def seat(self, username: str, screen: str = "", **options: Any) -> Page:
        """A browser of one's own, signed in, at the screen."""
        page = sign_in(self.open_context(**options), self.installation.url, username)
        page.goto(self.installation.url + SITTING + screen)
        expect(page.locator("nt-connection")).to_have_attribute("state", "online")
        return page

    def others(self, step: str, count: int = 0) -> None:
        """``check-in``, ``ask`` or ``vote`` of the delegates without a browser."""
        subprocess.run(
            [sys.executable, "-m", "tests.e2e.others", step, str(count)],
            env={**self.installation.environment(), "NT_URL": self.installation.url},
            cwd=ROOT,
            check=True,
            capture_output=True,
            timeout=60,
        )


def pages_of(page: Page, url: str, user: str, per_view: int = 1) -> list[PageOf]:
    """Every page of the province this person can open."""

    def fetch(path: str) -> tuple[int, str, str]:
        answer = page.context.request.get(url + path)
        kind = answer.headers.get("content-type", "")
        return answer.status, kind, answer.text() if kind.startswith("text/html") else ""

    return Crawler(fetch, user, "lao-cai", per_view).walk()
