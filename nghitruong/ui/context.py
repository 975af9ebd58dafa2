"""What every page's frame needs: navigation, council, reading preferences, the demo label."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from nghitruong.ui import navigation, preferences


def shell(request: HttpRequest) -> dict[str, Any]:
    """Context processor; ``nav`` and ``bell`` are computed only by pages that show them."""
    return {
        "nav": SimpleLazyObject(lambda: navigation.links(request)),
        "bell": SimpleLazyObject(lambda: navigation.bell_of(request)),
        "council": getattr(request, "council", None),
        "actor": getattr(request, "actor", None),
        "functions": getattr(request, "functions", frozenset()),
        "prefs": preferences.read(request),
        "demo": settings.DEMO,
    }
