"""Who may change councils, bodies and people, and when."""

from __future__ import annotations

from datetime import date

from django.utils.translation import gettext as _

from nghitruong.council.councils.models import (
    Membership,
    MembershipStatus,
    Organization,
    OrganizationKind,
)
from nghitruong.council.councils.roles import DELEGATE_POST, Actor, Role
from nghitruong.platform.errors import NotAllowed, Refused


def require_office(by: Actor) -> None:
    """Only clerks and administrators keep the lists."""
    if not by.is_office:
        raise NotAllowed(
            "office_only",
            _("Việc này do Văn phòng làm. Hãy nhờ thư ký hoặc quản trị viên của Hội đồng."),
        )


def require_admin(by: Actor) -> None:
    """Only administrators change functions and rules of the council."""
    if not by.has(Role.ADMIN):
        raise NotAllowed(
            "admin_only", _("Việc này do quản trị viên làm. Hãy nhờ quản trị viên của Hội đồng.")
        )


def require_same_council(by: Actor, row: object) -> None:
    """An actor works in one council; a row of another council is a programming mistake."""
    if getattr(row, "council_id", None) != by.council.pk:
        raise NotAllowed("other_council", _("Dữ liệu này thuộc Hội đồng khác."))


def require_reason(reason: str) -> str:
    """A reason in words."""
    reason = " ".join(reason.split())
    if not reason:
        raise Refused("reason_missing", _("Hãy ghi lý do."), status=422)
    return reason


def check_body_open(organization: Organization, on: date) -> None:
    """Nobody joins a body before it exists or after it was dissolved."""
    if organization.ends_on and organization.ends_on < on:
        raise Refused(
            "body_dissolved",
            _("%(body)s đã thôi hoạt động từ ngày %(day)s. Hãy chọn tổ chức khác.")
            % {"body": organization.name, "day": f"{organization.ends_on:%d/%m/%Y}"},
        )


def check_post(organization: Organization, post: str) -> None:
    """In the council itself everybody is a delegate; its chairs hold their posts in Thường trực."""
    if organization.kind == OrganizationKind.PLENARY and post != DELEGATE_POST:
        raise Refused(
            "plenary_is_delegates",
            _("Chức vụ Chủ tịch, Phó Chủ tịch HĐND được ghi ở Thường trực HĐND."),
            article="Luật 72/2025/QH15, Điều 29",
            status=422,
        )


def check_in_office(membership: Membership, on: date) -> None:
    """Only a membership in force can be ended or suspended."""
    if membership.ends_on is not None and membership.ends_on < on:
        raise Refused(
            "membership_ended",
            _("%(name)s đã thôi giữ chức vụ này từ ngày %(day)s.")
            % {"name": membership.person.full_name, "day": f"{membership.ends_on:%d/%m/%Y}"},
        )


def check_may_suspend(membership: Membership) -> None:
    """Only delegates are suspended, and only once at a time (L72/2025 Đ38)."""
    if membership.status == MembershipStatus.SUSPENDED:
        raise Refused(
            "already_suspended",
            _("Đại biểu đang bị tạm đình chỉ rồi. Muốn khôi phục, hãy chọn «Thôi tạm đình chỉ»."),
            article="Luật 72/2025/QH15, Điều 38",
        )
