"""The binder in a real browser: a zip in, a proposal mended, confirmed, ordered, printed."""

from __future__ import annotations

import io
import os
import zipfile
from collections.abc import Callable
from pathlib import Path

import pypdfium2 as pdfium
import pytest
from playwright.sync_api import BrowserContext, Page, expect

from nghitruong.council.binder.tests.conftest import paper_pdf
from nghitruong.council.papers.tests.conftest import make_docx, make_pdf
from tests.e2e.hall import DESKTOP, TABLET, sign_in
from tests.support.installation import Installation

pytestmark = pytest.mark.e2e
BINDER = "/lao-cai/ky-hop/4/tap-tai-lieu/"


def six_papers() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, data in {
            "1. Ngân sách/to trinh.pdf": paper_pdf(
                "913/TTr-UBND", subject="Về phân bổ ngân sách", pages=3
            ),
            "1. Ngân sách/bao cao tham tra.pdf": paper_pdf(
                "77/BC-BKTNS", "BÁO CÁO", "Thẩm tra phân bổ ngân sách"
            ),
            "2. Y tế/bao cao.pdf": paper_pdf("914/BC-UBND", "BÁO CÁO", "Về y tế", pages=2),
            "2. Y tế/bao cao (ban sao).pdf": paper_pdf(
                "914/BC-UBND", "BÁO CÁO", "Về y tế", pages=2
            ),
            "du thao nghi quyet.docx": make_docx("DỰ THẢO", "NGHỊ QUYẾT", "Về y tế"),
            "scan0001.pdf": make_pdf("Danh sách khách mời"),
        }.items():
            archive.writestr(name, data)
    return out.getvalue()


def shot(page: Page, name: str) -> None:
    """A picture of the page when somebody asked for pictures (``NT_SHOTS=folder``)."""
    folder = os.environ.get("NT_SHOTS", "")
    if folder:
        Path(folder).mkdir(parents=True, exist_ok=True)
        page.wait_for_timeout(300)
        page.screenshot(path=Path(folder) / f"binder-{name}.png", full_page=True)
        dress = "([t, s]) => Object.assign(document.documentElement.dataset, {bsTheme: t, size: s})"
        for look, dressed in {"dark": ["dark", "100"], "200": ["light", "200"]}.items():
            page.evaluate(dress, dressed)
            page.screenshot(path=Path(folder) / f"binder-{name}-{look}.png", full_page=True)
        page.evaluate(dress, ["light", "100"])


def test_a_zip_of_six_becomes_an_ordered_and_printed_binder(
    live_installation: Installation, open_context: Callable[..., BrowserContext]
) -> None:
    page = sign_in(open_context(viewport=TABLET), live_installation.url, "binh")
    page.goto(live_installation.url + BINDER)
    page.get_by_role("button", name="Nhập nhiều tệp").click()
    page.locator('input[type="file"]').first.set_input_files(
        {"name": "kh4.zip", "mimeType": "application/zip", "buffer": six_papers()}
    )
    rows = page.locator("[data-file]")
    expect(rows).to_have_count(6, timeout=60_000)
    budget = rows.filter(has_text="to trinh.pdf")
    expect(budget.get_by_label("Số, ký hiệu")).to_have_value("913/TTr-UBND")
    copy = rows.filter(has=page.get_by_role("checkbox", name="bao cao (ban sao).pdf"))
    expect(copy.locator(".is-grave")).to_contain_text("Giống hệt")
    shot(page, "import-tablet")

    budget.get_by_label("Tên tài liệu").fill("Tờ trình đã sửa tên")
    page.keyboard.press("Tab")
    expect(page.get_by_role("checkbox", name="bao cao (ban sao).pdf")).not_to_be_checked()
    listed = rows.filter(has_text="scan0001.pdf").get_by_label("Loại")
    listed.select_option(label="Danh sách")
    expect(page.get_by_role("status").filter(has_text="Mọi sửa đổi đã lưu")).to_be_visible()
    page.reload()  # what was typed is kept
    expect(budget.get_by_label("Tên tài liệu")).to_have_value("Tờ trình đã sửa tên")
    page.get_by_role("button", name="Ghi 5 tài liệu vào tập").click()
    page.get_by_role("button", name="Ghi vào tập", exact=True).click()

    page.wait_for_url(f"**{BINDER}")
    entry = page.locator("[data-entry]").filter(has_text="Tờ trình đã sửa tên")
    before = int(entry.locator(".nt-binder-tab").inner_text().split()[-1])
    entry.get_by_role("button", name="phím mũi tên").focus()
    page.keyboard.press("ArrowUp")  # first in its section: it goes to the end of the one above
    expect(page.locator(".nt-stack[aria-busy=false]")).to_be_visible()
    expect(page.get_by_role("status").filter(has_text="Tờ trình đã sửa tên")).not_to_be_empty()
    page.keyboard.press("ArrowUp")
    expect(entry.locator(".nt-binder-tab")).to_contain_text(str(before - 1))
    expect(entry.get_by_role("button", name="phím mũi tên")).to_be_focused()
    pages = entry.locator(".nt-binder-pages").inner_text()
    shot(page, "binder-tablet")
    page.set_viewport_size(DESKTOP)
    shot(page, "binder-desktop")

    page.get_by_role("button", name="Đóng cả tập để in").click()
    link = page.get_by_role("link", name="Tải về")
    expect(link).to_be_visible(timeout=90_000)
    shot(page, "packet")
    with page.expect_download() as download:
        link.click()
    document = pdfium.PdfDocument(download.value.path())
    texts = [document[n].get_textpage().get_text_range() for n in range(len(document))]
    first = pages.removeprefix("tr. ").split("–")[0]
    assert "TẬP TÀI LIỆU" in texts[0]
    stamped = [text for text in texts if f"Tab {before - 1} tr. {first}" in " ".join(text.split())]
    assert len(stamped) == 1
    assert "913/TTr-UBND" in stamped[0]
