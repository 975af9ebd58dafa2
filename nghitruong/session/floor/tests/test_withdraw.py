from __future__ import annotations

from typing import Any

from nghitruong.council.councils.roles import Actor
from nghitruong.session.floor import actions, queries
from nghitruong.session.floor.models import SpeakerRequest
from nghitruong.session.meetings.models import Sitting


def test_a_request_leaves_the_queue(opened: Sitting, cuc: Actor, tap: Any) -> None:
    tap("ask", cuc, kind="speech")
    assert tap("withdraw", cuc) == {"ok": True, "request": None}
    assert SpeakerRequest.objects.get().state == "withdrawn"
    assert queries.hall_state(opened.pk)["queue"]["waiting"] == []
    assert queries.me_slices(opened.pk, [cuc.id])[cuc.id]["request"] is None


def test_a_second_tap_gets_the_same_answer(opened: Sitting, cuc: Actor, tap: Any) -> None:
    tap("ask", cuc, kind="speech")
    assert tap("withdraw", cuc) == tap("withdraw", cuc)


def test_who_was_called_already_tells_the_chair(
    opened: Sitting, chair: Actor, cuc: Actor, tap: Any
) -> None:
    request = tap("ask", cuc, kind="speech")["request"]["id"]
    actions.call_speaker(opened, request, by=chair, start=False)
    assert tap("withdraw", cuc).code == "already_called"


def test_asking_again_goes_to_the_end(opened: Sitting, cuc: Actor, dung: Actor, tap: Any) -> None:
    tap("ask", cuc, kind="speech")
    tap("ask", dung, kind="speech")
    tap("withdraw", cuc)
    assert tap("ask", cuc, kind="speech")["request"]["position"] == 3
