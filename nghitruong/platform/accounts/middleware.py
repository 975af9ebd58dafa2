"""Rules of signing in: a one-time password is changed first; nobody is signed out in the middle of
a session of the council; who signs out takes their tickets of the hall along."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from nghitruong.platform.live import api as live
from nghitruong.platform.live import tickets

RENEWED = "renewed"
ANOTHER = "nt_another_user"  # set on a request after which the browser is not who it was


def signed_in(sender: Any, request: HttpRequest | None = None, **kwargs: Any) -> None:
    """Somebody signed in, perhaps over somebody else: tickets given before are not theirs."""
    if request is not None:
        setattr(request, ANOTHER, True)


def signed_out(sender: Any, request: HttpRequest | None = None, **kwargs: Any) -> None:
    """The hall's screens of this browser end with the sign-in (its session is still known here)."""
    if request is None:
        return
    setattr(request, ANOTHER, True)
    if request.session.session_key:
        live.end_device(tickets.device_of(request.session.session_key))


def renew(request: HttpRequest) -> None:
    """Let the session last from today, written once a day."""
    today = timezone.localdate().isoformat()
    if request.session.get(RENEWED) != today:
        request.session[RENEWED] = today


class AccountRules:
    """Asks for a new password where one is due, and renews the session once a day.

    A session lasts SESSION_COOKIE_AGE (14 days) from the last day it was used, not from the
    sign-in, so it never ends during a sitting.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """They cost nothing for who is not signed in, and one write a day for who is."""
        response = self._answer(request)
        if getattr(request, ANOTHER, False):
            tickets.take_back(response)
        return response

    def _answer(self, request: HttpRequest) -> HttpResponseBase:
        if not request.user.is_authenticated:
            return self.get_response(request)
        if request.user.must_change_password and not self._may_go_on(request):
            if "application/json" in request.headers.get("Accept", ""):
                sentence = _("Hãy đổi mật khẩu dùng một lần rồi làm tiếp.")
                return JsonResponse({"code": "password_due", "message": sentence}, status=403)
            return redirect("account_change_password")
        renew(request)
        return self.get_response(request)

    def _may_go_on(self, request: HttpRequest) -> bool:
        return request.path in {reverse("account_change_password"), reverse("account_logout")}
