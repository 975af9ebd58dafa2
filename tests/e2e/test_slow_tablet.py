"""An old tablet (a processor four times slower) still answers every tap and misses nothing."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.e2e.hall import Hall

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(300)]


def test_a_slow_tablet_answers_each_tap_and_follows_the_hall(hall: Hall) -> None:
    slow = hall.cuc
    slow.context.new_cdp_session(slow).send("Emulation.setCPUThrottlingRate", {"rate": 4})
    hall.clerk.locator('[data-step="open_roll"]').click()
    slow.locator("[data-check-in]").tap()
    expect(slow.get_by_text("đã điểm danh có mặt")).to_be_visible()
    hall.others("check-in")
    hall.chair.locator('[data-step="open"]').click()
    hall.chair.locator('[data-step="next"]').click()
    # One taps what stands still: the screen has followed the chair to the item first.
    expect(slow.locator(".nt-now .nt-kicker")).to_contain_text("Nội dung 1/")
    slow.locator('[data-door="speak"]').tap()
    expect(slow.locator('[data-door="speak"]')).to_have_attribute("aria-pressed", "true")
    slow.locator("[data-ask=speech]").tap()
    expect(slow.locator(".nt-asked")).to_be_visible()
    # The first item is an election: only what goes with it is voted on, in words of its own.
    hall.chair.locator("#nt-poll-question").fill("Thông qua danh sách để bầu")
    hall.chair.locator('[data-step="prepare_poll"]').click()
    hall.chair.locator('[data-step="open_poll"]').click()
    slow.locator('[data-choice="abstain"]').tap()
    expect(slow.locator('[data-choice="abstain"]')).to_have_attribute("aria-pressed", "true")
    slow.locator("[data-confirm-vote]").tap()
    expect(slow.locator(".nt-vote-choice")).to_have_text("Không biểu quyết")
