"""Every page a person can open: by following links, then by filling in the URLconf."""

from __future__ import annotations

import re
import urllib.parse
from collections import defaultdict, deque
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.urls import Resolver404, get_resolver, resolve

HREF = re.compile(r'href="(/[^"#]*)')
PARAMETER = re.compile(r"<(?:\w+:)?(\w+)>")
NEVER = ("dang-xuat", "minh-hoa", "/static/")  # signing out and in is no page of the demo

# (status, content type, text) of a GET
Fetch = Callable[[str], tuple[int, str, str]]


@dataclass(frozen=True)
class PageOf:
    """A page as one person opens it."""

    view: str
    path: str
    user: str


def _view(path: str) -> tuple[str, dict[str, Any]] | None:
    try:
        match = resolve(urllib.parse.urlsplit(path).path)
    except Resolver404:
        return None
    return match.view_name or match._func_path, dict(match.kwargs)


def patterns(found: Iterable[Any] | None = None, prefix: str = "") -> Iterator[str]:
    """Every URL pattern as ``/<slug:council>/ky-hop/<int:number>/``."""
    for pattern in get_resolver().url_patterns if found is None else found:
        here = prefix + str(pattern.pattern)
        if hasattr(pattern, "url_patterns"):
            yield from patterns(pattern.url_patterns, here)
        else:
            yield "/" + here


class Crawler:
    """Walks one council as one person; of each view at most ``per_view`` addresses."""

    def __init__(self, fetch: Fetch, user: str, slug: str, per_view: int = 2) -> None:
        self.fetch, self.user, self.slug, self.per_view = fetch, user, slug, per_view
        self.pages: list[PageOf] = []
        self.done: set[str] = set()
        self.seen: dict[str, int] = defaultdict(int)
        self.known: dict[str, set[str]] = defaultdict(set)
        self.todo: deque[str] = deque([f"/{slug}/"])

    def walk(self) -> list[PageOf]:
        """All pages found."""
        while self.todo:
            self._visit(self.todo.popleft())
        self.known["council"] = {self.slug}
        for pattern in patterns():
            names = PARAMETER.findall(pattern)
            if all(self.known[name] for name in names):
                values = {name: max(self.known[name]) for name in names}
                self._visit(PARAMETER.sub(lambda m, v=values: v[m.group(1)], pattern))
        return self.pages

    def _visit(self, path: str) -> None:
        match = _view(path)
        if match is None or path in self.done or any(word in path for word in NEVER):
            return
        view, arguments = match
        if self.seen[view] >= self.per_view or arguments.get("council", self.slug) != self.slug:
            return
        self.done.add(path)
        for name, value in arguments.items():
            self.known[name].add(str(value))
        status, content_type, text = self.fetch(path)
        if status != 200 or "text/html" not in content_type:
            return
        self.seen[view] += 1
        self.pages.append(PageOf(view, path, self.user))
        for link in HREF.findall(text):
            if link.startswith((f"/{self.slug}/", "/tai-khoan/")):
                self.todo.append(link.replace("&amp;", "&"))
