"""The front door (which council?) and «Việc hôm nay», the first page of everybody."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from nghitruong.config import setup
from nghitruong.config import today as work
from nghitruong.council.councils.middleware import CouncilRequest
from nghitruong.council.councils.queries import councils_for


@require_safe
def front_door(request: HttpRequest) -> HttpResponse:
    """Straight to the only council one is a person of; a choice where there are several.

    An installation nobody can sign in to yet begins with its set-up.
    """
    if not request.user.is_authenticated:
        if setup.first_run():
            return redirect("setup")
        return redirect_to_login(request.get_full_path())
    councils = councils_for(request.user)
    if len(councils) == 1:
        return redirect("home", councils[0].slug)
    return render(request, "config/front_door.html", {"councils": councils})


@require_safe
def today(request: CouncilRequest) -> HttpResponse:
    """What waits for this person, the most urgent first, one tap to do it."""
    context: dict[str, Any] = {
        "tasks": work.tasks_for(request.actor, request.functions),
        "coming": work.coming_for(request.actor),
        "roles": work.role_words(request.actor),
        "now": timezone.localtime(),
    }
    return render(request, "config/today.html", context)
