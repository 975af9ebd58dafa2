from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from nghitruong.council.councils.roles import Actor
from nghitruong.platform.audit.models import Entry
from nghitruong.platform.errors import NotAllowed, Refused
from nghitruong.session.floor import actions, queries
from nghitruong.session.floor.models import JournalEntry, SpeakerRequest, Speech
from nghitruong.session.meetings import actions as meetings
from nghitruong.session.meetings.models import AgendaItem, Sitting


def _current(sitting: Sitting) -> str:
    slice_ = queries.hall_state(sitting.pk)["item"]
    return str(slice_["title"])


def test_next_walks_through_the_agenda(opened: Sitting, chair: Actor) -> None:
    assert _current(opened) == "Thảo luận tại hội trường"
    actions.next_item(opened, by=chair)
    assert _current(opened) == "Biểu quyết nghị quyết"
    with pytest.raises(Refused) as refusal:
        actions.next_item(opened, by=chair)
    assert refusal.value.code == "no_next_item"


def test_two_taps_on_next_move_once(opened: Sitting, chair: Actor, clerk: Actor) -> None:
    seen = opened.current_item_id
    first = actions.next_item(opened, by=chair, after=seen)
    second = actions.next_item(opened, by=clerk, after=seen)
    assert first == second
    assert JournalEntry.objects.filter(kind="floor.go_to_item").count() == 2  # first item, this


def test_two_first_taps_do_not_skip_the_first_item(
    rolled: Sitting, chair: Actor, clerk: Actor
) -> None:
    actions.open_sitting(rolled, by=chair, quorum_reason="thử")
    actions.next_item(rolled, by=chair, after="")
    actions.next_item(rolled, by=clerk, after="")
    assert _current(rolled) == "Thảo luận tại hội trường"


def test_moving_ends_the_running_speech(
    opened: Sitting, chair: Actor, cuc: Actor, tap: Any
) -> None:
    actions.call_speaker(opened, tap("ask", cuc, kind="speech")["request"]["id"], by=chair)
    actions.next_item(opened, by=chair)
    assert queries.hall_state(opened.pk)["queue"]["speaker"] is None
    assert SpeakerRequest.objects.get().state == "done"


def test_requests_belong_to_their_item_and_wait_again_when_it_is_resumed(
    opened: Sitting, chair: Actor, cuc: Actor, dung: Actor, tap: Any
) -> None:
    first_item = opened.current_item_id
    tap("ask", cuc, kind="speech")
    tap("ask", dung, kind="speech")
    actions.next_item(opened, by=chair)
    assert queries.hall_state(opened.pk)["queue"]["waiting"] == []
    tap("ask", cuc, kind="speech")
    actions.go_to_item(opened, first_item, by=chair)
    waiting = queries.hall_state(opened.pk)["queue"]["waiting"]
    assert [(row["name"], row["position"]) for row in waiting] == [
        ("Lê Thị Cúc", 1),
        ("Giàng A Dũng", 2),
    ]


def test_words_for_the_hall_come_down_with_the_item(opened: Sitting, chair: Actor) -> None:
    actions.announce(opened, "Nghỉ giải lao 15 phút", by=chair)
    assert queries.hall_state(opened.pk)["notice"]["text"] == "Nghỉ giải lao 15 phút"
    actions.next_item(opened, by=chair)
    assert queries.hall_state(opened.pk)["notice"] is None


def test_an_item_of_another_sitting_is_refused(opened: Sitting, chair: Actor) -> None:
    other = Sitting.objects.create(
        council=opened.council,
        session=opened.session,
        number=2,
        kind="plenary",
        title="Phiên 2",
        starts_at=opened.starts_at,
    )
    item = AgendaItem.objects.create(
        council=opened.council,
        session=opened.session,
        sitting=other,
        order=9,
        kind="debate",
        title="Khác",
    )
    with pytest.raises(Refused) as refusal:
        actions.go_to_item(opened, item.pk, by=chair)
    assert refusal.value.code == "not_in_sitting"


def test_a_clerk_of_the_screen_moves_it_in_the_chairs_name(opened: Sitting, clerk: Actor) -> None:
    actions.next_item(opened, by=clerk)
    entry = Entry.objects.filter(action="floor.go_to_item").order_by("at").last()
    assert entry.on_behalf == "Nguyễn Văn An"


def test_a_delegate_may_not(opened: Sitting, cuc: Actor) -> None:
    with pytest.raises(NotAllowed):
        actions.next_item(opened, by=cuc)


def test_nothing_moves_before_the_sitting_is_open(sitting: Sitting, chair: Actor) -> None:
    with pytest.raises(Refused) as refusal:
        actions.next_item(sitting, by=chair)
    assert refusal.value.code == "sitting_not_open"


def test_what_the_hall_is_at_stays_in_its_place(
    opened: Sitting, chair: Actor, clerk: Actor
) -> None:
    """Moved away, «Next» would begin the agenda again."""
    here = opened.current_item
    assert here is not None
    other = meetings.add_sitting(
        opened.session, by=clerk, kind="plenary", starts_at=opened.starts_at + timedelta(days=1)
    )
    for act in (
        lambda: meetings.move_item(here, sitting=other, by=clerk),
        lambda: meetings.move_item(here, sitting=opened, by=clerk),
        lambda: meetings.remove_item(here, by=clerk),
    ):
        with pytest.raises(Refused, match="item_current"):
            act()
    actions.next_item(opened, by=chair, after=here.pk)
    assert _current(opened) == "Biểu quyết nghị quyết"


def test_an_item_the_hall_was_at_is_kept_with_what_was_said(
    opened: Sitting, chair: Actor, clerk: Actor, cuc: Actor, tap: Any
) -> None:
    """Without it the minutes would put its speeches under the item before."""
    discussed = opened.current_item
    assert discussed is not None
    actions.call_speaker(opened, tap("ask", cuc, kind="speech")["request"]["id"], by=chair)
    actions.next_item(opened, by=chair)
    with pytest.raises(Refused, match="item_used") as refusal:
        meetings.remove_item(discussed, by=clerk)
    assert "sửa tên" in refusal.value.sentence
    assert Speech.objects.get().item == discussed
    # Named by the journal alone, or by a speech alone.
    Speech.objects.all().delete()
    with pytest.raises(Refused, match="item_used"):
        meetings.remove_item(discussed, by=clerk)
    fresh = meetings.add_item(
        opened.session, by=clerk, sitting=opened, kind="debate", title="Bổ sung"
    )
    speech = Speech.objects.create(
        council_id=opened.council_id,
        sitting=opened,
        item=fresh,
        name="Khách",
        limit_seconds=60,
        started_at=opened.starts_at,
    )
    with pytest.raises(Refused, match="item_used"):
        meetings.remove_item(fresh, by=clerk)
    speech.delete()
    meetings.remove_item(fresh, by=clerk)
