"""The wall: every URL that begins with a council's slug runs inside that council's scope.

``config/urls.py`` includes council pages under ``<slug:council>/``. The slug is taken off
here, so a view gets ``request.council`` and ``request.actor`` instead, and every query it makes
is held inside the council by django-scopes. An unknown slug and a council this person may not
know of give the same 404. A :class:`Refused` that a view lets through is answered with its reason.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any, TypeVar, cast

from django.contrib.auth import logout
from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, JsonResponse
from django.http.response import HttpResponseBase
from django.urls import Resolver404, resolve
from django.utils.translation import gettext as _
from django_scopes import scope

from nghitruong.council.councils import functions, queries
from nghitruong.council.councils.models import Council, Function
from nghitruong.council.councils.roles import Actor, Role, actor_for
from nghitruong.platform.errors import NotAllowed, Refused
from nghitruong.platform.storage.db import collided, no_room

logger = logging.getLogger(__name__)

KWARG = "council"
BADGE_KEY = "guest_pass"  # in the session of a device that a guest's pass signed in
View = TypeVar("View", bound=Callable[..., Any])


class CouncilRequest(HttpRequest):
    """For type hints: a request behind the wall, its person known."""

    council: Council
    actor: Actor
    functions: frozenset[Function]


def open_to_anonymous(view: View) -> View:
    """Mark a council view that needs no sign-in; ``request.actor`` may then be None."""
    view.open_to_anonymous = True  # type: ignore[attr-defined]
    return view


def same_person(request: HttpRequest) -> None:
    """What was written on a device says in ``X-Person`` who wrote it. On a shared tablet somebody
    else may have signed in meanwhile, in another tab or after a time without network: what the
    first one wrote stays on the device until they are back, and is never entered as the other's."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    if request.headers.get("X-Person", "") not in ("", str(actor.person_id or "")):
        raise NotAllowed(
            "another_person",
            _(
                "Máy này vừa đăng nhập bằng tài khoản khác. Điều đã ghi còn trên máy; hãy đăng "
                "nhập lại bằng tài khoản đã ghi."
            ),
        )


def refusal_of(error: Exception) -> Refused | None:
    """A refusal, also of what the database could not write now; None for a real fault."""
    if isinstance(error, Refused):
        return error
    if no_room(error):
        logger.error("không còn chỗ để ghi: %s", error)
        return Refused(
            "no_room",
            _("Máy chủ không còn chỗ để ghi. Việc này CHƯA được ghi; xin báo ngay quản trị viên."),
            status=507,
        )
    if collided(error):
        logger.warning("hai việc ghi chặn nhau: %s", error)
        return Refused(
            "busy",
            _("Có việc khác vừa ghi cùng lúc nên việc này CHƯA được ghi. Hãy bấm lại."),
        )
    return None


class CouncilMiddleware:
    """Sets ``request.council`` and ``request.actor`` and opens the council's scope."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Resolve the slug; sign-in comes first, so that nobody can list councils from outside."""
        request.council = None  # type: ignore[attr-defined]
        request.actor = None  # type: ignore[attr-defined]
        request.functions = frozenset()  # type: ignore[attr-defined]
        try:
            match = resolve(request.path_info)
        except Resolver404:
            return self.get_response(request)
        slug = match.kwargs.get(KWARG)
        if slug is None:
            return self.get_response(request)
        anonymous_ok = getattr(match.func, "open_to_anonymous", False)
        if not request.user.is_authenticated and not anonymous_ok:
            return redirect_to_login(request.get_full_path())
        found = queries.council_at(slug)
        if found is None:
            raise Http404("no such council")
        council, request.functions = found  # type: ignore[attr-defined]
        actor = None
        if request.user.is_authenticated:
            actor = actor_for(cast(Any, request.user), council)
            if (
                actor is not None
                and BADGE_KEY in request.session
                and not actor.roles <= {Role.GUEST}
            ):
                # The person was given more since; a badge never opens more than a guest's rights.
                logout(request)
                return redirect_to_login(request.get_full_path())
        if actor is None and not anonymous_ok:
            raise Http404("no such council for this person")
        request.council = council  # type: ignore[attr-defined]
        request.actor = actor  # type: ignore[attr-defined]
        with scope(council=council.pk):
            response = self.get_response(request)
            render = getattr(response, "render", None)
            if callable(render) and not getattr(response, "is_rendered", True):
                render()
            return response

    def process_view(
        self, request: HttpRequest, view: Any, args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> HttpResponseBase | None:
        """The view works with ``request.council``, not with a slug; and only if the council uses
        what it is part of."""
        if getattr(request, "council", None) is None:
            return None
        kwargs.pop(KWARG, None)
        refused = functions.refusal_of(view, request)
        return None if refused is None else self.process_exception(request, refused)

    def process_exception(
        self, request: HttpRequest, exception: Exception
    ) -> HttpResponseBase | None:
        """The reason of a refusal, as a page or, for a program, as JSON."""
        refused = refusal_of(exception)
        if refused is None:
            return None
        exception = refused
        if "application/json" in request.headers.get("Accept", ""):
            return JsonResponse(exception.as_dict(), status=exception.status)
        from nghitruong.ui.errors import error_page

        return error_page(
            request,
            exception.status,
            sentence=exception.sentence,
            article=exception.article,
            code=exception.code,
        )
