"""Delegates who say that they are here: by checking in, or by opening the sitting themselves."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from nghitruong.platform.audit import api as audit
from nghitruong.platform.errors import Refused
from nghitruong.platform.storage.db import lock_row
from nghitruong.session.floor import journal, rules, tell
from nghitruong.session.meetings.models import Presence, RollEntry, Sitting, SittingState


def check_in(sitting_id: uuid.UUID, people: Sequence[uuid.UUID]) -> list[dict[str, Any] | Refused]:
    """Delegates say they are here, in the order given.

    A second tap gets the same answer. Who comes late or comes back while the sitting goes on is a
    line of the journal, as where the clerk enters it. In the caller's transaction; a fixed number
    of statements.
    """
    sitting = tell.locked(sitting_id)
    now = timezone.now()
    roll: dict[uuid.UUID, RollEntry] = {
        entry.person_id: entry
        for entry in lock_row(RollEntry.objects.filter(sitting=sitting, person_id__in=people))
    }
    answers: list[dict[str, Any] | Refused] = []
    came: dict[uuid.UUID, RollEntry] = {}
    before: dict[uuid.UUID, str] = {}
    for person_id in people:
        entry = roll.get(person_id)
        refusal = _may_not_check_in(sitting, entry)
        if refusal or entry is None:
            answers.append(refusal or {})
            continue
        if entry.presence != Presence.PRESENT:
            before[person_id] = entry.presence
            entry.presence, entry.reason = Presence.PRESENT, ""
            entry.checked_in_at, entry.checked_in_by = now, entry.name
            came[person_id] = entry
        answers.append({"ok": True, "presence": entry.presence})
    _write_arrivals(sitting, came, before, now)
    return answers


def come_to_open(sitting: Sitting, person_id: uuid.UUID) -> bool:
    """Who opens the sitting with their own hand and presides is here, whatever the roll says of
    them and whether or not it is being called. False: not on the roll (which was never called, or
    is of others), so not counted. In the caller's transaction, the sitting locked."""
    entry = lock_row(RollEntry.objects.filter(sitting=sitting, person_id=person_id)).first()
    if entry is None or not entry.entitled:
        return False
    if entry.presence == Presence.PRESENT:
        return True
    now, before = timezone.now(), {entry.person_id: entry.presence}
    entry.presence, entry.reason = Presence.PRESENT, ""
    entry.checked_in_at, entry.checked_in_by = now, entry.name
    _write_arrivals(sitting, {entry.person_id: entry}, before, now)
    return True


def _write_arrivals(
    sitting: Sitting,
    came: dict[uuid.UUID, RollEntry],
    before: Mapping[uuid.UUID, str],
    now: datetime,
) -> None:
    """Their rows, every screen, the journal of a sitting that goes on, the audit: all at once."""
    if not came:
        return
    RollEntry.objects.filter(pk__in=[entry.pk for entry in came.values()]).update(
        presence=Presence.PRESENT, reason="", checked_in_at=now, checked_in_by=F("name")
    )
    tell.tell_hall(sitting, *tell.presence_moved(sitting, came.values()), people=came)
    if sitting.state != SittingState.PLANNED:
        # Who had left or was entered as away; a first answer to the roll call is no line.
        back = [row for row in came.values() if before[row.person_id] != Presence.UNKNOWN]
        journal.lines(
            sitting,
            "floor.check_in",
            [
                journal.Line(
                    text=_("%(name)s có mặt.") % {"name": entry.name},
                    by_name=entry.name,
                    data=moved(entry, before[entry.person_id]),
                )
                for entry in back
            ],
            at=now,
        )
    audit.record_many(
        [
            audit.Act(
                "floor.check_in",
                at=now,
                actor_id=entry.person_id,
                actor_name=entry.name,
                target_type=RollEntry._meta.label_lower,
                target_id=entry.pk,
                payload={
                    "sitting": str(sitting.pk),
                    "before": before[entry.person_id],
                    "presence": entry.presence,
                },
            )
            for entry in came.values()
        ],
        council_id=sitting.council_id,
    )


def _may_not_check_in(sitting: Sitting, entry: RollEntry | None) -> Refused | None:
    if entry is not None and entry.entitled and entry.presence == Presence.PRESENT:
        return None
    if sitting.state == SittingState.CLOSED:
        return Refused("sitting_closed", _("Phiên họp đã kết thúc."))
    if entry is None:
        if not sitting.roll_open:
            return Refused(
                "roll_not_open", _("Chưa bắt đầu điểm danh. Màn hình sẽ báo khi bắt đầu.")
            )
        return rules.may_not_act(None)
    if not entry.entitled:
        return rules.may_not_act(entry)
    if not sitting.roll_open:
        return Refused(
            "roll_not_open", _("Đang không điểm danh. Hãy báo Thư ký ghi nhận quý vị có mặt.")
        )
    return None


def moved(entry: RollEntry, before: str) -> dict[str, Any]:
    """What the journal and the audit keep of a change of presence."""
    return {"member": str(entry.membership_id), "before": before, "presence": entry.presence}
