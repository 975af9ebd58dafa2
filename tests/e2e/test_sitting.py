"""A sitting from the roll to the published result, in six real browsers at once."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.hall import NAMES, Hall

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(300)]
ITEM = "Nghị quyết thông qua phương án"


def step(page: Page, name: str) -> None:
    """Press one of the chair's or clerk's buttons."""
    page.locator(f'[data-step="{name}"]').click()


def vote(page: Page, choice: str) -> None:
    """Choose and confirm."""
    page.locator(f'[data-choice="{choice}"]').click()
    page.locator("[data-confirm-vote]").click()


def test_a_sitting_from_the_roll_to_the_result_on_every_screen(
    hall: Hall, look: Callable[[str], None]
) -> None:
    chair, clerk, projector = hall.chair, hall.clerk, hall.projector
    cuc, dung, hoa = hall.cuc, hall.dung, hall.hoa
    look("01-before")

    # The clerk opens the roll; everybody checks in with one tap; nobody reloads anything.
    step(clerk, "open_roll")
    for delegate in hall.delegates:
        delegate.locator("[data-check-in]").click()
        expect(delegate.get_by_text("đã điểm danh có mặt")).to_be_visible()
    hall.others("check-in", 3)
    expect(projector.locator(".nt-ring-number")).to_have_text("57")
    # The chair is a delegate too: the clerk marks him, he is sitting in front of the hall.
    clerk.get_by_label("Tìm đại biểu").fill("nguyen van an")
    clerk.get_by_label("Tìm đại biểu").press("Enter")
    expect(projector.locator(".nt-ring-number")).to_have_text("58")
    look("02-roll")

    # The chair opens the sitting and goes to a draft resolution.
    step(chair, "open")
    expect(clerk.get_by_text("Đang họp").first).to_be_visible()
    step(chair, "next")
    expect(projector.locator("h1")).to_be_visible()
    title = projector.locator("h1").inner_text()
    for delegate in hall.delegates:
        expect(delegate.get_by_role("heading", name=title)).to_be_visible()
    look("03-item")
    step(chair, "next")
    expect(projector.locator("h1")).not_to_have_text(title)
    title = projector.locator("h1").inner_text()
    for delegate in hall.delegates:
        expect(delegate.get_by_role("heading", name=title)).to_be_visible()

    # Dũng asks to speak, the chair calls him, the clock runs on the big screen, he finishes.
    dung.get_by_role("button", name=re.compile("^Phát biểu")).click()
    dung.locator("[data-ask=speech]").click()
    expect(dung.get_by_text("Đã ghi nhận đăng ký phát biểu")).to_be_visible()
    hall.others("ask", 4)
    look("04-queue")
    chair.locator("[data-call]").first.click()
    expect(projector.get_by_role("heading", name=NAMES["dung"])).to_be_visible()
    expect(projector.locator(".nt-projector-clock")).to_have_text(re.compile(r"^\d+:\d\d$"))
    look("05-speaker")
    step(chair, "finish")
    expect(projector.get_by_role("heading", name=NAMES["dung"])).to_have_count(0)

    # A vote on one version of the text.
    step(chair, "prepare_poll")
    expect(cuc.locator('[data-door="vote"]')).to_contain_text("sắp mở")
    look("06-prepared")
    step(chair, "open_poll")
    for delegate in hall.delegates:
        expect(delegate.locator("[data-choice]")).to_have_count(3)
    expect(cuc.get_by_text(re.compile(r"bản 1"))).to_be_visible()
    look("07-open")

    cuc.locator('[data-choice="yes"]').click()
    look("08-chosen")
    cuc.locator("[data-confirm-vote]").click()
    expect(cuc.get_by_text("Đã ghi nhận")).to_be_visible()
    receipt = cuc.locator(".nt-vote-done code").inner_text()

    # Dũng taps «confirm» twice in one breath: one vote.
    dung.locator('[data-choice="no"]').click()
    dung.locator("[data-confirm-vote]").dblclick()
    expect(dung.get_by_text("Đã ghi nhận")).to_be_visible()
    # … and changes his mind; the choice shown is the one recorded.
    dung.get_by_role("button", name="Đổi lựa chọn").click()
    vote(dung, "yes")
    expect(dung.locator(".nt-vote-choice")).to_have_text("Tán thành")
    expect(chair.locator(".nt-tally-cast")).to_have_text("2")
    expect(chair.get_by_text(re.compile(r"Còn thiếu \d+ phiếu"))).to_be_visible()

    # Hoa's network is cut before she confirms: the screen says so and claims nothing.
    hoa.locator('[data-choice="yes"]').click()
    hoa.context.set_offline(True)
    hoa.locator("[data-confirm-vote]").click()
    expect(hoa.get_by_text("Mất kết nối")).to_be_visible()
    expect(hoa.locator(".nt-vote-done")).to_have_count(0)
    look("09-cut")
    hoa.context.set_offline(False)
    expect(hoa.locator(".nt-vote-choice")).to_have_text("Tán thành")
    expect(hoa.locator("nt-connection")).to_have_attribute("state", "online")
    expect(chair.locator(".nt-tally-cast")).to_have_text("3")

    hall.others("vote", 4)
    expect(chair.locator(".nt-tally-cast")).to_have_text("53")
    look("10-enough")

    # Closed, read, published: the same result everywhere.
    step(chair, "close_poll")
    expect(chair.locator(".nt-sentence")).to_contain_text("tán thành")
    expect(cuc.get_by_text("đang chờ chủ tọa công bố")).to_be_visible()
    look("11-closed")
    step(chair, "publish_poll")
    chair.locator("#nt-confirm [data-part='yes']").click()
    for screen in hall.everybody:
        expect(screen.locator(".nt-outcome")).to_contain_text("ĐƯỢC THÔNG QUA")
        expect(screen.locator(".nt-hemicycle .nt-seat")).not_to_have_count(0)
    counts = [screen.locator(".nt-count-value").all_inner_texts() for screen in hall.everybody]
    assert all(one == counts[0] for one in counts), counts
    assert sum(int(value) for value in counts[0]) == 61  # every seat is in one of the rows
    expect(cuc.get_by_text(receipt)).to_be_visible()
    look("12-result")

    # The clerk makes the minutes: a Word file whose digest the page shows.
    clerk.get_by_role("link", name="Biên bản").click()
    clerk.get_by_role("button", name="Lập biên bản").click()
    with clerk.expect_download() as download:
        clerk.get_by_role("link", name="Tải bản 1").click()
    content = download.value.path().read_bytes()
    assert content[:2] == b"PK"
    assert hashlib.sha256(content).hexdigest() in clerk.locator("main").inner_text()
