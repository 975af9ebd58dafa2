"""Whole states of screens: a bounded number of statements, whatever the number of members."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from typing import Any

from django.utils import timezone

from nghitruong.council.councils.models import Person
from nghitruong.platform.live import sql
from nghitruong.platform.live.api import person_stream, sitting_stream
from nghitruong.platform.live.registry import AUDIENCES
from nghitruong.session.floor.models import NoteToChair, SpeakerRequest
from nghitruong.session.floor.queries.hall import (
    ACTIVE,
    agenda_slice,
    iso,
    item_slice,
    news_slice,
    notice_slice,
    presence_slice,
    queue_slice,
    sitting_slice,
)
from nghitruong.session.floor.queries.sittings import (
    audiences_of_people,
    sitting_by_id,
)
from nghitruong.session.floor.slices import MeSlice, NoteLine
from nghitruong.session.meetings.chairing import chair_people
from nghitruong.session.meetings.models import RollEntry, Sitting
from nghitruong.session.voting import queries as voting


def hall_state(sitting_id: uuid.UUID) -> dict[str, Any]:
    """Everything a screen in the hall shows, the same for everybody there."""
    sitting = sitting_by_id(sitting_id)
    return _hall(sitting, voting.Moment(sitting_id, sitting=sitting))


def _hall(sitting: Sitting, polls: voting.Moment) -> dict[str, Any]:
    return {
        "sitting": sitting_slice(sitting),
        "item": item_slice(sitting),
        "presence": presence_slice(sitting),
        "queue": queue_slice(sitting),
        "poll": polls.poll,
        "progress": polls.progress,
        "result": polls.result,
        "annulled": polls.annulled,
        "notice": notice_slice(sitting),
        "news": news_slice(sitting),
    }


def chair_state(sitting_id: uuid.UUID) -> dict[str, Any]:
    """The count before the announcement, for the chair and the clerks whose duty needs it, and the
    agenda they lead the hall through. Notes are not here: see person_state."""
    return _chair(sitting_id, voting.Moment(sitting_id))


def _chair(sitting_id: uuid.UUID, polls: voting.Moment) -> dict[str, Any]:
    return {"tally": polls.tally, "outcome": polls.outcome, "agenda": agenda_slice(sitting_id)}


def named_state(sitting_id: uuid.UUID) -> dict[str, Any]:
    """What only those see who may know who voted what."""
    return _named(voting.Moment(sitting_id))


def _named(polls: voting.Moment) -> dict[str, Any]:
    return {"seats": polls.seats, "annul_reason": polls.annul_reason}


def notes_slice(sitting: Sitting) -> list[NoteLine]:
    """The private notes of the sitting, oldest first; for those who preside only."""
    return [
        {
            "id": str(note.pk),
            "name": note.name,
            "text": note.text,
            "at": note.at.isoformat(),
            "read_at": iso(note.read_at),
        }
        for note in NoteToChair.objects.filter(sitting=sitting).order_by("at", "pk")
    ]


def me_slices(sitting_id: uuid.UUID, person_ids: Iterable[uuid.UUID]) -> dict[uuid.UUID, MeSlice]:
    """Each person's own line in this sitting; a few statements for any number of people."""
    wanted = set(person_ids)
    names: dict[uuid.UUID, str] = {}
    rows = RollEntry.objects.filter(sitting_id=sitting_id, person_id__in=wanted).values_list(
        "person_id", "membership_id", "name", "presence", "entitled", named=True
    )
    entries = {row.person_id: row for row in rows}
    if wanted - entries.keys():
        people = Person.objects.filter(pk__in=wanted - entries.keys())
        names = dict(people.values_list("pk", "full_name"))
    asked = SpeakerRequest.objects.filter(
        sitting_id=sitting_id, person_id__in=wanted, state__in=ACTIVE
    ).values_list("person_id", "id", "position", "kind", "state", named=True)
    requests = {row.person_id: row for row in asked}
    votes = voting.my_votes(sitting_id, entries.keys()) if entries else {}
    found: dict[uuid.UUID, MeSlice] = {}
    for person_id in wanted & (entries.keys() | names.keys()):
        entry, request = entries.get(person_id), requests.get(person_id)
        found[person_id] = {
            "membership_id": str(entry.membership_id) if entry else None,
            "person_id": str(person_id),
            "name": entry.name if entry else names[person_id],
            "presence": entry.presence if entry else None,
            "entitled": entry.entitled if entry else False,
            "request": {
                "id": str(request.id),
                "position": request.position,
                "kind": request.kind,
                "state": request.state,
            }
            if request
            else None,
            "vote": votes.get(person_id),
        }
    return found


def person_state(
    sitting_id: uuid.UUID, person_ids: Iterable[uuid.UUID]
) -> dict[uuid.UUID, dict[str, Any]]:
    """Slice ``me`` of each person, and ``notes`` for those who preside."""
    sitting = sitting_by_id(sitting_id)
    return _people(sitting, list(person_ids), chair_people(sitting))


def _people(
    sitting: Sitting, wanted: list[uuid.UUID], presiding: set[uuid.UUID]
) -> dict[uuid.UUID, dict[str, Any]]:
    states: dict[uuid.UUID, dict[str, Any]] = {
        person_id: {"me": me} for person_id, me in me_slices(sitting.pk, wanted).items()
    }
    if presiding & states.keys():
        notes = notes_slice(sitting)
        for person_id in presiding & states.keys():
            states[person_id]["notes"] = notes
    return states


def first_screen(
    sitting: Sitting, person_id: uuid.UUID, presiding: set[uuid.UUID]
) -> dict[str, Any]:
    """The state put into a page: as ``/live/<slug>/snapshot`` gives it to this person.

    ``presiding``: :func:`chair_people` of the sitting. The seqs are read before the state, so no
    event can be missed; one may come twice, and events carry whole values.
    """
    heard = audiences_of_people(sitting, [person_id], presiding)[person_id]
    keys = {
        audience: person_stream(person_id)
        if audience == "me"
        else sitting_stream(sitting.pk, audience)
        for audience in AUDIENCES
        if audience in heard
    }
    seqs = sql.stream_seqs(keys.values())
    place = [sql.current_epoch(), *(f"{audience}={seqs[key]}" for audience, key in keys.items())]
    state: dict[str, Any] = {}
    if heard:
        now = sitting_by_id(sitting.pk)
        polls = voting.Moment(now.pk, sitting=now)
        if "hall" in heard:
            state |= _hall(now, polls)
        if "chair" in heard:
            state |= _chair(now.pk, polls)
        if "named" in heard:
            state |= _named(polls)
        if "me" in heard:
            state |= _people(now, [person_id], presiding).get(person_id, {})
    return {"id": ";".join(place), "now": timezone.now().isoformat(), "state": state}
