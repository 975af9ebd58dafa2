"""Who may change councils, bodies and people, and when."""

from __future__ import annotations

import uuid
from datetime import date

from django.utils import timezone
from django.utils.translation import gettext as _

from nghitruong.council.councils.models import (
    DutyKind,
    LegislativeTerm,
    Membership,
    MembershipStatus,
    Organization,
    OrganizationKind,
    Person,
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


def may_give(by: Actor, kind: DutyKind) -> bool:
    """Which duties the office gives: the administrator's only administrators, the chair's also
    those who preside. It reads the private notes to the chair and the running count, and steers."""
    if kind == DutyKind.ADMIN:
        return by.has(Role.ADMIN)
    return kind != DutyKind.CHAIR or by.has(Role.ADMIN, Role.CHAIR)


def require_may_give(by: Actor, person: Person, kind: DutyKind) -> None:
    """:func:`may_give` and :func:`require_not_oneself`, or the reason."""
    require_not_oneself(by, person)
    require_may_end(by, kind)


def require_may_end(by: Actor, kind: DutyKind) -> None:
    """:func:`may_give`, or the reason: who may give a duty may take it back."""
    if kind == DutyKind.ADMIN:
        require_admin(by)
    if not may_give(by, kind):
        raise NotAllowed(
            "chair_gives_chair",
            _(
                "Nhiệm vụ Chủ tọa do Chủ tọa hoặc quản trị viên giao và cho thôi. Hãy nhờ quản "
                "trị viên."
            ),
        )


def require_not_oneself(by: Actor, person: Person) -> None:
    """A clerk enters what others decided: no duty and no post for themselves."""
    if is_oneself(by, person):
        raise NotAllowed(
            "not_oneself",
            _(
                "Thư ký không tự giao nhiệm vụ, chức vụ cho mình. Hãy nhờ quản trị viên hoặc thư "
                "ký khác."
            ),
        )


def is_oneself(by: Actor, person: Person) -> bool:
    """The actor's own row, and nothing above a clerk to act on it with."""
    return by.person_id == person.pk and not by.has(Role.ADMIN)


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


def check_term(organization: Organization, term: LegislativeTerm | None, on: date) -> None:
    """A delegate is a delegate of a term, from its first session on. Without it the sitting would
    not count them among those in office, the base of every majority."""
    if organization.kind != OrganizationKind.PLENARY:
        return
    if term is None:
        raise Refused("term_missing", no_term_words(organization.council_id, on), status=422)
    if on < term.starts_on:
        raise Refused("before_term", _before_term(term), status=422)


def _before_term(term: LegislativeTerm) -> str:
    return _(
        "Khóa %(number)d bắt đầu ngày %(day)s; đại biểu được bầu trước ngày ấy cũng chỉ giữ nhiệm "
        "vụ từ ngày ấy. Hãy ghi ngày %(day)s."
    ) % {"number": term.number, "day": f"{term.starts_on:%d/%m/%Y}"}


def no_term_words(council_id: uuid.UUID, on: date) -> str:
    """Why there is no delegate on a day when no term runs, and which day there may be one."""
    coming: LegislativeTerm | None = (
        LegislativeTerm.objects.filter(council_id=council_id, starts_on__gt=on)
        .order_by("starts_on")
        .first()
    )
    if coming is not None:
        return _before_term(coming)
    return _("Không có khóa nào của Hội đồng vào ngày này. Hãy chọn ngày khác.")


def check_may_end(membership: Membership, last: date) -> None:
    """Once over, it stays as it is; a last day still to come is only brought forward."""
    if membership.ends_on is None:
        return
    if membership.ends_on < timezone.localdate():
        raise Refused("membership_ended", _("Tư cách này đã kết thúc trước đó."))
    if membership.ends_on <= last:
        raise Refused(
            "membership_ended",
            _(
                "Tư cách này đã có ngày cuối cùng là %(day)s. Hãy ghi ngày sớm hơn, hoặc chọn "
                "«Có hiệu lực ngay»."
            )
            % {"day": f"{membership.ends_on:%d/%m/%Y}"},
        )


def check_begun(membership: Membership, on: date) -> None:
    """What begins later can neither be suspended nor ended at once."""
    if membership.starts_on > on:
        raise Refused(
            "not_begun",
            _("%(name)s chỉ giữ chức vụ này từ ngày %(day)s.")
            % {"name": membership.person.full_name, "day": f"{membership.starts_on:%d/%m/%Y}"},
        )


def check_in_office(membership: Membership, on: date) -> None:
    """Only a membership in force can be suspended."""
    check_begun(membership, on)
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
