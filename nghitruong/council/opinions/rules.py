"""Who gives, answers and confirms opinions. Every refusal says what to do next."""

from __future__ import annotations

import uuid
from collections.abc import Collection
from typing import Final

from django.utils.translation import gettext as _

from nghitruong.council.councils.models import DutyKind, Organization, OrganizationKind, Person
from nghitruong.council.councils.roles import Actor, Role
from nghitruong.council.opinions.models import Decision, Opinion
from nghitruong.council.papers.models import Paper, PaperKind, PaperState, PaperVersion
from nghitruong.council.papers.queries import versions_for
from nghitruong.council.papers.rules import is_office
from nghitruong.platform.errors import NotAllowed, Refused

COMMITTEE_HEADS: Final = frozenset({"committee_chair", "committee_vice_chair"})
TEXT_MOST: Final = 5_000  # characters
# What a delegate may speak to: what is put to the council, not lists and notices.
OPEN_KINDS: Final = frozenset(
    {PaperKind.DRAFT, PaperKind.PROPOSAL, PaperKind.SUBMISSION, PaperKind.REPORT}
)


def is_concerned(actor: Actor) -> bool:
    """Whether opinions are anything to this person."""
    return actor.is_delegate or is_office(actor) or actor.has(Role.AGENCY, Role.MEMBER)


def sees_all(actor: Actor) -> bool:
    """Sees everybody's opinions on papers they may see: the office, the chair, members of the Bans
    (they verify) and of Thường trực. An agency those on its own papers; a delegate their own."""
    return is_office(actor) or any(
        m.organization.kind in (OrganizationKind.COMMITTEE, OrganizationKind.STANDING)
        for m in actor.memberships
    )


def is_open(paper: Paper) -> bool:
    """Whether delegates may speak to this paper."""
    return paper.state == PaperState.RELEASED and paper.kind in OPEN_KINDS


def can_give(actor: Actor, paper: Paper) -> bool:
    """Whether :func:`may_give` would let this person."""
    return actor.person is not None and actor.has(Role.DELEGATE) and is_open(paper)


def may_speak(actor: Actor) -> Person:
    """A delegate in office who is not suspended."""
    if actor.person is None or not actor.has(Role.DELEGATE):
        raise NotAllowed(
            "delegates_only",
            _(
                "Chỉ đại biểu Hội đồng nhân dân gửi được ý kiến về dự thảo. Hãy đăng "
                "nhập bằng tài khoản của đại biểu."
            ),
        )
    return actor.person


def may_give(actor: Actor, paper: Paper) -> Person:
    """:func:`may_speak`, on a released paper."""
    person = may_speak(actor)
    if not is_open(paper):
        raise Refused(
            "not_open",
            _(
                "Tài liệu này hiện không nhận ý kiến: chưa gửi đại biểu, đã rút hoặc "
                "chỉ để tra cứu. Hãy mở lại danh sách tài liệu để chọn bản đang lấy ý "
                "kiến."
            ),
        )
    return person


def check_text(text: str, what: str) -> str:
    """Words written by the person, within the limit."""
    text = "\n".join(line.rstrip() for line in text.strip().splitlines())
    if not text:
        raise Refused("text_missing", _("Hãy ghi %(what)s.") % {"what": what}, status=422)
    if len(text) > TEXT_MOST:
        raise Refused(
            "text_too_long",
            _(
                "Nội dung dài %(text)s ký tự, quá %(text_most)s. Hãy rút gọn, hoặc gửi "
                "thành nhiều ý kiến theo từng điều."
            )
            % {"text": len(text), "text_most": TEXT_MOST},
            status=422,
        )
    return text


def drafting_body(actor: Actor, paper: Paper) -> Organization | None:
    """The actor's body, if it is the one that submitted the paper."""
    return next(
        (
            m.organization
            for m in actor.memberships
            if m.organization_id == paper.issuing_body_id and actor.has(Role.AGENCY)
        ),
        None,
    )


def writes_for_agency(actor: Actor) -> bool:
    """The clerk of papers may enter an answer that came on paper; it is recorded as such."""
    return actor.on_duty(DutyKind.CLERK_PAPERS, DutyKind.ADMIN)


def can_answer(actor: Actor, paper: Paper) -> bool:
    """Whether :func:`may_answer` would let this person."""
    if paper.state == PaperState.WITHDRAWN:
        return False
    return drafting_body(actor, paper) is not None or writes_for_agency(actor)


def may_answer(actor: Actor, paper: Paper) -> Organization | None:
    """The body that answers: the drafting agency, or the one the clerk writes for."""
    body = drafting_body(actor, paper)
    if body is None and not writes_for_agency(actor):
        raise NotAllowed(
            "not_the_drafter",
            _(
                "Chỉ cơ quan trình dự thảo trả lời được ý kiến này; thư ký phụ trách "
                "tài liệu ghi hộ khi cơ quan gửi bản giấy. Hãy liên hệ Văn phòng nếu "
                "cơ quan trình ghi trong tài liệu chưa đúng."
            ),
        )
    return body or paper.issuing_body


def check_decision(decision: str) -> Decision:
    """One of the three."""
    try:
        return Decision(decision)
    except ValueError:
        raise Refused(
            "decision_missing",
            _("Hãy chọn tiếp thu, tiếp thu một phần hoặc giải trình."),
            status=422,
        ) from None


def heads(actor: Actor) -> list[Organization]:
    """The Bans this person heads."""
    return [
        m.organization
        for m in actor.memberships
        if m.organization.kind == OrganizationKind.COMMITTEE and m.post in COMMITTEE_HEADS
    ]


def verified_by(bodies: Collection[Organization]) -> dict[uuid.UUID, Organization]:
    """Draft → the Ban of these in charge of it: whose report names one of its texts as verified."""
    if not bodies:
        return {}
    reports = (
        Paper.objects.filter(
            kind=PaperKind.VERIFICATION,
            issuing_body__in=[body.pk for body in bodies],
            verifies__isnull=False,
        )
        .exclude(state=PaperState.WITHDRAWN)
        .values_list("verifies__paper", "issuing_body")
    )
    by_key = {body.pk: body for body in bodies}
    return {paper: by_key[body] for paper, body in reports}


def confirms(actor: Actor) -> dict[uuid.UUID, Organization]:
    """The drafts whose opinions this person may confirm, each with the Ban they speak for."""
    return {} if Role.SUSPENDED in actor.roles else verified_by(heads(actor))


def can_confirm(actor: Actor, paper: Paper) -> bool:
    """Whether :func:`may_confirm` would let this person."""
    return paper.state != PaperState.WITHDRAWN and paper.pk in confirms(actor)


def may_confirm(actor: Actor, paper: Paper) -> Organization:
    """The Ban in charge of this draft confirms: its head or deputy head speaks for it."""
    body = confirms(actor).get(paper.pk)
    if body is None:
        raise NotAllowed(
            "committee_heads_only",
            _(
                "Chỉ Trưởng Ban, Phó Trưởng Ban thẩm tra dự thảo này xác nhận được việc tiếp thu. "
                "Nếu Ban của quý vị thẩm tra, hãy báo Văn phòng ghi «Bản dự thảo được thẩm tra» ở "
                "báo cáo thẩm tra của Ban."
            ),
        )
    return body


def check_newest(actor: Actor, version: PaperVersion) -> None:
    """What is confirmed is the newest text this person may read."""
    newest = versions_for(actor, version.paper)[:1]
    if newest and newest[0].number > version.number:
        raise Refused(
            "newer_version",
            _("Dự thảo vừa có bản %(n)s. Hãy xem bản ấy rồi xác nhận lại.")
            % {"n": newest[0].number},
        )


def check_not_withdrawn(paper: Paper) -> None:
    """A draft taken back is no longer worked on; what was said stays as it is."""
    if paper.state == PaperState.WITHDRAWN:
        raise Refused(
            "paper_withdrawn",
            _(
                "Dự thảo đã rút nên ý kiến không trả lời, xác nhận được nữa. Nếu dự thảo được "
                "trình lại, hãy trả lời ở bản trình lại."
            ),
        )


def may_withdraw(actor: Actor, opinion: Opinion) -> None:
    """The author, while nobody has answered."""
    if actor.person is None or opinion.author_id != actor.person.pk:
        raise NotAllowed("not_your_opinion", _("Chỉ đại biểu đã gửi rút được ý kiến của mình."))
