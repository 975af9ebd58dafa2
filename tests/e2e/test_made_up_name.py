"""Under a name of the hall's own network: on https with the local authority, and on plain http.

At 127.0.0.1 a browser allows everything; tablets come by a name. The name exists in this browser
only (``--host-resolver-rules``); the authority is trusted by its key, and its name constraints are
checked by OpenSSL beside it.
"""

from __future__ import annotations

import socket
import ssl
from collections.abc import Callable

import pytest
from cryptography import x509
from playwright.sync_api import BrowserContext, Page, expect

from tests.e2e.conftest import NAME, pin_of
from tests.e2e.hall import SITTING, sign_in
from tests.support.installation import Installation
from tests.support.postgres import free_port

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(300)]


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
    trusting = tablet(pin_of(playing))
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
