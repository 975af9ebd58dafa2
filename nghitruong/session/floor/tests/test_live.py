"""Who may hear what."""

from __future__ import annotations

from typing import Any

import pytest

from nghitruong.council.councils.models import Person
from nghitruong.platform.live.commands import Ticket
from nghitruong.session.floor.live import audiences
from nghitruong.session.meetings.models import Sitting


def _ticket(sitting: Sitting, person: Person) -> Ticket:
    return Ticket(sitting.council_id, person.pk, sitting.pk, "tablet", person.full_name)


@pytest.mark.parametrize(
    ("who", "heard"),
    [
        ("an", {"hall", "me", "chair", "named"}),
        ("binh", {"hall", "me", "chair", "named"}),
        ("cuc", {"hall", "me", "named"}),
        ("giang", {"hall", "me"}),
        ("em", {"hall", "me", "outside"}),
        ("kim", {"hall", "me", "outside"}),
        ("ich", {"hall", "me"}),
    ],
)
def test_each_hears_their_part(opened: Sitting, province: Any, who: str, heard: set[str]) -> None:
    assert audiences(_ticket(opened, province.people[who])) == heard


@pytest.mark.parametrize("who", ["em", "kim"])
def test_behind_closed_doors_guests_and_press_hear_nothing(
    opened: Sitting, province: Any, who: str
) -> None:
    Sitting.objects.filter(pk=opened.pk).update(closed_doors=True)
    assert audiences(_ticket(opened, province.people[who])) == set()


def test_a_ticket_of_another_council_hears_nothing(
    opened: Sitting, province: Any, commune: Any
) -> None:
    foreign = commune.people["nam"]
    ticket = Ticket(commune.council.pk, foreign.pk, opened.pk, "tablet", "")
    assert audiences(ticket) == set()
    assert audiences(_ticket(opened, foreign)) == set()
