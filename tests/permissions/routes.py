"""Every address of the product, from the URLconf, and every model behind a council's wall."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.urls import URLPattern, URLResolver, get_resolver


@dataclass(frozen=True)
class Url:
    """A named URL: its full name and the parts of its pattern, the council's slug left out."""

    name: str
    parts: tuple[str, ...]
    in_council: bool
    view: Any


def urls() -> list[Url]:
    """Every URL of the product."""
    return list(_walk(get_resolver(), "", (), False))


def _walk(resolver: URLResolver, prefix: str, parts: tuple[str, ...], inside: bool) -> Any:
    for entry in resolver.url_patterns:
        # Read from the text: Django shares one converters dict between equal routes.
        own = tuple(re.findall(r"<(?:\w+:)?(\w+)>", str(entry.pattern)))
        here = inside or "council" in own
        found = (*parts, *(part for part in own if part != "council"))
        if isinstance(entry, URLResolver):
            namespace = f"{prefix}{entry.namespace}:" if entry.namespace else prefix
            yield from _walk(entry, namespace, found, here)
        elif isinstance(entry, URLPattern):
            yield Url(f"{prefix}{entry.name}", found, here, entry.callback)


def scoped_models() -> list[Any]:
    """Every model of ours that belongs to a council."""
    return [
        model
        for model in apps.get_models()
        if model.__module__.startswith("nghitruong.")
        and any(field.name in {"council", "council_id"} for field in model._meta.concrete_fields)
    ]
