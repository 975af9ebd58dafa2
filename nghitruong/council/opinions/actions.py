"""The only writers of opinions: rules → lock → change → log → tell, in one transaction."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from nghitruong.council.councils.models import Organization, OrganizationKind
from nghitruong.council.councils.roles import Actor
from nghitruong.council.opinions import follow, rules
from nghitruong.council.opinions.flows import OPINION
from nghitruong.council.opinions.models import (
    Decision,
    Opinion,
    OpinionState,
    OpinionStep,
    StepKind,
)
from nghitruong.council.papers.models import Paper, PaperVersion
from nghitruong.lib.text import nfc
from nghitruong.platform.audit import api as audit
from nghitruong.platform.errors import Refused
from nghitruong.platform.notices import api as notices
from nghitruong.platform.notices.models import Message
from nghitruong.platform.storage.db import lock_row
from nghitruong.platform.storage.moves import move

QUOTE_MOST = 8_000  # characters kept of a long article


def give_opinion(
    version: PaperVersion,
    *,
    text: str,
    by: Actor,
    nonce: uuid.UUID,
    article: str = "",
    clause: str = "",
    point: str = "",
) -> Opinion:
    """A delegate speaks to a place of this version (or, without ``article``, to the whole).

    Sent again with the same nonce it is the same opinion: the first is returned, nothing is
    written. Raises Refused for a place the text does not have.
    """
    person = rules.may_speak(by)
    earlier: Opinion | None = Opinion.objects.filter(author=person, nonce=nonce).first()
    if earlier is not None:
        return earlier
    text = rules.check_text(nfc(text), _("ý kiến"))
    heading = quote = ""
    if article:
        found = follow.find(version, article, clause, point)
        if found is None:
            raise Refused(
                "no_such_place",
                _("Bản này không có điều, khoản đã chọn. Hãy mở lại trang góp ý và chọn lại."),
                status=422,
            )
        heading, quote = found[0].heading[:300], found[1][:QUOTE_MOST]
    group = next(
        (m.organization.name for m in by.memberships
         if m.organization.kind == OrganizationKind.GROUP), "",
    )  # fmt: skip
    opinion = Opinion(
        council=by.council,
        paper=version.paper,
        version=version,
        article=article,
        clause=clause if article else "",
        point=point if article else "",
        heading=heading,
        quote=quote,
        text=text,
        author=person,
        author_name=by.name,
        author_group=group,
        nonce=nonce,
    )
    try:
        with transaction.atomic():
            paper: Paper = lock_row(Paper.objects.filter(pk=version.paper_id)).get()
            rules.may_give(by, paper)  # not withdrawn since the page was opened
            opinion.save(force_insert=True)
            _record("opinions.give", opinion, by, {"version": version.number})
    except IntegrityError:  # the same sending, twice at once
        again: Opinion | None = Opinion.objects.filter(author=person, nonce=nonce).first()
        if again is None:
            raise
        return again
    return opinion


def withdraw_opinion(opinion: Opinion, *, by: Actor) -> Opinion:
    """The author takes it back while nobody has answered; the row stays, marked so."""
    rules.may_withdraw(by, opinion)
    with transaction.atomic():
        found = _locked(opinion)
        move(found, OPINION, OpinionState.WITHDRAWN)
        _step(found, StepKind.WITHDRAW, by)
        _record("opinions.withdraw", found, by, {})
    return found


def answer_opinion(opinion: Opinion, *, decision: str, text: str, by: Actor) -> Opinion:
    """The drafting agency answers; may answer anew until the Ban has confirmed.

    The reason (or how it was taken up, and where) is always required. A clerk who enters what the
    agency sent on paper is named as who wrote it down.
    """
    body = rules.may_answer(by, opinion.paper)
    chosen = rules.check_decision(decision)
    explains = chosen == Decision.EXPLAINED
    what = _("nội dung giải trình") if explains else _("nội dung tiếp thu")
    text = rules.check_text(nfc(text), what)
    named = body.name if body else (opinion.paper.issuer or by.name)
    if body is None or body.pk not in by.body_ids:
        named = f"{named} ({by.name} ghi theo bản giấy)"
    with transaction.atomic():
        found = _at_work(opinion)
        move(
            found,
            OPINION,
            OpinionState.ANSWERED,
            decision=chosen,
            answer=text,
            answered_by=named[:300],
        )
        step = _step(found, StepKind.ANSWER, by, decision=chosen, text=text, body=body, named=named)
        _record("opinions.answer", found, by, {"decision": chosen, "body": named})
        _tell(step, _("Đã trả lời ý kiến của quý vị: %(place)s, %(paper)s"))
    return found


def confirm_opinion(
    opinion: Opinion,
    *,
    version: PaperVersion,
    answer: uuid.UUID | None,
    by: Actor,
    note: str = "",
) -> Opinion:
    """The Ban confirms that what was promised is in this version of the draft (or that the reason
    holds). ``answer`` is the step that was before the person (:func:`newest_answer`): refused when
    another answer or a newer version came meanwhile."""
    body = rules.may_confirm(by, opinion.paper)
    with transaction.atomic():
        found = _at_work(opinion)
        rules.check_newest(by, version)
        _check_answer(found, answer)
        move(found, OPINION, OpinionState.CONFIRMED)
        note = nfc(note).strip()[:1000]
        step = _step(found, StepKind.CONFIRM, by, text=note, body=body, version=version)
        _record("opinions.confirm", found, by, {"body": body.name, "version": version.number})
        _tell(step, _("Ban đã xác nhận việc trả lời ý kiến của quý vị: %(place)s, %(paper)s"))
    return found


def return_opinion(
    opinion: Opinion, *, answer: uuid.UUID | None, by: Actor, reason: str
) -> Opinion:
    """The Ban does not find it taken up: the agency answers again. ``answer`` as for
    :func:`confirm_opinion`."""
    body = rules.may_confirm(by, opinion.paper)
    reason = rules.check_text(nfc(reason), _("điều Ban chưa đồng ý"))
    with transaction.atomic():
        found = _at_work(opinion)
        _check_answer(found, answer)
        move(found, OPINION, OpinionState.RETURNED)
        step = _step(found, StepKind.RETURN, by, text=reason, body=body)
        _record("opinions.return", found, by, {"body": body.name})
        _tell(step, _("Ban đề nghị trả lời lại ý kiến của quý vị: %(place)s, %(paper)s"))
    return found


def forget_paper(paper: Paper, versions: QuerySet[PaperVersion]) -> Iterable[str]:
    """A paper turned out to be a state secret: opinions quote it, so they go with it, and what
    their authors were told names it no more."""
    steps = OpinionStep.objects.filter(opinion__paper=paper).values_list("pk", flat=True)
    told = Message.objects.filter(
        council_id=paper.council_id,
        kind__startswith="opinions.",
        key__in=[str(step) for step in steps],
    )
    for key in told.values_list("pk", flat=True):
        notices.redact(key, subject=_("Ý kiến của quý vị về một tài liệu đã được gỡ bỏ"))
    Opinion.objects.filter(paper=paper).delete()
    return ()


def _at_work(opinion: Opinion) -> Opinion:
    """The opinion locked, its paper first: one withdrawn meanwhile takes no more steps."""
    paper: Paper = lock_row(Paper.objects.filter(pk=opinion.paper_id)).get()
    rules.check_not_withdrawn(paper)
    return _locked(opinion)


def _locked(opinion: Opinion) -> Opinion:
    found: Opinion = lock_row(Opinion.objects.filter(pk=opinion.pk)).get()
    return found


def newest_answer(opinion: Opinion) -> uuid.UUID | None:
    """The key of the answer that stands now; None while there is none."""
    answers = OpinionStep.objects.filter(opinion=opinion, kind=StepKind.ANSWER)
    found: uuid.UUID | None = answers.order_by("-at", "-pk").values_list("pk", flat=True).first()
    return found


def _check_answer(opinion: Opinion, seen: uuid.UUID | None) -> None:
    """What the Ban says stands in the record for good: it is of the answer that the Ban read."""
    if newest_answer(opinion) != seen:
        raise Refused(
            "answer_changed",
            _("Câu trả lời đã đổi từ khi quý vị mở trang. Hãy đọc câu trả lời mới rồi làm lại."),
        )


def _step(
    opinion: Opinion,
    kind: StepKind,
    by: Actor,
    *,
    decision: str = "",
    text: str = "",
    body: Organization | None = None,
    named: str = "",
    version: PaperVersion | None = None,
) -> OpinionStep:
    step: OpinionStep = OpinionStep.objects.create(
        council=by.council,
        opinion=opinion,
        kind=kind,
        decision=decision,
        text=text,
        body=body,
        body_name=(named or (body.name if body else ""))[:200],
        by_name=by.name,
        version=version,
    )
    return step


def _record(action: str, opinion: Opinion, by: Actor, payload: dict[str, Any]) -> None:
    """The log says who did what to which opinion; the words stay in the opinion itself."""
    audit.record(
        action,
        **by.audit(),
        target=opinion.paper,
        payload={"opinion": str(opinion.pk), "place": opinion.place, **payload},
    )


def _tell(step: OpinionStep, subject: str) -> None:
    """The author is told what became of the opinion; its words stay on its own page."""
    opinion = step.opinion
    said = {"place": opinion.place, "paper": opinion.paper.title}
    notices.tell(
        council_id=opinion.council_id,
        people=[opinion.author_id],
        kind=f"opinions.{step.kind}",
        subject=subject % said,
        text=step.body_name,
        url=reverse("opinions:opinion", args=[opinion.council.slug, opinion.pk]),
        key=str(step.pk),
    )
