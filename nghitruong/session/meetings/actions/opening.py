"""Moving the opening day: deadlines follow by rule, planned sittings if wanted; papers that become
late need somebody who lets them circulate, as they would have before they were sent."""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from nghitruong.council.councils.roles import Actor
from nghitruong.council.papers.models import Paper
from nghitruong.lib.days import date_vn
from nghitruong.platform.audit import api as audit
from nghitruong.platform.errors import Refused
from nghitruong.platform.storage.db import lock_row
from nghitruong.session.meetings import events, rules
from nghitruong.session.meetings.clock import Clock
from nghitruong.session.meetings.models import Session, Sitting, SittingState

Late = Sequence[tuple[Paper, Clock]]
# Papers sent in time that another opening day makes late, with nobody's leave yet.
BecomingLate = Callable[[Session, date], Late]
# Put on record who lets these papers circulate late (by, approved by, reason), or refuse.
AllowLate = Callable[[Sequence[Paper], Actor, str, str], None]


@dataclass(frozen=True)
class Circulation:
    """What the app that keeps decisions about papers answers here."""

    becoming_late: BecomingLate
    allow_late: AllowLate


@dataclass(frozen=True)
class Shift:
    """A planned sitting, when it would be, and its title with the new date where it names one."""

    sitting: Sitting
    title: str
    starts_at: datetime
    ends_at: datetime | None


_circulation: list[Circulation] = []


def register_circulation(circulation: Circulation) -> None:
    """Called once, by the app that keeps decisions to circulate late."""
    if circulation not in _circulation:
        _circulation.append(circulation)


def becoming_late(session: Session, to: date) -> Late:
    """Sent papers that this opening day would make late."""
    return [row for one in _circulation for row in one.becoming_late(session, to)]


def shifts(session: Session, to: date) -> list[Shift]:
    """The sittings not begun yet, as many days later or earlier as the opening."""
    by = timedelta(days=(to - session.expected_opening).days)
    planned = Sitting.objects.filter(
        session=session, state=SittingState.PLANNED, opened_at__isnull=True
    )
    return [
        Shift(row, _redated(row, by), row.starts_at + by, row.ends_at + by if row.ends_at else None)
        for row in planned.order_by("number")
    ]


def _redated(sitting: Sitting, by: timedelta) -> str:
    """«Phiên khai mạc, ngày 08/12/2026» moves with its date."""
    old = timezone.localtime(sitting.starts_at).date()
    named = rf"(?<!\d)0?{old.day}/0?{old.month}/{old.year}(?!\d)"
    return re.sub(named, date_vn(old + by), sitting.title)[:200]


def move_opening(
    session: Session,
    to: date,
    *,
    by: Actor,
    sittings: bool = True,
    late: Collection[uuid.UUID] = (),
    late_approved_by: str = "",
    late_reason: str = "",
) -> Session:
    """Move the expected opening: every deadline of the plan moves with it, everybody is told.

    1. With ``sittings``, those not begun move by the same number of days: summons print their hour.
    2. Papers sent in time that are late for the new day need a decision to circulate late: ``late``
       are those the decision is about. Another paper that becomes late meanwhile refuses all.
    """
    rules.may_prepare(by)
    with transaction.atomic():
        found: Session = lock_row(Session.objects.filter(pk=session.pk)).get()
        rules.check_not_begun(found)
        before = found.expected_opening
        if before == to:
            return found
        papers = [paper for paper, _clock in becoming_late(found, to)]
        _check_shown(papers, late)
        moving = shifts(found, to) if sittings else []
        found.expected_opening = to
        found.save(update_fields=["expected_opening"])
        if papers:
            for one in _circulation:
                one.allow_late(papers, by, late_approved_by, late_reason)
        for shift in moving:
            shift.sitting.starts_at, shift.sitting.ends_at = shift.starts_at, shift.ends_at
            shift.sitting.title = shift.title
        Sitting.objects.bulk_update([s.sitting for s in moving], ["starts_at", "ends_at", "title"])
        audit.record(
            "meetings.move_opening",
            **by.audit(),
            target=found,
            payload={
                "from": before.isoformat(),
                "to": to.isoformat(),
                "sittings": {str(s.sitting.number): s.starts_at.isoformat() for s in moving},
                "late_papers": len(papers),
            },
        )
        events.agenda_changed([s.sitting.pk for s in moving])
        events.tell(
            found,
            f"{found.title}: ngày dự kiến khai mạc chuyển từ {date_vn(before)} sang {date_vn(to)}; "
            f"{events.DEADLINES_MOVED}{_words(moving)}",
            by_name=by.name,
        )
    session.expected_opening = to
    return found


def _check_shown(papers: Sequence[Paper], shown: Collection[uuid.UUID]) -> None:
    missing = [paper for paper in papers if paper.pk not in shown]
    if missing:
        raise Refused(
            "papers_become_late",
            _(
                "Ngày khai mạc mới làm %(n)s tài liệu đã gửi thành chậm hạn, như «%(title)s». Hãy "
                "mở lại trang đổi ngày khai mạc, xem danh sách rồi ghi người cho phép lưu hành "
                "chậm và lý do."
            )
            % {"n": len(missing), "title": missing[0].title},
        )


def _words(moving: Sequence[Shift]) -> str:
    """What is told of the sittings: the hour of the first, how many others. Guests and the press
    hear it, so nothing of those behind closed doors."""
    told = [shift for shift in moving if not shift.sitting.closed_doors]
    if not told:
        return ""
    start = timezone.localtime(told[0].starts_at)
    others = f"; {len(told) - 1} phiên sau dời cùng số ngày" if told[1:] else ""
    when = f"{start:%H} giờ {start:%M} ngày {date_vn(start.date())}"
    return f" {told[0].sitting.title}: {when}{others}."
