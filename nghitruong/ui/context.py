"""What every page's shell needs."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest


def shell(request: HttpRequest) -> dict[str, Any]:
    """Council, demo label."""
    return {"demo": settings.DEMO, "council": getattr(request, "council", None)}
