"""What other apps do that a running vote must know of."""

from __future__ import annotations

from typing import Any

from django.dispatch import receiver
from django.utils.translation import gettext as _

from nghitruong.council.councils.models import Function
from nghitruong.council.councils.roles import Actor
from nghitruong.council.councils.signals import function_switched
from nghitruong.platform.errors import Refused
from nghitruong.platform.storage.db import lock_row
from nghitruong.session.meetings.models import Sitting, SittingState
from nghitruong.session.voting.models import Poll, PollState


@receiver(function_switched, dispatch_uid="voting.function_switched")
def not_during_a_vote(
    sender: type[Function], *, function: Function, enabled: bool, by: Actor, **kwargs: Any
) -> None:
    """Voting is not taken away from under a vote that runs or waits for its announcement.

    The sittings are locked first: a vote that is being opened has its own by then, or finds the
    function off (:func:`.actions.open_poll`).
    """
    if function != Function.VOTING or enabled:
        return
    halls = Sitting.objects.filter(council=by.council).exclude(state=SittingState.CLOSED)
    list(lock_row(halls.order_by("pk")).only("pk"))
    running = Poll.objects.filter(
        council=by.council, state__in=[PollState.OPEN, PollState.CLOSED]
    ).order_by("number")
    poll = lock_row(running).first()
    if poll is not None:
        raise Refused(
            "poll_running",
            _("Đang biểu quyết «%(question)s». Hãy kết thúc và công bố rồi tắt.")
            % {"question": poll.question},
        )
