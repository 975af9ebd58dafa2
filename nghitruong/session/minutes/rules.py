"""Who may make and who may read minutes."""

from __future__ import annotations

from django.utils.translation import gettext as _

from nghitruong.council.councils.models import DutyKind
from nghitruong.council.councils.roles import Actor, Role
from nghitruong.platform.errors import NotAllowed, Refused
from nghitruong.session.meetings.models import Sitting, SittingState

ARTICLE = "NQ 104/2025/UBTVQH15 Đ11, Đ15(6)"


def makes_minutes(by: Actor) -> bool:
    """The clerk of the minutes; the chair, who signs them, too."""
    return by.is_chair or by.has(DutyKind.CLERK_MINUTES)


def may_make(by: Actor, sitting: Sitting) -> None:
    """Minutes are made by their clerk, of a sitting that has begun."""
    if not makes_minutes(by):
        raise NotAllowed(
            "not_minutes_clerk",
            _("Biên bản do Thư ký phụ trách biên bản lập. Hãy báo Thư ký kỳ họp."),
            article=ARTICLE,
        )
    if sitting.state == SittingState.PLANNED or sitting.opened_at is None:
        raise Refused(
            "sitting_not_begun", _("Phiên họp chưa bắt đầu nên chưa có gì để lập biên bản.")
        )


def may_read(actor: Actor, sitting: Sitting) -> bool:
    """Delegates and the secretariat; of a closed sitting only the chair and the clerks."""
    if sitting.closed_doors:
        return actor.is_chair or actor.is_clerk
    return actor.has(Role.DELEGATE, Role.SUSPENDED, Role.CHAIR, Role.CLERK)
