"""What was decided about a paper: circulating late, being public."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from nghitruong.council.papers.models import PaperState
from nghitruong.council.papers.queries import paper_for
from nghitruong.council.papers.rules import can_manage, is_office
from nghitruong.platform.errors import NotAllowed
from nghitruong.session.submissions import actions, due, queries, rules
from nghitruong.session.submissions.views.asks import actor_of


@require_safe
def decisions(request: HttpRequest, paper: uuid.UUID) -> HttpResponse:
    """The decisions so far, and the forms of those this person takes."""
    actor = actor_of(request)
    found = paper_for(actor, paper)
    if not (is_office(actor) or rules.can_set_publicity(actor)):
        raise NotAllowed(
            "decisions_not_yours",
            _("Trang này dành cho Văn phòng và Thường trực Hội đồng nhân dân."),
        )
    if found.state == PaperState.DRAFT:
        late = next((clock for _paper, clock in due.late_papers([found])), None)
    else:
        late = due.sent_late(found) if found.state == PaperState.RELEASED else None
    decision = queries.late_decision(found)
    context = {
        "paper": found,
        "late": late,
        "decision": decision,
        "allows_late": late is not None and decision is None and can_manage(actor),
        "own_name": actor.name if rules.decides_late(actor) else "",
        "publicity": queries.publicity_of(found),
        "earlier": queries.earlier_publicity(found),
        "sets_publicity": rules.can_set_publicity(actor),
        "article": rules.PUBLICITY,
    }
    return render(request, "submissions/decisions.html", context)


@require_POST
def allow_late(request: HttpRequest, paper: uuid.UUID) -> HttpResponse:
    """Put the decision to circulate late on record."""
    actor = actor_of(request)
    found = paper_for(actor, paper)
    actions.allow_late(
        [found],
        approved_by=request.POST.get("late_approved_by", ""),
        reason=request.POST.get("late_reason", ""),
        by=actor,
    )
    messages.success(request, _("Đã ghi quyết định cho phép lưu hành chậm."))
    return redirect("submissions:decisions", actor.council.slug, found.pk)


@require_POST
def set_publicity(request: HttpRequest, paper: uuid.UUID) -> HttpResponse:
    """Thường trực decides."""
    actor = actor_of(request)
    found = paper_for(actor, paper)
    public = request.POST.get("public") == "1"
    actions.set_publicity(found, public=public, reason=request.POST.get("reason", ""), by=actor)
    messages.success(request, _("Đã ghi quyết định về việc công khai tài liệu."))
    return redirect("submissions:decisions", actor.council.slug, found.pk)
