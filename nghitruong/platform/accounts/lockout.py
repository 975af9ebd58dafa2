"""What the lockout counts by: the typed name together with the address, never an address alone.

A whole hall signs in from one address; ten wrong passwords for one name close that name, from
that address, for six minutes, and nobody else notices.
"""

from __future__ import annotations

from typing import Any

from axes.handlers.proxy import AxesProxyHandler
from django.http import HttpRequest


def typed_name(request: HttpRequest, credentials: dict[str, Any] | None = None) -> str:
    """The name as the counter knows it: from the form, or from who authenticates in code."""
    name = (credentials or {}).get("username") or request.POST.get("login") or ""
    return str(name).strip().lower()[:150]


def client_ip(request: HttpRequest) -> str | None:
    """The client's address; None when nothing tells it.

    The web process listens on a Unix socket: REMOTE_ADDR is empty there, and the address is the
    last hop that the live process (or the proxy in front) wrote. What a client writes into the
    header itself comes before that and is not believed.
    """
    direct = request.META.get("REMOTE_ADDR") or ""
    if direct and direct not in {"127.0.0.1", "::1", "unix:"}:
        return str(direct)
    hops = [hop.strip() for hop in request.META.get("HTTP_X_FORWARDED_FOR", "").split(",")]
    return hops[-1] or direct or None


def is_shut(request: HttpRequest, name: str) -> bool:
    """Whether this name was got wrong too often from this address; for doors beside sign-in."""
    return not AxesProxyHandler.is_allowed(request, {"username": name})


def count_wrong(request: HttpRequest, name: str) -> None:
    """One more wrong try for the name from this address."""
    AxesProxyHandler.user_login_failed("door", {"username": name}, request)
    request.axes_locked_out = False  # type: ignore[attr-defined]  # the door has its own answer
