from __future__ import annotations

import pytest

from nghitruong.council.councils import actions as councils
from nghitruong.council.councils.models import Duty, Membership, Person
from nghitruong.council.councils.roles import Actor
from nghitruong.platform.audit.models import Entry
from nghitruong.platform.errors import NotAllowed, Refused
from nghitruong.platform.live.models import Event
from nghitruong.session.floor import actions
from nghitruong.session.floor.models import JournalEntry
from nghitruong.session.meetings import actions as meetings
from nghitruong.session.meetings.models import Presence, RollEntry, Session, Sitting


def _all_present(sitting: Sitting) -> None:
    RollEntry.objects.filter(sitting=sitting).update(presence=Presence.PRESENT)


def test_the_chair_opens_and_presides(rolled: Sitting, chair: Actor) -> None:
    _all_present(rolled)
    actions.open_sitting(rolled, by=chair)
    rolled.refresh_from_db()
    assert rolled.state == "open"
    assert rolled.opened_at is not None
    assert rolled.presiding == chair.person
    line = JournalEntry.objects.get(kind="floor.open_sitting")
    expected = "Bắt đầu phiên họp, Nguyễn Văn An chủ tọa; có mặt 15/15 đại biểu."
    assert line.text == expected
    hall = Event.objects.filter(type="sitting.changed").last()
    assert hall.data["value"]["state"] == "open"


@pytest.mark.parametrize("roll_open", [True, False])
def test_the_chair_who_opens_is_here(
    rolled: Sitting, chair: Actor, clerk: Actor, roll_open: bool
) -> None:
    """Presiding without a tap on «Tôi có mặt» they would stand in the minutes as away."""
    _all_present(rolled)
    if not roll_open:
        actions.close_roll(rolled, by=clerk)
    RollEntry.objects.filter(person_id=chair.id).update(presence=Presence.UNKNOWN)
    actions.open_sitting(rolled, by=chair)
    own = RollEntry.objects.get(person_id=chair.id)
    assert (own.presence, own.checked_in_by) == (Presence.PRESENT, own.name)
    assert Entry.objects.get(action="floor.check_in").actor_id == chair.id
    line = JournalEntry.objects.get(kind="floor.open_sitting")
    assert "có mặt 15/15" in line.text


def test_the_chair_who_opens_before_the_roll_is_called_stands_on_it(
    sitting: Sitting, chair: Actor, clerk: Actor
) -> None:
    with pytest.raises(Refused) as refused:
        actions.open_sitting(sitting, by=chair)
    assert "Mới có 0 đại biểu có mặt, cần" in refused.value.sentence  # the chair is in no count
    actions.open_sitting(sitting, by=chair, quorum_reason="điểm danh sau")
    vice = Person.objects.filter(memberships__post="council_vice_chair").first()
    assert vice is not None
    actions.hand_over(sitting, vice.pk, by=clerk)  # says nothing of who opened
    actions.open_roll(sitting, by=clerk)
    assert list(RollEntry.objects.filter(presence=Presence.PRESENT).values_list("person_id")) == [
        (chair.id,)
    ]


def test_a_clerk_who_opens_before_the_roll_is_called_says_nothing_of_the_chair(
    sitting: Sitting, clerk: Actor
) -> None:
    actions.open_sitting(sitting, by=clerk, quorum_reason="điểm danh sau")
    actions.open_roll(sitting, by=clerk)
    assert not RollEntry.objects.exclude(presence=Presence.UNKNOWN).exists()


def test_a_clerk_who_opens_says_nothing_of_the_chair(rolled: Sitting, clerk: Actor) -> None:
    _all_present(rolled)
    RollEntry.objects.filter(person__memberships__post="council_chair").update(
        presence=Presence.UNKNOWN
    )
    actions.open_sitting(rolled, by=clerk)
    assert RollEntry.objects.filter(presence=Presence.UNKNOWN).count() == 1


def test_the_first_sitting_opens_the_session(rolled: Sitting, chair: Actor) -> None:
    Session.objects.update(state="convened")
    _all_present(rolled)
    actions.open_sitting(rolled, by=chair)
    assert Session.objects.get().state == "in_session"


def test_without_quorum_it_needs_the_chairs_reason(rolled: Sitting, chair: Actor) -> None:
    with pytest.raises(Refused) as refusal:
        actions.open_sitting(rolled, by=chair)
    assert refusal.value.code == "quorum_not_met"
    assert "1 đại biểu có mặt, kể cả Chủ tọa, cần 10" in refusal.value.sentence
    actions.open_sitting(rolled, by=chair, quorum_reason="đại biểu vùng lũ đang trên đường")
    line = JournalEntry.objects.get(kind="floor.open_sitting")
    assert "đại biểu vùng lũ đang trên đường" in line.text
    assert line.data["quorum_reason"] == "đại biểu vùng lũ đang trên đường"


def test_quorum_is_two_thirds_rounded_up(rolled: Sitting, chair: Actor) -> None:
    others = RollEntry.objects.exclude(person_id=chair.id)
    ids = list(others.values_list("pk", flat=True))
    RollEntry.objects.filter(pk__in=ids[:8]).update(presence="present")
    with pytest.raises(Refused):
        actions.open_sitting(rolled, by=chair)
    RollEntry.objects.filter(pk=ids[8]).update(presence="present")
    assert actions.open_sitting(rolled, by=chair).state == "open"


def test_the_councils_own_quorum_counts(rolled: Sitting, chair: Actor) -> None:
    rolled.session.profile = {"rules": {"session.quorum_ratio": {"value": "1/5"}}}
    rolled.session.save()
    ids = list(RollEntry.objects.values_list("pk", flat=True))
    RollEntry.objects.filter(pk__in=ids[:3]).update(presence="present")
    assert actions.open_sitting(rolled, by=chair).state == "open"


def test_a_clerk_opens_in_the_chairs_name(rolled: Sitting, clerk: Actor) -> None:
    _all_present(rolled)
    actions.open_sitting(rolled, by=clerk)
    entry = Entry.objects.get(action="floor.open_sitting")
    assert (entry.actor_name, entry.on_behalf) == ("Trần Thị Bình", "Nguyễn Văn An")
    line = JournalEntry.objects.get(kind="floor.open_sitting")
    assert line.by_name == "Trần Thị Bình, thay mặt Nguyễn Văn An"


@pytest.mark.parametrize("why", ["excused", "absent", "left", "suspended"])
def test_a_clerk_does_not_open_in_the_name_of_a_chair_who_cannot_preside(
    rolled: Sitting, clerk: Actor, chair: Actor, why: str
) -> None:
    _all_present(rolled)
    assert chair.delegate is not None
    if why == "suspended":
        councils.suspend_delegate(chair.delegate, reason="bị khởi tố", by=clerk)
    else:
        RollEntry.objects.filter(person_id=chair.id).update(presence=why)
    with pytest.raises(Refused) as refusal:
        actions.open_sitting(rolled, by=clerk)
    assert refusal.value.code == "nobody_presides"
    assert "«Giao người khác điều hành»" in refusal.value.sentence
    rolled.refresh_from_db()
    assert (rolled.state, rolled.presiding) == ("planned", None)
    vice = Person.objects.filter(memberships__post="council_vice_chair").first()
    actions.hand_over(rolled, vice.pk, by=clerk)
    named = Entry.objects.get(action="floor.hand_over")
    assert named.on_behalf == "Chủ tọa"  # not of the one who is away
    actions.open_sitting(rolled, by=clerk)
    rolled.refresh_from_db()
    assert (rolled.state, rolled.presiding) == ("open", vice)
    assert Entry.objects.get(action="floor.open_sitting").on_behalf == vice.full_name


def test_whoever_was_named_and_suspended_since_does_not_preside(
    rolled: Sitting, clerk: Actor, chair: Actor
) -> None:
    _all_present(rolled)
    vice = Person.objects.filter(memberships__post="council_vice_chair").first()
    actions.hand_over(rolled, vice.pk, by=clerk)
    plenary = vice.memberships.get(organization__kind="plenary")
    councils.suspend_delegate(plenary, reason="bị khởi tố", by=clerk)
    actions.open_sitting(rolled, by=clerk)
    rolled.refresh_from_db()
    assert rolled.presiding == chair.person


def test_without_a_roll_the_chair_presides_as_before(sitting: Sitting, clerk: Actor) -> None:
    actions.open_sitting(sitting, by=clerk, quorum_reason="đếm trên giấy")
    sitting.refresh_from_db()
    assert sitting.presiding is not None
    assert sitting.presiding.full_name == "Nguyễn Văn An"


def test_a_council_with_nobody_who_may_preside_opens_without_a_name(
    rolled: Sitting, clerk: Actor
) -> None:
    """Nobody could be named at all: its posts are not entered."""
    _all_present(rolled)
    posts = ["council_chair", "council_vice_chair"]
    Membership.objects.filter(post__in=posts).update(post="member")
    Duty.objects.filter(kind="chair").delete()
    actions.open_sitting(rolled, by=clerk)
    rolled.refresh_from_db()
    assert (rolled.state, rolled.presiding) == ("open", None)


def test_opening_twice_is_refused(opened: Sitting, chair: Actor) -> None:
    with pytest.raises(Refused) as refusal:
        actions.open_sitting(opened, by=chair)
    assert refusal.value.code == "already_open"


def test_a_delegate_may_not(rolled: Sitting, cuc: Actor) -> None:
    with pytest.raises(NotAllowed):
        actions.open_sitting(rolled, by=cuc)


@pytest.mark.parametrize("state", ["closed", "cancelled", "postponed"])
def test_no_sitting_begins_in_a_session_that_is_not_held(
    rolled: Sitting, chair: Actor, state: str
) -> None:
    _all_present(rolled)
    Session.objects.update(state=state)
    with pytest.raises(Refused) as refusal:
        actions.open_sitting(rolled, by=chair)
    assert refusal.value.code in ("session_over", "session_postponed")
    rolled.refresh_from_db()
    assert rolled.state == "planned"


def test_the_session_does_not_close_while_people_sit(rolled: Sitting, chair: Actor) -> None:
    _all_present(rolled)
    Session.objects.update(state="convened")
    actions.open_sitting(rolled, by=chair)
    for rest in (False, True):
        if rest:
            actions.suspend_sitting(rolled, by=chair)
        with pytest.raises(Refused, match="sitting_running"):
            meetings.move_session(rolled.session, "closed", by=chair)
    actions.resume_sitting(rolled, by=chair)
    actions.close_sitting(rolled, by=chair)
    assert meetings.move_session(rolled.session, "closed", by=chair).state == "closed"


def test_a_sitting_whose_roll_was_opened_is_not_dropped(rolled: Sitting, clerk: Actor) -> None:
    with pytest.raises(Refused, match="sitting_used") as refusal:
        meetings.remove_sitting(rolled, by=clerk)
    assert "sửa giờ" in refusal.value.sentence
    assert rolled.items.exists()
