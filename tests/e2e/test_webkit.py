"""The briefcase on WebKit, because the tablets are iPads: the same way as in test_briefcase.

WebKit allows service workers on https and on ``localhost``. There is no switch for airplane mode in
its driver, so the server itself goes away: for the tablet that is the same.
"""

from __future__ import annotations

import pytest

from tests.e2e.hall import SITTING
from tests.e2e.test_briefcase import SESSION, asked
from tests.support.installation import Installation
from tests.support.webkit import WebKit, available, webkit

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(600)]


def sign_in(window: WebKit, url: str, username: str) -> None:
    window.goto(url)
    window.tap(f'form[action$="/minh-hoa/{username}/"] button')
    window.wait("return !/dang-nhap|minh-hoa/.test(location.pathname)")


@pytest.mark.skipif(not available(), reason="cần webkit2gtk-driver và xvfb")
def test_read_and_written_without_network_it_is_all_there_once(playing: Installation) -> None:
    playing.origin = "http://localhost"
    playing.start()
    url = playing.url
    with webkit() as window:
        sign_in(window, url, "cuc")
        window.goto(url + SESSION)
        window.tap('nt-briefcase [data-act="take"]')
        window.see('[data-holding="whole"]')
        assert window.run("return navigator.serviceWorker.ready.then((one) => !!one.active)")

        playing.stop()
        window.goto(url + SESSION)
        window.see('[data-line="off"]', "Không tới được máy chủ")
        address = url + window.run(
            "return [...document.querySelectorAll('nt-offline a')]"
            ".find((one) => one.textContent.startsWith('Dự thảo Nghị quyết')).getAttribute('href')"
        )
        window.goto(address)
        window.see('.nt-pdf-page[data-page="1"][data-drawn]')
        window.run(
            "document.querySelector('.nt-pdf').dispatchEvent("
            "new KeyboardEvent('keydown', { key: 'n', bubbles: true }))"
        )
        window.write("#nt-note-text", "Viet tren WebKit")
        window.run(
            "[...document.querySelectorAll('nt-reader button')]"
            ".find((one) => one.textContent.trim() === 'Ghi lại').click()"
        )
        window.see("[data-saving]", "1 ghi chú giữ trên máy này")
        window.goto(f"{address}gop-y/")
        window.write("#nt-offline-text", "Y kien tren WebKit")
        window.tap("nt-offline form .btn-primary")
        window.see("[data-written]", "chưa gửi")
        window.goto(url + SITTING)
        window.tap('nt-offline form button[value="speech"]')
        window.wait(
            "return document.querySelectorAll('[data-outgoing-state=waiting]').length === 2"
        )

        playing.start()
        window.see('[data-line="back"]')
        window.wait("return document.querySelectorAll('[data-outgoing-state=sent]').length === 2")
        window.goto(address)
        window.see('[data-saving="saved"]')
        window.see('.nt-pdf-page[data-page="1"][data-drawn]')
        told = "[Opinion.objects.filter(text='Y kien tren WebKit').count(), "
        told += "Annotation.objects.filter(text='Viet tren WebKit').count(), "
        told += "SpeakerRequest.objects.filter(name='Lê Thị Cúc', state='waiting').count()]"
        assert asked(playing, told) == [1, 1, 1]
