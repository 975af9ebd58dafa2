"""The wall: a URL with a council's slug runs inside that council's scope, for its people only."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django_scopes import scope

from nghitruong.council.councils.models import Council
from nghitruong.council.councils.roles import actor_for
from nghitruong.platform.errors import Refused


class CouncilMiddleware:
    """Sets ``request.council`` and ``request.actor`` where the URL has a ``council`` slug.

    Nobody signed in → the sign-in page; no such council, or the account is nobody there → 404
    (who may not know, does not learn that it exists). A :class:`Refused` raised by a view becomes
    its page or, for scripts, JSON.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        request.council = None  # type: ignore[attr-defined]
        request.actor = None  # type: ignore[attr-defined]
        return self.get_response(request)

    def process_view(
        self,
        request: HttpRequest,
        view: Callable[..., HttpResponseBase],
        args: tuple[Any, ...],
        kwargs: dict[str, Any],
    ) -> HttpResponseBase | None:
        """Enter the scope, run the view inside it."""
        slug = kwargs.pop("council", None)
        if slug is None:
            return None
        if not request.user.is_authenticated:
            return redirect_to_login(request.get_full_path())
        council = Council.objects.filter(slug=slug).first()
        if council is None:
            raise Http404
        with scope(council=council.pk):
            actor = actor_for(request.user, council, timezone.localdate())  # type: ignore[arg-type]
            if actor is None:
                raise Http404
            request.council = council  # type: ignore[attr-defined]
            request.actor = actor  # type: ignore[attr-defined]
            try:
                response = view(request, *args, **kwargs)
                if hasattr(response, "render") and not getattr(response, "is_rendered", True):
                    response = response.render()
                return response
            except Refused as refusal:
                return self.refused(request, refusal)

    def refused(self, request: HttpRequest, refusal: Refused) -> HttpResponseBase:
        """The reason, for a person or for a script."""
        if "application/json" in request.headers.get("Accept", ""):
            return JsonResponse(refusal.as_dict(), status=refusal.status)
        return render(request, "ui/refused.html", {"refusal": refusal}, status=refusal.status)
