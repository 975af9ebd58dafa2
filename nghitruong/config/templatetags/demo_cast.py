"""``{% demo_cast %}``: the one-tap sign-ins, on the sign-in page of the demo."""

from __future__ import annotations

from typing import Any

from django import template
from django.template.context import Context

from nghitruong.config.demo_door import cast_sign_ins

register = template.Library()


@register.inclusion_tag("config/demo_cast.html", takes_context=True)
def demo_cast(context: Context) -> dict[str, Any]:
    """Grouped by council, in the order of the cast."""
    groups: dict[str, list[Any]] = {}
    for entry in cast_sign_ins():
        groups.setdefault(entry.council, []).append(entry)
    return {"groups": list(groups.items()), "csrf_token": context.get("csrf_token")}
