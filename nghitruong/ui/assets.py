"""Built files by their plain names: ``asset_url("app.js")`` → ``/static/ui/app-3f2a.js``.

Reads ``dist/manifest.json``, made by ``npm run build``; a page asking for a file that was not
built fails with the name of the command, never with a silent 404 on a screen in the hall.
"""

from __future__ import annotations

import json
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.core.exceptions import ImproperlyConfigured
from django.templatetags.static import static

DIST = Path(__file__).parent / "dist"


@lru_cache(maxsize=4)
def _manifest(path: Path, changed: float) -> dict[str, dict[str, Any]]:
    """The manifest's entries by output name (``app.js``, ``style.css``)."""
    chunks: dict[str, dict[str, Any]] = json.loads(path.read_text())
    entries: dict[str, dict[str, Any]] = {}
    for chunk in chunks.values():
        if chunk.get("isEntry"):
            suffix = Path(chunk["file"]).suffix
            entries[f"{chunk['name']}{suffix}"] = chunk | {
                "preload": _imports(chunks, chunk),
            }
    return entries


def _imports(chunks: dict[str, dict[str, Any]], chunk: dict[str, Any]) -> list[str]:
    """Files the entry needs before it can run, each once, nearest first."""
    found: list[str] = []
    todo = list(chunk.get("imports", []))
    while todo:
        other = chunks[todo.pop(0)]
        if other["file"] not in found:
            found.append(other["file"])
            todo.extend(other.get("imports", []))
    return found


def _entry(name: str) -> dict[str, Any]:
    path = DIST / "manifest.json"
    try:
        changed = path.stat().st_mtime
    except FileNotFoundError:
        raise ImproperlyConfigured(
            f"{path}: chưa dựng giao diện, hãy chạy: npm ci && npm run build"
        ) from None
    try:
        return _manifest(path, changed)[name]
    except KeyError:
        raise ImproperlyConfigured(
            f"giao diện không có tệp {name!r}; hãy chạy: npm run build"
        ) from None


def asset_url(name: str) -> str:
    """The URL of a built entry. Raises ``ImproperlyConfigured`` when it was not built."""
    return static(f"ui/{_entry(name)['file']}")


def preload_urls(name: str) -> list[str]:
    """The URLs of the chunks a script entry imports."""
    return [static(f"ui/{file}") for file in _entry(name)["preload"]]


def style_urls(name: str) -> list[str]:
    """The URLs of the style sheets a script entry brings along; mostly none."""
    return [static(f"ui/{file}") for file in _entry(name).get("css", [])]


def urls_of(*patterns: str) -> list[str]:
    """The URLs of built files that scripts ask for by themselves, by patterns below ``dist``."""
    found = (path for pattern in patterns for path in sorted(DIST.glob(pattern)))
    return [
        static(f"ui/{path.relative_to(DIST).as_posix()}")
        for path in found
        if path.suffix not in {".br", ".gz"}
    ]


def font_urls() -> list[str]:
    """The two fonts every page paints first with (400, Latin and Vietnamese)."""
    files = _entry("style.css").get("assets", [])
    return [static(f"ui/{file}") for file in files if "-400-" in file]
