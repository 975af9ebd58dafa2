"""Who may do what with processed files."""

from __future__ import annotations

from django.utils.translation import gettext as _

from nghitruong.council.councils.roles import Actor
from nghitruong.council.intake.models import Intake, IntakeState
from nghitruong.council.papers.models import Paper, Secrecy
from nghitruong.council.papers.rules import may_manage
from nghitruong.council.papers.secrecy import ARTICLE
from nghitruong.platform.errors import Refused

LOOKED = (IntakeState.DONE, IntakeState.FAILED)


def may_retry(actor: Actor, intake: Intake) -> None:
    """The clerk of papers or the chair; not a file a person must decide about first."""
    may_manage(actor)
    if intake.state == IntakeState.HELD:
        raise Refused("held", _("Hãy xác nhận dấu mật của tài liệu trước khi xử lý lại."))


def may_clear(actor: Actor, intake: Intake) -> None:
    """Says that a mark of secrecy read from a picture is none, or that there is none on pages the
    machine could not read."""
    may_manage(actor)
    if intake.state != IntakeState.HELD and not needs_eyes(intake):
        raise Refused("not_held", _("Tài liệu này không còn chờ xác nhận dấu mật."))


def needs_eyes(intake: Intake) -> bool:
    """Whether its first pages could not be read here, so that a person has to look at them."""
    return intake.state in LOOKED and intake.version.unread


def _not_seen(paper: Paper) -> Refused:
    return Refused(
        "not_seen",
        _(
            "Máy chủ không đọc được các trang đầu của «%(title)s» nên không biết có dấu "
            "mật hay không. Hãy mở trang thông tin tài liệu, xem các trang đầu rồi xác "
            "nhận."
        )
        % {"title": paper.title},
        article=ARTICLE,
    )


def hold_release(paper: Paper, by: Actor) -> Refused | None:
    """A paper whose picture shows a mark of secrecy is not sent to anybody before a person looked
    (L117/2025 Đ5)."""
    held = Intake.objects.filter(version__paper=paper, state=IntakeState.HELD).first()
    if held is None:
        blind = Intake.objects.filter(
            version__paper=paper, version__unread=True, state__in=LOOKED
        ).first()
        return _not_seen(paper) if blind is not None else None
    return Refused(
        "secrecy_held",
        _(
            "Trong ảnh của «%(title)s» đọc được dấu «%(label)s» nên chưa gửi được. "
            "Hãy mở trang thông tin tài liệu: xóa khỏi hệ thống nếu đúng là tài "
            "liệu mật, hoặc xác nhận không phải."
        )
        % {"title": paper.title, "label": Secrecy(held.degree).label},
        article=ARTICLE,
    )
