"""Two tablets of one delegate: written on one, it stands on the other; a cut line loses nothing."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Locator, Page, expect

from tests.e2e.hall import PHONE, TABLET, sign_in
from tests.support.installation import Installation

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(300)]

SMALL = """[...document.querySelectorAll('.nt-reading :is(button, a, summary, input)')]
  .filter((e) => e.offsetParent && (e.offsetHeight < 48 || e.offsetWidth < 48))
  .map((e) => e.outerHTML.slice(0, 80))"""
Open = Callable[..., BrowserContext]


@pytest.fixture(autouse=True)
def patient() -> Iterator[None]:
    """A page is drawn by the processor all the other tests use too."""
    expect.set_options(timeout=30_000)
    yield
    expect.set_options(timeout=5_000)


def reading(page: Page) -> Locator:
    """The first page, drawn."""
    return page.locator('.nt-pdf-page[data-page="1"][data-drawn]')


def tablet(installation: Installation, open_context: Open, **options: object) -> Page:
    """Lê Thị Cúc at a law of 43 pages."""
    options = {"viewport": TABLET, "has_touch": True, **options}
    page = sign_in(open_context(**options), installation.url, "cuc")
    page.goto(f"{installation.url}/lao-cai/tai-lieu/?q=phong+chay")
    title = "Luật Phòng cháy, chữa cháy và cứu nạn"
    page.goto(installation.url + str(page.locator("a", has_text=title).get_attribute("href")))
    expect(reading(page)).to_be_visible()
    return page


def drag(page: Page, *points: tuple[float, float]) -> None:
    page.mouse.move(*points[0])
    page.mouse.down()
    for point in points[1:]:
        page.mouse.move(*point, steps=6)
    page.mouse.up()


def words(page: Page, at: int) -> dict[str, float]:
    """Where a line of words of the first page stands."""
    box = reading(page).locator(".textLayer span").nth(at).bounding_box()
    assert box is not None
    return dict(box)


def highlight(page: Page, at: int) -> None:
    box = words(page, at)
    middle = box["y"] + box["height"] / 2
    drag(page, (box["x"] + 2, middle), (box["x"] + box["width"] - 3, middle))


def look(page: Page, name: str) -> None:
    folder = os.environ.get("NT_SHOTS", "")
    if folder:
        Path(folder).mkdir(parents=True, exist_ok=True)
        page.wait_for_timeout(300)
        page.screenshot(path=Path(folder) / f"reader-{name}.png")


def test_notes_go_to_the_other_tablet_and_survive_a_cut_line(
    live_installation: Installation, open_context: Open
) -> None:
    one = tablet(live_installation, open_context)
    two = tablet(live_installation, open_context)
    look(one, "open")

    # A highlight, a stroke, a note: on the other tablet without touching it.
    one.locator('[data-act="pens"]').tap()
    one.locator('[data-tool="highlight"]').tap()
    highlight(one, 12)
    one.locator('[data-tool="ink"]').tap()
    drag(one, (250, 700), (350, 760), (450, 690))
    one.locator('[data-tool="note"]').tap()
    one.mouse.click(600, 500)
    one.locator("#nt-note-text").fill("Hỏi lại mức chi ở Điều 4")
    look(one, "note")
    one.get_by_role("button", name="Ghi lại").tap()
    expect(one.locator("[data-saving]")).to_have_attribute("data-saving", "saved")
    for kind in ("highlight", "ink"):
        expect(two.locator(f".nt-note-{kind}")).to_have_count(1)
    pin = two.locator(".nt-pin")
    expect(pin).to_have_attribute("aria-label", "Ghi chú của tôi: Hỏi lại mức chi ở Điều 4")
    look(one, "written")

    # The network goes: read on, write on, and be told the truth.
    one.locator('[data-act="pens"]').tap()
    one.locator('button[aria-label="Đóng bảng bên"]').tap()
    one.context.set_offline(True)
    one.locator('button[aria-label="Trang sau"]').tap()
    expect(one.locator('.nt-pdf-page[data-page="2"][data-drawn]')).to_be_visible()
    one.locator(".nt-pdf").press("b")
    one.locator(".nt-pdf").press("n")
    one.locator("#nt-note-text").fill("Viết khi mất mạng")
    one.get_by_role("button", name="Ghi lại").tap()
    expect(one.locator("[data-saving]")).to_contain_text("2 ghi chú giữ trên máy này")
    look(one, "offline")
    expect(two.locator(".nt-pin")).to_have_count(1)

    # It comes back: everything is on the server and on the other tablet, once.
    one.context.set_offline(False)
    expect(one.locator("[data-saving]")).to_have_attribute("data-saving", "saved")
    two.locator('[data-act="panel"]').tap()
    two.locator('[data-tab="notes"]').tap()
    expect(two.locator("[data-card]")).to_have_count(5)
    expect(two.locator("[data-card]", has_text="Viết khi mất mạng")).to_have_count(1)
    one.reload()
    expect(reading(one)).to_be_attached()
    one.locator('[data-act="panel"]').tap()
    one.locator('[data-tab="notes"]').tap()
    expect(one.locator("[data-card]")).to_have_count(5)

    # What one removes is gone on both; the page where one stopped is offered on the other.
    one.locator("[data-card]", has_text="Viết khi mất mạng").get_by_role("button").first.tap()
    one.get_by_role("button", name="Xóa", exact=True).tap()
    one.locator("#nt-confirm").get_by_role("button", name="Xóa").tap()
    expect(two.locator("[data-card]")).to_have_count(4)
    one.locator(".nt-pdf-where input").fill("9")
    one.locator(".nt-pdf-where input").press("Enter")
    expect(two.locator(".nt-elsewhere")).to_contain_text("trang 9")
    two.get_by_role("button", name="Đến trang 9").tap()
    expect(two.locator(".nt-pdf-where input")).to_have_value("9")


def test_a_line_cut_after_the_server_has_written_makes_no_second_note(
    live_installation: Installation, open_context: Open
) -> None:
    page = tablet(live_installation, open_context)
    lost = []

    def lose(route: object) -> None:
        if route.request.method == "POST" and not lost:  # type: ignore[attr-defined]
            route.fetch()  # type: ignore[attr-defined]  # the server writes, the answer goes astray
            lost.append(1)
            route.abort()  # type: ignore[attr-defined]
        else:
            route.continue_()  # type: ignore[attr-defined]

    page.route("**/ghi-chu/*", lose)
    page.route("**/ghi-chu/", lose)
    before = page.locator(".nt-pin").count()
    page.locator(".nt-pdf").press("n")
    page.locator("#nt-note-text").fill("Chỉ một lần")
    page.get_by_role("button", name="Ghi lại").tap()
    expect(page.locator("[data-saving]")).to_have_attribute("data-saving", "saved")
    assert lost
    page.unroute_all(behavior="wait")
    page.reload()
    expect(reading(page)).to_be_attached()
    expect(page.locator(".nt-pin")).to_have_count(before + 1)


def test_everything_by_keyboard_and_at_twice_the_size(
    live_installation: Installation, open_context: Open
) -> None:
    page = tablet(live_installation, open_context)
    region = page.locator(".nt-pdf")

    # Words without marks, in the paper.
    page.keyboard.press("Control+f")
    page.locator("#nt-find-words").fill("phong chay")
    page.keyboard.press("Enter")
    expect(page.locator(".nt-panel-word[role=status]")).to_contain_text("chỗ.")
    expect(page.locator(".nt-panel-row mark").first).to_have_text(
        re.compile("phòng cháy", re.IGNORECASE)
    )
    expect(page.locator(".nt-hit").first).to_be_attached()
    look(page, "find")
    page.keyboard.press("Escape")
    page.keyboard.press("Escape")

    region.press("End")
    expect(page.locator(".nt-pdf-where input")).to_have_value("43")
    region.press("Home")
    region.press("d")
    expect(region).to_have_class(re.compile("is-facing"))
    region.press("ArrowRight")
    expect(page.locator(".nt-pdf-where input")).to_have_value("3")
    look(page, "two")
    region.press("d")
    region.press("t")
    expect(page.locator(".nt-reflow p").first).to_be_visible()
    expect(page.locator(".nt-reflow")).to_contain_text(re.compile(".{500}"))  # once it is brought
    look(page, "text")
    page.locator(".nt-reflow").press("t")
    region.press("e")
    look(page, "night")
    region.press("e")
    region.press("?")
    expect(page.locator(".nt-keys")).to_be_visible()
    look(page, "keys")
    page.keyboard.press("Escape")
    region.press("m")
    page.locator('[data-tab="thumbs"]').press("Enter")
    expect(page.locator(".nt-thumbs canvas").first).to_be_visible()
    look(page, "thumbs")

    # The next paper of the packet, and back.
    page.locator('a[rel="next"]').click()
    expect(page.locator('a[rel="prev"]')).to_be_visible()

    # Twice the size, on a tablet and on a phone: nothing wider than the screen, no small target.
    for viewport in (TABLET, PHONE):
        page.set_viewport_size(viewport)
        address = {"name": "nt_ui", "value": "light.200", "url": live_installation.url}
        page.context.add_cookies([address])
        page.reload()
        expect(reading(page)).to_be_attached()
        look(page, f"200-{viewport['width']}")
        wide = page.evaluate("document.documentElement.scrollWidth > innerWidth")
        assert not wide
        small = page.evaluate(SMALL)
        assert small == []
