"""The queue of those who asked to speak. All of it under the sitting's lock.

Asking and withdrawing burst (a whole hall taps at once), so they take many requests and cost a
fixed number of statements for each sitting.
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connections
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from nghitruong.council.councils.roles import Actor
from nghitruong.platform.audit import api as audit
from nghitruong.platform.errors import Refused
from nghitruong.platform.storage.db import insert_rows, sql_time, sql_uuid
from nghitruong.session.floor import journal, limits, rules, tell
from nghitruong.session.floor.actions.clock import seconds_spoken
from nghitruong.session.floor.models import RequestKind, RequestState, SpeakerRequest, Speech
from nghitruong.session.meetings.models import RollEntry, Sitting


@dataclass(frozen=True, slots=True)
class Asking:
    """One tap: who, what for, when it arrived."""

    person_id: uuid.UUID
    kind: str
    at: datetime
    # Written on a device without network: what the person wanted to speak to. Hours later it may
    # not be what is before the hall, and nobody is entered for something else without knowing.
    item_id: str = ""


Answer = dict[str, Any] | Refused


def _answer(request: SpeakerRequest) -> dict[str, Any]:
    return {
        "ok": True,
        "request": {
            "id": str(request.pk),
            "position": request.position,
            "kind": request.kind,
            "state": request.state,
        },
    }


def _active(sitting: Sitting, people: Sequence[uuid.UUID]) -> dict[uuid.UUID, SpeakerRequest]:
    return {
        request.person_id: request
        for request in SpeakerRequest.objects.filter(
            sitting=sitting,
            person_id__in=people,
            state__in=[RequestState.WAITING, RequestState.CALLED],
        )
    }


def _act(sitting: Sitting, action: str, request: SpeakerRequest, at: datetime) -> audit.Act:
    return audit.Act(
        action,
        at=at,
        actor_id=request.person_id,
        actor_name=request.name,
        target_type=SpeakerRequest._meta.label_lower,
        target_id=request.pk,
        payload={"sitting": str(sitting.pk), "position": request.position, "kind": request.kind},
    )


def _kind(sitting: Sitting, kind: str) -> str | None:
    """What the request is for; in questioning every ordinary request is a question."""
    if kind not in RequestKind.values:
        return None
    questioning = limits.is_questioning(sitting, sitting.current_item)
    if questioning and kind == RequestKind.SPEECH:
        return RequestKind.QUESTION
    if not questioning and kind == RequestKind.QUESTION:
        return RequestKind.SPEECH
    return kind


def ask(sitting_id: uuid.UUID, askings: Sequence[Asking]) -> list[Answer]:
    """Put requests into the queue strictly in the order given; one queue event for all of them.

    Who already waits (or was called) gets the same answer again. In the caller's transaction.
    """
    sitting = tell.locked(sitting_id)
    closed = rules.not_open(sitting)
    if closed:
        return [closed for _asking in askings]
    people = [asking.person_id for asking in askings]
    roll = {
        entry.person_id: entry
        for entry in RollEntry.objects.filter(sitting=sitting, person_id__in=people).values_list(
            "person_id", "membership_id", "name", "group", "entitled", "presence", named=True
        )
    }
    active = _active(sitting, people)
    position = sitting.requests.aggregate(last=Max("position"))["last"] or 0
    answers: list[Answer] = []
    added: list[SpeakerRequest] = []
    for asking in askings:
        entry = roll.get(asking.person_id)
        refusal = rules.may_not_act(entry)
        kind = _kind(sitting, asking.kind)
        if refusal:
            answers.append(refusal)
        elif asking.person_id in active:
            answers.append(_answer(active[asking.person_id]))
        elif asking.item_id and asking.item_id != str(sitting.current_item_id or ""):
            answers.append(
                Refused(
                    "item_moved",
                    _(
                        "Khi máy có mạng lại, phiên họp không ở nội dung quý vị muốn phát biểu nên "
                        "không đăng ký nữa. Nếu vẫn muốn phát biểu, hãy đăng ký lại."
                    ),
                )
            )
        elif kind is None:
            answers.append(
                Refused("unknown_kind", _("Hãy chọn loại phát biểu rồi đăng ký lại."), status=422)
            )
        else:
            assert entry is not None  # noqa: S101  # may_not_act refused otherwise
            position += 1
            request = SpeakerRequest(
                council_id=sitting.council_id,
                sitting=sitting,
                item_id=sitting.current_item_id,
                membership_id=entry.membership_id,
                person_id=entry.person_id,
                name=entry.name,
                group=entry.group,
                kind=kind,
                position=position,
                requested_at=asking.at,
            )
            active[asking.person_id] = request
            added.append(request)
            answers.append(_answer(request))
    if added:
        _insert(added)
        tell.tell_hall(
            sitting, tell.queue_changed(sitting), people=[request.person_id for request in added]
        )
        audit.record_many(
            [_act(sitting, "floor.ask", request, request.requested_at) for request in added],
            council_id=sitting.council_id,
        )
    return answers


# A burst's own way to write many rows: the ORM's takes as long as all the rest of it together.
_COLUMNS = {
    "id": "uuid",
    "council_id": "uuid",
    "sitting_id": "uuid",
    "item_id": "uuid",
    "membership_id": "uuid",
    "person_id": "uuid",
    "name": "text",
    '"group"': "text",
    "kind": "text",
    "state": "text",
    "position": "int",
    "requested_at": "timestamptz",
}


def _insert(added: Sequence[SpeakerRequest]) -> None:
    here = connections[DEFAULT_DB_ALIAS]

    def key(value: uuid.UUID | None) -> uuid.UUID | str | None:
        return None if value is None else sql_uuid(here, value)

    rows = [
        (
            key(one.pk),
            key(one.council_id),
            key(one.sitting_id),
            key(one.item_id),
            key(one.membership_id),
            key(one.person_id),
            one.name,
            one.group,
            one.kind,
            one.state,
            one.position,
            sql_time(here, one.requested_at),
        )
        for one in added
    ]
    insert_rows(here, SpeakerRequest._meta.db_table, _COLUMNS, rows)


def withdraw(sitting_id: uuid.UUID, people: Sequence[uuid.UUID]) -> list[Answer]:
    """Take these people's requests out of the queue. Nobody in it: the same quiet answer.

    Who was called already tells the chair instead. In the caller's transaction.
    """
    sitting = tell.locked(sitting_id)
    active = _active(sitting, people)
    now = timezone.now()
    answers: list[Answer] = []
    gone: list[SpeakerRequest] = []
    for person_id in people:
        request = active.get(person_id)
        if request is None:
            answers.append({"ok": True, "request": None})
        elif request.state == RequestState.CALLED:
            answers.append(
                Refused(
                    "already_called",
                    _("Chủ tọa đã mời quý vị phát biểu. Nếu không phát biểu, hãy báo Chủ tọa."),
                )
            )
        else:
            gone.append(active.pop(person_id))
            answers.append({"ok": True, "request": None})
    if gone:
        SpeakerRequest.objects.filter(pk__in=[request.pk for request in gone]).update(
            state=RequestState.WITHDRAWN, withdrawn_at=now
        )
        tell.tell_hall(
            sitting, tell.queue_changed(sitting), people=[request.person_id for request in gone]
        )
        audit.record_many(
            [_act(sitting, "floor.withdraw", request, now) for request in gone],
            council_id=sitting.council_id,
        )
    return answers


# Parts of steps of the chair, under the lock those steps hold ------------------------------------


def end_running_speech(sitting: Sitting, *, by: Actor) -> list[uuid.UUID]:
    """End whoever speaks; the people whose own line changed. Tells nobody: the caller does."""
    speech: Speech | None = (
        Speech.objects.filter(sitting=sitting, ended_at__isnull=True)
        .select_related("item", "request")
        .first()
    )
    if speech is None:
        return []
    now = timezone.now()
    Speech.objects.filter(pk=speech.pk).update(ended_at=now)
    seconds = seconds_spoken(speech, now)
    journal.record(
        sitting,
        "floor.finish_speech",
        _("%(name)s kết thúc phát biểu (%(minutes)d phút %(seconds)02d giây).")
        % {"name": speech.name, "minutes": seconds // 60, "seconds": seconds % 60},
        by=by,
        item=speech.item,
        target=speech,
        data={"speech": str(speech.pk), "seconds": seconds},
        at=now,
    )
    if speech.request is None:
        return [speech.person_id] if speech.person_id else []
    SpeakerRequest.objects.filter(pk=speech.request.pk).update(state=RequestState.DONE)
    return [speech.request.person_id]


def lapse_requests(sitting: Sitting) -> list[SpeakerRequest]:
    """Whoever still waits (or was called and has not begun) did not get a turn on this item."""
    left = list(
        SpeakerRequest.objects.filter(
            sitting=sitting, state__in=[RequestState.WAITING, RequestState.CALLED]
        ).order_by("position")
    )
    if left:
        SpeakerRequest.objects.filter(pk__in=[request.pk for request in left]).update(
            state=RequestState.LAPSED
        )
    return left


def restore_requests(sitting: Sitting) -> list[SpeakerRequest]:
    """The hall is back at an item: its requests wait again, in their old order."""
    back = list(
        SpeakerRequest.objects.filter(
            sitting=sitting, item=sitting.current_item, state=RequestState.LAPSED
        ).order_by("position")
    )
    if back:
        SpeakerRequest.objects.filter(pk__in=[request.pk for request in back]).update(
            state=RequestState.WAITING
        )
    return back
