"""Under a name of the hall's own network: on https with the local authority, and on plain http.

At 127.0.0.1 a browser allows everything; tablets come by a name. The name exists in this browser
only (``--host-resolver-rules``); the authority is trusted by its key, and its name constraints are
checked by OpenSSL beside it.
"""

from __future__ import annotations

import base64
import hashlib
import socket
import ssl
import subprocess
import sys
from collections.abc import Callable, Iterator

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.e2e.hall import SITTING, TABLET, sign_in
from tests.support.browser import ARGUMENTS, chromium_path
from tests.support.installation import ROOT, Installation, InstallationFactory
from tests.support.postgres import free_port

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(300)]
NAME = "phonghop.lan"


@pytest.fixture
def playing(installations: InstallationFactory) -> Iterator[Installation]:
    """A demo in the middle of a vote, not started."""
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


def _votes(page: Page, url: str) -> None:
    """Chooses, confirms, and is told that it is recorded; after a reload it still is."""
    page.goto(url + SITTING)
    expect(page.locator("nt-connection")).to_have_attribute("state", "online")
    page.locator('[data-choice="yes"]').click()
    page.locator("[data-confirm-vote]").click()
    expect(page.locator(".nt-vote-choice")).to_have_text("Tán thành")
    page.reload()
    expect(page.locator(".nt-vote-choice")).to_have_text("Tán thành")


def test_on_https_with_the_local_authority(
    playing: Installation, tablet: Callable[[str], BrowserContext]
) -> None:
    playing.manage("tls", "init", NAME)
    plain = free_port()
    playing.origin, playing.serve_options = f"https://{NAME}", ("--plain-port", str(plain))
    playing.start()
    authority = playing.var / "tls" / "ca.crt"

    # OpenSSL with the authority and nothing else: this name, and no other.
    context = ssl.create_default_context(cafile=str(authority))
    for name, good in ((NAME, True), ("nganhang.vn", False)):
        with socket.create_connection(("127.0.0.1", playing.port), timeout=10) as raw:
            try:
                context.wrap_socket(raw, server_hostname=name).close()
            except ssl.SSLCertVerificationError:
                assert not good
            else:
                assert good

    # Before anything is installed: the plain door shows how, and sends everything else to https.
    certificate = x509.load_pem_x509_certificate(authority.read_bytes())
    key = certificate.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    trusting = tablet(base64.b64encode(hashlib.sha256(key).digest()).decode())
    page = trusting.new_page()
    page.goto(f"http://{NAME}:{plain}/cai-chung-chi/")
    with page.expect_download() as download:
        page.get_by_role("link", name="Tải chứng chỉ").first.click()
    assert x509.load_der_x509_certificate(download.value.path().read_bytes()) == certificate
    page.goto(f"http://{NAME}:{plain}/lao-cai/")
    assert page.url.startswith(playing.url)

    cuc = sign_in(trusting, playing.url, "cuc")
    assert cuc.evaluate("isSecureContext && 'randomUUID' in crypto && 'wakeLock' in navigator")
    expect(cuc.locator("[data-nt-insecure]")).to_be_hidden()
    _votes(cuc, playing.url)
    assert all(cookie["secure"] for cookie in trusting.cookies())

    # A browser that trusts nothing of ours refuses.
    stranger = tablet("").new_page()
    with pytest.raises(Exception, match="ERR_CERT_AUTHORITY_INVALID"):
        stranger.goto(playing.url)


def test_on_plain_http_the_vote_counts_and_the_screen_says_what_is_missing(
    playing: Installation, tablet: Callable[[str], BrowserContext]
) -> None:
    playing.origin = f"http://{NAME}"
    playing.extra_environment["NGHITRUONG_HOSTS"] = f"127.0.0.1,{NAME}"
    playing.start()
    cuc = sign_in(tablet(""), playing.url, "cuc")
    assert cuc.evaluate("!isSecureContext && !('randomUUID' in crypto)")
    expect(cuc.locator("[data-nt-insecure]")).to_contain_text("không mã hóa")
    _votes(cuc, playing.url)
    expect(cuc.locator("[data-nt-insecure]")).to_be_visible()
