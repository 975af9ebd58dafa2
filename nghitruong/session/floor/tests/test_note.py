from __future__ import annotations

import json
from typing import Any

import pytest

from nghitruong.council.councils.roles import Actor
from nghitruong.platform.audit.models import Entry
from nghitruong.platform.errors import NotAllowed
from nghitruong.platform.live.api import person_stream
from nghitruong.platform.live.models import Event
from nghitruong.session.floor import actions, queries
from nghitruong.session.floor.models import JournalEntry, NoteToChair
from nghitruong.session.meetings.chairing import chair_people
from nghitruong.session.meetings.models import Sitting

SECRET = "Xin phép về sớm lúc mười giờ"


def test_only_who_presides_sees_the_words(
    opened: Sitting, chair: Actor, clerk: Actor, cuc: Actor, tap: Any
) -> None:
    assert tap("note", cuc, text=SECRET)["ok"]
    states = queries.person_state(opened.pk, [chair.id, clerk.id, cuc.id])
    assert [note["text"] for note in states[chair.id]["notes"]] == [SECRET]
    assert "notes" not in states[clerk.id]
    assert "notes" not in states[cuc.id]
    for state in (queries.hall_state(opened.pk), queries.chair_state(opened.pk)):
        assert SECRET not in json.dumps(state, ensure_ascii=False)


def test_the_words_are_in_no_other_stream_log_or_journal(
    opened: Sitting, chair: Actor, cuc: Actor, tap: Any
) -> None:
    tap("note", cuc, text=SECRET)
    streams = {
        event.stream
        for event in Event.objects.all()
        if SECRET in json.dumps(event.data, ensure_ascii=False)
    }
    assert person_stream(chair.id) in streams
    presiding = {person_stream(p) for p in chair_people(queries.sitting_by_id(opened.pk))}
    assert streams <= presiding
    assert not [
        e for e in Entry.objects.all() if SECRET in json.dumps(e.payload, ensure_ascii=False)
    ]
    assert not JournalEntry.objects.filter(text__contains=SECRET).exists()


def test_nfd_becomes_nfc(opened: Sitting, cuc: Actor, tap: Any) -> None:
    tap("note", cuc, text="  Ti\u00ea\u0301ng Vie\u0323\u0302t ")
    assert NoteToChair.objects.get().text == "Tiếng Việt"


@pytest.mark.parametrize("text", ["", "   ", "x" * 1001])
def test_empty_and_endless_notes_are_refused(
    opened: Sitting, cuc: Actor, tap: Any, text: str
) -> None:
    assert tap("note", cuc, text=text).code == "bad_text"


def test_who_is_not_on_the_roll_is_refused(opened: Sitting, giang: Actor, tap: Any) -> None:
    assert tap("note", giang, text="xin chào").code == "not_on_roll"


def test_reading_is_remembered_once(
    opened: Sitting, chair: Actor, clerk: Actor, cuc: Actor, tap: Any
) -> None:
    note_id = tap("note", cuc, text=SECRET)["id"]
    with pytest.raises(NotAllowed):
        actions.read_note(opened, note_id, by=clerk)
    first = actions.read_note(opened, note_id, by=chair).read_at
    assert first is not None
    assert actions.read_note(opened, note_id, by=chair).read_at == first
    notes = queries.person_state(opened.pk, [chair.id])[chair.id]["notes"]
    assert notes[0]["read_at"] == first.isoformat()
