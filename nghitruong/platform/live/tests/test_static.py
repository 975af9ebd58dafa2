"""Built files."""

from __future__ import annotations

import asyncio
import gzip

import pytest

from nghitruong.platform.live.static import StaticFiles
from nghitruong.platform.live.tests.browser import call


@pytest.fixture
def folder(settings, tmp_path):
    from django.contrib.staticfiles import finders

    settings.STATICFILES_DIRS = [("ui", str(tmp_path))]
    finders.get_finder.cache_clear()
    yield tmp_path
    finders.get_finder.cache_clear()


def get(path, app=None, method="GET", **headers):
    app = app or StaticFiles("/static/")
    named = {k.replace("_", "-"): v for k, v in headers.items()}
    return asyncio.run(call(app, method, path, headers={"host": "a", **named}))


def test_a_hashed_file_is_kept_for_ever_a_plain_one_is_asked_about(folder):
    (folder / "app-3f2a9b1c.js").write_text("let a = 1;")
    (folder / "manifest.json").write_text("{}")
    hashed, plain = get("/static/ui/app-3f2a9b1c.js"), get("/static/ui/manifest.json")
    assert "immutable" in hashed.headers["cache-control"]
    assert hashed.headers["content-type"] == "text/javascript; charset=utf-8"
    assert hashed.content == b"let a = 1;"
    assert plain.headers["cache-control"] == "no-cache"
    again = get("/static/ui/manifest.json", if_none_match=plain.headers["etag"])
    assert (again.status, again.content) == (304, b"")


def test_text_is_compressed_and_a_ready_compressed_file_is_preferred(folder):
    (folder / "a.css").write_text("a{}" * 1000)
    reply = get("/static/ui/a.css", accept_encoding="gzip, br")
    assert reply.headers["content-encoding"] == "gzip"
    assert gzip.decompress(reply.content) == b"a{}" * 1000
    (folder / "a.css.br").write_bytes(b"ready")
    assert get("/static/ui/a.css", accept_encoding="gzip, br").content == b"ready"
    assert get("/static/ui/a.css").content == b"a{}" * 1000
    head = get("/static/ui/a.css", method="HEAD")
    assert (head.headers["content-length"], head.content) == ("3000", b"")


def test_a_file_built_again_is_sent_anew(folder):
    app = StaticFiles("/static/")
    (folder / "a.txt").write_text("one")
    assert get("/static/ui/a.txt", app).content == b"one"
    (folder / "a.txt").write_text("three")
    assert get("/static/ui/a.txt", app).content == b"three"


@pytest.mark.parametrize(
    "path", ["", "ui", "ui/none.js", "ui/../../settings.py", "%2e%2e/a", "ui/%00"]
)
def test_nothing_else_is_given_away(folder, path):
    assert get("/static/" + path).status == 404
