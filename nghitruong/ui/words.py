"""The islands' own texts: they speak the page's language through the same catalogues.

A text stands in the TypeScript as ``t("…")`` with Vietnamese inside. A Vietnamese page needs
nothing; a page in another language carries the translations of all of them beside it.
"""

from __future__ import annotations

import json
import re
from functools import lru_cache
from pathlib import Path

from django.utils.translation import get_language, gettext

ISLANDS = Path(__file__).parent / "islands"
_TEXT = re.compile(r'\bt\(\s*("(?:[^"\\]|\\.)*")')


def texts_of(source: str) -> list[str]:
    """Every text of a TypeScript source, in order."""
    return [json.loads(text) for text in _TEXT.findall(source)]


@lru_cache(maxsize=1)
def texts() -> tuple[str, ...]:
    """Every text of every island, each once."""
    sources = sorted(path for path in ISLANDS.rglob("*.ts") if "test" not in path.name)
    found = [text for path in sources for text in texts_of(path.read_text())]
    return tuple(dict.fromkeys(found))


def translations() -> dict[str, str]:
    """Text → its words in the active language; empty where that is Vietnamese."""
    if (get_language() or "vi").startswith("vi"):
        return {}
    return {text: found for text in texts() if (found := gettext(text)) != text}
