"""Acts in words for people; each app's words are given by whoever assembles the product."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

_labels: dict[str, Any] = {}


def register(labels: Mapping[str, Any]) -> None:
    """``{"voting.close_poll": _("Kết thúc biểu quyết")}``"""
    _labels.update(labels)


_facts: dict[str, Any] = {}


def register_facts(words: Mapping[str, Any]) -> None:
    """What the keys of payloads are called: ``{"reason": _("Lý do")}``"""
    _facts.update(words)


def fact(key: str) -> str:
    """A payload's key in words; a key nobody named is a detail."""
    return str(_facts.get(key) or _("Chi tiết"))


def label(action: str) -> str:
    """The act in words."""
    return str(_labels.get(action, action))


def choices() -> list[tuple[str, str]]:
    """Every known act, by its words."""
    return sorted(((code, str(words)) for code, words in _labels.items()), key=lambda c: c[1])


def known() -> frozenset[str]:
    """Every act that has words."""
    return frozenset(_labels)
