"""The office's page of a session: what the agenda still needs, one more ask, how bodies stand."""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from nghitruong.council.procedure.profiles import DueDate, calendar_for
from nghitruong.session.meetings.queries import session_for
from nghitruong.session.meetings.views.frame import frame
from nghitruong.session.submissions import actions, due, forms, queries, rules
from nghitruong.session.submissions.models import Ask
from nghitruong.session.submissions.views.asks import actor_of


@dataclass(frozen=True)
class _Line:
    """A proposal with the day its paper would be due."""

    proposal: queries.Proposal
    due: DueDate | None


@require_http_methods(["GET", "HEAD", "POST"])
def asking(request: HttpRequest, number: int) -> HttpResponse:
    """Ask for one paper (POST); what is missing, what was asked, how bodies stand (GET)."""
    actor = actor_of(request)
    session = session_for(actor, number)
    rules.may_ask(actor, session)
    form = forms.AskForm(actor, session, request.POST or None)
    if request.method == "POST" and form.is_valid():
        made = actions.ask_papers(session, [actions.Wanted(**form.cleaned_data)], by=actor)
        if made:
            messages.success(
                request, _("Đã đề nghị %(body)s gửi tài liệu.") % {"body": made[0].body}
            )
        else:
            messages.info(request, _("Tài liệu này đã được đề nghị từ trước."))
        return redirect("submissions:asking", actor.council.slug, number)
    calendar = calendar_for(actor.council)
    asks: list[Ask] = list(queries.asks_for(actor).filter(session=session))
    context = frame(request, session, "papers") | {
        "form": form,
        "proposals": [
            _Line(one, due.ruled(session, one.kind, calendar)) for one in queries.proposals(session)
        ],
        "asks": asks,
        "standings": queries.standings(asks),
    }
    return render(request, "submissions/asking.html", context)


@require_POST
def propose(request: HttpRequest, number: int) -> HttpResponse:
    """Ask for those proposed papers that were ticked."""
    actor = actor_of(request)
    session = session_for(actor, number)
    rules.may_ask(actor, session)
    chosen = set(request.POST.getlist("proposal"))
    wanted = [
        actions.Wanted(body=one.item.presenting_body, kind=one.kind, title=one.title, item=one.item)
        for one in queries.proposals(session)
        if one.code in chosen and one.item.presenting_body is not None
    ]
    made = actions.ask_papers(session, wanted, by=actor)
    if made:
        words = ngettext("Đã đề nghị %(n)d tài liệu.", "Đã đề nghị %(n)d tài liệu.", len(made))
        messages.success(request, words % {"n": len(made)})
    else:
        messages.warning(request, _("Chưa đánh dấu tài liệu nào. Hãy đánh dấu rồi bấm «Đề nghị»."))
    return redirect("submissions:asking", actor.council.slug, number)
