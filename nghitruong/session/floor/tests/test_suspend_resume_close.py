from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from nghitruong.council.councils.actions import people as councils
from nghitruong.council.councils.roles import Actor
from nghitruong.platform.errors import Refused
from nghitruong.platform.live.models import Event
from nghitruong.session.floor import actions, queries
from nghitruong.session.floor.models import JournalEntry, SpeakerRequest, Speech
from nghitruong.session.meetings.models import Sitting
from nghitruong.session.minutes.collect import gather
from nghitruong.session.voting import actions as voting
from nghitruong.session.voting.models import Poll


def test_a_rest_ends_the_running_speech_and_keeps_the_queue(
    opened: Sitting, chair: Actor, cuc: Actor, dung: Actor, tap: Any
) -> None:
    first = tap("ask", cuc, kind="speech")["request"]["id"]
    tap("ask", dung, kind="speech")
    actions.call_speaker(opened, first, by=chair)
    actions.suspend_sitting(opened, by=chair)
    queue = queries.queue_slice(queries.sitting_by_id(opened.pk))
    assert queue["speaker"] is None
    assert [row["name"] for row in queue["waiting"]] == ["Giàng A Dũng"]
    assert Speech.objects.get().ended_at is not None


def test_nobody_asks_during_a_rest(opened: Sitting, chair: Actor, cuc: Actor, tap: Any) -> None:
    actions.suspend_sitting(opened, by=chair)
    assert tap("ask", cuc, kind="speech").code == "sitting_suspended"
    actions.resume_sitting(opened, by=chair)
    assert tap("ask", cuc, kind="speech")["ok"]


def test_only_a_resting_sitting_resumes(opened: Sitting, chair: Actor) -> None:
    with pytest.raises(Refused):
        actions.resume_sitting(opened, by=chair)


def test_a_planned_sitting_cannot_rest(sitting: Sitting, chair: Actor) -> None:
    with pytest.raises(Refused) as refusal:
        actions.suspend_sitting(sitting, by=chair)
    assert refusal.value.code == "cannot_move"
    assert "chưa bắt đầu" in refusal.value.sentence


def test_closing_names_who_did_not_get_a_turn(
    opened: Sitting, chair: Actor, cuc: Actor, tap: Any
) -> None:
    tap("ask", cuc, kind="speech")
    actions.close_sitting(opened, by=chair)
    line = JournalEntry.objects.get(kind="floor.close_sitting")
    assert line.text == "Kết thúc phiên họp. Chưa đến lượt phát biểu: Lê Thị Cúc."
    assert SpeakerRequest.objects.get().state == "lapsed"
    assert queries.hall_state(opened.pk)["queue"]["waiting"] == []


def test_closed_is_closed(opened: Sitting, chair: Actor) -> None:
    actions.close_sitting(opened, by=chair)
    for step in (actions.close_sitting, actions.suspend_sitting, actions.open_sitting):
        with pytest.raises(Refused):
            step(opened, by=chair)


def test_a_running_vote_must_end_first(opened: Sitting, chair: Actor) -> None:
    Poll.objects.create(
        council=opened.council,
        sitting=opened,
        item=opened.current_item,
        number=1,
        question="Thông qua chương trình kỳ họp",
        rule={},
        state="open",
    )
    for step in (actions.suspend_sitting, actions.close_sitting, actions.next_item):
        with pytest.raises(Refused) as refusal:
            step(opened, by=chair)
        assert refusal.value.code == "poll_open"


def test_the_hall_stays_at_the_item_whose_result_is_not_announced(
    opened: Sitting, chair: Actor, clerk: Actor
) -> None:
    """Announced after the hall went on, the result would come to no screen: a blank wall."""
    first = opened.current_item
    assert first is not None
    other = opened.items.exclude(pk=first.pk).get()
    poll = voting.prepare_poll(first, by=chair, sitting=opened)
    poll = voting.close_poll(voting.open_poll(poll, by=chair), by=chair)
    for step in (
        lambda: actions.next_item(opened, by=chair),
        lambda: actions.go_to_item(opened, other.pk, by=clerk),
    ):
        with pytest.raises(Refused) as refusal:
            step()
        assert refusal.value.code == "poll_not_announced"
        assert "công bố hoặc hủy" in refusal.value.sentence
    voting.publish_poll(poll, by=chair)
    result = queries.hall_state(opened.pk)["result"]
    assert result is not None
    assert result["poll_id"] == str(poll.pk)
    # Announced, the hall goes on; and comes back to vote on the item once more.
    actions.next_item(opened, by=chair)
    actions.go_to_item(opened, first.pk, by=chair)
    again = voting.open_poll(voting.prepare_poll(first, by=chair, sitting=opened), by=chair)
    again = voting.close_poll(again, by=chair)
    # Annulled is as good as announced: the hall may go on.
    voting.annul_poll(again, by=chair, reason="bấm nhầm")
    actions.next_item(opened, by=chair)


def test_no_vote_is_about_to_begin_in_a_sitting_that_is_over(opened: Sitting, chair: Actor) -> None:
    """A vote prepared and never begun leaves every screen with the sitting, fresh or stale."""
    opened.refresh_from_db()
    assert opened.current_item is not None
    voting.prepare_poll(opened.current_item, by=chair, sitting=opened)
    assert queries.hall_state(opened.pk)["poll"] is not None
    actions.close_sitting(opened, by=chair)
    assert queries.hall_state(opened.pk)["poll"] is None
    last = Event.objects.filter(data__slice="poll").order_by("seq").last()
    assert last is not None
    assert last.data["value"] is None


def test_what_is_over_keeps_its_total_whoever_leaves_since(
    opened: Sitting, chair: Actor, clerk: Actor, cuc: Actor
) -> None:
    """Screens and minutes of an ended sitting do not change with later memberships."""
    sitting = actions.close_sitting(opened, by=chair)
    before = queries.presence_counts(sitting)
    listed = {member.name for member in gather(sitting).absent + gather(sitting).present}
    assert cuc.delegate is not None
    yesterday = timezone.localdate() - timedelta(days=1)
    councils.end_membership(cuc.delegate, ends_on=yesterday, reason="bãi nhiệm", by=clerk)
    assert queries.presence_counts(sitting) == before
    facts = gather(sitting)
    assert facts.in_office == before["in_office"]
    assert {member.name for member in facts.absent + facts.present} == listed
