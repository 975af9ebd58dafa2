from __future__ import annotations

import pytest

from nghitruong.council.councils.models import Person
from nghitruong.council.councils.roles import Actor
from nghitruong.platform.errors import Refused
from nghitruong.session.floor import actions, queries
from nghitruong.session.floor.models import JournalEntry
from nghitruong.session.meetings.models import Sitting


def test_a_vice_chair_takes_the_chair_and_it_is_recorded(opened: Sitting, chair: Actor) -> None:
    vice = Person.objects.filter(memberships__post="council_vice_chair").first()
    actions.hand_over(opened, vice.pk, by=chair)
    assert queries.hall_state(opened.pk)["sitting"]["presiding"] == vice.full_name
    line = JournalEntry.objects.get(kind="floor.hand_over")
    assert line.data == {"from": "Nguyễn Văn An", "to": vice.full_name}


def test_a_clerk_then_acts_in_the_vice_chairs_name(
    opened: Sitting, chair: Actor, clerk: Actor
) -> None:
    vice = Person.objects.filter(memberships__post="council_vice_chair").first()
    actions.hand_over(opened, vice.pk, by=chair)
    actions.suspend_sitting(opened, by=clerk)
    line = JournalEntry.objects.get(kind="floor.suspend_sitting")
    assert line.by_name.endswith(f"thay mặt {vice.full_name}")


def test_an_ordinary_delegate_does_not_preside(opened: Sitting, chair: Actor, cuc: Actor) -> None:
    with pytest.raises(Refused) as refusal:
        actions.hand_over(opened, cuc.id, by=chair)
    assert refusal.value.code == "may_not_preside"
