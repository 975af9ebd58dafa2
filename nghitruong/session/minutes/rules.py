"""Who may make and who may read minutes."""

from __future__ import annotations

from django.db.models import Q
from django.utils.translation import gettext as _

from nghitruong.council.councils.models import DutyKind
from nghitruong.council.councils.roles import Actor, Role
from nghitruong.platform.errors import NotAllowed, Refused
from nghitruong.session.meetings.models import AgendaItem, Sitting, SittingState

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
    """Delegates and the secretariat; of a closed sitting, or of one that dealt with an item behind
    closed doors, only the chair and the clerks: the minutes are one file."""
    if actor.is_chair or actor.is_clerk:
        return True
    return actor.has(Role.DELEGATE, Role.SUSPENDED) and not _behind_doors(sitting)


def _behind_doors(sitting: Sitting) -> bool:
    if sitting.closed_doors:
        return True
    told = Q(sitting=sitting) | Q(polls__sitting=sitting) | Q(journalentry__sitting=sitting)
    return AgendaItem.objects.filter(told, closed_doors=True).exists()
