from __future__ import annotations

import io

import pytest
from django_scopes import scope

from nghitruong.council.councils.tests.factories import make_cast, make_council
from nghitruong.council.papers import actions
from nghitruong.council.papers.tests.samples import make_docx, make_pdf, zip_of
from nghitruong.platform.accounts.models import Account

# Star imports of this file bring its fixtures too.
__all__ = ["cast", "council", "make_docx", "make_pdf", "send", "signed_in", "var", "zip_of"]


@pytest.fixture(autouse=True)
def var(tmp_path, settings):
    """Files of a test in a folder of its own, to be walked."""
    settings.VAR_DIR = tmp_path
    settings.FILES_DIR = tmp_path / "files"
    settings.UPLOADS_DIR = tmp_path / "uploads"
    return tmp_path


@pytest.fixture
def council(db):
    council = make_council()
    with scope(council=council.pk):
        yield council


@pytest.fixture
def cast(council):
    return make_cast(council)


@pytest.fixture
def signed_in(client, council, settings):
    """Sign the test client in as an actor."""

    def sign_in(actor):
        person = actor.person
        if person.account is None:  # no password: hashing one is slow and nobody types it
            person.account = Account.objects.create(username=person.pk.hex)
            person.save(update_fields=["account"])
        client.force_login(person.account, backend=settings.AUTHENTICATION_BACKENDS[-1])
        return client

    return sign_in


def send(actor, data: bytes, *, file_name="bao-cao.pdf", paper=None, session_id=None, **about):
    """A whole file through the actions, as a screen sends it; in place of ``paper`` it is meant."""
    meant = {"replaces": "yes"} if paper is not None else {}
    about = {"kind": "report", "title": "Báo cáo kinh tế - xã hội", **meant, **about}
    upload = actions.start_upload(
        by=actor,
        length=len(data),
        file_name=file_name,
        about=about,
        paper=paper,
        session_id=session_id,
    )
    upload, _cut = actions.receive_bytes(upload, io.BytesIO(data), offset=0, by=actor)
    return actions.finish_upload(upload, by=actor)
