"""Who the clerk says is here: member by member, or all who are left at once."""

from __future__ import annotations

import uuid
from collections.abc import Sequence

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from nghitruong.council.councils.roles import Actor
from nghitruong.lib.text import nfc
from nghitruong.platform.audit import api as audit
from nghitruong.platform.errors import Refused
from nghitruong.platform.storage.db import lock_row
from nghitruong.session.floor import journal, rules, tell
from nghitruong.session.floor.actions.arrivals import moved
from nghitruong.session.meetings.models import Presence, RollEntry, Sitting, SittingState


def set_presence(
    sitting: Sitting,
    membership_id: uuid.UUID,
    presence: str,
    *,
    by: Actor,
    reason: str = "",
) -> RollEntry:
    """The clerk enters one member as present, excused (with a reason), absent or gone.

    The same state twice changes nothing. Coming late and leaving are lines of the journal.
    """
    rules.require_roll(by)
    reason = nfc(reason).strip()
    if presence not in Presence.values:
        raise Refused("unknown_presence", _("Hãy chọn một tình trạng điểm danh."), status=422)
    if presence == Presence.EXCUSED and not reason:
        raise Refused("reason_missing", _("Hãy ghi lý do vắng."), status=422)
    with transaction.atomic():
        sitting = tell.locked(sitting.pk)
        if sitting.state == SittingState.CLOSED:
            raise Refused("sitting_closed", _("Phiên họp đã kết thúc, không điểm danh được nữa."))
        entry: RollEntry | None = lock_row(
            RollEntry.objects.filter(sitting=sitting, membership_id=membership_id)
        ).first()
        if entry is None:
            raise Refused(
                "not_on_roll",
                _("Người này không có trong danh sách điểm danh. Hãy bấm «Bắt đầu điểm danh»."),
            )
        if presence == Presence.PRESENT and not entry.entitled:
            raise Refused(
                "suspended_member",
                _("%(name)s đang tạm đình chỉ hoặc đã thôi làm nhiệm vụ nên không tính có mặt.")
                % {"name": entry.name},
                article=rules.SUSPENDED_ARTICLE,
            )
        before = entry.presence
        if before == presence and entry.reason == reason:
            return entry
        entry.presence = presence
        entry.reason = reason if presence != Presence.PRESENT else ""
        entry.checked_in_by = by.name
        if presence == Presence.PRESENT:
            entry.checked_in_at = timezone.now()
        entry.save(update_fields=["presence", "reason", "checked_in_by", "checked_in_at"])
        _record_presence(sitting, entry, before, by)
        tell.tell_hall(sitting, *tell.presence_moved(sitting, [entry]), people=[entry.person_id])
    return entry


def _record_presence(sitting: Sitting, entry: RollEntry, before: str, by: Actor) -> None:
    """The audit entry always; the journal line only when the sitting goes on (late, gone)."""
    data = moved(entry, before)
    if entry.reason:
        data["reason"] = entry.reason
    if sitting.state == SittingState.PLANNED or (before == Presence.UNKNOWN and sitting.roll_open):
        journal.audit_only(sitting, "floor.set_presence", by=by, target=entry, data=data)
        return
    words = {
        Presence.PRESENT: _("%(name)s có mặt."),
        Presence.LEFT: _("%(name)s rời phòng họp."),
        Presence.EXCUSED: _("%(name)s vắng có lý do: %(reason)s."),
        Presence.ABSENT: _("%(name)s vắng."),
        Presence.UNKNOWN: _("%(name)s: điểm danh lại."),
    }
    text = words[Presence(entry.presence)] % {"name": entry.name, "reason": entry.reason}
    journal.record(
        sitting,
        "floor.set_presence",
        text,
        by=by,
        target=entry,
        data=data,
        in_chairs_name=False,
    )


def present_rest(sitting: Sitting, members: Sequence[uuid.UUID], *, by: Actor) -> int:
    """The clerk, who has looked round the room, enters as present those nobody has answered for.

    Only who is named in ``members`` (memberships: what the clerk saw when agreeing) and still has
    no answer: who was entered as away meanwhile stays so, who took office meanwhile is not
    guessed. Returns how many were entered; all of them in one step, or none.
    """
    rules.require_roll(by)
    with transaction.atomic():
        sitting = tell.locked(sitting.pk)
        if not sitting.roll_open:
            raise Refused(
                "roll_not_open",
                _("Đang không điểm danh. Hãy mở điểm danh, hoặc ghi có mặt từng người."),
            )
        left = RollEntry.objects.filter(
            sitting=sitting,
            membership_id__in=members,
            presence=Presence.UNKNOWN,
            entitled=True,
        ).order_by("pk")
        entries: list[RollEntry] = list(lock_row(left))
        if not entries:
            raise Refused("nobody_left", _("Không còn ai chưa điểm danh; chưa ghi gì thêm."))
        now = timezone.now()
        for entry in entries:
            entry.presence = Presence.PRESENT
            entry.checked_in_at, entry.checked_in_by = now, by.name
        RollEntry.objects.filter(pk__in=[entry.pk for entry in entries]).update(
            presence=Presence.PRESENT, checked_in_at=now, checked_in_by=by.name
        )
        audit.record_many(
            [
                audit.Act(
                    "floor.set_presence",
                    at=now,
                    actor_id=by.id,
                    actor_name=by.name,
                    target_type=RollEntry._meta.label_lower,
                    target_id=entry.pk,
                    payload={
                        "sitting": str(sitting.pk),
                        "together": len(entries),
                        **moved(entry, Presence.UNKNOWN),
                    },
                )
                for entry in entries
            ],
            council_id=sitting.council_id,
        )
        people = [entry.person_id for entry in entries]
        tell.tell_hall(sitting, *tell.presence_moved(sitting, entries), people=people)
    return len(entries)
