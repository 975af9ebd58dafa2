"""Who takes a briefcase, what it may hold and for how long, who reports a device lost."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Final

from django.utils.translation import gettext as _

from nghitruong.council.access.rules import may_see as sees_accounts
from nghitruong.council.councils.models import Person
from nghitruong.council.councils.roles import Actor
from nghitruong.council.papers.rules import may_read
from nghitruong.platform.errors import NotAllowed, Refused

KEPT: Final = timedelta(days=60)  # after the session's last day: minutes and replies are read then


def may_take(actor: Actor) -> Person:
    """Whoever reads the session's papers and is a person of this council."""
    if actor.person is None or not may_read(actor):
        raise NotAllowed(
            "briefcase_readers",
            _("Cặp tài liệu dành cho đại biểu, Chủ tọa và Văn phòng của Hội đồng này."),
        )
    return actor.person


def can_take(actor: Actor) -> bool:
    """Whether :func:`may_take` would let this person."""
    return actor.person is not None and may_read(actor)


def keep_until(last_day: date) -> date:
    """The day after which a device removes the session by itself."""
    return last_day + KEPT


def check_not_over(last_day: date, today: date) -> None:
    """A session past its date does not go onto devices any more."""
    if keep_until(last_day) < today:
        raise Refused(
            "briefcase_over",
            _(
                "Kỳ họp này đã qua hạn lưu trên máy (60 ngày sau ngày họp cuối). Tài liệu vẫn đọc "
                "được trên trang khi có mạng."
            ),
        )


def may_see_devices(actor: Actor, person: Person) -> None:
    """One's own devices; the support helpers, the office and the administrator everybody's."""
    if person.pk != actor.person_id and not sees_accounts(actor):
        raise NotAllowed(
            "devices_support",
            _("Máy của người khác chỉ quản trị viên, thư ký và Tổ hỗ trợ xem được."),
        )


def reason_given(reason: str) -> str:
    """Why a device is emptied."""
    reason = " ".join(reason.split())[:300]
    if not reason:
        raise Refused(
            "reason_missing",
            _("Hãy ghi lý do báo mất máy; lý do được lưu vào nhật ký."),
            status=422,
        )
    return reason
