from __future__ import annotations

from typing import Any

import pytest

from nghitruong.council.councils.models import LegislativeTerm, Membership
from nghitruong.council.councils.roles import Actor
from nghitruong.platform.errors import NotAllowed, Refused
from nghitruong.session.floor import actions, queries
from nghitruong.session.floor.models import JournalEntry
from nghitruong.session.meetings.models import RollEntry, Sitting, Summons


def test_everybody_in_office_is_on_the_roll_with_names_of_the_moment(
    rolled: Sitting, cuc: Actor, hoa: Actor, chair: Actor
) -> None:
    assert RollEntry.objects.filter(sitting=rolled).count() == 15
    assert rolled.roll_open
    cuc_line = RollEntry.objects.get(sitting=rolled, person=cuc.person)
    assert (cuc_line.name, cuc_line.presence) == ("Lê Thị Cúc", "unknown")
    assert cuc_line.group
    assert cuc_line.seat_number
    assert RollEntry.objects.get(person=hoa.person).title == "Trưởng Ban Pháp chế"
    assert RollEntry.objects.get(person=chair.person).title == "Chủ tịch HĐND"


def test_a_suspended_member_is_listed_but_not_entitled(
    sitting: Sitting, clerk: Actor, dung: Actor
) -> None:
    Membership.objects.filter(person=dung.person).update(status="suspended")
    actions.open_roll(sitting, by=clerk)
    assert not RollEntry.objects.get(person=dung.person).entitled
    counts = queries.presence_counts(queries.sitting_by_id(sitting.pk))
    assert (counts["in_office"], counts["unknown"]) == (15, 14)


def test_the_roll_has_exactly_those_the_total_counts(
    sitting: Sitting, clerk: Actor, cuc: Actor, dung: Actor
) -> None:
    """A delegate without a term (written so before it was refused) or of another one is not in N:
    the roll does not call them either."""
    old = LegislativeTerm.objects.create(
        council=sitting.council, number=16, starts_on="2021-06-01", statutory_seats=15
    )
    plenary = Membership.objects.filter(organization__kind="plenary")
    plenary.filter(person=cuc.person).update(term=None)
    plenary.filter(person=dung.person).update(term=old)
    actions.open_roll(sitting, by=clerk)
    counts = queries.presence_counts(queries.sitting_by_id(sitting.pk))
    assert RollEntry.objects.filter(sitting=sitting).count() == counts["in_office"] == 13


def test_who_lost_the_term_while_on_the_roll_is_neither_counted_nor_entitled(
    rolled: Sitting, clerk: Actor, cuc: Actor
) -> None:
    actions.close_roll(rolled, by=clerk)
    Membership.objects.filter(person=cuc.person).update(term=None)
    actions.open_roll(rolled, by=clerk)
    counts = queries.presence_counts(queries.sitting_by_id(rolled.pk))
    assert counts["in_office"] == counts["unknown"] == 14
    assert not RollEntry.objects.get(person=cuc.person).entitled


def test_an_absence_excused_in_answer_to_the_summons_comes_over_with_its_reason(
    sitting: Sitting, clerk: Actor, cuc: Actor
) -> None:
    Summons.objects.create(
        council=sitting.council,
        session=sitting.session,
        kind="summons",
        number=1,
        person=cuc.person,
        name=cuc.name,
        issued_at="2026-11-20T00:00:00Z",
        reply="absent",
        reason="đi khám bệnh",
    )
    actions.open_roll(sitting, by=clerk)
    line = RollEntry.objects.get(person=cuc.person)
    assert (line.presence, line.reason) == ("excused", "đi khám bệnh")


def test_opening_again_keeps_who_is_there_and_adds_who_took_office(
    rolled: Sitting, clerk: Actor, cuc: Actor
) -> None:
    actions.set_presence(rolled, cuc.delegate.pk, "present", by=clerk)
    newcomer = RollEntry.objects.exclude(person=cuc.person).first()
    newcomer.delete()
    actions.close_roll(rolled, by=clerk)
    actions.open_roll(rolled, by=clerk)
    assert RollEntry.objects.filter(sitting=rolled).count() == 15
    assert RollEntry.objects.get(person=cuc.person).presence == "present"


def test_opening_twice_is_refused(rolled: Sitting, clerk: Actor) -> None:
    with pytest.raises(Refused) as refusal:
        actions.open_roll(rolled, by=clerk)
    assert refusal.value.code == "roll_already_open"


def test_a_delegate_may_not_open_the_roll(sitting: Sitting, cuc: Actor) -> None:
    with pytest.raises(NotAllowed):
        actions.open_roll(sitting, by=cuc)


def test_the_end_of_the_roll_call_is_a_line_with_the_counts(
    rolled: Sitting, clerk: Actor, cuc: Actor, tap: Any
) -> None:
    tap("check-in", cuc)
    actions.close_roll(rolled, by=clerk)
    line = JournalEntry.objects.get(kind="floor.close_roll")
    assert line.text == "Kết thúc điểm danh: có mặt 1/15 đại biểu."
    assert line.data["counts"]["quorum_needed"] == 10
    assert line.by_name == "Trần Thị Bình"


def test_statements_do_not_grow_with_the_council(
    sitting: Sitting, clerk: Actor, django_assert_max_num_queries: Any
) -> None:
    with django_assert_max_num_queries(30):
        actions.open_roll(sitting, by=clerk)
