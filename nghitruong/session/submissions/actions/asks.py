"""Asking, sending on, returning, taking in, letting circulate, taking back."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from nghitruong.council.councils.models import Organization
from nghitruong.council.councils.roles import Actor
from nghitruong.council.papers import actions as papers
from nghitruong.council.papers.models import Paper, PaperKind, PaperState, PaperVersion
from nghitruong.council.papers.rules import may_manage, reason_given
from nghitruong.council.procedure.profiles import calendar_for
from nghitruong.lib.text import fold, nfc
from nghitruong.platform.audit import api as audit
from nghitruong.platform.errors import Refused
from nghitruong.platform.storage.db import lock_row
from nghitruong.platform.storage.moves import move
from nghitruong.session.meetings.actions import change_item_papers
from nghitruong.session.meetings.models import AgendaItem, Session
from nghitruong.session.submissions import flows, rules
from nghitruong.session.submissions.due import ruled
from nghitruong.session.submissions.flows import Party
from nghitruong.session.submissions.models import Ask, AskState, AskStep, StepKind
from nghitruong.session.submissions.telling import tell_asked, tell_step


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """A paper the office wants: of whom, what, for which item, by when if not by the rule."""

    body: Organization
    kind: str
    title: str
    item: AgendaItem | None = None
    note: str = ""
    due: date | None = None


def write_step(
    ask: Ask, kind: StepKind, by: Actor, *, version: int | None = None, reason: str = ""
) -> None:
    """A line of the ask's history and of the audit log, and a notice to whose turn it became; in
    the caller's transaction."""
    step = AskStep.objects.create(
        council_id=ask.council_id,
        ask=ask,
        kind=kind,
        state=ask.state,
        version=version,
        reason=reason,
        by_name=by.name[:200],
    )
    facts: dict[str, Any] = {"title": ask.title, "body": ask.body.name}
    if version is not None:
        facts["version"] = version
    if reason:
        facts["reason"] = reason
    audit.record(f"submissions.{kind.value}", **by.audit(), target=ask, payload=facts)
    tell_step(ask, step)


def _locked(ask: Ask) -> Ask:
    """The ask as the database holds it now, locked."""
    found: Ask = lock_row(Ask.objects.filter(pk=ask.pk)).get()
    return found


def _check_due(session: Session, kind: str, day: date) -> None:
    """A day of the office's own is before the opening, and not after the law's while that is still
    to come; once it has passed, any day helps, and the clock says late all the same."""
    if day >= session.expected_opening:
        raise Refused(
            "due_after_opening",
            _("Hạn gửi phải trước ngày khai mạc kỳ họp. Hãy chọn lại ngày."),
            status=422,
        )
    by_rule = ruled(session, kind, calendar_for(session.council))
    if by_rule is not None and timezone.localdate() <= by_rule.due < day:
        raise Refused(
            "due_after_rule",
            _("Hạn riêng chỉ được sớm hơn hạn luật định, ngày %(day)s. Hãy chọn ngày sớm hơn.")
            % {"day": f"{by_rule.due:%d/%m/%Y}"},
            article=by_rule.article,
            status=422,
        )


def ask_papers(session: Session, wanted: Sequence[Wanted], *, by: Actor) -> list[Ask]:
    """Ask bodies for papers of the session, all or none; what was asked before is passed over."""
    rules.may_ask(by, session)
    made: list[Ask] = []
    with transaction.atomic():
        lock_row(Session.objects.filter(pk=session.pk)).get()
        for one in wanted:
            title = " ".join(nfc(one.title).split())[:500]
            if not title:
                raise Refused("title_missing", _("Hãy ghi tên dự kiến của tài liệu."), status=422)
            if one.kind not in PaperKind.values or one.body.kind not in rules.ASKED_KINDS:
                raise Refused(
                    "ask_wrong", _("Hãy chọn cơ quan và loại tài liệu trong danh sách."), status=422
                )
            if one.due is not None:
                _check_due(session, one.kind, one.due)
            same = Ask.objects.filter(session=session, body=one.body, kind=one.kind, title=title)
            if same.exclude(state=AskState.CANCELLED).exists():
                continue
            ask = Ask.objects.create(
                council=by.council,
                session=session,
                item=one.item,
                body=one.body,
                kind=one.kind,
                title=title,
                fold=fold(f"{title} {one.body.name}")[:500],
                note=" ".join(nfc(one.note).split())[:500],
                due_override=one.due,
                forwarded=flows.passes_forwarding(session.profile, one.body.kind),
                asked_by_name=by.name[:200],
            )
            write_step(ask, StepKind.ASK, by)
            made.append(ask)
        tell_asked(made)
    return made


def pass_on(ask: Ask, *, by: Actor) -> Ask:
    """Send a paper on from the stop where it is: the body sends, the Office of the People's
    Committee forwards, the council's office finds it in order.

    At the office's check the paper is put under its agenda item. Circulating is :func:`circulate`.
    """
    with transaction.atomic():
        found = _locked(ask)
        rules.may_act(by, found)
        version = rules.check_sendable(found)
        stop = flows.STOPS[found.state]
        to = flows.after(found)
        if not to:
            raise Refused("last_stop", _("Tài liệu đã kiểm tra xong. Hãy bấm «Cho lưu hành»."))
        move(found, flows.ASK, to)
        write_step(found, stop.step, by, version=version.number)
        if stop.holder == Party.OFFICE:
            _put_under_item(found, by)
    return found


def _put_under_item(ask: Ask, by: Actor) -> None:
    if ask.item is None or ask.paper is None:
        return
    change_item_papers(ask.item, more=[ask.paper], by=by)


def return_ask(ask: Ask, *, reason: str, by: Actor) -> Ask:
    """Give a paper back to the body that prepared it, with the reason."""
    reason = reason_given(reason, _("trả lại"))
    with transaction.atomic():
        found = _locked(ask)
        rules.may_return(by, found)
        move(found, flows.ASK, AskState.PREPARING)
        write_step(found, StepKind.RETURN, by, reason=reason)
    return found


def take_in(ask: Ask, *, by: Actor) -> Ask:
    """The office received the paper directly (on paper, on a stick): it is the office's now."""
    may_manage(by)
    with transaction.atomic():
        found = _locked(ask)
        move(found, flows.ASK, AskState.CHECKING)
        write_step(found, StepKind.TAKE_IN, by)
    return found


def take_in_paper(ask: Ask, paper: Paper, *, by: Actor) -> bool:
    """The office received the file itself and made a paper of it: :func:`take_in` with the paper.

    False, and nothing changes, where the ask has a paper by now or is cancelled, or the paper
    answers another ask.
    """
    may_manage(by)
    with transaction.atomic():
        found = _locked(ask)
        awaited = found.paper_id is None and AskState.CHECKING in flows.ASK[found.state].moves
        if not awaited or Ask.objects.filter(paper=paper).exists():
            return False
        move(found, flows.ASK, AskState.CHECKING, paper=paper)
        write_step(found, StepKind.TAKE_IN, by, version=1)
    return True


def give_back_papers(papers: Collection[uuid.UUID], *, reason: str, by: Actor) -> None:
    """These papers are about to be removed: what was asked for is the body's to send again."""
    may_manage(by)
    with transaction.atomic():
        for ask in lock_row(Ask.objects.filter(paper__in=papers).order_by("pk")):
            if AskState.PREPARING not in flows.ASK[ask.state].moves:
                continue
            move(ask, flows.ASK, AskState.PREPARING, paper=None)
            write_step(ask, StepKind.RETURN, by, reason=reason)


def circulate(ask: Ask, *, by: Actor, late_approved_by: str = "", late_reason: str = "") -> Paper:
    """Let a checked paper go to the delegates: the release of papers with all its refusals
    (secret, unread, held, late without a decision)."""
    with transaction.atomic():
        found = _locked(ask)
        if found.state != AskState.CLEARED:
            rules.may_act(by, found)
            raise Refused(
                "not_cleared",
                _("«%(title)s» chưa được Văn phòng kiểm tra xong.") % {"title": found.title},
            )
        rules.may_act(by, found)
        version = rules.check_sendable(found)
        assert found.paper is not None  # noqa: S101  # check_sendable saw its text
        sent = papers.release_papers(
            [found.paper], by=by, late_approved_by=late_approved_by, late_reason=late_reason
        )
        if sent:
            write_step(found, StepKind.CIRCULATE, by, version=version.number)
        return version.paper


def cancel_ask(ask: Ask, *, reason: str, by: Actor) -> Ask:
    """The paper is not wanted any more; a draft already sent in is withdrawn with it."""
    may_manage(by)
    reason = reason_given(reason, _("thôi đề nghị"))
    with transaction.atomic():
        found = _locked(ask)
        if rules.is_circulated(found):
            raise Refused(
                "already_circulated",
                _("«%(title)s» đã gửi đại biểu. Hãy rút tài liệu nếu không dùng nữa.")
                % {"title": found.title},
            )
        move(found, flows.ASK, AskState.CANCELLED)
        if found.paper is not None and found.paper.state == PaperState.DRAFT:
            papers.withdraw_paper(found.paper, reason=reason, by=by)
        write_step(found, StepKind.CANCEL, by, reason=reason)
    return found


def name_version(ask: Ask, version: PaperVersion | None, *, by: Actor) -> Paper:
    """Say which text of a draft the Ban's report is about."""
    rules.may_send_file(by, ask)
    if ask.paper is None:
        raise Refused("nothing_to_send", _("Hãy tải báo cáo lên trước."), status=422)
    return papers.set_verified(ask.paper, version, by=by)
