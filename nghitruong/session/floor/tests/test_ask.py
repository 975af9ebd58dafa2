from __future__ import annotations

import uuid
from typing import Any

from nghitruong.council.councils.roles import Actor
from nghitruong.platform.live.models import Event
from nghitruong.session.floor import actions, queries
from nghitruong.session.floor.models import SpeakerRequest
from nghitruong.session.floor.tests.conftest import apply, request
from nghitruong.session.meetings.models import RollEntry, Sitting


def test_a_present_member_gets_a_place(opened: Sitting, cuc: Actor, tap: Any) -> None:
    answer = tap("ask", cuc, kind="speech")
    assert answer["request"]["position"] == 1
    me = queries.me_slices(opened.pk, [cuc.id])[cuc.id]
    assert me["request"] == answer["request"]
    waiting = queries.hall_state(opened.pk)["queue"]["waiting"]
    assert [row["name"] for row in waiting] == ["Lê Thị Cúc"]


def test_a_second_tap_gets_the_same_place(opened: Sitting, cuc: Actor, tap: Any) -> None:
    assert tap("ask", cuc, kind="speech") == tap("ask", cuc, kind="speech")
    assert SpeakerRequest.objects.count() == 1


def test_both_taps_in_one_batch_get_one_place(opened: Sitting, cuc: Actor) -> None:
    taps = [request("ask", opened, cuc.id, kind="speech") for _ in range(2)]
    first, second = apply("ask", *taps)
    assert first == second
    assert SpeakerRequest.objects.count() == 1


def test_a_batch_keeps_the_order_of_arrival_and_tells_the_hall_once(opened: Sitting) -> None:
    people = list(RollEntry.objects.order_by("-sort_key").values_list("person_id", flat=True))
    before = Event.objects.filter(type="queue.changed").count()
    answers = apply("ask", *[request("ask", opened, p, kind="speech") for p in people])
    assert [answer["request"]["position"] for answer in answers] == list(range(1, 16))
    waiting = queries.hall_state(opened.pk)["queue"]["waiting"]
    assert [row["person_id"] for row in waiting] == [str(p) for p in people]
    assert Event.objects.filter(type="queue.changed").count() == before + 1


def test_a_batch_costs_a_fixed_number_of_statements(
    opened: Sitting, django_assert_max_num_queries: Any
) -> None:
    people = list(RollEntry.objects.values_list("person_id", flat=True))
    with django_assert_max_num_queries(25):
        apply("ask", *[request("ask", opened, p, kind="speech") for p in people])


def test_an_absent_member_is_told_to_check_in(opened: Sitting, cuc: Actor, tap: Any) -> None:
    RollEntry.objects.filter(person=cuc.person).update(presence="unknown")
    assert tap("ask", cuc, kind="speech").code == "not_present"


def test_a_suspended_member_only_follows(opened: Sitting, cuc: Actor, tap: Any) -> None:
    RollEntry.objects.filter(person=cuc.person).update(entitled=False)
    refusal = tap("ask", cuc, kind="speech")
    assert (refusal.code, refusal.status) == ("suspended_member", 403)


def test_somebody_who_is_no_delegate_is_refused(opened: Sitting, giang: Actor, tap: Any) -> None:
    assert tap("ask", giang, kind="speech").code == "not_on_roll"


def test_one_bad_request_does_not_harm_the_others(opened: Sitting, cuc: Actor, dung: Actor) -> None:
    answers = apply(
        "ask",
        request("ask", opened, cuc.id, kind="speech"),
        request("ask", opened, uuid.uuid4(), kind="speech"),
        request("ask", opened, dung.id, kind="shouting"),
    )
    assert answers[0]["ok"]
    assert [answer.code for answer in answers[1:]] == ["not_on_roll", "unknown_kind"]


def test_a_closed_sitting_takes_no_requests(
    opened: Sitting, chair: Actor, cuc: Actor, tap: Any
) -> None:
    actions.close_sitting(opened, by=chair)
    assert tap("ask", cuc, kind="speech").code == "sitting_closed"


def test_in_questioning_a_request_is_a_question(questioning: Sitting, cuc: Actor, tap: Any) -> None:
    assert tap("ask", cuc, kind="speech")["request"]["kind"] == "question"


def test_after_speaking_one_may_ask_again(
    opened: Sitting, chair: Actor, cuc: Actor, tap: Any
) -> None:
    actions.call_speaker(opened, tap("ask", cuc, kind="speech")["request"]["id"], by=chair)
    speech = queries.hall_state(opened.pk)["queue"]["speaker"]["speech_id"]
    actions.finish_speech(opened, speech, by=chair)
    assert tap("ask", cuc, kind="speech")["request"]["position"] == 2


def test_what_was_written_without_network_is_entered_for_its_item_and_no_other(
    opened: Sitting, cuc: Actor, tap: Any
) -> None:
    refused = tap("ask", cuc, kind="speech", item=str(uuid.uuid4()))
    assert refused.code == "item_moved"
    assert SpeakerRequest.objects.count() == 0
    opened.refresh_from_db()
    answer = tap("ask", cuc, kind="speech", item=str(opened.current_item_id or ""))
    assert answer["request"]["position"] == 1
