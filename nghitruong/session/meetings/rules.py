"""Who may prepare a session, and what its parts must be."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.translation import gettext as _

from nghitruong.council.councils.models import DutyKind
from nghitruong.council.councils.roles import Actor
from nghitruong.platform.errors import NotAllowed, Refused
from nghitruong.session.meetings.models import (
    AgendaItem,
    Session,
    SessionKind,
    SessionState,
    Sitting,
    SittingState,
)

CONVENING = "Điều 34 Luật Tổ chức chính quyền địa phương số 72/2025/QH15"
ABSENCE = "Điều 33 Luật Tổ chức chính quyền địa phương số 72/2025/QH15"

# Who may require a thematic or urgent session (L72/2025 Đ34(3,4)); the last one in communes only.
REQUIRERS = (
    "Thường trực Hội đồng nhân dân",
    "Chủ tịch Ủy ban nhân dân",
    "Ít nhất một phần ba tổng số đại biểu",
    "Cử tri (trên 10 % ký tên, cấp xã)",
)


def can_prepare(actor: Actor) -> bool:
    """Prepares sessions: the chair, the secretariat, the administrator."""
    return actor.is_chair or actor.is_office


def may_prepare(actor: Actor) -> None:
    """Refuses everybody else, with the reason."""
    if not can_prepare(actor):
        raise NotAllowed(
            "meetings_not_yours",
            _("Chỉ Chủ tọa và thư ký kỳ họp làm được việc này. Hãy nhờ Văn phòng."),
        )


def may_summon(actor: Actor) -> None:
    """Issues summons: the chair, or a clerk in the chair's name."""
    if not (actor.is_chair or actor.on_duty(DutyKind.CLERK_PAPERS, DutyKind.ADMIN)):
        raise NotAllowed(
            "summons_not_yours",
            _(
                "Chỉ Chủ tọa, hoặc thư ký phụ trách tài liệu thay mặt Chủ tọa, phát "
                "hành giấy triệu tập."
            ),
            article=CONVENING,
        )


def check_open(session: Session) -> None:
    """A session that is over, or will not be held, is not prepared any more."""
    if session.state in (SessionState.CLOSED, SessionState.CANCELLED):
        raise Refused(
            "session_over",
            _("Kỳ họp %(state)s, không sửa được nữa.") % {"state": session.get_state_display()},
        )


def check_not_begun(session: Session) -> None:
    """The opening day of a session that began, or is over, is what it was."""
    check_open(session)
    if session.state == SessionState.IN_SESSION:
        raise Refused(
            "session_running",
            _(
                "Kỳ họp đang diễn ra, không đổi ngày khai mạc được. Hãy sửa giờ từng phiên ở trang "
                "«Chương trình»."
            ),
        )


def check_may_sit(session: Session) -> None:
    """Only a session that is held has sittings: not one over, cancelled or postponed."""
    if session.state == SessionState.POSTPONED:
        raise Refused(
            "session_postponed",
            _(
                "Kỳ họp đang hoãn nên chưa bắt đầu phiên họp được. Hãy bấm «Chuẩn bị lại» ở trang "
                "kỳ họp trước."
            ),
        )
    if session.state in (SessionState.CLOSED, SessionState.CANCELLED):
        raise Refused(
            "session_over",
            _(
                "Kỳ họp %(state)s nên không bắt đầu phiên họp được. Nếu còn việc phải họp, hãy lập "
                "kỳ họp mới."
            )
            % {"state": session.get_state_display()},
        )


def check_may_close(session: Session) -> None:
    """A session does not end while people sit: closing is for good."""
    sitting = Sitting.objects.filter(
        session=session, state__in=(SittingState.OPEN, SittingState.SUSPENDED)
    ).first()
    if sitting is not None:
        raise Refused(
            "sitting_running",
            _(
                "«%(title)s» %(state)s nên chưa bế mạc kỳ họp được. Hãy kết thúc phiên họp ở trang "
                "điều hành trước."
            )
            % {"title": sitting.title, "state": sitting.get_state_display()},
        )


def check_requirer(kind: str, required_by: str) -> None:
    """A thematic or urgent session names who required it."""
    if kind in (SessionKind.THEMATIC, SessionKind.URGENT) and not required_by:
        raise Refused(
            "requirer_missing",
            _("Kỳ họp chuyên đề hoặc đột xuất phải ghi người yêu cầu."),
            article=CONVENING,
            status=422,
        )


def check_sitting_editable(sitting: Sitting) -> None:
    """What a closed sitting was is record."""
    if sitting.state == SittingState.CLOSED:
        raise Refused("sitting_closed", _("Phiên họp đã kết thúc, không sửa được nữa."))


def check_items_movable(items: Iterable[AgendaItem]) -> None:
    """Items of a closed sitting stay where they were."""
    for item in items:
        if item.sitting is not None and item.sitting.state == SittingState.CLOSED:
            raise Refused(
                "item_done",
                _("«%(title)s» thuộc phiên đã kết thúc nên không chuyển được nữa.")
                % {"title": item.title},
            )
