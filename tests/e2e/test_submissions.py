"""A paper on its way in a real browser: asked for, sent in, checked, read by a delegate."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from nghitruong.council.papers.tests.samples import make_pdf
from tests.e2e.hall import DESKTOP, TABLET, sign_in
from tests.support.installation import Installation

pytestmark = pytest.mark.e2e
TITLE = "Báo cáo giao thông nông thôn năm 2026"


def shot(page: Page, name: str) -> None:
    """Pictures of the page, light and dark, when somebody asked for them (``NT_SHOTS=folder``)."""
    folder = os.environ.get("NT_SHOTS", "")
    if folder:
        Path(folder).mkdir(parents=True, exist_ok=True)
        page.wait_for_timeout(200)
        page.screenshot(path=Path(folder) / f"submissions-{name}.png", full_page=True)
        page.evaluate("document.documentElement.dataset.bsTheme = 'dark'")
        page.screenshot(path=Path(folder) / f"submissions-{name}-dark.png", full_page=True)
        page.evaluate("document.documentElement.dataset.bsTheme = 'light'")


def open_task(page: Page, button: str) -> None:
    """From «Việc hôm nay» to the page of the paper."""
    page.goto("/lao-cai/")
    row = page.locator("li", has_text=TITLE).filter(has=page.get_by_role("link", name=button))
    row.get_by_role("link", name=button).first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text(TITLE)


@pytest.mark.timeout(300)  # five people on a busy machine
def test_from_the_ask_to_the_delegate(
    live_installation: Installation, open_context: Callable[..., BrowserContext]
) -> None:
    pages: dict[str, Page] = {}
    for who in ("binh", "giang", "lam", "minh", "cuc"):
        view = TABLET if who == "cuc" else DESKTOP
        context = open_context(base_url=live_installation.url, viewport=view)
        pages[who] = sign_in(context, live_installation.url, who)

    clerk = pages["binh"]
    clerk.goto("/lao-cai/ky-hop/4/tai-lieu/")
    clerk.get_by_role("link", name="Đề nghị gửi tài liệu").click()
    clerk.locator("[name=body]").select_option(label="Sở Xây dựng")
    clerk.locator("[name=kind]").select_option(label="Báo cáo")
    clerk.locator("[name=title]").fill(TITLE)
    shot(clerk, "asking")
    clerk.get_by_role("button", name="Đề nghị", exact=True).click()
    expect(clerk.get_by_text("Đã đề nghị Sở Xây dựng gửi tài liệu.")).to_be_visible()

    agency = pages["giang"]
    open_task(agency, "Tải lên, gửi")
    expect(agency.get_by_role("button", name="Gửi đi")).to_be_disabled()
    agency.locator("[name=number]").fill("45/BC-SXD")
    file = {"name": "bao-cao.pdf", "mimeType": "application/pdf", "buffer": make_pdf(TITLE)}
    agency.locator("input[type=file]").set_input_files(files=[file])  # type: ignore[list-item]
    expect(agency.get_by_role("link", name="Bản 1: bao-cao.pdf")).to_be_visible(timeout=20_000)
    shot(agency, "agency")
    agency.get_by_role("button", name="Gửi đi").click()
    expect(agency.get_by_text("chờ Văn phòng UBND chuyển").first).to_be_visible()

    open_task(pages["lam"], "Xem, chuyển")
    shot(pages["lam"], "forwarder")
    pages["lam"].get_by_role("button", name="Chuyển sang Văn phòng của Hội đồng").click()
    expect(pages["lam"].get_by_text("chờ Văn phòng kiểm tra").first).to_be_visible()

    open_task(clerk, "Kiểm tra")
    shot(clerk, "checking")
    clerk.get_by_role("button", name="Đã kiểm tra, đủ điều kiện").click()
    expect(clerk.get_by_text("chờ cho lưu hành").first).to_be_visible()

    head = pages["minh"]
    open_task(head, "Xem, cho lưu hành")
    if head.locator("[name=late_reason]").count():  # when the tests run after the papers' day
        head.locator("[name=late_reason]").fill("Chờ số liệu")
    shot(head, "head")
    head.get_by_role("button", name="Cho lưu hành").click()
    head.get_by_role("dialog").get_by_role("button", name="Cho lưu hành").click()
    expect(head.get_by_text("Đã gửi tài liệu tới đại biểu.")).to_be_visible()
    for name, path in {
        "list": "/lao-cai/tai-lieu-duoc-yeu-cau/",
        "rooms": "/lao-cai/phong-tai-lieu/",
        "room-form": "/lao-cai/phong-tai-lieu/mo/",
        "home": "/lao-cai/",
    }.items():
        clerk.goto(path)
        shot(clerk, name)

    delegate = pages["cuc"]
    delegate.goto("/lao-cai/ky-hop/4/tai-lieu/?q=giao+thong+nong+thon")
    expect(delegate.get_by_role("link", name=TITLE)).to_be_visible()
    shot(delegate, "delegate")
