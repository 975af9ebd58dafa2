"""Who one is here, and what comes next for them: the frame around the tasks."""

from __future__ import annotations

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from nghitruong.config.today.tasks import UPCOMING
from nghitruong.council.councils.models import DutyKind
from nghitruong.council.councils.roles import Actor, Role
from nghitruong.session.meetings.models import Sitting, SittingState
from nghitruong.session.meetings.queries import may_be_inside


def role_words(actor: Actor) -> list[str]:
    """What this person is here, in words officials use."""
    words = {
        Role.CHAIR: _("Chủ tọa"),
        Role.DELEGATE: _("Đại biểu"),
        Role.SUSPENDED: _("Đại biểu (đang tạm đình chỉ)"),
        Role.CLERK: _("Thư ký"),
        Role.ADMIN: _("Quản trị viên"),
        Role.AGENCY: _("Cơ quan trình"),
        Role.GUEST: _("Khách mời"),
        Role.PRESS: _("Báo chí"),
        Role.SUPPORT: _("Tổ hỗ trợ"),
    }
    if actor.has(DutyKind.OFFICE_HEAD):
        words[Role.CLERK] = DutyKind.OFFICE_HEAD.label
    return [word for role, word in words.items() if role in actor.roles]


def coming_for(actor: Actor) -> list[Sitting]:
    """The next sittings, those running first; at most three."""
    rows: QuerySet[Sitting] = (
        Sitting.objects.filter(~Q(state=SittingState.CLOSED), session__state__in=UPCOMING)
        .select_related("session")
        .order_by("starts_at")
    )
    if not may_be_inside(actor):
        rows = rows.filter(closed_doors=False)
    return list(rows[:3])
