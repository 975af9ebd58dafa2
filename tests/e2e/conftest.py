"""The hall for the tests of this folder; ``NT_SHOTS=folder`` keeps pictures of every step."""

from __future__ import annotations

import base64
import hashlib
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from playwright.sync_api import Browser, BrowserContext

from tests.e2e.hall import TABLET, Hall
from tests.support.browser import ARGUMENTS, chromium_path
from tests.support.installation import ROOT, Installation, InstallationFactory

NAME = "phonghop.lan"  # of the hall's own network; it exists in these browsers only


@pytest.fixture
def hall(live_installation: Installation, open_context: Callable[..., BrowserContext]) -> Hall:
    """Chair, clerk, three delegates and the projector at the third sitting of the demo."""
    return Hall(live_installation, open_context)


@pytest.fixture
def look(hall: Hall) -> Callable[[str], None]:
    """Photograph all screens, when somebody asked for pictures."""
    folder = os.environ.get("NT_SHOTS", "")

    def take(name: str) -> None:
        if not folder:
            return
        Path(folder).mkdir(parents=True, exist_ok=True)
        for who in ("chair", "clerk", "projector", "cuc", "dung", "hoa"):
            page = getattr(hall, who)
            page.wait_for_timeout(300)
            page.screenshot(path=Path(folder) / f"{name}-{who}.png", full_page=who != "projector")

    return take


@contextmanager
def _in_its_third_sitting(installations: InstallationFactory) -> Iterator[Installation]:
    installation = installations.make()
    try:
        subprocess.run(
            [sys.executable, "-m", "bench._demo"],
            env=installation.environment(),
            cwd=ROOT,
            check=True,
            timeout=120,
        )
        yield installation
    finally:
        installations.discard(installation)


@pytest.fixture(scope="session")
def played(installations: InstallationFactory) -> Iterator[Installation]:
    """A demo in the middle of its third sitting: two results published, a third vote running."""
    with _in_its_third_sitting(installations) as installation:
        installation.start()
        yield installation


@pytest.fixture
def playing(installations: InstallationFactory) -> Iterator[Installation]:
    """A demo in the middle of a vote, not started."""
    with _in_its_third_sitting(installations) as installation:
        yield installation


@pytest.fixture
def tablet(chromium: Browser) -> Iterator[Callable[[str], BrowserContext]]:
    """A browser that knows the name, and trusts one key."""
    opened: list[Browser] = []

    def open_one(pin: str = "") -> BrowserContext:
        arguments = [*ARGUMENTS, f"--host-resolver-rules=MAP {NAME} 127.0.0.1"]
        if pin:
            arguments.append(f"--ignore-certificate-errors-spki-list={pin}")
        browser = chromium.browser_type.launch(executable_path=chromium_path(), args=arguments)
        opened.append(browser)
        return browser.new_context(locale="vi-VN", viewport=TABLET, has_touch=True)

    yield open_one
    for browser in opened:
        browser.close()


def pin_of(installation: Installation) -> str:
    """The key of its local authority, as a browser that trusts it by its key wants it."""
    authority = (installation.var / "tls" / "ca.crt").read_bytes()
    certificate = x509.load_pem_x509_certificate(authority)
    key = certificate.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    return base64.b64encode(hashlib.sha256(key).digest()).decode()
