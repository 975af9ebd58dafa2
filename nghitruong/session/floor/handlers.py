"""What other apps did, shown in the hall and written into its journal in the same transaction."""

from __future__ import annotations

import uuid
from collections.abc import Collection
from datetime import datetime
from typing import Any

from django.dispatch import receiver
from django.utils.translation import gettext as _

from nghitruong.council.councils.models import Function, Membership
from nghitruong.council.councils.roles import Actor
from nghitruong.council.councils.signals import function_switched, standing_moved
from nghitruong.platform.errors import Refused
from nghitruong.session.floor import journal, tell
from nghitruong.session.floor.actions import roll
from nghitruong.session.floor.models import Speech
from nghitruong.session.meetings.models import Sitting, SittingState
from nghitruong.session.voting.models import Poll
from nghitruong.session.voting.signals import poll_moved


@receiver(poll_moved, dispatch_uid="floor.poll_moved")
def poll_in_journal(
    sender: type[Poll],
    *,
    poll: Poll,
    step: str,
    by: Actor,
    on_behalf: str,
    at: datetime,
    text: str,
    **kwargs: Any,
) -> None:
    """A step of a poll is a line; voting keeps its own audit entry."""
    name = by.name
    if on_behalf:
        name = _("%(clerk)s, thay mặt %(chair)s") % {"clerk": by.name, "chair": on_behalf}
    journal.line(
        poll.sitting,
        f"voting.{step}",
        text,
        by_name=name,
        item=poll.item,
        data={"poll": str(poll.pk), "number": poll.number},
        at=at,
    )


@receiver(function_switched, dispatch_uid="floor.function_switched")
def functions_on_screens(
    sender: type[Function], *, function: Function, enabled: bool, by: Actor, **kwargs: Any
) -> None:
    """Every screen of a sitting shows or hides the part at once; not in the middle of its use."""
    running = Sitting.objects.filter(council=by.council).exclude(state=SittingState.CLOSED)
    for sitting_id in running.order_by("pk").values_list("pk", flat=True):
        sitting = tell.locked(sitting_id)
        if not enabled and function == Function.ROLL_CALL and sitting.roll_open:
            raise Refused("roll_open", _("Đang điểm danh. Hãy kết thúc điểm danh rồi tắt."))
        if (
            not enabled
            and function == Function.SPEAKING
            and Speech.objects.filter(sitting=sitting, ended_at__isnull=True).exists()
        ):
            raise Refused("somebody_speaks", _("Đang có người phát biểu. Hãy đợi xong rồi tắt."))
        tell.tell_hall(sitting, tell.sitting_changed(sitting))


@receiver(standing_moved, dispatch_uid="floor.standing_moved")
def standing_on_rolls(
    sender: type[Membership], *, membership: Membership, by: Actor, **kwargs: Any
) -> None:
    """A delegate suspended, restored or gone: every roll still in use says so at once."""
    running = Sitting.objects.filter(roll__person_id=membership.person_id)
    for sitting in running.exclude(state=SittingState.CLOSED).order_by("pk"):
        roll.refresh_entitled(sitting, by=by, people=[membership.person_id])


def agenda_on_screens(sitting_ids: Collection[uuid.UUID]) -> None:
    """The agenda of these sittings changed: their screens show it."""
    for sitting_id in sorted(sitting_ids):
        try:
            sitting = tell.locked(sitting_id)
        except Sitting.DoesNotExist:
            continue
        tell.tell_hall(
            sitting,
            tell.sitting_changed(sitting),
            tell.item_changed(sitting),
            tell.poll_shown(sitting),  # it names the paper too
            tell.agenda_changed(sitting),
        )
