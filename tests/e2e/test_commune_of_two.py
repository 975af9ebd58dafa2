"""Two staff of a commune, an empty installation, one day: from the set-up code to the minutes.

Nothing is prepared beforehand and nothing is done but through pages: the administrator Khải and
the clerk Bình work in Chromium, three delegates sign in with the passwords of their envelopes, the
other delegates vote from devices without a browser window.
"""

from __future__ import annotations

import os
import re
import shutil
import tempfile
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import docx
import pytest
import xlsxwriter
from playwright.sync_api import BrowserContext, Page, expect

from tests.e2e.hall import DESKTOP, LANDSCAPE, PHONE, TABLET
from tests.support.installation import Installation, empty_installation

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(400)]

DELEGATES = [
    ("Nguyễn Văn An", "Chủ tịch", "Tổ 1"),
    ("Lê Thị Cúc", "", "Tổ 1"),
    ("Giàng A Dũng", "Trưởng ban", "Tổ 2"),
    ("Vũ Thị Hoa", "Phó Chủ tịch", "Tổ 1"),
    ("Lò Văn Inh", "", "Tổ 2"),
    ("Hoàng Thị Lan", "", "Tổ 2"),
    ("Triệu Văn Mạnh", "", "Tổ 1"),
    ("Sùng A Páo", "", "Tổ 2"),
    ("Đặng Thị Quyên", "", "Tổ 1"),
    ("Phan Văn Sáng", "", "Tổ 2"),
    ("Bùi Thị Tâm", "", "Tổ 1"),
    ("Cao Văn Út", "", "Tổ 2"),
    ("Mai Thị Vân", "", "Tổ 1"),
    ("Tẩn A Xá", "", "Tổ 2"),
    ("Đỗ Thị Yến", "", "Tổ 1"),
]
PAPERS = Path(__file__).parents[2] / "nghitruong" / "config" / "demo" / "papers"


@pytest.fixture
def empty(request: pytest.FixtureRequest) -> Iterator[Installation]:
    """Migrated, started, nobody in it."""
    yield from empty_installation(request)


def _spreadsheet(path: Path) -> Path:
    """As an office keeps it: a title above, three faults in it."""
    book = xlsxwriter.Workbook(str(path))
    sheet = book.add_worksheet("Danh sách")
    sheet.write(0, 0, "DANH SÁCH ĐẠI BIỂU HỘI ĐỒNG NHÂN DÂN XÃ")
    heads = ("STT", "Họ và tên", "Ngày sinh", "Chức vụ", "Ban", "Tổ", "Số ghế")
    for column, head in enumerate(heads):
        sheet.write(2, column, head)
    for number, (name, post, group) in enumerate(DELEGATES, start=1):
        born = "31/02/1975" if name == "Lê Thị Cúc" else f"{number:02}/05/19{60 + number}"
        ban = "Ban Kinh tế - Ngân sách" if post == "Trưởng ban" else ""
        seat = 1 if name == "Vũ Thị Hoa" else number
        for column, value in enumerate((number, name, born, post, ban, group, seat)):
            sheet.write(2 + number, column, value)
    book.close()
    return path


@pytest.fixture
def shoot() -> Callable[[Page, str], None]:
    """Pictures of every step, when NT_SHOTS names a folder."""
    folder = os.environ.get("NT_SHOTS", "")

    def take(page: Page, name: str) -> None:
        if folder:
            Path(folder).mkdir(parents=True, exist_ok=True)
            page.screenshot(path=Path(folder) / f"{name}.png", full_page=True)

    return take


def _said(page: Page, text: str) -> None:
    expect(page.locator("#nt-messages")).to_contain_text(text)


def _confirm(page: Page) -> None:
    page.locator('#nt-confirm [data-part="yes"]').click()


def _sign_in(page: Page, url: str, username: str, password: str, new: str) -> None:
    """With the envelope in hand: the one-time password, then one's own."""
    page.goto(url)
    page.locator("[name=login]").fill(username)
    page.locator("[name=password]").fill(password)
    page.get_by_role("button", name="Đăng nhập").click()
    expect(page.get_by_role("heading", name="Đặt mật khẩu")).to_be_visible()
    page.locator("[name=new]").fill(new)
    page.locator("[name=again]").fill(new)
    page.locator("main button[type=submit]").click()
    expect(page.get_by_role("heading", name="Việc hôm nay")).to_be_visible()


def _envelopes(page: Page) -> dict[str, tuple[str, str]]:
    """Name → (user name, one-time password), as printed."""
    found = {}
    for sheet in page.locator(".nt-sheet").all():
        name = sheet.get_attribute("aria-label") or ""
        username, password = sheet.locator("dd.nt-code").all_inner_texts()
        found[name] = (username.strip(), password.strip())
    return found


def test_two_staff_hold_a_session_on_the_day_they_install(
    empty: Installation,
    open_context: Callable[..., BrowserContext],
    shoot: Callable[[Page, str], None],
) -> None:
    url = empty.url
    khai = open_context(viewport=DESKTOP).new_page()

    # 1. The code from the server, the unit, the council.
    khai.goto(url)
    shoot(khai, "01-code")
    khai.get_by_label("Mã thiết lập").fill("sai")
    khai.get_by_role("button", name="Tiếp tục").click()
    expect(khai.get_by_text("Mã chưa đúng")).to_be_visible()
    khai.get_by_label("Mã thiết lập").fill((empty.var / "setup.code").read_text())
    khai.get_by_role("button", name="Tiếp tục").click()
    shoot(khai, "02-units")
    khai.get_by_role("button", name=re.compile("Nạp 34 tỉnh")).click(timeout=90_000)
    khai.get_by_label("Tên hoặc mã đơn vị").fill("mau a")
    khai.get_by_role("button", name="Tìm").click()
    shoot(khai, "03-found")
    khai.get_by_role("link", name=re.compile("Chọn.*Xã Mậu A$")).click()
    shoot(khai, "04-council")
    khai.locator("[name=number]").fill("2")
    khai.locator("[name=starts_on]").fill("2026-03-30")
    khai.locator("[name=statutory_seats]").fill(str(len(DELEGATES)))
    khai.locator("[name=full_name]").fill("Đỗ Quang Khải")
    khai.locator("[name=username]").fill("khai")
    khai.locator("[name=password]").fill("mat-khau-cua-khai")
    khai.locator("[name=again]").fill("mat-khau-cua-khac")
    khai.get_by_role("button", name="Lập Hội đồng").click()
    expect(khai.get_by_text("Hai lần gõ chưa giống nhau")).to_be_visible()
    khai.locator("[name=password]").fill("mat-khau-cua-khai")
    khai.locator("[name=again]").fill("mat-khau-cua-khai")
    khai.get_by_role("button", name="Lập Hội đồng").click()
    expect(khai.get_by_role("heading", name="Các bước để họp ngay hôm nay")).to_be_visible()
    shoot(khai, "05-steps")
    council = khai.url.removesuffix("bat-dau/")

    # 2. The delegates from a spreadsheet: faults shown, mended in place, taken back, done again.
    folder = Path(tempfile.mkdtemp(prefix="nt-list-"))
    try:
        sheet = _spreadsheet(folder / "dai-bieu.xlsx")
        for again in (False, True):
            khai.goto(council + "bat-dau/")
            khai.get_by_role("link", name="Nhập từ bảng tính").click()
            khai.locator("input[type=file]").set_input_files(sheet)
            khai.get_by_role("button", name="Xem trước").click()
            expect(khai.get_by_text("3 trên 15 dòng cần sửa")).to_be_visible()
            shoot(khai, "06-preview")
            khai.locator('[name="5.birth_date"]').fill("28/02/1975")
            khai.locator('[name="7.seat"]').fill("4")
            khai.get_by_role("button", name="Ghi danh sách").click()
            _said(khai, "Đã nhập 15 đại biểu")
            shoot(khai, "07-imported")
            if not again:
                khai.get_by_role("button", name="Hoàn tác").click()
                _confirm(khai)
                _said(khai, "Đã hoàn tác")
                expect(khai.get_by_text("Đang giữ nhiệm vụ").locator("..")).to_contain_text("0")
    finally:
        shutil.rmtree(folder)

    # 3. The clerk, all five duties at once, and everybody's envelope.
    khai.goto(council + "bat-dau/")
    khai.get_by_role("link", name="Thêm người").click()
    khai.locator("[name=full_name]").fill("Trần Thị Bình")
    khai.locator("[name=title]").fill("Công chức Văn phòng")
    khai.get_by_role("button", name="Ghi lại").click()
    shoot(khai, "08-person")
    khai.get_by_role("link", name="Tài khoản và nhiệm vụ").last.click()
    khai.locator("[name=kind]").select_option(label="Mọi nhiệm vụ thư ký")
    khai.get_by_role("button", name="Giao nhiệm vụ").click()
    _said(khai, "Đã giao")
    shoot(khai, "09-duties")
    khai.goto(council + "bat-dau/")
    khai.get_by_role("link", name="Mở tài khoản").click()
    khai.get_by_role("button", name=re.compile("Mở tài khoản và in")).click(timeout=90_000)
    expect(khai.get_by_role("heading", name="Phong bì tài khoản")).to_be_visible(timeout=60_000)
    envelopes = _envelopes(khai)
    assert set(envelopes) == {"Trần Thị Bình", *(name for name, _, _ in DELEGATES)}
    shoot(khai, "10-envelopes")
    khai.emulate_media(media="print")
    shoot(khai, "11-envelopes-print")
    khai.emulate_media(media="screen")

    # 4. The clerk makes the session, its sitting today, a paper and the item it belongs to.
    binh = open_context(viewport=DESKTOP).new_page()
    _sign_in(binh, url, *envelopes["Trần Thị Bình"], "mat-khau-cua-binh")
    shoot(binh, "12-clerk-home")
    today = datetime.now(ZoneInfo("Asia/Ho_Chi_Minh"))
    binh.goto(council + "ky-hop/")
    binh.get_by_role("link", name="Lập kỳ họp").click()
    binh.locator("[name=kind]").select_option(label="Kỳ họp chuyên đề")
    binh.locator("[name=expected_opening]").fill(f"{today:%Y-%m-%d}")
    binh.locator("[name=required_by]").select_option(index=1)
    binh.locator("[name=place]").fill("Hội trường xã")
    binh.get_by_role("button", name="Lập kỳ họp").click()
    expect(binh.get_by_role("heading", level=1)).to_contain_text("Kỳ họp")
    shoot(binh, "13-session")
    binh.get_by_role("link", name="Tài liệu", exact=True).last.click()
    binh.get_by_role("link", name="Tải tài liệu lên").click()
    binh.locator("[name=kind]").select_option(label="Dự thảo nghị quyết")
    binh.locator("[name=title]").fill("Nghị quyết về dự toán ngân sách xã")
    binh.locator("input[type=file]").set_input_files(PAPERS / "du-thao-01.pdf")
    expect(binh.locator("nt-upload")).to_contain_text("Đã nhận")
    shoot(binh, "14-upload")
    binh.goto(council + "ky-hop/1/tai-lieu/")
    binh.get_by_role("checkbox", name=re.compile("Nghị quyết về dự toán")).check()
    shoot(binh, "15-papers")
    binh.get_by_role("button", name=re.compile("Gửi đại biểu các tài liệu")).click()
    _confirm(binh)
    _said(binh, "1 tài liệu")
    binh.get_by_role("link", name="Chương trình", exact=True).first.click()
    binh.get_by_role("link", name="Thêm phiên họp").click()
    binh.locator("[name=starts_at]").fill(f"{today:%Y-%m-%dT%H:%M}")
    binh.locator("[name=ends_at]").fill(f"{today + timedelta(hours=2):%Y-%m-%dT%H:%M}")
    binh.get_by_role("button", name="Ghi lại").click()
    # The list without script goes when the island comes: a click must not wait on it.
    binh.locator('nt-agenda a[href$="chuong-trinh/them/?phien=1"]').click()
    binh.locator("[name=title]").fill("Thông qua dự toán ngân sách xã")
    binh.locator("[name=kind]").select_option(label="Biểu quyết")
    binh.get_by_label(re.compile("Nghị quyết về dự toán")).check()
    binh.get_by_role("button", name="Ghi lại").click()
    shoot(binh, "16-agenda")

    # 5. The sitting: three delegates with their own devices, the others marked by the clerk.
    sizes = {"Nguyễn Văn An": LANDSCAPE, "Lê Thị Cúc": TABLET, "Giàng A Dũng": PHONE}
    delegates = []
    for name, size in sizes.items():
        page = open_context(viewport=size, has_touch=True).new_page()
        _sign_in(page, url, *envelopes[name], f"rieng-{envelopes[name][0]}-2026")
        if name == "Lê Thị Cúc":
            shoot(page, "17-delegate-home")
        page.get_by_role("link", name=re.compile("^Vào họp")).click()
        expect(page.locator("nt-connection")).to_have_attribute("state", "online")
        delegates.append(page)
    binh.goto(council)
    shoot(binh, "18-clerk-today")
    binh.get_by_role("link", name=re.compile("Mở bàn thư ký")).click()
    binh.locator('[data-step="open_roll"]').click()
    for page in delegates:
        page.locator("[data-check-in]").click()
        expect(page.get_by_text("đã điểm danh có mặt")).to_be_visible()
    for name, _post, _group in DELEGATES[3:13]:
        binh.get_by_label("Tìm đại biểu").fill(name)
        binh.get_by_label("Tìm đại biểu").press("Enter")
        expect(binh.get_by_label("Tìm đại biểu")).to_have_value("")
    expect(binh.locator(".nt-ring-number")).to_have_text("13")
    shoot(binh, "19-roll")
    binh.locator('[data-step="open"]').click()
    binh.locator('[data-step="next"]').click()
    binh.locator('[data-step="prepare_poll"]').click()
    binh.locator('[data-step="open_poll"]').click()
    for page, choice in zip(delegates, ("yes", "yes", "no"), strict=True):
        page.locator(f'[data-choice="{choice}"]').click()
        page.locator("[data-confirm-vote]").click()
        expect(page.get_by_text("Đã ghi nhận")).to_be_visible()
    shoot(delegates[1], "20-voted")
    expect(binh.locator(".nt-tally-cast")).to_have_text("3")
    binh.locator('[data-step="close_poll"]').click()
    expect(binh.locator(".nt-sentence")).to_contain_text("tán thành")
    shoot(binh, "21-closed")
    binh.locator('[data-step="publish_poll"]').click()
    binh.locator('#nt-confirm [data-part="yes"]').click()
    for page in (binh, *delegates):
        expect(page.locator(".nt-outcome")).to_be_visible()
    expect(delegates[0].locator(".nt-outcome")).to_contain_text("KHÔNG ĐƯỢC THÔNG QUA")
    shoot(delegates[1], "22-result")

    # 6. Closed, and the minutes as a Word file with what happened in it.
    binh.locator('[data-step="close"]').click()
    _confirm(binh)
    expect(binh.get_by_text("Đã kết thúc").first).to_be_visible()
    binh.get_by_role("link", name="Biên bản").click()
    binh.get_by_role("button", name="Lập biên bản").click()
    shoot(binh, "23-minutes")
    with binh.expect_download() as download:
        binh.get_by_role("link", name="Tải bản 1").click()
    document = docx.Document(str(download.value.path()))
    text = "\n".join(
        [p.text for p in document.paragraphs]
        + [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    )
    for expected in (
        "Có mặt: 13/15 đại biểu",
        "Thông qua dự toán ngân sách xã",
        "2 đại biểu tán thành, bằng 13,33 %",
        "KHÔNG ĐƯỢC THÔNG QUA",
        "Nguyễn Văn An",
    ):
        assert expected in text
    if os.environ.get("NT_SHOTS"):
        download.value.save_as(Path(os.environ["NT_SHOTS"]) / "bien-ban.docx")
