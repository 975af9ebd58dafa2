"""Tells the live process who hears what, what a fresh screen shows, and which taps there are."""

from __future__ import annotations

from nghitruong.platform.live import registry
from nghitruong.platform.live.commands import Ticket
from nghitruong.platform.live.commands import register as register_command
from nghitruong.session.floor import commands, queries
from nghitruong.session.meetings.models import Sitting
from nghitruong.session.voting.queries import live_progress


def audiences(ticket: Ticket) -> set[str]:
    """What this ticket's person may hear of its sitting now; nothing in another council."""
    sitting: Sitting | None = (
        Sitting.objects.select_related("current_item").filter(pk=ticket.sitting_id).first()
    )
    if sitting is None or sitting.council_id != ticket.council_id:
        return set()
    return queries.audiences_of(sitting, ticket.person_id)


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
