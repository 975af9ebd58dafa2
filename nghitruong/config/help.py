"""The guides of docs/huong-dan as pages: for everybody, signed in or not, without Internet."""

from __future__ import annotations

from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

from django.conf import settings
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe
from markdown_it import MarkdownIt
from markdown_it.token import Token

DOCS = Path(settings.BASE_DIR) / "docs"
GUIDES = (
    "dai-bieu",
    "thu-ky",
    "co-quan",
)  # in the order of the list; a file of docs/huong-dan each


class Guide(NamedTuple):
    """A guide: its title, its first sentence, its parts to jump to, its page."""

    code: str
    title: str
    intro: str
    parts: list[tuple[str, str]]
    html: SafeString


@cache
def guide_of(code: str) -> Guide:
    """Read and rendered once per process; the file is ours, HTML in it is not let through."""
    text = (DOCS / "huong-dan" / f"{code}.md").read_text()
    markdown = MarkdownIt("commonmark", {"html": False})
    tokens = markdown.parse(text)
    title, intro = tokens[1].content, tokens[4].content.replace("**", "")
    parts: list[tuple[str, str]] = []
    for opening, inline in pairwise(tokens):
        if opening.type == "heading_open" and opening.tag == "h2":
            anchor = f"muc-{len(parts) + 1}"
            opening.attrSet("id", anchor)
            parts.append((anchor, inline.content))
    _point_pictures(tokens)
    html = markdown.renderer.render(tokens[3:], markdown.options, {})
    return Guide(code, title, intro, parts, mark_safe(html))  # noqa: S308  # made here


def _point_pictures(tokens: list[Token]) -> None:
    for token in tokens:
        for child in token.children or []:
            if child.type == "image":
                name = Path(str(child.attrGet("src"))).name
                child.attrSet("src", reverse("help_picture", args=[name.removesuffix(".png")]))
                child.attrSet("loading", "lazy")


@require_safe
def contents(request: HttpRequest) -> HttpResponse:
    """The guides."""
    return render(request, "config/help.html", {"guides": [guide_of(code) for code in GUIDES]})


@require_safe
def guide(request: HttpRequest, code: str) -> HttpResponse:
    """One guide, to read or to print."""
    if code not in GUIDES:
        raise Http404
    crumbs = [(_("Trợ giúp"), reverse("help")), (guide_of(code).title, "")]
    return render(request, "config/help_guide.html", {"guide": guide_of(code), "crumbs": crumbs})


@require_safe
def picture(request: HttpRequest, name: str) -> HttpResponseBase:
    """A picture of the guides; `name` is a slug, so no path."""
    path = DOCS / "pictures" / f"{name}.png"
    if not path.is_file():
        raise Http404
    response = FileResponse(path.open("rb"), content_type="image/png")
    response["Cache-Control"] = "public, max-age=3600"
    return response
