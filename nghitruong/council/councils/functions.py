"""What a council has switched on is what it is offered; what is off is refused with its name.

A set of addresses says once which function it belongs to (:func:`part_of` in its ``urls.py``, or
:func:`uses` on one view); CouncilMiddleware refuses them while the function is off. What was
recorded while it was on stays readable: those addresses are named ``readable``. Commands of the
hall ask :func:`refusal_in` themselves, once a batch.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Collection, Iterable
from typing import Any, Final

from django.http import HttpRequest
from django.urls import URLPattern
from django.utils.translation import gettext as _

from nghitruong.council.councils import queries
from nghitruong.council.councils.models import Council, Function
from nghitruong.platform.errors import NotAllowed, Refused

# Who is not on the roll can neither be called nor vote: these work only beside the roll call.
NEEDS: Final[dict[Function, Function]] = {
    Function.SPEAKING: Function.ROLL_CALL,
    Function.VOTING: Function.ROLL_CALL,
}
_SAFE: Final = frozenset({"GET", "HEAD"})


def uses(function: Function, view: Callable[..., Any], *, readable: bool = False) -> None:
    """Mark a view as part of a function; a readable one is still read while it is off."""
    view.function = function  # type: ignore[attr-defined]
    view.function_readable = readable  # type: ignore[attr-defined]


def part_of(
    function: Function, patterns: Iterable[URLPattern], *, readable: Collection[str] = ()
) -> list[URLPattern]:
    """Mark every address of a list; ``readable`` by their names."""
    marked = list(patterns)
    for pattern in marked:
        uses(function, pattern.callback, readable=pattern.name in readable)
    return marked


def refusal(function: Function) -> NotAllowed:
    """Why nothing can be done with a function that is off, and who may switch it on."""
    return NotAllowed(
        "function_off",
        _(
            "Hội đồng hiện không dùng chức năng «%(name)s» trong hệ thống. "
            "Quản trị viên bật được ở trang «Chức năng»."
        )
        % {"name": function.label},
    )


def refusal_of(view: Callable[..., Any], request: HttpRequest) -> NotAllowed | None:
    """Why this view is not for the council of the request now; None when it is."""
    function: Function | None = getattr(view, "function", None)
    if function is None or function in request.functions:  # type: ignore[attr-defined]
        return None
    if request.method in _SAFE and getattr(view, "function_readable", False):
        return None
    return refusal(function)


def refusal_in(council_id: uuid.UUID, function: Function) -> NotAllowed | None:
    """The same for a command of the hall; one statement."""
    return None if function in queries.functions_of(council_id) else refusal(function)


def require_coherent(council: Council, function: Function, enabled: bool) -> None:
    """Refuse a switch that leaves a function without the one it needs."""
    on = queries.enabled_functions(council)
    if enabled and function in NEEDS and NEEDS[function] not in on:
        raise Refused(
            "function_needs",
            _("«%(name)s» cần «%(needed)s». Hãy bật «%(needed)s» trước.")
            % {"name": function.label, "needed": NEEDS[function].label},
        )
    left = [other for other in NEEDS if NEEDS[other] == function and other in on]
    if not enabled and left:
        raise Refused(
            "function_needed",
            _("«%(others)s» cần «%(name)s». Hãy tắt «%(others)s» trước.")
            % {"name": function.label, "others": "», «".join(str(other.label) for other in left)},
        )
