"""Private notes to the chair. Their words are in no log, no event of the hall, no journal."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from nghitruong.council.councils.roles import Actor
from nghitruong.lib.text import nfc
from nghitruong.platform.audit import api as audit
from nghitruong.platform.errors import NotAllowed, Refused
from nghitruong.session.floor import rules, tell
from nghitruong.session.floor.models import NoteToChair
from nghitruong.session.meetings.chairing import chair_people
from nghitruong.session.meetings.models import RollEntry, Sitting, SittingState

LONGEST = 1000


@dataclass(frozen=True, slots=True)
class Writing:
    """One note as it arrived."""

    person_id: uuid.UUID
    text: str
    at: datetime


def write_notes(
    sitting_id: uuid.UUID, writings: Sequence[Writing]
) -> list[dict[str, Any] | Refused]:
    """Store notes of members on the roll and show them to who presides, in the caller's
    transaction. The audit says that a note was sent, never what it says."""
    sitting = tell.locked(sitting_id)
    people = [writing.person_id for writing in writings]
    roll = {
        entry.person_id: entry
        for entry in RollEntry.objects.filter(sitting=sitting, person_id__in=people)
    }
    answers: list[dict[str, Any] | Refused] = []
    notes: list[NoteToChair] = []
    for writing in writings:
        text, entry = nfc(writing.text).strip(), roll.get(writing.person_id)
        if sitting.state == SittingState.CLOSED:
            answers.append(Refused("sitting_closed", _("Phiên họp đã kết thúc.")))
        elif entry is None:
            answers.append(rules.may_not_act(None) or {})
        elif not text or len(text) > LONGEST:
            answers.append(
                Refused(
                    "bad_text",
                    _("Hãy viết lời nhắn từ 1 đến %(longest)d chữ cái.") % {"longest": LONGEST},
                    status=422,
                )
            )
        else:
            notes.append(
                NoteToChair(
                    council_id=sitting.council_id,
                    sitting=sitting,
                    person_id=entry.person_id,
                    name=entry.name,
                    text=text,
                    at=writing.at,
                )
            )
            answers.append({"ok": True, "id": str(notes[-1].pk)})
    if notes:
        NoteToChair.objects.bulk_create(notes)
        tell.tell_presiding(sitting)
        audit.record_many(
            [
                audit.Act(
                    "floor.note",
                    at=note.at,
                    actor_id=note.person_id,
                    actor_name=note.name,
                    target_type=NoteToChair._meta.label_lower,
                    target_id=note.pk,
                    payload={"sitting": str(sitting.pk)},
                )
                for note in notes
            ],
            council_id=sitting.council_id,
        )
    return answers


def read_note(sitting: Sitting, note_id: uuid.UUID, *, by: Actor) -> NoteToChair:
    """The chair has read a note; reading it again changes nothing."""
    with transaction.atomic():
        sitting = tell.locked(sitting.pk)
        if by.id not in chair_people(sitting):
            raise NotAllowed("chair_only", _("Chỉ Chủ tọa đọc lời nhắn riêng."))
        note: NoteToChair | None = NoteToChair.objects.filter(sitting=sitting, pk=note_id).first()
        if note is None:
            raise Refused("no_such_note", _("Không có lời nhắn này."), status=404)
        if note.read_at is None:
            note.read_at = timezone.now()
            note.read_by_name = by.name
            note.save(update_fields=["read_at", "read_by_name"])
            audit.record(
                "floor.read_note",
                council_id=sitting.council_id,
                actor_id=by.id,
                actor_name=by.name,
                target=note,
                payload={"sitting": str(sitting.pk)},
            )
            tell.tell_presiding(sitting)
    return note
