"""What the hall taps: check-in, ask, withdraw, note. Applied in batches by the live process.

A handler gets requests of one council in order of arrival, inside the batch's transaction and the
council's scope, and answers each; requests of several sittings are taken sitting by sitting.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Sequence
from typing import Any

from django.utils.translation import gettext as _

from nghitruong.council.councils.functions import refusal_in
from nghitruong.council.councils.models import Function
from nghitruong.platform.errors import Refused
from nghitruong.platform.live.commands import Outcome, Refusal, Request
from nghitruong.platform.storage.db import lock_row
from nghitruong.session.floor.actions import arrivals, notes, queue
from nghitruong.session.floor.models import RequestKind
from nghitruong.session.meetings.models import Sitting

Answer = dict[str, Any] | Refused


def _outcome(answer: Answer) -> Outcome:
    if isinstance(answer, Refused):
        return Refusal(answer.code, answer.sentence, answer.article, answer.status)
    return answer


def _by_sitting(
    requests: Sequence[Request],
    handle: Callable[[uuid.UUID, list[Request]], list[Answer]],
    function: Function | None = None,
) -> list[Outcome]:
    """Hand each sitting its requests, in order; put the answers back in the order of arrival.

    The ticket says which sitting; a body that names another is refused, and everything while the
    council does not use ``function``.
    """
    if function is not None:
        off = refusal_in(requests[0].ticket.council_id, function)
        if off is not None:
            return [_outcome(off)] * len(requests)
    outcomes: list[Outcome | None] = [None] * len(requests)
    places: dict[uuid.UUID, list[int]] = {}
    for index, request in enumerate(requests):
        named = str(request.body.get("sitting") or request.ticket.sitting_id)
        if named.replace("-", "") != request.ticket.sitting_id.hex:
            outcomes[index] = Refusal(
                "other_sitting", _("Màn hình này thuộc phiên họp khác. Hãy tải lại trang.")
            )
        else:
            places.setdefault(request.ticket.sitting_id, []).append(index)
    for sitting_id, indexes in places.items():
        try:
            answers = handle(sitting_id, [requests[index] for index in indexes])
        except Sitting.DoesNotExist:
            gone = Refused(
                "no_sitting", _("Không có phiên họp này. Hãy tải lại trang."), status=404
            )
            answers = [gone] * len(indexes)
        for index, answer in zip(indexes, answers, strict=True):
            outcomes[index] = _outcome(answer)
    return [outcome for outcome in outcomes if outcome is not None]


def check_in(requests: Sequence[Request]) -> list[Outcome]:
    """``check-in`` {} → {presence}."""

    def handle(sitting_id: uuid.UUID, batch: list[Request]) -> list[Answer]:
        return arrivals.check_in(sitting_id, [r.ticket.person_id for r in batch])

    return _by_sitting(requests, handle, Function.ROLL_CALL)


def ask(requests: Sequence[Request]) -> list[Outcome]:
    """``ask`` {kind, item?} → {request: {id, position, kind, state}}."""

    def handle(sitting_id: uuid.UUID, batch: list[Request]) -> list[Answer]:
        askings = [
            queue.Asking(
                r.ticket.person_id,
                str(r.body.get("kind") or RequestKind.SPEECH),
                r.at,
                str(r.body.get("item") or ""),
            )
            for r in batch
        ]
        return queue.ask(sitting_id, askings)

    return _by_sitting(requests, handle, Function.SPEAKING)


def withdraw(requests: Sequence[Request]) -> list[Outcome]:
    """``withdraw`` {} → {request: null}."""

    def handle(sitting_id: uuid.UUID, batch: list[Request]) -> list[Answer]:
        return queue.withdraw(sitting_id, [r.ticket.person_id for r in batch])

    return _by_sitting(requests, handle)


def note(requests: Sequence[Request]) -> list[Outcome]:
    """``note`` {text} → {id}. Only those who preside read it."""

    def handle(sitting_id: uuid.UUID, batch: list[Request]) -> list[Answer]:
        writings = [
            notes.Writing(r.ticket.person_id, str(r.body.get("text") or ""), r.at) for r in batch
        ]
        return notes.write_notes(sitting_id, writings)

    return _by_sitting(requests, handle)


def lock_sittings(requests: Sequence[Request]) -> None:
    """The sittings' rows, which every command of the hall locks first."""
    ids = {request.ticket.sitting_id for request in requests}
    list(lock_row(Sitting.objects.filter(pk__in=ids).order_by("pk")).only("pk"))
