"""How one person wants to read: the theme and the size of letters.

Kept by the browser in the cookie ``nt_ui`` (``dark.150``) so that the server renders the right
page at once, with no flash; ``<nt-prefs>`` writes it. Anything unknown in it is ignored.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpRequest

COOKIE = "nt_ui"
THEMES = ("light", "dark")
SIZES = ("100", "125", "150", "200")


@dataclass(frozen=True)
class Preferences:
    """``theme`` is empty until the person has chosen: then a page may have its own default."""

    theme: str = ""
    size: str = "100"


def read(request: HttpRequest) -> Preferences:
    """The preferences in the request's cookie, or the defaults."""
    theme, _, size = request.COOKIES.get(COOKIE, "").partition(".")
    return Preferences(
        theme=theme if theme in THEMES else "",
        size=size if size in SIZES else "100",
    )
