"""Tells the live process who hears what, what a fresh screen shows, and which taps there are."""

from __future__ import annotations

from django.utils import timezone

from nghitruong.council.councils.models import Duty, DutyKind, Membership
from nghitruong.council.councils.periods import in_force
from nghitruong.council.councils.roles import CLERK_DUTIES
from nghitruong.platform.live import registry
from nghitruong.platform.live.commands import Ticket
from nghitruong.platform.live.commands import register as register_command
from nghitruong.session.floor import commands, queries
from nghitruong.session.meetings.models import RollEntry, Sitting
from nghitruong.session.voting.queries import live_progress


def audiences(ticket: Ticket) -> set[str]:
    """What this person may hear of this sitting today.

    ``me`` and ``hall``: on the roll, in a body, or with a duty; behind closed doors not guests and
    press. ``chair``: who may preside, and the clerks.
    """
    sitting: Sitting | None = (
        Sitting.objects.select_related("current_item").filter(pk=ticket.sitting_id).first()
    )
    if sitting is None or sitting.council_id != ticket.council_id:
        return set()
    today = timezone.localdate()
    duties = {
        DutyKind(kind)
        for kind in Duty.objects.filter(in_force(today), person_id=ticket.person_id).values_list(
            "kind", flat=True
        )
    }
    member = (
        RollEntry.objects.filter(sitting=sitting, person_id=ticket.person_id).exists()
        or Membership.objects.filter(in_force(today), person_id=ticket.person_id).exists()
    )
    inside = member or bool(duties - {DutyKind.GUEST, DutyKind.PRESS})
    if not inside and (not duties or queries.shut(sitting)):
        return set()
    heard = {"hall", "me"}
    if duties & CLERK_DUTIES or ticket.person_id in queries.chair_people(sitting):
        heard.add("chair")
    return heard


def register() -> None:
    """Called once by ``nghitruong.config.live``."""
    registry.set_audiences(audiences)
    registry.set_snapshots(
        hall=queries.hall_state,
        chair=queries.chair_state,
        person=queries.person_state,
    )
    registry.set_progress(live_progress)
    register_command("check-in", commands.check_in)
    register_command("ask", commands.ask)
    register_command("withdraw", commands.withdraw)
    register_command("note", commands.note)
