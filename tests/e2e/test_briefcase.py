"""A session on the tablet: taken, cut, read and written in airplane mode, sent once, emptied.

On https under a name of the hall's own network, as tablets come; and what plain http says.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page, Route, expect

from tests.e2e.conftest import NAME, pin_of
from tests.e2e.hall import SITTING, sign_in
from tests.support.installation import Installation

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(300)]
SESSION = "/lao-cai/ky-hop/4/"
Tablet = Callable[[str], BrowserContext]
DATABASES = "async () => (await indexedDB.databases()).map((one) => one.name)"


@pytest.fixture(autouse=True)
def patient() -> Iterator[None]:
    """The processor is shared with everything else."""
    expect.set_options(timeout=30_000)
    yield
    expect.set_options(timeout=5_000)


@pytest.fixture
def secure(playing: Installation) -> Installation:
    """The demo in the middle of a vote, on https with its own authority."""
    playing.manage("tls", "init", NAME)
    playing.origin = f"https://{NAME}"
    playing.start()
    return playing


def look(page: Page, name: str) -> None:
    folder = os.environ.get("NT_SHOTS", "")
    if folder:
        Path(folder).mkdir(parents=True, exist_ok=True)
        page.wait_for_timeout(300)
        page.screenshot(path=Path(folder) / f"briefcase-{name}.png")


def take(page: Page, url: str) -> None:
    """Until the card says that everything is here and the worker is ready."""
    page.goto(url + SESSION)
    page.locator('nt-briefcase [data-act="take"]').tap()
    expect(page.locator('[data-holding="whole"]')).to_be_visible()
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")


def asked(installation: Installation, expression: str) -> Any:
    """What the database holds."""
    code = (
        "import json\n"
        "from django_scopes import scopes_disabled\n"
        "from nghitruong.council.opinions.models import Opinion\n"
        "from nghitruong.council.reading.models import Annotation\n"
        "from nghitruong.session.floor.models import SpeakerRequest\n"
        "from nghitruong.council.briefcase.models import Device\n"
        f"with scopes_disabled(): print(json.dumps({expression}))"
    )
    return json.loads(installation.manage("shell", "--no-imports", "-c", code))


def test_in_airplane_mode_and_back(secure: Installation, tablet: Tablet) -> None:
    url = secure.url
    context = tablet(pin_of(secure))
    page = sign_in(context, url, "cuc")
    take(page, url)
    look(page, "taken")

    context.set_offline(True)
    page.goto(url + SESSION)
    expect(page.locator('[data-line="off"]')).to_be_visible()
    look(page, "session")
    draft = page.locator("nt-offline a", has_text="Dự thảo Nghị quyết về tình hình").first
    address = url + str(draft.get_attribute("href"))

    # Read, look for words in the whole session, write on the page.
    page.goto(address)
    expect(page.locator('.nt-pdf-page[data-page="1"][data-drawn]')).to_be_visible()
    page.keyboard.press("Control+f")
    page.locator("#nt-find-words").fill("nghi quyet")
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Cả tập tài liệu").tap()
    expect(page.locator(".nt-panel-row mark").first).to_be_visible()
    look(page, "find")
    page.locator('button[aria-label="Đóng bảng bên"]').tap()
    page.locator(".nt-pdf").press("n")
    page.locator("#nt-note-text").fill("Viết trên máy bay")
    page.get_by_role("button", name="Ghi lại").tap()
    expect(page.locator("[data-saving]")).to_contain_text("1 ghi chú giữ trên máy này")
    page.reload()  # the tablet was put away: the note is there
    expect(page.locator(".nt-pin")).to_have_count(1)
    look(page, "paper")

    # An opinion, and a request to speak on what is before the hall.
    page.goto(f"{address}gop-y/")
    page.locator("#nt-offline-text").fill("Đề nghị nêu rõ nguồn kinh phí")
    page.get_by_role("button", name="Ghi lại, gửi khi có mạng").tap()
    expect(page.locator("[data-written]")).to_contain_text("chưa gửi")
    look(page, "opinion")
    page.goto(url + SITTING)
    page.get_by_role("button", name="Đăng ký phát biểu").tap()
    expect(page.locator('[data-outgoing-state="waiting"]')).to_have_count(2)
    look(page, "hall")
    told = "[Opinion.objects.filter(text='Đề nghị nêu rõ nguồn kinh phí').count(), "
    told += "Annotation.objects.filter(text='Viết trên máy bay').count(), "
    told += "SpeakerRequest.objects.filter(name='Lê Thị Cúc', state='waiting').count()]"
    assert asked(secure, told) == [0, 0, 0]

    # Back: sent, told, once. The page of the paper sends the note.
    context.set_offline(False)
    expect(page.locator('[data-line="back"]')).to_be_visible()
    expect(page.locator('[data-outgoing-state="sent"]')).to_have_count(2)
    look(page, "back")
    page.goto(address)
    expect(page.locator("nt-offline")).to_have_count(0)
    expect(page.locator("[data-saving]")).to_have_attribute("data-saving", "saved")
    expect(page.locator(".nt-pin")).to_have_count(1)
    assert asked(secure, told) == [1, 1, 1]
    page.reload()
    page.goto(url + SESSION)
    expect(page.locator('[data-holding="whole"]')).to_be_visible()
    assert asked(secure, told) == [1, 1, 1]


def test_a_cut_costs_one_piece_and_a_lost_or_shared_tablet_keeps_nothing(
    secure: Installation, tablet: Tablet
) -> None:
    url, pin = secure.url, pin_of(secure)
    context = tablet(pin)
    page = sign_in(context, url, "cuc")
    fetched: list[str] = []
    cut_after = [8]

    def answer(route: Route) -> None:
        asked_for = route.request.url + route.request.headers.get("range", "")
        if len(fetched) >= cut_after[0]:
            route.abort()
            return
        fetched.append(asked_for)
        route.continue_()

    page.route("**/tep*", answer)
    page.goto(url + SESSION)
    page.locator('nt-briefcase [data-act="take"]').tap()
    # Six tries with growing pauses, up to 31 seconds of them.
    expect(page.locator("[data-problem]")).to_contain_text("Phần đã tải vẫn giữ", timeout=90_000)
    assert len(fetched) == 8
    look(page, "cut")
    cut_after[0] = 10_000
    page.locator('nt-briefcase [data-act="take"]').tap()
    expect(page.locator('[data-holding="whole"]')).to_be_visible()
    assert len(set(fetched)) == len(fetched)  # nothing that was here was asked for again
    page.unroute_all(behavior="wait")
    assert asked(secure, "Device.objects.latest('seen_at').holdings[0]['papers']") > 20

    # Signed out without network: empty at once; the sign-in ends at the next contact.
    context.set_offline(True)
    page.goto(url + SESSION)
    page.locator('[data-act="sign-out"]').tap()
    expect(page.locator("h1")).to_have_text("Không có mạng")
    assert not any(name.startswith("nt-person") for name in page.evaluate(DATABASES))
    context.set_offline(False)
    page.goto(url + SESSION)
    page.wait_for_url("**/dang-nhap/**")

    # The sign-in of one ends by itself, another takes the tablet: the first one's papers are gone.
    page = sign_in(context, url, "cuc")
    take(page, url)
    hers = "nt-person-" + str(page.locator('meta[name="nt-person"]').get_attribute("content"))
    context.clear_cookies()
    page = sign_in(context, url, "dung")
    page.goto(url + SESSION)
    page.wait_for_function(
        "async (gone) => !(await indexedDB.databases()).some((one) => one.name === gone)", arg=hers
    )
    expect(page.locator('nt-briefcase [data-act="take"]')).to_have_text("Tải cặp tài liệu")
    context.set_offline(True)
    page.goto(url + SESSION)
    expect(page.locator("nt-offline")).to_contain_text("Chưa có kỳ họp nào trên máy này.")
    expect(page.locator("nt-offline")).to_contain_text("Giàng A Dũng")
    look(page, "other")
    context.set_offline(False)

    # Lost: ordered on the office's page, obeyed at the next contact.
    page.goto(url + SESSION)
    take(page, url)
    office = sign_in(tablet(pin), url, "khai")
    office.goto(f"{url}/lao-cai/tai-khoan/?q=giang+a+dung")
    office.get_by_role("link", name="Giàng A Dũng").first.click()
    office.get_by_role("link", name="Xem máy, báo mất").click()
    office.locator("details summary", has_text="Báo mất máy này").click()
    office.locator('input[name="reason"]').fill("Để quên trên xe")
    office.locator("form button", has_text="Báo mất").click()
    office.locator("#nt-confirm").get_by_role("button", name="Báo mất").click()
    expect(office.locator(".nt-message-warning").first).to_contain_text("Để quên trên xe")
    look(office, "devices")
    page.goto(url + SESSION)
    page.wait_for_url("**/dang-nhap/**")
    assert not any(name.startswith("nt-person") for name in page.evaluate(DATABASES))
    office.reload()
    expect(office.locator("body")).to_contain_text("Máy đã tự xóa tài liệu lúc")


def test_on_plain_http_the_card_says_why_not(playing: Installation, tablet: Tablet) -> None:
    playing.origin = f"http://{NAME}"
    playing.extra_environment["NGHITRUONG_HOSTS"] = f"127.0.0.1,{NAME}"
    playing.start()
    page = sign_in(tablet(""), playing.url, "cuc")
    page.goto(playing.url + SESSION)
    why = page.locator('nt-briefcase [data-why="insecure"]')
    expect(why).to_contain_text("không cho lưu tài liệu về máy")
    expect(why).to_contain_text("vẫn đọc, ghi chú, góp ý, phát biểu và biểu quyết")
    expect(page.locator('nt-briefcase [data-act="take"]')).to_have_count(0)
    look(page, "plain")
