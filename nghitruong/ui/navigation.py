"""The entries of the side bar. Each app registers its own in its ``AppConfig.ready()``:

    navigation.register(NavItem("Kỳ họp", "gavel", "meetings:list", order=20))

The label is a msgid (wrap it in ``gettext_lazy``), the icon a file of ``ui/icons``. The URL is
reversed with the council's slug, or without it when the page lies outside a council.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse


def _always(request: HttpRequest) -> bool:
    return True


@dataclass(frozen=True)
class NavItem:
    """One entry; ``visible(request)`` decides for this person, cheaply (it runs on every page)."""

    label: Any
    icon: str
    url_name: str
    visible: Callable[[HttpRequest], bool] = _always
    order: int = 50


@dataclass(frozen=True)
class NavLink:
    """An entry as the page shows it."""

    label: Any
    icon: str
    url: str
    active: bool


@dataclass(frozen=True)
class Bell:
    """The bell of every page of a person: where it leads, how many wait, where a screen asks again
    (by POST), and whose it is."""

    url: str
    count: int
    ask_url: str
    slug: str
    person: str


_items: dict[str, NavItem] = {}
_bells: list[Callable[[HttpRequest], Bell | None]] = []


def register_bell(bell: Callable[[HttpRequest], Bell | None]) -> None:
    """Called once, by the app that has notices."""
    _bells[:] = [bell]


def bell_of(request: HttpRequest) -> Bell | None:
    """The bell for this request's person; None outside a council and for who is nobody there."""
    return _bells[0](request) if _bells else None


def register(item: NavItem) -> None:
    """Add an entry; registering the same URL name again replaces it."""
    _items[item.url_name] = item


def links(request: HttpRequest) -> list[NavLink]:
    """The entries this request's person sees, in order, the longest matching one active.

    An entry of a council is left out on pages outside any council.
    """
    council = getattr(request, "council", None)
    found: list[tuple[NavItem, str]] = []
    for item in sorted(_items.values(), key=lambda item: (item.order, item.url_name)):
        if not item.visible(request):
            continue
        url = _reverse(item.url_name, council.slug if council is not None else None)
        if url is not None:
            found.append((item, url))
    here = max((url for _, url in found if request.path.startswith(url)), key=len, default=None)
    return [NavLink(item.label, item.icon, url, url == here) for item, url in found]


def _reverse(url_name: str, slug: str | None) -> str | None:
    if slug is not None:
        try:
            return reverse(url_name, args=[slug])
        except NoReverseMatch:
            return reverse(url_name)
    try:
        return reverse(url_name)
    except NoReverseMatch:
        return None
