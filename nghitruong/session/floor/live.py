"""Tells the live process who hears what, what a fresh screen shows, and which taps there are."""

from __future__ import annotations

from collections.abc import Sequence

from nghitruong.platform.live import registry
from nghitruong.platform.live.commands import Ticket
from nghitruong.platform.live.commands import register as register_command
from nghitruong.session.floor import commands, queries
from nghitruong.session.floor.events import DoorsShut, SittingChanged
from nghitruong.session.meetings.models import Sitting
from nghitruong.session.voting.queries import live_progress


def audiences(ticket: Ticket) -> set[str]:
    """What this ticket's person may hear of its sitting now; nothing in another council."""
    return audiences_of_many([ticket])[ticket]


def audiences_of_many(tickets: Sequence[Ticket]) -> dict[Ticket, set[str]]:
    """The same for the tickets of one council, a few statements per sitting."""
    found: dict[Ticket, set[str]] = {ticket: set() for ticket in tickets}
    wanted = {ticket.sitting_id for ticket in tickets}
    for sitting in Sitting.objects.select_related("current_item").filter(pk__in=wanted):
        here = [
            ticket
            for ticket in tickets
            if ticket.sitting_id == sitting.pk and ticket.council_id == sitting.council_id
        ]
        heard = queries.audiences_of_people(sitting, {ticket.person_id for ticket in here})
        found.update({ticket: heard[ticket.person_id] for ticket in here})
    return found


def register() -> None:
    """Called once by ``nghitruong.config.live``."""
    registry.set_audiences(audiences_of_many)
    registry.set_snapshots(
        hall=queries.hall_state,
        chair=queries.chair_state,
        person=queries.person_state,
        named=queries.named_state,
    )
    registry.set_doors({DoorsShut.type: True, SittingChanged.type: False})
    registry.set_progress(live_progress)
    register_command("check-in", commands.check_in, lock=commands.lock_sittings, lock_order=1)
    register_command("ask", commands.ask, lock=commands.lock_sittings, lock_order=1)
    register_command("withdraw", commands.withdraw, lock=commands.lock_sittings, lock_order=1)
    register_command("note", commands.note, lock=commands.lock_sittings, lock_order=1)
