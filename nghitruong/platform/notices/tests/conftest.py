from __future__ import annotations

import pytest

from nghitruong.platform.notices.tests.servers import MailServer, running


@pytest.fixture(autouse=True)
def site(settings, tmp_path):
    settings.VAR_DIR = tmp_path
    settings.SITE_URL = "https://hdnd.lan"


@pytest.fixture
def mail(settings):
    with running(MailServer()) as server:
        settings.EMAIL_HOST, settings.EMAIL_PORT = server.server_address
        settings.EMAIL_USE_TLS = settings.EMAIL_USE_SSL = False
        settings.DEFAULT_FROM_EMAIL = "vanphong@hdnd.example.vn"
        yield server
