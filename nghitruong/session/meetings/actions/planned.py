"""Planning sittings. Opening, suspending and closing them belong to their conduct."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Max, ProtectedError
from django.utils import timezone
from django.utils.translation import gettext as _

from nghitruong.council.councils.roles import Actor
from nghitruong.lib.text import nfc
from nghitruong.platform.audit import api as audit
from nghitruong.platform.errors import Refused
from nghitruong.platform.storage.db import lock_row
from nghitruong.session.meetings import events, rules
from nghitruong.session.meetings.models import (
    AgendaItem,
    Session,
    Sitting,
    SittingKind,
    SittingState,
)


def _fields(
    *,
    kind: str,
    starts_at: datetime,
    ends_at: datetime | None = None,
    title: str = "",
    place: str = "",
    closed_doors: bool = False,
) -> dict[str, Any]:
    if kind not in SittingKind.values:
        raise Refused("kind_missing", _("Hãy chọn loại phiên họp."), status=422)
    if ends_at is not None and ends_at <= starts_at:
        raise Refused(
            "hours_wrong", _("Giờ kết thúc phải sau giờ bắt đầu. Hãy sửa lại giờ."), status=422
        )
    return {
        "kind": kind,
        "starts_at": starts_at,
        "ends_at": ends_at,
        "title": nfc(title).strip()[:200] or SittingKind(kind).label,
        "place": nfc(place).strip()[:200],
        "closed_doors": closed_doors,
    }


def _record(action: str, sitting: Sitting, by: Actor) -> None:
    audit.record(
        action,
        **by.audit(),
        target=sitting,
        payload={
            "number": sitting.number,
            "title": sitting.title,
            "starts_at": sitting.starts_at.isoformat(),
            "closed_doors": sitting.closed_doors,
        },
    )


def add_sitting(session: Session, *, by: Actor, **fields: Any) -> Sitting:
    """Plan one more sitting; its number is the next."""
    rules.may_prepare(by)
    values = _fields(**fields)
    with transaction.atomic():
        found: Session = lock_row(Session.objects.filter(pk=session.pk)).get()
        rules.check_open(found)
        last = Sitting.objects.filter(session=found).aggregate(last=Max("number"))["last"] or 0
        sitting = Sitting(council=by.council, session=found, number=last + 1, **values)
        if not sitting.place:
            sitting.place = found.place
        sitting.save(force_insert=True)
        _record("meetings.add_sitting", sitting, by)
    return sitting


def edit_sitting(sitting: Sitting, *, by: Actor, **fields: Any) -> Sitting:
    """Change hours, kind or place of a sitting that is not over; everybody is told of new hours.
    Of a sitting behind closed doors, which not everybody may know of, only that the programme has
    changed: whoever may know finds it there."""
    rules.may_prepare(by)
    values = _fields(**fields)
    with transaction.atomic():
        lock_row(Session.objects.filter(pk=sitting.session_id)).get()  # news of it is told
        found: Sitting = lock_row(Sitting.objects.filter(pk=sitting.pk)).get()
        rules.check_sitting_editable(found)
        moved = found.starts_at != values["starts_at"]
        if values.get("closed_doors") and not found.closed_doors:
            events.forget_hours(found.session, found.title)
        for name, value in values.items():
            setattr(found, name, value)
        found.save(update_fields=list(values))
        _record("meetings.edit_sitting", found, by)
        events.agenda_changed([found.pk])
        if moved:
            start = timezone.localtime(found.starts_at)
            said = f"{found.title} chuyển sang {start:%H} giờ {start:%M} ngày {start:%d/%m/%Y}."
            if found.closed_doors:
                said = events.HOURS_MOVED
            events.tell(found.session, said, by_name=by.name)
    return found


def remove_sitting(sitting: Sitting, *, by: Actor) -> None:
    """Drop a sitting never begun; its items stay on the agenda, in no sitting. One whose roll was
    opened, or for which a vote was prepared, is record."""
    rules.may_prepare(by)
    with transaction.atomic():
        found: Sitting = lock_row(Sitting.objects.filter(pk=sitting.pk)).get()
        if found.state != SittingState.PLANNED or found.opened_at is not None:
            raise Refused(
                "sitting_begun",
                _(
                    "Phiên họp đã bắt đầu nên được giữ trong hồ sơ. Nếu không họp tiếp, hãy kết "
                    "thúc phiên ở trang điều hành."
                ),
            )
        AgendaItem.objects.filter(sitting=found).update(sitting=None)
        _record("meetings.remove_sitting", found, by)
        try:
            with transaction.atomic():
                found.delete()
        except ProtectedError:
            raise Refused(
                "sitting_used",
                _(
                    "«%(title)s» đã điểm danh hoặc đã chuẩn bị biểu quyết nên được giữ trong hồ sơ "
                    "kỳ họp. Nếu chưa họp, hãy sửa giờ của phiên; nếu không họp nữa, hãy sửa tên "
                    "phiên và ghi rõ, rồi chuyển các nội dung sang phiên khác."
                )
                % {"title": found.title},
            ) from None
