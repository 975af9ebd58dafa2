"""Sign-in pages beyond allauth's own."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


def locked_out(
    request: HttpRequest, response: Any = None, credentials: Any = None, *args: Any, **kwargs: Any
) -> HttpResponse:
    """Too many wrong passwords for one name: say so, and what to do."""
    return render(request, "accounts/locked_out.html", status=429)
