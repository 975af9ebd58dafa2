"""A real WebKit, the engine of the iPads: WebKitGTK's MiniBrowser through its own WebDriver.

Only what the tests need of the W3C protocol; the packages are Debian's ``webkit2gtk-driver`` and
``xvfb`` (deploy/system-packages.sh). The engine is the iPad's; what iPadOS adds (its Home Screen,
its clearing of storage after seven days, its own limits) it does not show.
"""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import subprocess
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tests.support.postgres import free_port

ELEMENT = "element-6066-11e4-a52e-4f735466cecf"  # W3C WebDriver §12
PATIENCE = 60.0  # seconds


def minibrowser() -> Path | None:
    """The browser that belongs to the driver."""
    for folder in sorted(Path("/usr/lib").glob("*/webkit2gtk-4.*"), reverse=True):
        if (folder / "MiniBrowser").exists():
            return folder / "MiniBrowser"
    return None


def available() -> bool:
    """Whether everything is installed."""
    programs = ("WebKitWebDriver", "Xvfb")
    return minibrowser() is not None and all(shutil.which(program) for program in programs)


class WebKit:
    """One window."""

    def __init__(self, port: int) -> None:
        self.base = f"http://127.0.0.1:{port}"
        self.session = ""

    def call(self, method: str, path: str, body: dict[str, Any] | None = None) -> Any:
        """One command; its value, or the driver's error as RuntimeError."""
        data = json.dumps(body or {}).encode() if method == "POST" else None
        request = urllib.request.Request(
            self.base + (f"/session/{self.session}" if self.session else "") + path,
            data=data,
            method=method,
            headers={"Content-Type": "application/json"},
        )
        try:
            with urllib.request.urlopen(request, timeout=PATIENCE + 30) as answer:
                return json.load(answer)["value"]
        except urllib.error.HTTPError as error:
            raise RuntimeError(error.read().decode()) from None

    def open(self) -> None:
        """Start the browser."""
        options = {"binary": str(minibrowser()), "args": ["--automation"]}
        wanted = {"webkitgtk:browserOptions": options, "acceptInsecureCerts": True}
        told = self.call("POST", "/session", {"capabilities": {"alwaysMatch": wanted}})
        self.session = told["sessionId"]
        self.call("POST", "/timeouts", {"script": 60_000, "pageLoad": 60_000})
        self.call("POST", "/window/rect", {"width": 820, "height": 1180})

    def goto(self, url: str) -> None:
        """Load a page."""
        self.call("POST", "/url", {"url": url})

    def run(self, script: str, *arguments: Any) -> Any:
        """The value of an asynchronous function body."""
        whole = (
            "const done = arguments[arguments.length - 1];"
            f"(async (...args) => {{ {script} }})(...[...arguments].slice(0, -1))"
            ".then((value) => done({ value }), (error) => done({ error: String(error) }));"
        )
        told = self.call("POST", "/execute/async", {"script": whole, "args": list(arguments)})
        if "error" in told:
            raise RuntimeError(told["error"])
        return told.get("value")

    def wait(self, script: str, *arguments: Any) -> Any:
        """Until the function body gives something true."""
        deadline = time.monotonic() + PATIENCE
        seen: Any = None
        while time.monotonic() < deadline:
            with contextlib.suppress(RuntimeError):  # the page is just being left
                seen = self.run(script, *arguments)
                if seen:
                    return seen
            time.sleep(0.2)
        raise AssertionError(f"{script} → {seen}\n{self.text()[:2000]}")

    def see(self, selector: str, text: str = "") -> None:
        """Until an element is there whose text holds ``text``."""
        self.wait(
            "return [...document.querySelectorAll(args[0])]"
            ".some((one) => one.textContent.includes(args[1]))",
            selector,
            text,
        )

    def _element(self, selector: str) -> str:
        self.see(selector)
        found = self.call("POST", "/element", {"using": "css selector", "value": selector})
        return str(found[ELEMENT])

    def tap(self, selector: str) -> None:
        """As a finger does."""
        self.call("POST", f"/element/{self._element(selector)}/click")

    def write(self, selector: str, text: str) -> None:
        """Type."""
        self.call("POST", f"/element/{self._element(selector)}/value", {"text": text})

    def text(self) -> str:
        """Everything on the page."""
        return str(self.run("return document.body.innerText"))


@contextlib.contextmanager
def webkit() -> Iterator[WebKit]:
    """A browser on a screen of its own, with nothing of an earlier one."""
    home = tempfile.mkdtemp(prefix="nt-webkit-")
    read, write = os.pipe()
    screen = subprocess.Popen(
        ["Xvfb", "-displayfd", str(write), "-screen", "0", "1280x1400x24", "-nolisten", "tcp"],
        pass_fds=(write,),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    os.close(write)
    driver = None
    try:
        with os.fdopen(read) as answer:
            display = answer.readline().strip()
        port = free_port()
        environment = {
            **os.environ,
            "DISPLAY": f":{display}",
            "HOME": home,
            "XDG_RUNTIME_DIR": home,
            "XDG_DATA_HOME": home,
            "XDG_CACHE_HOME": home,
            "LIBGL_ALWAYS_SOFTWARE": "1",
            "WEBKIT_DISABLE_COMPOSITING_MODE": "1",
            "WEBKIT_DISABLE_SANDBOX_THIS_IS_DANGEROUS": "1",  # containers allow no namespaces
            "GSETTINGS_BACKEND": "memory",
            "NO_AT_BRIDGE": "1",
        }
        driver = subprocess.Popen(
            ["WebKitWebDriver", f"--port={port}"],
            env=environment,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        window = WebKit(port)
        deadline = time.monotonic() + PATIENCE
        while True:
            try:
                window.open()
                break
            except (urllib.error.URLError, ConnectionError):
                if time.monotonic() > deadline:
                    raise
                time.sleep(0.2)
        yield window
        with contextlib.suppress(RuntimeError, OSError):
            window.call("DELETE", "")
    finally:
        for process in (driver, screen):
            if process is not None:
                process.terminate()
                process.wait(timeout=10)
        shutil.rmtree(home, ignore_errors=True)
