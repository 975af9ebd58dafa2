"""Make the pictures of README and docs from the demo: ``python -m docs.make.pictures [parts]``.
Parts: hall papers office agencies work; all of them when none is named.

Starts a demo of its own, plays the third sitting, photographs what a reader should see first.
Pictures go to docs/pictures/ and are kept in the repository: run it again when the look changes.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pypdfium2
from PIL import Image
from playwright.sync_api import BrowserContext, Page, expect, sync_playwright

from tests.e2e.hall import DESKTOP, LANDSCAPE, SITTING, TABLET, Hall, sign_in
from tests.support.browser import launch
from tests.support.installation import Installation, InstallationFactory

OUT = Path(__file__).resolve().parent.parent / "pictures"
BIG_SCREEN = {"width": 1280, "height": 720}


def _take(page: Page, name: str, *, height: int = 0) -> None:
    """What the screen shows; only its upper ``height`` pixels where the rest says nothing."""
    page.evaluate("document.fonts.ready.then(() => true)")
    page.wait_for_timeout(500)
    size = page.viewport_size or BIG_SCREEN
    clip = {"x": 0, "y": 0, "width": size["width"], "height": height or size["height"]}
    page.screenshot(path=OUT / f"{name}.png", clip=clip)  # type: ignore[arg-type]


def _step(page: Page, name: str) -> None:
    page.locator(f'[data-step="{name}"]').click()


def _hall(hall: Hall) -> None:
    """From the roll to the result, stopping for a picture."""
    _step(hall.clerk, "open_roll")
    expect(hall.cuc.locator("[data-check-in]")).to_be_visible()
    _take(hall.cuc, "delegate-check-in", height=760)
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
    hall.cuc.locator('[data-door="speak"]').click()
    hall.cuc.locator("[data-ask=speech]").click()
    expect(hall.cuc.get_by_text("Đã ghi nhận đăng ký")).to_be_visible()
    _take(hall.cuc, "delegate-speak", height=900)
    _step(hall.chair, "prepare_poll")
    _step(hall.chair, "open_poll")
    hall.cuc.locator('[data-choice="yes"]').click()
    _take(hall.cuc, "hall-vote")
    hall.cuc.locator("[data-confirm-vote]").click()
    expect(hall.cuc.locator(".nt-vote-done")).to_be_visible()
    _take(hall.cuc, "delegate-voted", height=760)
    hall.others("vote", 20)
    expect(hall.chair.locator(".nt-tally-cast")).to_have_text("35")
    _take(hall.chair, "cockpit")
    hall.others("vote", 2)
    _step(hall.chair, "close_poll")
    _step(hall.chair, "publish_poll")
    hall.chair.locator("#nt-confirm [data-part='yes']").click()
    expect(hall.projector.locator(".nt-outcome")).to_be_visible()
    hall.projector.set_viewport_size(BIG_SCREEN)
    _take(hall.projector, "projector-result")
    _minutes(hall.clerk)


def _minutes(clerk: Page) -> None:
    """The first and the last page of the Word file, as LibreOffice prints them."""
    clerk.get_by_role("link", name="Biên bản").click()
    clerk.get_by_role("button", name="Lập biên bản").click()
    with clerk.expect_download() as download, tempfile.TemporaryDirectory() as name:
        clerk.get_by_role("link", name="Tải bản 1").click()
        folder = Path(name)
        download.value.save_as(folder / "bien-ban.docx")
        subprocess.run(
            [
                "soffice",
                "--headless",
                f"-env:UserInstallation=file://{folder}/office",
                "--convert-to",
                "pdf",
                "--outdir",
                str(folder),
                str(folder / "bien-ban.docx"),
            ],
            check=True,
            capture_output=True,
            timeout=120,
        )
        pages = pypdfium2.PdfDocument(folder / "bien-ban.pdf")
        shots = [pages[at].render(scale=0.95).to_pil() for at in (0, len(pages) - 1)]
        pages.close()
    width, height = shots[0].size
    both = Image.new("RGB", (2 * width + 3 * 16, height + 2 * 16), "#dfe3ea")
    for at, shot in enumerate(shots):
        both.paste(shot, (16 + at * (width + 16), 16))
    both.quantize(32).save(OUT / "minutes.png", optimize=True)


def _office(url: str, open_context: Callable[..., BrowserContext]) -> None:
    """A list being taken in, with its faults; envelopes."""
    clerk = sign_in(open_context(viewport=DESKTOP), url, "binh")
    clerk.goto(url + "/lao-cai/dai-bieu/nhap/")
    sheet = (
        "STT;Họ và tên;Ngày sinh;Chức vụ;Ban;Tổ;Số ghế\n"
        "1;Lò Thị Mai;04/05/1970;;;Tổ 1;62\n2;Tẩn A Xá;31/02/1975;;;Tổ 2;63\n"
        "3;;12/08/1981;;;Tổ 2;64\n4;Bùi Văn Nam;20/11/1968;Trưởng ban;Ban Nông nghiệp;Tổ 3;65\n"
    )
    clerk.locator("input[type=file]").set_input_files(
        {"name": "dai-bieu.csv", "mimeType": "text/csv", "buffer": sheet.encode()}
    )
    clerk.get_by_role("button", name="Xem trước").click()
    _take(clerk, "import-preview", height=620)
    khai = sign_in(open_context(viewport={"width": 1000, "height": 900}), url, "khai")
    for name in ("Lò Thị Mai", "Tẩn A Xá"):
        khai.goto(url + "/lao-cai/danh-ba/them/")
        khai.locator("[name=full_name]").fill(name)
        khai.get_by_role("button", name="Ghi lại").click()
    khai.goto(url + "/lao-cai/tai-khoan/hang-loat/")
    khai.get_by_role("button", name="Mở tài khoản và in phong bì").click()
    expect(khai.locator(".nt-sheet").first).to_be_visible(timeout=60_000)
    _take(khai, "envelopes", height=900)


def _papers(url: str, open_context: Callable[..., BrowserContext]) -> None:
    """Home, the agenda, a paper in the reader."""
    clerk = sign_in(open_context(viewport=DESKTOP), url, "binh")
    clerk.goto(url + "/lao-cai/")
    _take(clerk, "home")
    clerk.goto(url + "/lao-cai/ky-hop/4/chuong-trinh/")
    _take(clerk, "agenda")
    cuc = sign_in(open_context(viewport=LANDSCAPE), url, "cuc")
    cuc.goto(url + "/lao-cai/")
    _take(cuc, "delegate-home", height=600)
    cuc.goto(url + SITTING)
    cuc.locator('[data-door="papers"]').click()
    cuc.locator(".nt-papers a").first.click()
    cuc.wait_for_selector("canvas")
    cuc.wait_for_timeout(2500)
    _take(cuc, "reader")


def _agencies(url: str, open_context: Callable[..., BrowserContext]) -> None:
    """What an agency finds, sends, gets back; who forwards it; who lets it circulate."""
    asks = url + "/lao-cai/tai-lieu-duoc-yeu-cau/"
    giang = sign_in(open_context(viewport=DESKTOP), url, "giang")
    giang.goto(url + "/lao-cai/")
    _take(giang, "agency-home", height=520)
    giang.goto(asks)
    _take(giang, "agency-list", height=620)
    giang.get_by_role("link", name=re.compile("cứng hóa đường")).click()
    _take(giang, "agency-ask")
    for who, paper, name in (
        ("sang", "điều chỉnh kế hoạch vốn", "agency-returned"),
        ("lam", "khai thác khoáng sản", "agency-forward"),
        ("minh", "tiếp công dân", "agency-circulate"),
    ):
        page = sign_in(open_context(viewport=DESKTOP), url, who)
        page.goto(asks)
        page.get_by_role("link", name=re.compile(paper)).click()
        _take(page, name, height=760)


def _work(url: str, open_context: Callable[..., BrowserContext]) -> None:
    """The binder, a sending and who opened it, a guest, search, an opinion, papers off line."""
    clerk = sign_in(open_context(viewport=DESKTOP), url, "binh")
    clerk.goto(url + "/lao-cai/ky-hop/4/tap-tai-lieu/")
    clerk.set_viewport_size({"width": DESKTOP["width"], "height": 1400})
    _take(clerk, "binder")
    clerk.set_viewport_size(DESKTOP)
    clerk.goto(url + "/lao-cai/ky-hop/4/gui-tai-lieu/")
    _take(clerk, "delivery")
    clerk.get_by_role("link", name="Nhật ký, gửi lại").first.click()
    _take(clerk, "delivery-log")
    clerk.goto(url + "/lao-cai/khach-moi/")
    clerk.locator("tbody a").first.click()
    _take(clerk, "guest", height=640)
    cuc = sign_in(open_context(viewport=TABLET, has_touch=True), url, "cuc")
    cuc.goto(url + "/lao-cai/thong-bao/")
    _take(cuc, "notices", height=700)
    cuc.goto(url + "/lao-cai/tim-kiem/?q=ngân sách")
    _take(cuc, "search", height=900)
    cuc.goto(url + "/lao-cai/y-kien/")
    cuc.locator("main .card a").first.click()
    _take(cuc, "opinion", height=760)
    session = url + "/lao-cai/ky-hop/4/"
    cuc.goto(session)
    cuc.locator('nt-briefcase [data-act="take"]').tap()
    expect(cuc.locator('[data-holding="whole"]')).to_be_visible(timeout=60_000)
    cuc.locator("nt-briefcase").scroll_into_view_if_needed()
    cuc.evaluate("navigator.serviceWorker.ready.then(() => true)")
    cuc.context.set_offline(True)
    cuc.goto(session)
    expect(cuc.locator('[data-line="off"]')).to_be_visible(timeout=60_000)
    _take(cuc, "briefcase", height=900)


def _sitting(installation: Installation, open_context: Callable[..., BrowserContext]) -> None:
    hall = Hall(installation, open_context)
    hall.cuc.set_viewport_size(TABLET)
    _hall(hall)


Part = Callable[[Installation, Callable[..., BrowserContext]], None]
PARTS: dict[str, Part] = {
    "hall": _sitting,
    "papers": lambda installation, opened: _papers(installation.url, opened),
    "office": lambda installation, opened: _office(installation.url, opened),
    "agencies": lambda installation, opened: _agencies(installation.url, opened),
    "work": lambda installation, opened: _work(installation.url, opened),
}


def main() -> None:
    """The pictures of the parts named on the command line."""
    parts = sys.argv[1:] or list(PARTS)
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

            for part, take in PARTS.items():
                if part in parts:
                    take(installation, open_context)
            browser.close()
    finally:
        factory.discard(installation)
        factory.close()
    total = sum(path.stat().st_size for path in OUT.glob("*.png"))
    print(f"{OUT}: {total / 1e6:.2f} MB")


if __name__ == "__main__":
    main()
