"""A release on two delegates' screens without a reload; opened; the office sees it, sends again."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.e2e.hall import DESKTOP, TABLET, sign_in
from tests.support.installation import ROOT, Installation

pytestmark = pytest.mark.e2e
# A draft that the office has got ready, as an upload leaves it.
DRAFT = (
    "from django_scopes import scopes_disabled\n"
    "from nghitruong.council.papers.models import Paper, PaperVersion\n"
    "with scopes_disabled():\n"
    "    old = PaperVersion.objects.filter(media_type='application/pdf').select_related('paper')"
    ".filter(paper__council__slug='lao-cai').first()\n"
    "    paper = Paper.objects.create(council=old.council, kind='report', title='Báo cáo bổ sung',"
    " fold='bao cao bo sung', session_id=old.paper.session_id)\n"
    "    PaperVersion.objects.create(council=old.council, paper=paper, number=1, sha256=old.sha256,"
    " size=old.size, media_type=old.media_type, file_name='a.pdf', pages=old.pages,"
    " uploaded_by_name='Trần Thị Bình')\n"
)
EARLIER = (
    "from datetime import timedelta\n"
    "from django.db.models import F\n"
    "from django_scopes import scopes_disabled\n"
    "from nghitruong.platform.notices.models import Recipient\n"
    "with scopes_disabled():\n"
    "    Recipient.objects.update(last_round_at=F('last_round_at') - timedelta(minutes=5))\n"
)


def shot(page: Page, name: str) -> None:
    """A picture of the page when somebody asked for pictures (``NT_SHOTS=folder``)."""
    folder = os.environ.get("NT_SHOTS", "")
    if folder:
        Path(folder).mkdir(parents=True, exist_ok=True)
        page.wait_for_timeout(300)
        page.screenshot(path=Path(folder) / f"delivery-{name}.png", full_page=True)
        dress = "([t, s]) => Object.assign(document.documentElement.dataset, {bsTheme: t, size: s})"
        page.evaluate(dress, ["dark", "100"])
        page.screenshot(path=Path(folder) / f"delivery-{name}-dark.png", full_page=True)
        page.evaluate(dress, ["light", "100"])


def run(installation: Installation, script: str) -> None:
    subprocess.run(
        [sys.executable, "manage.py", "shell", "-v", "0", "-c", script],
        env=installation.environment(),
        cwd=ROOT,
        check=True,
        timeout=60,
    )


@pytest.mark.timeout(300)
def test_a_release_reaches_two_screens_at_once_and_the_office_sees_who_opened_it(
    live_installation: Installation, open_context: Callable[..., BrowserContext]
) -> None:
    site = live_installation.url
    run(live_installation, DRAFT)
    people = {name: sign_in(open_context(viewport=TABLET), site, name) for name in ("cuc", "dung")}
    for page in people.values():
        with page.expect_response("**/thong-bao/da-toi/"):
            page.goto(site + "/lao-cai/")
    before = {
        name: int(page.locator('nt-bell [data-part="count"]').inner_text() or 0)
        for name, page in people.items()
    }

    office = sign_in(open_context(viewport=DESKTOP), site, "binh")
    office.goto(site + "/lao-cai/tai-lieu/?trang_thai=draft")
    office.locator('input[name="paper"]').first.check()
    office.get_by_text("Có tài liệu quá hạn?").click()
    office.get_by_label("Người cho phép lưu hành chậm").fill("Nguyễn Văn An")
    office.get_by_label("Lý do lưu hành chậm").fill("cơ quan trình bổ sung")
    office.get_by_role("button", name="Gửi đại biểu các tài liệu đã đánh dấu").click()
    office.locator("#nt-confirm [data-part='yes']").click()
    expect(office.get_by_text("Đã gửi 1 tài liệu tới đại biểu.")).to_be_visible()

    for name, page in people.items():  # nobody reloaded anything
        count = page.locator('nt-bell [data-part="count"]')
        expect(count).to_have_text(str(before[name] + 1), timeout=5_000)
        expect(page.get_by_text("Thông báo mới:")).to_be_visible()
    cuc = people["cuc"]
    shot(cuc, "bell")
    cuc.locator("nt-bell a").click()
    shot(cuc, "notices")
    cuc.locator(".nt-notice.is-new").first.click()
    cuc.wait_for_url("**/tai-lieu/**")

    office.goto(site + "/lao-cai/ky-hop/4/gui-tai-lieu/")
    shot(office, "releases")
    office.get_by_role("link", name="Nhật ký, gửi lại").first.click()
    office.get_by_label("Tìm").first.fill("le thi cuc")
    row = office.locator("tbody tr").filter(has_text="Lê Thị Cúc")
    expect(row).to_contain_text("Trong ứng dụng: đã mở")
    office.goto(office.url.split("?")[0])
    expect(office.locator("tbody tr").filter(has_text="Giàng A Dũng")).to_contain_text("đã tới máy")
    shot(office, "log")
    run(live_installation, EARLIER)
    office.get_by_role("button", name="Gửi lại cho người chưa mở").click()
    shot(office, "again")
    office.locator("#nt-confirm [data-part='yes']").click()
    expect(office.get_by_text("người chưa mở.").first).to_be_visible()
    people["dung"].goto(site + "/lao-cai/thong-bao/")
    expect(people["dung"].get_by_text("nhắc lại")).to_be_visible()
    office.goto(site + "/lao-cai/tiet-kiem-giay/")
    shot(office, "savings")


@pytest.mark.timeout(300)
def test_a_guest_comes_in_with_the_printed_pin(
    live_installation: Installation, open_context: Callable[..., BrowserContext]
) -> None:
    site = live_installation.url
    office = sign_in(open_context(viewport=DESKTOP), site, "binh")
    office.goto(site + "/lao-cai/khach-moi/")
    office.get_by_label("Họ và tên").fill("Lò Văn Khách")
    office.get_by_role("button", name="Thêm khách").click()
    office.locator('input[name="paper"]').first.check()
    office.get_by_role("button", name="Ghi tài liệu cho khách").click()
    expect(office.get_by_text("Khách đọc được 1 tài liệu.")).to_be_visible()
    office.get_by_label("Dùng đến hết ngày").fill("2036-12-31")
    shot(office, "guest")
    office.get_by_role("button", name="Cấp thẻ").click()
    pin = office.locator("#ma-pin").inner_text()
    number = office.locator(".nt-envelope .nt-code").first.inner_text()
    shot(office, "pass")

    guest = open_context(viewport=TABLET).new_page()
    guest.goto(site + "/khach/lao-cai/")
    guest.get_by_label("Số thẻ").fill(number)
    guest.get_by_label("Mã PIN").fill(pin)
    shot(guest, "door")
    guest.get_by_role("button", name="Vào").click()
    guest.wait_for_url("**/lao-cai/tai-lieu/")
    expect(guest.locator("tbody tr")).to_have_count(1)
    shot(guest, "guest-papers")
