from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest

from nghitruong.council.councils.roles import Actor
from nghitruong.council.procedure.data import RULES
from nghitruong.platform.audit.models import Entry
from nghitruong.platform.errors import NotAllowed, Refused
from nghitruong.session.floor import actions, limits, queries
from nghitruong.session.floor.models import JournalEntry, SpeakerRequest, Speech
from nghitruong.session.meetings.models import AgendaItem, RollEntry, Sitting
from nghitruong.session.minutes.collect import gather


def _ask(tap: Any, actor: Actor, kind: str = "speech") -> str:
    return str(tap("ask", actor, kind=kind)["request"]["id"])


def _speaker(sitting: Sitting) -> Any:
    return queries.hall_state(sitting.pk)["queue"]["speaker"]


def test_a_call_starts_the_clock_of_the_server(
    opened: Sitting, chair: Actor, cuc: Actor, tap: Any
) -> None:
    actions.call_speaker(opened, _ask(tap, cuc), by=chair)
    speaker = _speaker(opened)
    assert speaker["name"] == "Lê Thị Cúc"
    assert speaker["limit_seconds"] == 7 * 60
    assert speaker["started_at"] == Speech.objects.get().started_at.isoformat()
    assert queries.me_slices(opened.pk, [cuc.id])[cuc.id]["request"]["state"] == "called"


def test_called_first_started_when_at_the_rostrum(
    opened: Sitting, chair: Actor, cuc: Actor, tap: Any
) -> None:
    request = _ask(tap, cuc)
    actions.call_speaker(opened, request, by=chair, start=False)
    queue = queries.hall_state(opened.pk)["queue"]
    assert (queue["calling"]["name"], queue["speaker"]) == ("Lê Thị Cúc", None)
    actions.start_speech(opened, request, by=chair)
    queue = queries.hall_state(opened.pk)["queue"]
    assert (queue["calling"], queue["speaker"]["name"]) == (None, "Lê Thị Cúc")


def test_outside_questioning_the_chair_calls_whom_they_choose(
    opened: Sitting, chair: Actor, cuc: Actor, dung: Actor, tap: Any
) -> None:
    _ask(tap, cuc)
    actions.call_speaker(opened, _ask(tap, dung), by=chair)
    assert _speaker(opened)["name"] == "Giàng A Dũng"


def test_in_questioning_the_order_of_registration_binds(
    questioning: Sitting, chair: Actor, cuc: Actor, dung: Actor, tap: Any
) -> None:
    first, second = _ask(tap, cuc), _ask(tap, dung)
    with pytest.raises(Refused) as refusal:
        actions.call_speaker(questioning, second, by=chair)
    assert refusal.value.code == "out_of_order"
    assert "Đ23(2c)" in refusal.value.article
    assert "Lê Thị Cúc" in refusal.value.sentence
    actions.call_speaker(questioning, first, by=chair)
    assert _speaker(questioning)["limit_seconds"] == 60


def test_in_the_debate_the_questioner_has_priority(
    questioning: Sitting, chair: Actor, cuc: Actor, dung: Actor, tap: Any
) -> None:
    actions.call_speaker(questioning, _ask(tap, cuc), by=chair)
    actions.finish_speech(questioning, _speaker(questioning)["speech_id"], by=chair)
    _ask(tap, dung, "rebuttal")
    actions.call_speaker(questioning, _ask(tap, cuc, "rebuttal"), by=chair)
    assert _speaker(questioning)["name"] == "Lê Thị Cúc"
    assert _speaker(questioning)["limit_seconds"] == 120


def test_a_point_of_order_is_heard_out_of_turn(
    questioning: Sitting, chair: Actor, cuc: Actor, dung: Actor, tap: Any
) -> None:
    _ask(tap, cuc)
    actions.call_speaker(questioning, _ask(tap, dung, "point_of_order"), by=chair)
    assert _speaker(questioning)["name"] == "Giàng A Dũng"


def test_only_one_speaks(
    opened: Sitting, chair: Actor, clerk: Actor, cuc: Actor, dung: Actor, tap: Any
) -> None:
    first, second = _ask(tap, cuc), _ask(tap, dung)
    actions.call_speaker(opened, first, by=chair)
    with pytest.raises(Refused) as refusal:
        actions.call_speaker(opened, second, by=clerk)
    assert refusal.value.code == "somebody_speaks"
    assert "Đang có người phát biểu: Lê Thị Cúc" in refusal.value.sentence


def test_who_withdrew_cannot_be_called(opened: Sitting, chair: Actor, cuc: Actor, tap: Any) -> None:
    request = _ask(tap, cuc)
    tap("withdraw", cuc)
    with pytest.raises(Refused) as refusal:
        actions.call_speaker(opened, request, by=chair)
    assert refusal.value.code == "not_waiting"


def test_who_left_cannot_be_called(opened: Sitting, chair: Actor, cuc: Actor, tap: Any) -> None:
    request = _ask(tap, cuc)
    RollEntry.objects.filter(person=cuc.person).update(presence="left")
    with pytest.raises(Refused) as refusal:
        actions.call_speaker(opened, request, by=chair)
    assert refusal.value.code == "not_present"


def test_finishing_frees_the_floor_and_leaves_a_line(
    opened: Sitting, chair: Actor, cuc: Actor, tap: Any
) -> None:
    actions.call_speaker(opened, _ask(tap, cuc), by=chair)
    speech = _speaker(opened)["speech_id"]
    actions.finish_speech(opened, speech, by=chair)
    assert _speaker(opened) is None
    assert SpeakerRequest.objects.get().state == "done"
    line = JournalEntry.objects.get(kind="floor.finish_speech")
    assert re.fullmatch(r"Lê Thị Cúc kết thúc phát biểu \(0 phút \d\d giây\)\.", line.text)
    with pytest.raises(Refused) as refusal:
        actions.finish_speech(opened, speech, by=chair)
    assert refusal.value.code == "speech_ended"


def test_more_time(opened: Sitting, chair: Actor, cuc: Actor, tap: Any) -> None:
    actions.call_speaker(opened, _ask(tap, cuc), by=chair)
    actions.extend_speech(opened, _speaker(opened)["speech_id"], seconds=60, by=chair)
    assert _speaker(opened)["limit_seconds"] == 8 * 60
    with pytest.raises(Refused):
        actions.extend_speech(opened, _speaker(opened)["speech_id"], seconds=9999, by=chair)


def test_a_call_taken_back_returns_to_its_place(
    opened: Sitting, chair: Actor, cuc: Actor, dung: Actor, tap: Any
) -> None:
    request = _ask(tap, cuc)
    _ask(tap, dung)
    actions.call_speaker(opened, request, by=chair)
    actions.call_off(opened, request, by=chair)
    queue = queries.hall_state(opened.pk)["queue"]
    assert queue["speaker"] is None
    assert [row["name"] for row in queue["waiting"]] == ["Lê Thị Cúc", "Giàng A Dũng"]
    actions.call_speaker(opened, request, by=chair)
    assert _speaker(opened)["name"] == "Lê Thị Cúc"


def test_a_call_taken_back_after_a_while_leaves_its_trace(
    opened: Sitting, chair: Actor, cuc: Actor, tap: Any
) -> None:
    request = _ask(tap, cuc)
    actions.call_speaker(opened, request, by=chair)
    actions.call_off(opened, request, by=chair)
    line = JournalEntry.objects.get(kind="floor.call_off")
    assert "after_seconds" not in line.data
    actions.call_speaker(opened, request, by=chair)
    Speech.objects.update(started_at=Speech.objects.get().started_at - timedelta(minutes=6))
    actions.call_off(opened, request, by=chair)
    line = JournalEntry.objects.filter(kind="floor.call_off").latest("pk")
    assert 360 <= line.data["after_seconds"] < 400
    assert "khi đồng hồ đã chạy 36" in line.text
    told = [row.text for part in gather(opened).parts for row in part.happened]
    assert [text for text in told if "Hủy lượt mời" in text] == [line.text]


def test_while_the_clock_stood_it_did_not_run(
    opened: Sitting, chair: Actor, cuc: Actor, tap: Any
) -> None:
    request = _ask(tap, cuc)
    actions.call_speaker(opened, request, by=chair)
    begun = Speech.objects.get().started_at - timedelta(minutes=6)
    Speech.objects.update(started_at=begun, paused_at=begun + timedelta(seconds=5))
    actions.call_off(opened, request, by=chair)
    assert "after_seconds" not in JournalEntry.objects.get(kind="floor.call_off").data


def test_a_guest_is_given_the_floor_by_the_clerk(
    questioning: Sitting, clerk: Actor, giang: Actor
) -> None:
    actions.give_floor(
        questioning,
        name=giang.name,
        title="Giám đốc Sở Xây dựng",
        kind="answer",
        person_id=giang.id,
        by=clerk,
    )
    speaker = _speaker(questioning)
    assert (speaker["name"], speaker["limit_seconds"]) == ("Hoàng Văn Giang", 180)
    line = JournalEntry.objects.get(kind="floor.start_speech")
    assert line.text == "Hoàng Văn Giang, Giám đốc Sở Xây dựng: trả lời chất vấn."


def test_the_items_own_time_wins(opened: Sitting, chair: Actor, cuc: Actor, tap: Any) -> None:
    actions.set_speech_minutes(opened, opened.current_item_id, 3, by=chair)
    actions.call_speaker(opened, _ask(tap, cuc), by=chair)
    assert _speaker(opened)["limit_seconds"] == 180


def test_the_profiles_time_counts(questioning: Sitting, chair: Actor, cuc: Actor, tap: Any) -> None:
    questioning.session.profile = {"rules": {"question.time_ask": {"value": 2}}}
    questioning.session.save()
    actions.call_speaker(questioning, _ask(tap, cuc), by=chair)
    assert _speaker(questioning)["limit_seconds"] == 120


@pytest.mark.parametrize(
    ("minutes", "seconds"), [(0, 10 * 60), (25, 25 * 60), (600, 240 * 60), (1440, 240 * 60)]
)
def test_a_presentation_lasts_as_its_item_within_reason(
    opened: Sitting, clerk: Actor, minutes: int, seconds: int
) -> None:
    AgendaItem.objects.filter(pk=opened.current_item_id).update(minutes=minutes)
    actions.give_floor(opened, name="Hoàng Văn Giang", by=clerk)
    assert _speaker(opened)["limit_seconds"] == seconds


def test_no_minutes_in_the_profile_or_for_the_item_are_no_limit_given(
    opened: Sitting, chair: Actor, cuc: Actor, tap: Any
) -> None:
    AgendaItem.objects.filter(pk=opened.current_item_id).update(speech_minutes=0)
    session = opened.session
    session.profile["rules"]["speech.time_debate"] = {"value": 0}
    session.save(update_fields=["profile"])
    actions.call_speaker(opened, _ask(tap, cuc), by=chair)
    assert _speaker(opened)["limit_seconds"] == 7 * 60


def test_a_speech_is_not_extended_past_what_a_clock_holds(opened: Sitting, clerk: Actor) -> None:
    speech = actions.give_floor(opened, name="Hoàng Văn Giang", minutes=239, by=clerk)
    actions.extend_speech(opened, speech.pk, seconds=60, by=clerk)
    with pytest.raises(Refused) as refusal:
        actions.extend_speech(opened, speech.pk, seconds=60, by=clerk)
    assert refusal.value.code == "speech_too_long"
    assert _speaker(opened)["limit_seconds"] == 240 * 60


def test_a_delegate_may_not_call(opened: Sitting, cuc: Actor, dung: Actor, tap: Any) -> None:
    with pytest.raises(NotAllowed):
        actions.call_speaker(opened, _ask(tap, dung), by=cuc)


def test_the_clock_stands_and_runs_on_and_the_pause_is_not_the_speakers(
    opened: Sitting, chair: Actor, cuc: Actor, tap: Any, monkeypatch: Any
) -> None:
    from datetime import timedelta

    from django.utils import timezone

    start = timezone.now()
    now = {"at": start}
    monkeypatch.setattr(timezone, "now", lambda: now["at"])
    actions.call_speaker(opened, _ask(tap, cuc), by=chair)
    speech = Speech.objects.get()
    now["at"] = start + timedelta(seconds=60)
    actions.pause_clock(opened, speech.pk, by=chair)
    assert _speaker(opened)["paused_at"] == now["at"].isoformat()
    with pytest.raises(Refused, match="đang dừng"):
        actions.pause_clock(opened, speech.pk, by=chair)
    now["at"] = start + timedelta(seconds=100)
    actions.resume_clock(opened, speech.pk, by=chair)
    assert (_speaker(opened)["paused_at"], _speaker(opened)["paused_seconds"]) == (None, 40)
    with pytest.raises(Refused, match="đang chạy"):
        actions.resume_clock(opened, speech.pk, by=chair)
    now["at"] = start + timedelta(seconds=130)
    actions.pause_clock(opened, speech.pk, by=chair)
    now["at"] = start + timedelta(seconds=200)
    actions.finish_speech(opened, speech.pk, by=chair)
    line = JournalEntry.objects.get(kind="floor.finish_speech")
    assert line.data["seconds"] == 90


def test_the_chair_reminds_of_the_time_until_more_is_given(
    opened: Sitting, chair: Actor, cuc: Actor, dung: Actor, tap: Any
) -> None:
    actions.call_speaker(opened, _ask(tap, cuc), by=chair)
    speech = Speech.objects.get()
    with pytest.raises(NotAllowed):
        actions.warn_speaker(opened, speech.pk, by=dung)
    actions.warn_speaker(opened, speech.pk, by=chair)
    assert _speaker(opened)["warned_at"]
    actions.extend_speech(opened, speech.pk, seconds=60, by=chair)
    assert _speaker(opened)["warned_at"] is None


def test_the_councils_own_times_to_speak_are_those_of_its_frozen_rules(
    opened: Sitting, chair: Actor, cuc: Actor, tap: Any
) -> None:
    known = {rule.key for rule in RULES}
    assert {*limits.PROFILE_KEYS.values(), limits.QUORUM_KEY} <= known
    session = opened.session
    session.profile["rules"]["speech.time_debate"] = {"value": 5}
    session.save(update_fields=["profile"])
    actions.call_speaker(opened, _ask(tap, cuc), by=chair)
    assert _speaker(opened)["limit_seconds"] == 5 * 60


def test_in_questioning_who_left_holds_up_nobody_and_keeps_the_place(
    questioning: Sitting, chair: Actor, cuc: Actor, dung: Actor, tap: Any
) -> None:
    first, second = _ask(tap, cuc), _ask(tap, dung)
    RollEntry.objects.filter(person=cuc.person).update(presence="left")
    actions.call_speaker(questioning, second, by=chair)
    assert _speaker(questioning)["name"] == "Giàng A Dũng"
    actions.finish_speech(questioning, _speaker(questioning)["speech_id"], by=chair)
    RollEntry.objects.filter(person=cuc.person).update(presence="present")
    third = _ask(tap, dung)
    with pytest.raises(Refused) as refusal:
        actions.call_speaker(questioning, third, by=chair)
    assert refusal.value.code == "out_of_order"
    actions.call_speaker(questioning, first, by=chair)


def test_a_request_is_dropped_with_a_line_and_may_be_made_again(
    opened: Sitting, chair: Actor, clerk: Actor, cuc: Actor, dung: Actor, tap: Any
) -> None:
    waiting, called = _ask(tap, cuc), _ask(tap, dung)
    actions.drop_request(opened, waiting, by=clerk)
    assert queries.me_slices(opened.pk, [cuc.id])[cuc.id]["request"] is None
    assert JournalEntry.objects.get(kind="floor.drop_request").text == (
        "Bỏ lượt đăng ký của Lê Thị Cúc (phát biểu)."
    )
    assert Entry.objects.get(action="floor.drop_request").on_behalf
    with pytest.raises(Refused) as refusal:
        actions.drop_request(opened, waiting, by=chair)
    assert refusal.value.code == "not_waiting"
    with pytest.raises(NotAllowed):
        actions.drop_request(opened, called, by=dung)
    actions.call_speaker(opened, called, by=chair, start=False)
    actions.drop_request(opened, called, by=chair)
    assert queries.hall_state(opened.pk)["queue"] == {
        "speaker": None,
        "calling": None,
        "waiting": [],
    }
    again = tap("ask", cuc, kind="speech")["request"]
    assert again["position"] == 3
    actions.go_to_item(opened, opened.items.order_by("order")[1].pk, by=chair)
    actions.go_to_item(opened, opened.items.order_by("order")[0].pk, by=chair)
    assert [row["name"] for row in queries.hall_state(opened.pk)["queue"]["waiting"]] == [
        "Lê Thị Cúc"
    ]  # who was dropped does not come back with the item


def test_who_speaks_is_not_dropped(opened: Sitting, chair: Actor, cuc: Actor, tap: Any) -> None:
    request = _ask(tap, cuc)
    actions.call_speaker(opened, request, by=chair)
    with pytest.raises(Refused) as refusal:
        actions.drop_request(opened, request, by=chair)
    assert refusal.value.code == "somebody_speaks"
