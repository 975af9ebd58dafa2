"""The guides: every picture is there, the words are those of the screens."""

from __future__ import annotations

import re

import pytest

from nghitruong.config import help as guides
from nghitruong.config.catalogue import PACKAGE, source_texts

pytestmark = pytest.mark.django_db
BOLD = re.compile(r"\*\*([^*]+)\*\*")


@pytest.mark.parametrize("code", guides.GUIDES)
def test_a_guide_is_a_page_with_all_its_pictures(client, code) -> None:
    page = client.get(f"/tro-giup/{code}/")
    text = page.content.decode()
    assert page.status_code == 200
    pictures = re.findall(r'<img src="([^"]+)" alt="([^"]+)"', text)
    assert len(pictures) >= 5
    for address, words in pictures:
        assert words
        assert client.get(address)["Content-Type"] == "image/png", address
    for anchor, words in guides.guide_of(code).parts:
        assert f'<h2 id="{anchor}">{words}</h2>' in text


def test_the_contents_lead_to_every_guide(client) -> None:
    text = client.get("/tro-giup/").content.decode()
    for code in guides.GUIDES:
        assert f'href="/tro-giup/{code}/"' in text


def test_what_is_no_guide_and_no_picture_is_not_found(client) -> None:
    for path in ("khong-co/", "anh/khong-co.png", "anh/..%2f..%2fREADME.png"):
        assert client.get(f"/tro-giup/{path}").status_code == 404


def test_the_buttons_a_guide_names_are_on_the_screens() -> None:
    """Bold words are buttons and pages: each stands in a template, a text or an island."""
    screens = " ".join(text.msgid for text in source_texts())
    for kind in ("templates", "islands"):
        for path in (PACKAGE / "ui" / kind).rglob("*.*"):
            screens += path.read_text()
    for path in PACKAGE.rglob("*.html"):
        screens += path.read_text()
    unknown = []
    for code in guides.GUIDES:
        text = (guides.DOCS / "huong-dan" / f"{code}.md").read_text()
        for bold in BOLD.findall(text):
            for words in re.split(r" → | · ", bold):
                if words[0].isupper() and words.rstrip("….") not in screens:
                    unknown.append(words)
    assert unknown == []
