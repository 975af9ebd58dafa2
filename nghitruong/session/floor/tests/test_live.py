"""Who may hear what."""

from __future__ import annotations

from typing import Any

import pytest

from nghitruong.council.councils.models import Duty, DutyKind, Person
from nghitruong.council.councils.roles import CLERK_DUTIES
from nghitruong.platform.live.commands import Ticket
from nghitruong.session.floor.live import audiences
from nghitruong.session.floor.queries import first_screen
from nghitruong.session.meetings.chairing import chair_people
from nghitruong.session.meetings.models import Sitting
from nghitruong.session.voting.queries import hears_count
from tests.support.cast import actor


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


@pytest.mark.parametrize("duty", sorted({*CLERK_DUTIES, DutyKind.OFFICE_HEAD}))
def test_the_count_before_the_announcement_is_for_those_whose_duty_needs_it(
    opened: Sitting, province: Any, duty: str
) -> None:
    binh = province.people["binh"]
    kept = Duty.objects.filter(person=binh).first()
    assert kept is not None
    Duty.objects.filter(person=binh).exclude(pk=kept.pk).delete()
    Duty.objects.filter(pk=kept.pk).update(kind=duty)
    hears = duty in {DutyKind.CLERK_VOTING, DutyKind.CLERK_MINUTES, DutyKind.CLERK_SCREEN}
    assert ("chair" in audiences(_ticket(opened, binh))) is hears
    assert hears_count(actor(province, "binh")) is hears  # the pages say the same
    state = first_screen(opened, binh.pk, chair_people(opened))["state"]
    assert ({"tally", "outcome"} <= state.keys()) is hears
    assert {"queue", "presence", "poll", "progress", "seats"} <= state.keys()


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
