from __future__ import annotations

from typing import Any

import pytest

from nghitruong.council.councils.models import Membership
from nghitruong.council.councils.roles import Actor
from nghitruong.platform.audit.models import Entry
from nghitruong.platform.errors import NotAllowed, Refused
from nghitruong.session.floor import actions
from nghitruong.session.floor.models import JournalEntry
from nghitruong.session.meetings.models import RollEntry, Sitting


def test_excused_needs_a_reason(rolled: Sitting, clerk: Actor, cuc: Actor) -> None:
    with pytest.raises(Refused) as refusal:
        actions.set_presence(rolled, cuc.delegate.pk, "excused", by=clerk, reason="  ")
    assert refusal.value.code == "reason_missing"
    entry = actions.set_presence(rolled, cuc.delegate.pk, "excused", by=clerk, reason="bị ốm")
    assert entry.reason == "bị ốm"


def test_leaving_during_the_sitting_is_a_line_of_the_journal(
    opened: Sitting, clerk: Actor, cuc: Actor
) -> None:
    actions.set_presence(opened, cuc.delegate.pk, "left", by=clerk)
    line = JournalEntry.objects.get(kind="floor.set_presence")
    assert line.text == "Lê Thị Cúc rời phòng họp."
    assert RollEntry.objects.get(person=cuc.person).presence == "left"


def test_answers_to_the_roll_call_are_audited_one_by_one_but_not_in_the_journal(
    rolled: Sitting, clerk: Actor, cuc: Actor
) -> None:
    actions.set_presence(rolled, cuc.delegate.pk, "present", by=clerk)
    assert not JournalEntry.objects.filter(kind="floor.set_presence").exists()
    entry = Entry.objects.get(action="floor.set_presence")
    assert entry.payload["presence"] == "present"
    assert entry.actor_name == "Trần Thị Bình"


def test_the_same_state_twice_changes_nothing(rolled: Sitting, clerk: Actor, cuc: Actor) -> None:
    for _ in range(2):
        actions.set_presence(rolled, cuc.delegate.pk, "absent", by=clerk)
    assert Entry.objects.filter(action="floor.set_presence").count() == 1


def test_a_suspended_member_is_not_entered_as_present(
    sitting: Sitting, clerk: Actor, dung: Actor
) -> None:
    Membership.objects.filter(person=dung.person).update(status="suspended")
    actions.open_roll(sitting, by=clerk)
    with pytest.raises(Refused) as refusal:
        actions.set_presence(sitting, dung.delegate.pk, "present", by=clerk)
    assert refusal.value.code == "suspended_member"


def test_a_reason_typed_in_nfd_is_stored_in_nfc(rolled: Sitting, clerk: Actor, cuc: Actor) -> None:
    nfd = "bi\u0323 \u00f4\u0301m"
    entry = actions.set_presence(rolled, cuc.delegate.pk, "excused", by=clerk, reason=nfd)
    assert entry.reason == "bị ốm"


def test_a_delegate_may_not_enter_others(rolled: Sitting, cuc: Actor, dung: Actor) -> None:
    with pytest.raises(NotAllowed):
        actions.set_presence(rolled, dung.delegate.pk, "present", by=cuc)


def test_nothing_changes_after_the_sitting(opened: Sitting, chair: Actor, cuc: Actor) -> None:
    actions.close_sitting(opened, by=chair)
    with pytest.raises(Refused) as refusal:
        actions.set_presence(opened, cuc.delegate.pk, "left", by=chair)
    assert refusal.value.code == "sitting_closed"


def test_a_member_who_left_is_not_counted_present(
    opened: Sitting, clerk: Actor, cuc: Actor, tap: Any
) -> None:
    from nghitruong.session.floor import queries

    actions.set_presence(opened, cuc.delegate.pk, "left", by=clerk)
    counts = queries.presence_counts(queries.sitting_by_id(opened.pk))
    assert (counts["present"], counts["left"]) == (14, 1)
    assert tap("ask", cuc, kind="speech").code == "not_present"


def test_the_rest_are_entered_as_present_in_one_step(
    rolled: Sitting, clerk: Actor, cuc: Actor, dung: Actor
) -> None:
    actions.set_presence(rolled, cuc.delegate.pk, "excused", by=clerk, reason="bị ốm")
    roll = RollEntry.objects.filter(sitting=rolled)
    seen = list(roll.values_list("membership_id", flat=True))
    left = roll.filter(presence="unknown").count()
    assert actions.present_rest(rolled, seen, by=clerk) == left
    assert roll.get(person=cuc.person).presence == "excused"
    assert roll.filter(presence="present", checked_in_by=clerk.name).count() == left
    written = Entry.objects.filter(action="floor.set_presence", payload__together=left)
    assert written.count() == left
    assert not JournalEntry.objects.filter(kind="floor.set_presence").exists()


def test_who_was_not_among_the_names_agreed_to_is_not_guessed(
    rolled: Sitting, clerk: Actor, cuc: Actor, dung: Actor
) -> None:
    assert actions.present_rest(rolled, [cuc.delegate.pk], by=clerk) == 1
    assert RollEntry.objects.get(sitting=rolled, person=dung.person).presence == "unknown"
    with pytest.raises(Refused) as refusal:
        actions.present_rest(rolled, [cuc.delegate.pk], by=clerk)
    assert refusal.value.code == "nobody_left"


def test_the_rest_of_a_suspended_member_is_not_present(
    sitting: Sitting, clerk: Actor, cuc: Actor, dung: Actor
) -> None:
    Membership.objects.filter(person=dung.person).update(status="suspended")
    actions.open_roll(sitting, by=clerk)
    both = [cuc.delegate.pk, dung.delegate.pk]
    assert actions.present_rest(sitting, both, by=clerk) == 1
    assert RollEntry.objects.get(sitting=sitting, person=dung.person).presence == "unknown"


def test_the_rest_are_entered_only_while_the_roll_is_called_and_by_the_clerk(
    rolled: Sitting, clerk: Actor, cuc: Actor
) -> None:
    with pytest.raises(NotAllowed):
        actions.present_rest(rolled, [cuc.delegate.pk], by=cuc)
    actions.close_roll(rolled, by=clerk)
    with pytest.raises(Refused) as refusal:
        actions.present_rest(rolled, [cuc.delegate.pk], by=clerk)
    assert refusal.value.code == "roll_not_open"
