"""Three real browsers on the delegate's screen: how long after an event is it painted?

The moment of the event is the browser's own (``Event.timeStamp``, when it took the message from the
connection); the end is the first task after the frame that the page's own handlers asked for, so
script, layout and paint are all inside.

``python -m bench._paint URL SESSION_COOKIE…`` is a process of its own: the browsers must not share
the load generator's loop. It prints a line when all pages hear their streams, and one JSON object
after a line on stdin.
"""

from __future__ import annotations

import asyncio
import json
import sys
from typing import Any

from tests.support.browser import ARGUMENTS, chromium_path

WATCH = """
(() => {
  window.__painted = [];
  const Native = window.EventSource;
  window.EventSource = class extends Native {
    constructor(...given) {
      super(...given);
      this.addEventListener("message", (event) => {
        const heard = event.timeStamp;
        requestAnimationFrame(() => {
          const after = new MessageChannel();
          after.port1.onmessage = () =>
            window.__painted.push([performance.now() - heard, JSON.parse(event.data).slice]);
          after.port2.postMessage(0);
        });
      });
      this.addEventListener("ping", () => { window.__hears = true; });
    }
  };
})();
"""


async def main(url: str, cookies: list[str]) -> None:
    """Open a browser for each session cookie, wait for the end, say what was painted when."""
    from playwright.async_api import async_playwright

    loop = asyncio.get_running_loop()
    async with async_playwright() as playwright:
        pages: list[Any] = []
        browsers: list[Any] = []
        for cookie in cookies:
            name, _, value = cookie.partition("=")
            browser = await playwright.chromium.launch(
                executable_path=chromium_path(), args=ARGUMENTS
            )
            browsers.append(browser)
            context = await browser.new_context(viewport={"width": 820, "height": 1180})
            await context.add_init_script(WATCH)
            host = url.split("/")[2].split(":")[0]
            await context.add_cookies([{"name": name, "value": value, "domain": host, "path": "/"}])
            page = await context.new_page()
            await page.goto(url)
            # A function: the page's policy lets nobody evaluate words a second time.
            await page.wait_for_function("() => window.__hears === true", timeout=30_000)
            pages.append(page)
        print("ready", flush=True)
        await loop.run_in_executor(None, sys.stdin.readline)
        painted = [await page.evaluate("window.__painted") for page in pages]
        for browser in browsers:
            await browser.close()
    print(json.dumps(painted), flush=True)


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], sys.argv[2:]))
