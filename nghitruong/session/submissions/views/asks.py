"""The list of asked-for papers, the page of one, its steps."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from nghitruong.council.councils.roles import Actor
from nghitruong.council.papers import queries as papers
from nghitruong.council.papers.models import PaperKind
from nghitruong.council.papers.rules import can_manage, is_office
from nghitruong.council.papers.views.manage import upload_state
from nghitruong.platform.errors import NotAllowed, Refused
from nghitruong.session.meetings.queries import place_in_sitting
from nghitruong.session.submissions import actions, due, errand, flows, forms, queries, rules
from nghitruong.session.submissions.models import Ask, AskState
from nghitruong.ui.lists import Column, ListPage


def actor_of(request: HttpRequest) -> Actor:
    """Who asks."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    return actor


def ask_url(ask: Ask) -> str:
    """The page of one."""
    return reverse("submissions:ask", args=[ask.council.slug, ask.pk])


@require_safe
def asks(request: HttpRequest) -> HttpResponseBase:
    """What was asked for: everything for the office, their own for bodies."""
    actor = actor_of(request)
    if not rules.sees_asks(actor):
        raise NotAllowed(
            "no_asks",
            _("Trang này dành cho Văn phòng và các cơ quan được đề nghị gửi tài liệu."),
        )
    full = "xuat" in request.GET
    found = queries.asks_for(actor).order_by(
        "-session__expected_opening", "body__sort_order", "fold"
    )
    clocks = due.Clocks(actor.council)
    columns: list[Column[Ask]] = [
        Column(
            "ten",
            _("Tài liệu"),
            "title",
            order=("fold",),
            link=ask_url,
            template="submissions/cells/title.html",
        ),
        Column("cq", _("Cơ quan"), "body.name", order=("body__sort_order", "fold")),
        Column(
            "buoc",
            _("Bước"),
            lambda ask: queries.stage_label(ask.stage),  # type: ignore[attr-defined]
            order=("stage", "fold"),
            template="submissions/cells/stage.html",
        ),
        Column(
            "han",
            _("Hạn gửi"),
            lambda ask: str(clocks.of(ask) or "") if full else clocks.of(ask),
            template="submissions/cells/clock.html",
        ),
    ]
    if full:
        columns += [
            Column("loai", _("Loại"), lambda ask: ask.get_kind_display()),
            Column("kh", _("Kỳ họp"), "session.title"),
            Column("ban", _("Bản"), "texts", number=True),
            Column("den", _("Đến Văn phòng lúc"), due.arrived),
        ]
    office = is_office(actor)
    return ListPage(
        title=_("Tài liệu được yêu cầu"),
        noun=_("tài liệu"),
        intro=(
            _("Văn phòng đề nghị cơ quan gửi tài liệu ở trang tài liệu của kỳ họp.")
            if office
            else _("Bấm vào tên tài liệu để tải tệp lên và gửi đi.")
        ),
        queryset=found,
        columns=columns,
        search=("fold",),
        filterset=forms.AskFilter,
        empty_title=_("Chưa có tài liệu nào được yêu cầu"),
        empty_text=_("Khi Văn phòng đề nghị gửi tài liệu cho kỳ họp, danh sách hiện ra ở đây."),
        empty_icon="file-upload",
    ).respond(request)


@require_safe
@never_cache
def ask(request: HttpRequest, ask: uuid.UUID) -> HttpResponse:
    """One asked-for paper: by when, where it is, its texts, what can be done now."""
    actor = actor_of(request)
    found = queries.ask_for(actor, ask)
    paper = None
    if found.paper_id:
        paper = papers.papers_for(actor).filter(pk=found.paper_id).first()
    holds = rules.holds(actor, found)
    may_send = _may(rules.may_send_file, actor, found)
    office = can_manage(actor) and not rules.is_circulated(found)
    slug = actor.council.slug
    stop = flows.STOPS.get(found.state)
    late = due.late_papers([paper]) if paper is not None and found.state == "cleared" else []
    state = upload_state(actor, session_id=found.session_id)
    context = {
        "ask": found,
        "place": place_in_sitting(found.item) if found.item is not None else 0,
        "stage": queries.stage_label(found.stage),  # type: ignore[attr-defined]
        "clock": due.Clocks(actor.council).of(found),
        "way": _way(found),
        "steps": queries.steps_of(found),
        "returned": queries.last_return(found),
        "paper": paper,
        "versions": papers.versions_for(actor, paper) if paper is not None else [],
        "unread": found.paper is not None and found.paper.versions.filter(unread=True).exists(),
        "form": forms.NumberForm() if may_send else None,
        "state": state,
        "into": f"{errand.NAME}:{found.pk}",
        "to_send": _to_send(found) if holds else "",
        "act": _(stop.act) if holds and stop is not None and flows.after(found) else "",
        "circulates": holds and found.state == AskState.CLEARED,
        "late": late and not hasattr(paper, "late_circulation"),
        "may_return": found.state in flows.RETURNED_FROM and _may(rules.may_return, actor, found),
        "takes_in": office and found.state in (AskState.PREPARING, AskState.FORWARDING),
        "cancels": office and found.state != AskState.CANCELLED,
        "verification": papers.verification_of(actor, paper) if paper is not None else None,
        "verifications": papers.verifications_of(actor, paper) if paper is not None else [],
        "verifiable": (
            papers.verifiable_for(actor, paper)
            if paper is not None and may_send and found.kind == PaperKind.VERIFICATION
            else []
        ),
        "crumbs": [(_("Tài liệu được yêu cầu"), reverse("submissions:asks", args=[slug]))],
    }
    return render(request, "submissions/ask.html", context)


def _to_send(ask: Ask) -> str:
    """Where a file that only waits for its body to send it goes; «» while there is none: one that
    came back with a reason waits for another file first."""
    if not queries.file_waits(ask):
        return ""
    if flows.after(ask) == AskState.FORWARDING:
        return _("Văn phòng Ủy ban nhân dân")
    return _("Văn phòng của Hội đồng nhân dân")


def _may(rule: Any, actor: Actor, ask: Ask) -> bool:
    try:
        rule(actor, ask)
    except Refused:
        return False
    return True


def _way(ask: Ask) -> list[tuple[str, str]]:
    """The stops with what they are to this paper: done, here, to come."""
    names = {
        "preparing": ask.body.name,
        "forwarding": _("Văn phòng UBND chuyển"),
        "checking": _("Văn phòng kiểm tra"),
        "cleared": _("Chánh Văn phòng cho lưu hành"),
    }
    states = [stop.state for stop in flows.way_of(ask)]
    here = len(states) if rules.is_circulated(ask) else -1
    if ask.state in states and here < 0:
        here = states.index(ask.state)
    way = [
        (names[state], "done" if place < here else "here" if place == here else "to_come")
        for place, state in enumerate(states)
    ]
    return [*way, (_("Đại biểu"), "done" if here == len(states) else "to_come")]


def _back(actor: Actor, ask: Ask) -> HttpResponse:
    return redirect("submissions:ask", actor.council.slug, ask.pk)


@require_POST
def pass_on(request: HttpRequest, ask: uuid.UUID) -> HttpResponse:
    """Send it to the next stop."""
    actor = actor_of(request)
    found = actions.pass_on(queries.ask_for(actor, ask), by=actor)
    messages.success(
        request, _("Đã chuyển. Tài liệu nay: %(state)s.") % {"state": found.get_state_display()}
    )
    return _back(actor, found)


@require_POST
def return_ask(request: HttpRequest, ask: uuid.UUID) -> HttpResponse:
    """Give it back with the reason."""
    actor = actor_of(request)
    found = queries.ask_for(actor, ask)
    actions.return_ask(found, reason=request.POST.get("reason", ""), by=actor)
    messages.success(request, _("Đã trả lại cơ quan trình, kèm lý do."))
    return _back(actor, found)


@require_POST
def take_in(request: HttpRequest, ask: uuid.UUID) -> HttpResponse:
    """The office received it directly."""
    actor = actor_of(request)
    found = actions.take_in(queries.ask_for(actor, ask), by=actor)
    messages.success(request, _("Đã ghi: Văn phòng nhận trực tiếp. Hãy tải tệp lên."))
    return _back(actor, found)


@require_POST
def circulate(request: HttpRequest, ask: uuid.UUID) -> HttpResponse:
    """Let it go to the delegates."""
    actor = actor_of(request)
    found = queries.ask_for(actor, ask)
    actions.circulate(
        found,
        by=actor,
        late_approved_by=request.POST.get("late_approved_by", ""),
        late_reason=request.POST.get("late_reason", ""),
    )
    messages.success(request, _("Đã gửi tài liệu tới đại biểu."))
    return _back(actor, found)


@require_POST
def cancel(request: HttpRequest, ask: uuid.UUID) -> HttpResponse:
    """It is not wanted any more."""
    actor = actor_of(request)
    found = queries.ask_for(actor, ask)
    actions.cancel_ask(found, reason=request.POST.get("reason", ""), by=actor)
    messages.success(request, _("Đã thôi đề nghị tài liệu này, kèm lý do."))
    return _back(actor, found)


@require_POST
def name_version(request: HttpRequest, ask: uuid.UUID) -> HttpResponse:
    """Which text of a draft the Ban's report is about."""
    actor = actor_of(request)
    found = queries.ask_for(actor, ask)
    wanted = request.POST.get("version", "")
    version = None
    if wanted and found.paper is not None:
        texts = papers.verifiable_for(actor, found.paper)
        version = next((text for text in texts if str(text.pk) == wanted), None)
        if version is None:
            raise Http404
    actions.name_version(found, version, by=actor)
    messages.success(request, _("Đã ghi bản dự thảo được thẩm tra."))
    return _back(actor, found)
