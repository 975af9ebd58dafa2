"""The hall's commands about polls: the vote (in bursts) and the end of a vote (a barrier).

:func:`register` is called once, by the place that assembles the live process.
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext as _

from nghitruong.council.councils.models import Person
from nghitruong.council.councils.roles import Actor, actor_of_person
from nghitruong.platform.errors import NotAllowed, Refused
from nghitruong.platform.live import commands, progress
from nghitruong.platform.live.commands import Refusal, Request
from nghitruong.platform.storage.db import lock_row
from nghitruong.session.voting.actions import close_poll
from nghitruong.session.voting.casting import Ballot, Overtaken, cast_votes
from nghitruong.session.voting.models import Poll

Answer = dict[str, Any] | Refusal


def refusal(refused: Refused) -> Refusal:
    """What the live process answers for a domain error."""
    data = {"vote": refused.vote} if isinstance(refused, Overtaken) else None
    return Refusal(refused.code, refused.sentence, refused.article, refused.status, data)


def _uuid(value: object) -> uuid.UUID | None:
    try:
        return uuid.UUID(str(value))
    except ValueError:
        return None


def _text_or_none(value: object) -> str | None:
    return value if isinstance(value, str) else None


def vote(requests: Sequence[Request]) -> list[Answer]:
    """Take votes ``{poll, choice, seen?, anew?}`` in the order of arrival; one answer each.

    All of one council (the engine's promise). Two of the same person: the last wins, both are
    answered; with ``seen`` (the receipt of the vote the screen showed, or "") only a tap that knew
    of the stored vote replaces it.
    """
    named = {str(request.body.get("poll")) for request in requests}
    polls = {text: _uuid(text) or uuid.UUID(int=0) for text in named}
    ballots = [
        Ballot(
            poll_id=polls[str(request.body.get("poll"))],
            sitting_id=request.ticket.sitting_id,
            person_id=request.ticket.person_id,
            choice=request.body.get("choice"),
            at=request.at,
            seen=_text_or_none(request.body.get("seen")),
            anew=request.body.get("anew") is True,
        )
        for request in requests
    ]
    answers = cast_votes(ballots, council_id=requests[0].ticket.council_id)
    for sitting in {
        request.ticket.sitting_id
        for request, answer in zip(requests, answers, strict=True)
        if not isinstance(answer, Refused)
    }:
        progress.mark(sitting)
    return [refusal(answer) if isinstance(answer, Refused) else answer for answer in answers]


def _actor(request: Request) -> Actor:
    """The person behind the ticket with today's roles; a ticket itself gives no rights."""
    person = (
        Person.objects.filter(pk=request.ticket.person_id)
        .select_related("account", "council")
        .first()
    )
    active = person is not None and person.account is not None and person.account.is_active
    actor = actor_of_person(person) if person is not None and active else None
    if actor is None or not actor.roles:
        raise NotAllowed("nobody", _("Phiên đăng nhập không còn hiệu lực. Hãy đăng nhập lại."))
    return actor


def close(requests: Sequence[Request]) -> list[Answer]:
    """End a vote ``{poll}``. A barrier: whatever arrived before it is counted."""
    answers: list[Answer] = []
    for request in requests:
        try:
            found = Poll.objects.filter(
                pk=_uuid(request.body.get("poll")) or uuid.UUID(int=0),
                sitting_id=request.ticket.sitting_id,
            )
            poll = found.only("pk").first()  # the step itself reads the row, under its lock
            if poll is None:
                raise Refused(
                    "poll_unknown",
                    _("Không có cuộc biểu quyết này trong phiên họp. Hãy tải lại trang."),
                    status=404,
                )
            poll = close_poll(poll, by=_actor(request))
            answers.append({"ok": True, "poll_id": str(poll.pk), "passed": poll.passed})
        except Refused as refused:
            answers.append(refusal(refused))
    return answers


def lock_polls(requests: Sequence[Request]) -> None:
    """The polls' rows, as :func:`vote` and :func:`close` lock them first."""
    found = (_uuid(request.body.get("poll")) for request in requests)
    ids = {key for key in found if key is not None}
    list(lock_row(Poll.objects.filter(pk__in=ids).order_by("pk")).only("pk"))


def register() -> None:
    """Tell the live process who handles ``vote`` and ``close-poll``. Polls come after sittings."""
    commands.register("vote", vote, lock=lock_polls, lock_order=2)
    commands.register("close-poll", close, barrier=True, lock=lock_polls, lock_order=2)
