"""Decisions about papers: circulating late, being public."""

from __future__ import annotations

import uuid
from collections.abc import Sequence

from django.db import transaction
from django.utils.translation import gettext as _

from nghitruong.council.councils.roles import Actor
from nghitruong.council.papers.models import ERASED_TITLE, Paper
from nghitruong.council.papers.rules import reason_given
from nghitruong.lib.days import date_vn
from nghitruong.lib.text import nfc
from nghitruong.platform.audit import api as audit
from nghitruong.platform.errors import Refused
from nghitruong.session.meetings.models import Session
from nghitruong.session.submissions import due, rules
from nghitruong.session.submissions.models import Ask, AskStep, LateCirculation, Publicity
from nghitruong.session.submissions.telling import unsay


def allow_late(
    papers: Sequence[Paper], *, approved_by: str, reason: str, by: Actor
) -> list[LateCirculation]:
    """Put on record that these papers may circulate after their day; those with a decision already
    keep it. Refuses a paper that is not late: there is nothing to allow."""
    name = rules.approver(by, nfc(approved_by))
    reason = reason_given(nfc(reason), _("cho phép lưu hành chậm"))
    with transaction.atomic():
        late = {paper.pk: clock for paper, clock in due.late_papers(papers)}
        late |= {paper.pk: clock for paper in papers if (clock := due.sent_late(paper))}
        made = []
        for paper in papers:
            if paper.pk not in late:
                raise Refused(
                    "not_late",
                    _("«%(title)s» chưa quá hạn nên không cần quyết định.")
                    % {"title": paper.title},
                )
            decision, fresh = LateCirculation.objects.get_or_create(
                paper=paper,
                defaults={
                    "council_id": paper.council_id,
                    "approved_by": name,
                    "reason": reason,
                    "article": late[paper.pk].due.article[:300],
                    "recorded_by_name": by.name[:200],
                },
            )
            made.append(decision)
            if fresh:
                facts = {"title": paper.title, "approved_by": name, "reason": reason}
                audit.record("submissions.allow_late", **by.audit(), target=paper, payload=facts)
    return made


def permit_late(
    papers: Sequence[Paper], approved_by: str, reason: str, by: Actor
) -> dict[uuid.UUID, str]:
    """What the release of papers asks: who let which late papers circulate. Registered with
    ``papers.extension``; runs in the release's transaction."""
    late = due.late_papers(papers)
    keys = [paper.pk for paper, _clock in late]
    decided = dict(
        LateCirculation.objects.filter(paper__in=keys).values_list("paper", "approved_by")
    )
    missing = [(paper, clock) for paper, clock in late if paper.pk not in decided]
    if missing and (approved_by or reason):
        made = allow_late([p for p, _c in missing], approved_by=approved_by, reason=reason, by=by)
        return decided | {row.paper_id: row.approved_by for row in made}
    if missing:
        paper, clock = missing[0]
        more = _(" và %(n)s tài liệu khác") % {"n": len(missing) - 1} if missing[1:] else ""
        raise Refused(
            "late_not_allowed",
            _(
                "«%(title)s»%(more)s đã quá hạn gửi đại biểu (hạn %(day)s). Chỉ lưu hành chậm khi "
                "có người cho phép: hãy ghi người cho phép và lý do ở ô «Cho phép lưu hành chậm» "
                "rồi gửi lại."
            )
            % {"title": paper.title, "more": more, "day": date_vn(clock.due.due)},
            article=clock.due.article,
        )
    return decided


def hold_attaching(session: Session, papers: Sequence[Paper]) -> Refused | None:
    """Put on the agenda after it was sent, a paper needs the decision it would have needed before.
    Registered with the agenda of ``meetings``."""
    sent = [paper for paper in papers if paper.released_at is not None]
    decided = set(LateCirculation.objects.filter(paper__in=sent).values_list("paper", flat=True))
    for paper, clock in due.past_their_day(session, sent):
        if paper.pk not in decided:
            return Refused(
                "late_not_allowed",
                _(
                    "«%(title)s» gửi đại biểu sau hạn của kỳ họp này (hạn %(day)s) mà chưa có "
                    "quyết định cho phép lưu hành chậm. Hãy mở trang «Quyết định về tài liệu» của "
                    "tài liệu, ghi người cho phép và lý do, rồi đưa vào chương trình."
                )
                % {"title": paper.title, "day": date_vn(clock.due.due)},
                article=clock.due.article,
            )
    return None


def allow_becoming_late(papers: Sequence[Paper], by: Actor, approved_by: str, reason: str) -> None:
    """The opening moved and made them late: the same decision as before sending. Runs in the move's
    transaction, after it; registered with the sessions of ``meetings``."""
    allow_late(papers, approved_by=approved_by, reason=reason, by=by)


def set_publicity(paper: Paper, *, public: bool, reason: str = "", by: Actor) -> Publicity:
    """Thường trực decides that a paper is public, or that it is not, with the reason."""
    rules.may_set_publicity(by)
    reason = nfc(reason)
    reason = (
        " ".join(reason.split())[:300] if public else reason_given(reason, _("không công khai"))
    )
    with transaction.atomic():
        decided = Publicity.objects.create(
            council_id=paper.council_id,
            paper=paper,
            public=public,
            reason=reason,
            decided_by_name=by.name[:200],
        )
        facts = {"title": paper.title, "public": public, "reason": reason}
        audit.record("submissions.set_publicity", **by.audit(), target=paper, payload=facts)
    return decided


def forget_paper(paper: Paper, _versions: object) -> list[str]:
    """A secret paper leaves the system: its words go from the ask and the decisions too."""
    asks = list(Ask.objects.filter(paper=paper).select_related("council"))
    AskStep.objects.filter(ask__in=asks).exclude(reason="").update(reason="")
    for ask in asks:
        unsay(ask, ERASED_TITLE)
        Ask.objects.filter(pk=ask.pk).update(
            title=f"{ERASED_TITLE} ({ask.pk.hex[-6:]})", fold="", note="", state="cancelled"
        )
    LateCirculation.objects.filter(paper=paper).delete()
    Publicity.objects.filter(paper=paper).delete()
    return []
