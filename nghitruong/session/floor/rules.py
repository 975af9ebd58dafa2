"""Who may lead the sitting, keep the roll and the journal; each refusal says why and what to do."""

from __future__ import annotations

from typing import Final, Protocol

from django.utils.translation import gettext as _

from nghitruong.council.councils.models import DutyKind
from nghitruong.council.councils.roles import Actor
from nghitruong.platform.errors import NotAllowed, Refused
from nghitruong.session.meetings.models import Presence, Sitting, SittingState

ORDER_ARTICLE: Final = "NQ 114/2025/UBTVQH15 Đ23(2c)"
SUSPENDED_ARTICLE: Final = "Luật 72/2025/QH15 Đ38"
CHAIR_ARTICLE: Final = "NQ 104/2025/UBTVQH15 Đ11, Đ15"


def may_lead(by: Actor) -> bool:
    """The chair, or a clerk of the screen in the chair's name."""
    return by.is_chair or by.has(DutyKind.CLERK_SCREEN)


def may_keep_roll(by: Actor) -> bool:
    """The chair, or a clerk of the roll."""
    return by.is_chair or by.has(DutyKind.CLERK_ROLL)


def may_write_journal(by: Actor) -> bool:
    """The chair, or a clerk of the minutes."""
    return by.is_chair or by.has(DutyKind.CLERK_MINUTES)


def may_see_desk(by: Actor) -> bool:
    """The chair's and the clerks' screens."""
    return by.is_chair or by.is_clerk


def require_lead(by: Actor) -> None:
    """Refuse whoever may not lead the sitting."""
    if not may_lead(by):
        raise NotAllowed(
            "chair_only",
            _("Việc này do Chủ tọa hoặc Thư ký phụ trách màn hình làm. Hãy báo Thư ký kỳ họp."),
            article=CHAIR_ARTICLE,
        )


def require_roll(by: Actor) -> None:
    """Refuse whoever may not keep the roll."""
    if not may_keep_roll(by):
        raise NotAllowed(
            "roll_clerk_only",
            _("Việc này do Chủ tọa hoặc Thư ký điểm danh làm. Hãy báo Thư ký kỳ họp."),
            article=CHAIR_ARTICLE,
        )


def require_journal(by: Actor) -> None:
    """Refuse whoever may not write the journal."""
    if not may_write_journal(by):
        raise NotAllowed(
            "minutes_clerk_only",
            _("Diễn biến phiên họp do Thư ký biên bản ghi. Hãy báo Thư ký kỳ họp."),
            article=CHAIR_ARTICLE,
        )


def require_open(sitting: Sitting) -> None:
    """The sitting must be going on."""
    refusal = not_open(sitting)
    if refusal:
        raise refusal


def not_open(sitting: Sitting) -> Refused | None:
    """Why nothing can happen in this sitting now; None while it is going on."""
    if sitting.state == SittingState.OPEN:
        return None
    if sitting.state == SittingState.SUSPENDED:
        return Refused(
            "sitting_suspended", _("Phiên họp đang tạm nghỉ. Hãy đợi Chủ tọa cho họp tiếp.")
        )
    if sitting.state == SittingState.CLOSED:
        return Refused("sitting_closed", _("Phiên họp đã kết thúc."))
    return Refused(
        "sitting_not_open", _("Phiên họp chưa bắt đầu. Hãy đợi Chủ tọa bắt đầu phiên họp.")
    )


class OnRoll(Protocol):
    """What a rule asks of a line of the roll (a model or a tuple of its columns)."""

    @property
    def entitled(self) -> bool: ...
    @property
    def presence(self) -> str: ...


def may_not_act(entry: OnRoll | None) -> Refused | None:
    """Why this person may not act in the hall; None for a member in office who is present."""
    if entry is None:
        return Refused(
            "not_on_roll",
            _("Quý vị không có tên trong danh sách đại biểu của phiên họp này. Hãy báo Thư ký."),
            status=403,
        )
    if not entry.entitled:
        return Refused(
            "suspended_member",
            _("Quý vị đang tạm đình chỉ hoặc đã thôi làm đại biểu nên chỉ theo dõi phiên họp."),
            article=SUSPENDED_ARTICLE,
            status=403,
        )
    if entry.presence != Presence.PRESENT:
        return Refused(
            "not_present",
            _("Quý vị chưa được điểm danh có mặt. Hãy bấm «Có mặt» hoặc báo Thư ký điểm danh."),
        )
    return None


def may_preside(by: Actor) -> bool:
    """Chair and vice chairs, and whoever was given the duty."""
    return by.is_chair


def may_project(by: Actor) -> bool:
    """Who opens the big screen: the desk and the technicians."""
    return may_see_desk(by) or by.has(DutyKind.SUPPORT, DutyKind.ADMIN)
