"""Two people press at once, each on a connection of their own."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django_scopes import scope

from nghitruong.council.councils.roles import Actor
from nghitruong.platform.errors import Refused
from nghitruong.session.floor import actions
from nghitruong.session.floor.models import JournalEntry, SpeakerRequest, Speech
from nghitruong.session.floor.tests.conftest import apply, request
from nghitruong.session.meetings.models import RollEntry, Sitting

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.concurrency]


def at_once(sitting: Sitting, *steps: Callable[[], Any]) -> list[Any]:
    """Run the steps in threads that start together; each one's answer or refusal."""
    barrier = threading.Barrier(len(steps))
    answers: list[Any] = [None] * len(steps)

    def run(place: int, step: Callable[[], Any]) -> None:
        try:
            with scope(council=sitting.council_id):
                barrier.wait(timeout=30)
                answers[place] = step()
        except Refused as refusal:
            answers[place] = refusal
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(place, step)) for place, step in enumerate(steps)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    return answers


def test_two_clerks_call_different_people_and_one_wins(
    opened: Sitting, chair: Actor, clerk: Actor, cuc: Actor, dung: Actor
) -> None:
    first, second = (
        answer["request"]["id"]
        for answer in apply(
            "ask", *[request("ask", opened, who.id, kind="speech") for who in (cuc, dung)]
        )
    )
    answers = at_once(
        opened,
        lambda: actions.call_speaker(opened, first, by=chair),
        lambda: actions.call_speaker(opened, second, by=clerk),
    )
    refused = [answer for answer in answers if isinstance(answer, Refused)]
    won = [answer for answer in answers if isinstance(answer, SpeakerRequest)]
    assert (len(won), len(refused)) == (1, 1)
    assert refused[0].code == "somebody_speaks"
    assert refused[0].sentence.startswith(f"Đang có người phát biểu: {won[0].name}")
    assert Speech.objects.filter(ended_at__isnull=True).count() == 1
    assert SpeakerRequest.objects.filter(state="waiting").count() == 1


def test_chair_and_clerk_press_next_and_no_item_is_skipped(
    opened: Sitting, chair: Actor, clerk: Actor
) -> None:
    seen = opened.current_item_id
    at_once(
        opened,
        lambda: actions.next_item(opened, by=chair, after=seen),
        lambda: actions.next_item(opened, by=clerk, after=seen),
    )
    assert JournalEntry.objects.filter(kind="floor.go_to_item").count() == 2
    opened.refresh_from_db()
    assert opened.current_item.title == "Biểu quyết nghị quyết"


def test_two_open_the_sitting_and_it_opens_once(
    rolled: Sitting, chair: Actor, clerk: Actor
) -> None:
    answers = at_once(
        rolled,
        lambda: actions.open_sitting(rolled, by=chair, quorum_reason="cần họp ngay"),
        lambda: actions.open_sitting(rolled, by=clerk, quorum_reason="cần họp ngay"),
    )
    assert sorted(isinstance(answer, Refused) for answer in answers) == [False, True]
    assert JournalEntry.objects.filter(kind="floor.open_sitting").count() == 1


def test_batches_from_two_processes_keep_places_apart(opened: Sitting) -> None:
    people = list(RollEntry.objects.values_list("person_id", flat=True))
    halves = people[:8], people[8:]
    answers = at_once(
        opened,
        *[
            lambda half=half: apply(
                "ask", *[request("ask", opened, person, kind="speech") for person in half]
            )
            for half in halves
        ],
    )
    places = [answer["request"]["position"] for batch in answers for answer in batch]
    assert sorted(places) == list(range(1, 16))
