"""Sessions: list, creation, page, state."""

from __future__ import annotations

from datetime import timedelta

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from nghitruong.council.briefcase.card import card
from nghitruong.council.papers.queries import MENU
from nghitruong.platform.errors import Refused
from nghitruong.session.meetings import actions, flows, forms, queries, rules
from nghitruong.session.meetings.briefcase_door import last_day
from nghitruong.session.meetings.views.frame import frame

A_PAGE = 20


@require_safe
def session_list(request: HttpRequest) -> HttpResponse:
    """Every session of the council, the newest first."""
    actor = request.actor  # type: ignore[attr-defined]
    sessions = queries.sessions_for(actor).defer("profile")  # the frozen rules are long
    context = {
        "page": Paginator(sessions, A_PAGE).get_page(request.GET.get("page")),
        "office": rules.can_prepare(actor),
    }
    return render(request, "meetings/sessions.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def add_session(request: HttpRequest) -> HttpResponse:
    """Begin to prepare a session; its number is proposed."""
    actor = request.actor  # type: ignore[attr-defined]
    rules.may_prepare(actor)
    today = timezone.localdate()
    proposed = {
        "number": queries.next_number(actor, today),
        "kind": "regular",
        "expected_opening": today + timedelta(days=45),
    }
    form = forms.SessionForm(request.POST or None, initial=proposed)
    if request.method == "POST" and form.is_valid():
        try:
            session = actions.create_session(by=actor, **form.cleaned_data)
        except Refused as refusal:
            taken = refusal.code == "session_number_taken"
            form.add_error("number" if taken else None, refusal.sentence)
        else:
            messages.success(request, _("Đã lập kỳ họp và kế hoạch chuẩn bị."))
            return redirect("meetings:plan", actor.council.slug, session.address)
    return render(request, "meetings/session_form.html", {"form": form})


@require_safe
def session_page(request: HttpRequest, number: int) -> HttpResponse:
    """The session at a glance: the fixed menu of eight, sittings, news, the own summons."""
    actor = request.actor  # type: ignore[attr-defined]
    session = queries.session_for(actor, number)
    counts: dict[str, int] = {}
    for kind in queries.papers_of(actor, session).values_list("kind", flat=True):
        counts[kind] = counts.get(kind, 0) + 1
    menu = [(entry, sum(counts.get(kind, 0) for kind in entry.kinds)) for entry in MENU]
    late = [line for line in queries.plan_lines(session) if line.late]
    sittings = list(queries.sittings_for(actor, session))
    context = frame(request, session, "session") | {
        "menu": menu,
        "sittings": sittings,
        "notices": queries.news_lines(actor, session),
        "replies": queries.reply_counts(session),
        "briefcase": card(actor, last_day(session, sittings), session.address)
        if "papers" in request.functions  # type: ignore[attr-defined]  # by CouncilMiddleware
        else None,
        "late": late if rules.can_prepare(actor) else [],
        "acts": [
            (state, flows.ACTS[state])
            for state in flows.ACTS
            if state in flows.SESSION[session.state].moves
        ],
    }
    return render(request, "meetings/session.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def edit_session(request: HttpRequest, number: int) -> HttpResponse:
    """Correct title, place, requirer."""
    actor = request.actor  # type: ignore[attr-defined]
    rules.may_prepare(actor)
    session = queries.session_for(actor, number)
    initial = {name: getattr(session, name) for name in ("title", "place", "required_by")}
    form = forms.SessionEditForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        actions.edit_session(session, by=actor, **form.cleaned_data)
        messages.success(request, _("Đã ghi thông tin kỳ họp."))
        return redirect("meetings:session", actor.council.slug, number)
    return render(
        request, "meetings/form_page.html", frame(request, session, "session") | {"form": form}
    )


@require_POST
def change_state(request: HttpRequest, number: int) -> HttpResponse:
    """Start, close, postpone, cancel, resume."""
    actor = request.actor  # type: ignore[attr-defined]
    rules.may_prepare(actor)
    session = queries.session_for(actor, number)
    to = request.POST.get("to", "")
    if to not in flows.ACTS:
        raise Refused("state_unknown", _("Hãy tải lại trang rồi chọn lại."), status=400)
    actions.move_session(session, to, by=actor, reason=request.POST.get("reason", ""))
    messages.success(request, _("Kỳ họp: %(state)s.") % {"state": flows.SESSION[to].label})
    return redirect("meetings:session", actor.council.slug, number)
