"""Who asks, who acts at which stop, who decides. Every refusal says what to do next."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from django.utils.translation import gettext as _

from nghitruong.council.councils.models import DutyKind, OrganizationKind
from nghitruong.council.councils.roles import Actor, Role
from nghitruong.council.papers.models import Paper, PaperVersion
from nghitruong.council.papers.rules import can_manage, is_office, may_manage, not_read_yet
from nghitruong.platform.errors import NotAllowed, Refused
from nghitruong.session.meetings.models import Session
from nghitruong.session.meetings.rules import check_open
from nghitruong.session.submissions import flows
from nghitruong.session.submissions.flows import Party
from nghitruong.session.submissions.models import Ask, AskState, Room, RoomPaper

CIRCULATION: Final = flows.BASIS
PUBLICITY: Final = "Điều 12 khoản 3, khoản 4 Quy chế làm việc mẫu (Nghị quyết 104/2025/UBTVQH15)"
# Whom the office may ask for papers.
ASKED_KINDS: Final = (
    OrganizationKind.EXECUTIVE,
    OrganizationKind.AGENCY,
    OrganizationKind.FRONT,
    OrganizationKind.COMMITTEE,
    OrganizationKind.STANDING,
)


def parties_of(actor: Actor, ask: Ask) -> frozenset[Party]:
    """What this person is to this ask."""
    found: set[Party] = set()
    if ask.body_id in actor.body_ids and Role.SUSPENDED not in actor.roles:
        found.add(Party.BODY)
    if ask.forwarded and actor.on_duty(DutyKind.FORWARDER):
        found.add(Party.FORWARDER)
    if is_office(actor):
        found.add(Party.OFFICE)
    if actor.on_duty(DutyKind.OFFICE_HEAD) or actor.is_chair:
        found.add(Party.HEAD)
    if sits_in_committee(actor):
        found.add(Party.COMMITTEE)
    return frozenset(found)


def sits_in_committee(actor: Actor) -> bool:
    """A member of a Ban: it verifies what was checked, before and after it is released."""
    kinds = {m.organization.kind for m in actor.memberships}
    return OrganizationKind.COMMITTEE in kinds and Role.SUSPENDED not in actor.roles


def holds(actor: Actor, ask: Ask) -> bool:
    """Whether it is this person's turn. At the office's stop only who manages papers acts."""
    stop = flows.STOPS.get(ask.state)
    if stop is None or is_circulated(ask):
        return False
    if stop.holder == Party.OFFICE:
        return can_manage(actor)
    return stop.holder in parties_of(actor, ask)


def may_act(actor: Actor, ask: Ask) -> None:
    """:func:`holds`, or whose turn it is."""
    if is_circulated(ask):
        raise Refused(
            "already_circulated",
            _("«%(title)s» đã gửi đại biểu. Muốn thay nội dung, Văn phòng tải lên bản mới.")
            % {"title": ask.title},
        )
    if not holds(actor, ask):
        raise NotAllowed(
            "not_your_turn",
            _(
                "«%(title)s» hiện ở bước «%(state)s», không phải lượt của quý vị. Hãy theo dõi ở "
                "trang tài liệu được yêu cầu; hệ thống báo khi đến lượt."
            )
            % {"title": ask.title, "state": ask.get_state_display()},
            article=CIRCULATION,
        )


def is_circulated(ask: Ask) -> bool:
    """Delegates have it."""
    return ask.paper is not None and ask.paper.released_at is not None


def may_ask(actor: Actor, session: Session) -> None:
    """The clerk of papers, the head of the office, the chair; while the session is not over."""
    may_manage(actor)
    check_open(session)


def may_send_file(actor: Actor, ask: Ask) -> None:
    """The body while it prepares; the office, what it received directly, until it circulates."""
    at_the_body = ask.state == AskState.PREPARING and Party.BODY in parties_of(actor, ask)
    at_the_office = ask.state in (AskState.CHECKING, AskState.CLEARED) and can_manage(actor)
    if is_circulated(ask) or not (at_the_body or at_the_office):
        may_act(actor, ask)  # says whose turn it is
        raise NotAllowed(
            "not_at_this_stop",
            _("Ở bước này không tải tệp lên. Hãy trả lại cơ quan trình để gửi bản khác."),
        )


def check_sendable(ask: Ask) -> PaperVersion:
    """The newest text of the paper, read for marks of secrecy; refused while there is none."""
    version = None
    if ask.paper is not None:
        version = PaperVersion.objects.filter(paper=ask.paper).order_by("-number").first()
    if version is None or ask.paper is None or not version.file_name:
        raise Refused(
            "nothing_to_send",
            _("Chưa có tệp nào cho «%(title)s». Hãy tải tệp lên trước rồi gửi.")
            % {"title": ask.title},
            status=422,
        )
    if version.unread:
        raise not_read_yet(ask.paper)
    return version


def may_return(actor: Actor, ask: Ask) -> None:
    """Whoever holds it after the body."""
    if ask.state not in flows.RETURNED_FROM:
        may_act(actor, ask)
        raise Refused(
            "not_sent", _("Tài liệu còn ở cơ quan trình nên không có gì để trả lại."), status=409
        )
    if not (ask.state == AskState.CLEARED and can_manage(actor) and not is_circulated(ask)):
        may_act(actor, ask)


def hold_release(paper: Paper, by: Actor) -> Refused | None:
    """A paper that was asked for is released when it was checked, by who lets it circulate."""
    ask = Ask.objects.filter(paper=paper).exclude(state=AskState.CANCELLED).first()
    if ask is None or is_circulated(ask):
        return None
    if ask.state != AskState.CLEARED:
        return Refused(
            "not_cleared",
            _(
                "«%(title)s» mới ở bước «%(state)s» nên chưa gửi đại biểu được. Hãy kiểm tra ở "
                "trang «Tài liệu được yêu cầu» trước."
            )
            % {"title": ask.title, "state": ask.get_state_display()},
            article=CIRCULATION,
        )
    if not holds(by, ask):
        return NotAllowed(
            "circulation_not_yours",
            _(
                "«%(title)s» do Chánh Văn phòng hoặc Chủ tọa cho lưu hành. Việc này đã hiện ở "
                "trang «Việc hôm nay» của họ."
            )
            % {"title": ask.title},
            article=CIRCULATION,
        )
    return None


def decides_late(actor: Actor) -> bool:
    """Decides in the own name: the chair, the head of the office."""
    return actor.is_chair or actor.on_duty(DutyKind.OFFICE_HEAD)


def approver(actor: Actor, approved_by: str) -> str:
    """Whose decision it is: the one named; the chair and the head of the office themselves."""
    may_manage(actor)
    name = " ".join(approved_by.split())[:200]
    if not name and decides_late(actor):
        name = actor.name
    if not name:
        raise Refused(
            "approver_missing",
            _("Hãy ghi họ tên, chức vụ người cho phép lưu hành chậm."),
            article=CIRCULATION,
            status=422,
        )
    return name


def can_set_publicity(actor: Actor) -> bool:
    """Members of Thường trực, the chair."""
    kinds = {m.organization.kind for m in actor.memberships}
    standing = OrganizationKind.STANDING in kinds and Role.SUSPENDED not in actor.roles
    return actor.is_chair or standing


def may_set_publicity(actor: Actor) -> None:
    """:func:`can_set_publicity`, or whose decision it is."""
    if not can_set_publicity(actor):
        raise NotAllowed(
            "publicity_standing",
            _(
                "Việc công khai tài liệu do Thường trực Hội đồng nhân dân quyết định. Hãy trình "
                "Thường trực."
            ),
            article=PUBLICITY,
        )


def sees_asks(actor: Actor) -> bool:
    """Whether the page of asked-for papers is anything to this person."""
    return (
        is_office(actor)
        or actor.on_duty(DutyKind.FORWARDER)
        or (actor.has(Role.AGENCY) and bool(actor.body_ids))
        or any(m.organization.kind in ASKED_KINDS for m in actor.memberships)
    )


def may_keep_rooms(actor: Actor) -> None:
    """Opens rooms and says who reads: who manages papers."""
    may_manage(actor)


def check_room_open(room: Room) -> None:
    """A closed room stays as it was."""
    if room.closed_at is not None:
        raise Refused(
            "room_closed",
            _("Phòng «%(name)s» đã đóng nên không sửa được. Hãy mở phòng mới.")
            % {"name": room.name},
        )


def keep_in_rooms(papers: Sequence[Paper]) -> Refused | None:
    """A draft in an open room is read there: it is not deleted under its readers."""
    placed = RoomPaper.objects.filter(paper__in=papers, room__closed_at=None)
    found = placed.select_related("paper", "room").order_by("pk").first()
    if found is None:
        return None
    return Refused(
        "papers_used",
        _(
            "«%(title)s» đang ở phòng tài liệu «%(room)s» nên không hoàn tác được. Hãy đưa ra khỏi "
            "phòng trước, hoặc rút từng tài liệu, kèm lý do."
        )
        % {"title": found.paper.title, "room": found.room.name},
    )
