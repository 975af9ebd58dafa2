"""Playwright on the system's own Chromium; evidence of a failed test is kept in test-results/."""

from __future__ import annotations

import contextlib
import os
import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import (
    Browser,
    BrowserContext,
    Page,
    Playwright,
    expect,
    sync_playwright,
)

RESULTS = Path(__file__).resolve().parent.parent.parent / "test-results"
CHROMIUM_NAMES = ("chromium", "chromium-browser", "google-chrome")
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
PASSED = pytest.StashKey[bool]()
# A film of every screen costs as much as the test: only when asked for, to look into a failure.
TRACE = bool(os.environ.get("NT_TRACE"))


def chromium_path() -> str:
    """The system's Chromium; its absence is an error that says what to do."""
    for name in CHROMIUM_NAMES:
        path = shutil.which(name)
        if path:
            return path
    raise RuntimeError("Không thấy Chromium: hãy chạy deploy/system-packages.sh")


def launch(playwright: Playwright, **options: Any) -> Browser:
    """Start Chromium as every test and benchmark of ours does."""
    options.setdefault("executable_path", chromium_path())
    options["args"] = [*ARGUMENTS, *options.get("args", [])]
    return playwright.chromium.launch(**options)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: Any) -> Iterator[Any]:
    """Leave a test's outcome where its fixtures can see it at teardown."""
    report = yield
    if report.when == "call":
        item.stash[PASSED] = report.passed
    return report


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """One browser for the whole run; every test opens contexts of its own."""
    # Playwright keeps an event loop in this thread, which Django takes for an async context.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    expect.set_options(timeout=15_000)  # how fast it is, the benchmarks ask
    with sync_playwright() as playwright:
        browser = launch(playwright)
        yield browser
        browser.close()


@pytest.fixture
def open_context(
    chromium: Browser, request: pytest.FixtureRequest
) -> Iterator[Callable[..., BrowserContext]]:
    """Open browser contexts (one per person); all are closed, and kept on record on failure."""
    opened: list[BrowserContext] = []

    def open_one(**options: Any) -> BrowserContext:
        options.setdefault("locale", "vi-VN")
        options.setdefault("timezone_id", "Asia/Ho_Chi_Minh")
        context = chromium.new_context(**options)
        context.set_default_timeout(15_000)
        if TRACE:
            context.tracing.start(screenshots=True, snapshots=True)
        opened.append(context)
        return context

    yield open_one
    failed = not request.node.stash.get(PASSED, False)
    folder = RESULTS / re.sub(r"[^\w.-]+", "-", request.node.name)
    for number, context in enumerate(opened):
        with contextlib.suppress(Exception):  # evidence must not hide the failure itself
            if failed:
                folder.mkdir(parents=True, exist_ok=True)
                for index, page in enumerate(context.pages):
                    page.screenshot(path=folder / f"{number}-{index}.png", full_page=True)
                if TRACE:
                    context.tracing.stop(path=folder / f"{number}.trace.zip")
        context.close()


@pytest.fixture
def page(open_context: Callable[..., BrowserContext]) -> Page:
    """One page in a fresh context: a tablet held upright."""
    return open_context(viewport={"width": 820, "height": 1180}).new_page()
