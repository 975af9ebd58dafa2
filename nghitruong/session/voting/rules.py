"""Who may do what to a poll, and when; every refusal says the next step."""

from __future__ import annotations

import re
from typing import Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from nghitruong.council.councils.models import DutyKind
from nghitruong.council.councils.roles import Actor
from nghitruong.council.papers.models import PaperState, PaperVersion
from nghitruong.council.papers.rules import not_read_yet
from nghitruong.lib.text import fold, nfc
from nghitruong.platform.errors import NotAllowed, Refused
from nghitruong.session.meetings.models import (
    AgendaItem,
    ItemKind,
    RollEntry,
    Sitting,
    SittingState,
)
from nghitruong.session.voting.models import Choice, Poll, PollState

ARTICLE = "Luật Tổ chức chính quyền địa phương 72/2025/QH15, Điều 35"


_CHOICES = frozenset(Choice.values)

# Majorities of matters that the law puts to a secret ballot: key → where it says so.
SECRET: Final[dict[str, str]] = {
    "vote.officer_removal_majority": "NQ 104/2025/UBTVQH15, Điều 16 khoản 3 điểm b",
    "vote.recall_majority": "NQ 104/2025/UBTVQH15, mẫu phiếu 1.2 và mẫu biên bản kiểm phiếu 3.4",
}

BESIDE_ELECTION: Final = re.compile(
    r"\b(danh sách|số lượng|(ban|tổ) kiểm phiếu|thể lệ|nghị quyết)\b", re.IGNORECASE
)
TELLERS: Final = re.compile(r"^bầu (các )?(thành viên )?(ban|tổ) kiểm phiếu\b", re.IGNORECASE)

# An election is by secret ballot; its list, its tellers and the resolution after it are not.
ELECTION_ARTICLE: Final = (
    "NQ 104/2025/UBTVQH15, Điều 16 khoản 1 điểm e (chức danh của Ủy ban nhân dân: khoản 2 điểm b)"
)

ITEM_NOT_HERE: Final = _lazy(
    "Nội dung này chưa xếp vào phiên họp này nên không biểu quyết ở đây được. Hãy xếp nội dung vào "
    "phiên họp này ở «Chương trình» trước."
)


def runs_polls(by: Actor) -> bool:
    """The chair runs polls; a clerk with the duty of voting does it in the chair's name."""
    return by.is_chair or by.has(DutyKind.CLERK_VOTING)


def may_run(by: Actor) -> None:
    """Refuse whoever does not run polls."""
    if not runs_polls(by):
        raise NotAllowed(
            "not_chair",
            _(
                "Chỉ chủ tọa, hoặc thư ký phụ trách biểu quyết thay mặt chủ tọa, "
                "được điều hành biểu quyết."
            ),
        )


def may_prepare(sitting: Sitting, item: AgendaItem, version: PaperVersion | None) -> None:
    """The item is of this sitting, the text (if any) is a paper of the item that delegates have.

    The hall goes only to items of its sitting, and a vote opens only at its item
    (:func:`may_open`): a poll on another sitting's item could never begin.
    """
    if sitting.state == SittingState.CLOSED:
        raise Refused(
            "sitting_closed", _("Phiên họp đã kết thúc. Hãy chuẩn bị biểu quyết ở phiên họp sau.")
        )
    if item.session_id != sitting.session_id:
        raise Refused(
            "item_elsewhere", _("Nội dung này không thuộc chương trình của kỳ họp."), status=422
        )
    if item.sitting_id != sitting.pk:
        raise Refused("item_not_in_sitting", str(ITEM_NOT_HERE), status=422)
    if version is not None and not item.item_papers.filter(paper_id=version.paper_id).exists():
        raise Refused(
            "text_elsewhere",
            _("Tài liệu này chưa gắn với nội dung. Hãy gắn tài liệu vào nội dung rồi chuẩn bị."),
            status=422,
        )
    if version is not None:
        if version.unread:
            raise not_read_yet(version.paper)
        text_in_force(version)


def may_be_named(rule_key: str, basis: str) -> None:
    """A recall is voted on by secret ballot; by name only on a basis the council states."""
    if rule_key in SECRET and not basis:
        raise Refused(
            "secret_by_law",
            _(
                "Việc bãi nhiệm được quyết định bằng bỏ phiếu kín. Nếu Hội đồng vẫn biểu quyết có "
                "ghi danh, hãy ghi căn cứ (nghị quyết, điều của Quy chế); căn cứ được lưu cùng "
                "kết quả."
            ),
            article=SECRET[rule_key],
            status=422,
        )


def not_the_election(item: AgendaItem, question: str, basis: str) -> None:
    """At an election only what goes with it is voted on here, never the election itself.

    A named vote would make public what the law keeps secret. What goes with it is known by its
    words: the list of candidates and their number, tellers, the rules of the ballot, the resolution
    after it. What begins with «Bầu» elects, unless it elects tellers; so does the item's own title.
    Another question needs a ``basis`` that the council states, as a recall does.
    """
    if item.kind != ItemKind.ELECTION or basis or TELLERS.search(question or nfc(item.title)):
        return
    own = not question or fold(question) == fold(item.title)
    if not own and not fold(question).startswith("bau ") and BESIDE_ELECTION.search(question):
        return
    raise Refused(
        "election_by_ballot",
        _(
            "Việc bầu được thực hiện bằng bỏ phiếu kín: hãy bầu bằng phiếu giấy rồi ghi kết quả "
            "vào «Diễn biến». Ở đây chỉ biểu quyết việc kèm theo (danh sách để bầu, Ban kiểm "
            "phiếu, số lượng, thể lệ, nghị quyết xác nhận kết quả bầu): hãy ghi rõ câu hỏi biểu "
            "quyết. Việc khác mà Hội đồng vẫn biểu quyết có ghi danh thì ghi căn cứ ở trang «Các "
            "lần biểu quyết»."
        ),
        article=ELECTION_ARTICLE,
        status=422,
    )


def text_asked(
    item: AgendaItem, question: str, version: PaperVersion | None
) -> PaperVersion | None:
    """The text a question is about: beside an election the draft is that of the resolution after
    it, so the vote on the list or the tellers is not a vote on that text."""
    if item.kind == ItemKind.ELECTION and "nghi quyet" not in fold(question):
        return None
    return version


def text_in_force(version: PaperVersion) -> None:
    """Raise when the paper is not with the delegates now, or has a newer version than this one.

    Read afresh: between preparing and opening the office may withdraw the paper or replace it.
    """
    number, state, title = (
        PaperVersion.objects.filter(paper_id=version.paper_id)
        .order_by("-number")
        .values_list("number", "paper__state", "paper__title")[0]
    )
    if state == PaperState.WITHDRAWN:
        raise Refused(
            "text_withdrawn",
            _(
                "«%(title)s» đã rút nên không đưa ra biểu quyết được. Hãy chuẩn bị biểu quyết với "
                "văn bản thay thế; cuộc đã chuẩn bị với văn bản này thì hủy ở trang biểu quyết."
            )
            % {"title": title},
        )
    if state != PaperState.RELEASED:
        raise Refused(
            "text_not_sent",
            _(
                "«%(title)s» chưa gửi đại biểu nên chưa đưa ra biểu quyết được. Hãy nhờ thư ký phụ "
                "trách tài liệu gửi văn bản rồi làm lại."
            )
            % {"title": title},
        )
    if number > version.number:
        raise Refused(
            "text_replaced",
            _(
                "Văn bản đã có bản %(new)d, mới hơn bản %(old)d đã chuẩn bị. "
                "Hãy chuẩn bị lại biểu quyết với bản %(new)d rồi bắt đầu."
            )
            % {"new": number, "old": version.number},
        )


def may_open(poll: Poll, sitting: Sitting) -> None:
    """The sitting is open and at this item, nothing else is voted on or waits for its announcement,
    the text is in force, people are in.

    No quorum is asked for here: none is in force for a vote (law.md 2.13), and the majority is of
    all delegates, so too few present cannot carry anything (L72/2025 Đ35(2)). The sitting's own
    quorum is a warning at its opening.
    """
    if sitting.state != SittingState.OPEN:
        words = {
            SittingState.PLANNED: _("Phiên họp chưa bắt đầu. Bấm «Bắt đầu phiên họp» trước."),
            SittingState.SUSPENDED: _("Phiên họp đang tạm nghỉ. Bấm «Tiếp tục phiên họp» trước."),
            SittingState.CLOSED: _("Phiên họp đã kết thúc nên không biểu quyết được nữa."),
        }
        raise Refused("sitting_not_open", words[SittingState(sitting.state)])
    if poll.item.sitting_id != sitting.pk:  # moved since it was prepared
        raise Refused("item_not_in_sitting", str(ITEM_NOT_HERE))
    if sitting.current_item_id != poll.item_id:
        # The screens show the result of the item they are at, and the doors are those of that item.
        raise Refused(
            "not_the_item",
            _("Hội trường chưa ở nội dung này. Hãy chuyển đến nội dung này rồi mới biểu quyết."),
        )
    # Its kind may have become an election since it was prepared.
    not_the_election(poll.item, poll.question, poll.open_basis)
    other = (
        Poll.objects.filter(
            sitting_id=poll.sitting_id, state__in=(PollState.OPEN, PollState.CLOSED)
        )
        .exclude(pk=poll.pk)
        .first()
    )
    if other is not None and other.state == PollState.CLOSED:
        # The screens show the poll opened last: a result announced after it would reach none.
        raise Refused(
            "poll_not_announced",
            _("Kết quả biểu quyết “%(question)s” chưa công bố. Hãy công bố hoặc hủy kết quả trước.")
            % {"question": other.question},
        )
    if other is not None:
        raise Refused(
            "other_poll_open",
            _("Đang biểu quyết nội dung «%(question)s». Hãy kết thúc cuộc biểu quyết đó trước.")
            % {"question": other.question},
        )
    if poll.version is not None:
        text_in_force(poll.version)
        if poll.version.sha256 != poll.text_sha256:
            raise Refused(
                "text_changed",
                _("Văn bản không còn khớp mã băm đã chuẩn bị. Hãy chuẩn bị lại biểu quyết."),
            )
    roll = RollEntry.objects.filter(sitting_id=poll.sitting_id, entitled=True)
    if poll.present_only:
        roll = roll.filter(presence="present")
    if not roll.exists():
        raise Refused(
            "nobody_present",
            _("Chưa có đại biểu nào điểm danh. Hãy điểm danh rồi bắt đầu biểu quyết."),
        )


def may_assist(by: Actor, reason: str) -> None:
    """A clerk of voting enters a vote a delegate gave by hand, and says why."""
    if not by.has(DutyKind.CLERK_VOTING):
        raise NotAllowed(
            "not_voting_clerk", _("Chỉ thư ký phụ trách biểu quyết được ghi phiếu hộ đại biểu.")
        )
    if not reason.strip():
        raise Refused(
            "reason_missing",
            _("Hãy ghi lý do ghi hộ, ví dụ «máy của đại biểu hỏng, giơ tay»."),
            status=422,
        )


def own_vote_stays(name: str, choice: str) -> Refused:
    """For the clerk: this delegate's vote is recorded, and only the delegate changes it."""
    return Refused(
        "vote_recorded",
        _(
            "Phiếu của %(name)s đang ghi nhận: %(choice)s. Phiếu ghi hộ này KHÔNG được ghi. Hãy "
            "hỏi lại đại biểu; muốn đổi, đại biểu tự đổi trên máy của mình khi còn biểu quyết."
        )
        % {"name": name, "choice": choice},
    )


def may_vote(poll_state: str) -> Refused | None:
    """Why a vote is not taken in this state of the poll; None when it is."""
    if poll_state == PollState.OPEN:
        return None
    if poll_state == PollState.PREPARED:
        return Refused(
            "poll_not_open", _("Chủ tọa chưa bắt đầu biểu quyết. Phiếu này không được ghi.")
        )
    if poll_state == PollState.ANNULLED:
        return Refused(
            "poll_annulled",
            _("Cuộc biểu quyết này đã hủy. Hãy chờ chủ tọa cho biểu quyết lại."),
        )
    return Refused("poll_closed", _("Phiếu đến sau khi kết thúc biểu quyết, không được tính."))


def known_choice(choice: object) -> Refused | None:
    """Why this is not a choice; None when it is one."""
    if isinstance(choice, str) and choice in _CHOICES:
        return None
    return Refused(
        "choice_unknown",
        _("Lựa chọn không hợp lệ. Hãy chọn Tán thành, Không tán thành hoặc Không biểu quyết."),
        status=422,
    )


def not_on_roll() -> Refused:
    """Somebody who is no delegate of this sitting."""
    return Refused(
        "not_on_roll",
        _("Quý vị không có tên trong danh sách đại biểu của phiên họp này. Hãy báo thư ký."),
        status=403,
    )


def may_elect(*, entitled: bool, presence: str, present_only: bool) -> Refused | None:
    """Why this delegate may not vote in this poll; None when they may."""
    if not entitled:
        return Refused(
            "suspended",
            _("Đại biểu tạm đình chỉ hoặc thôi nhiệm vụ thì không biểu quyết. Hãy báo thư ký."),
            article="Luật Tổ chức chính quyền địa phương 72/2025/QH15, Điều 38",
            status=403,
        )
    if present_only and presence != "present":
        return Refused(
            "not_present",
            # The roll may be closed by now: its button is then on no screen.
            _(
                "Quý vị chưa được ghi nhận có mặt. Hãy bấm «Tôi có mặt», hoặc báo Thư ký nếu "
                "điểm danh đã kết thúc, rồi biểu quyết."
            ),
        )
    return None


def change_forbidden() -> Refused:
    """The profile says: one vote, no change."""
    return Refused(
        "change_not_allowed",
        _("Quý vị đã biểu quyết; cuộc biểu quyết này không cho đổi lựa chọn."),
    )
