"""The text of a version, for whoever compares or cites it.

Recognising it is the work of a layer above (``council.intake``): it registers how to ask.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from threading import Lock

from nghitruong.council.papers.models import PaperVersion
from nghitruong.lib.redline import Comparison, compare

Source = Callable[[PaperVersion], str]
_sources: list[Source] = []


def register_source(source: Source) -> None:
    """Called once, by the layer that knows texts."""
    if source not in _sources:
        _sources.append(source)


def text_of(version: PaperVersion) -> str:
    """The whole text, pages parted by form feeds; empty while it is not known."""
    for source in _sources:
        text = source(version)
        if text.strip():
            return text
    return ""


_compared = lru_cache(maxsize=8)(compare)
# The same two texts are asked for by everybody in the hall at once: the first computes, the others
# wait for what it found.
_computing = tuple(Lock() for _ in range(8))


def compare_texts(old: str, new: str) -> Comparison | None:
    """What changed between two texts; None while one is not known."""
    if not (old and new):
        return None
    with _computing[hash((old, new)) % len(_computing)]:
        return _compared(old, new)


def compare_versions(old: PaperVersion, new: PaperVersion) -> Comparison | None:
    """What changed between two versions; None while the text of one is not known."""
    return compare_texts(text_of(old), text_of(new))
