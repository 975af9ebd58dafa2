"""The preparation plan: table and timeline."""

from __future__ import annotations

import uuid
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from nghitruong.council.papers.models import PaperState
from nghitruong.lib.days import date_vn
from nghitruong.platform.errors import Refused
from nghitruong.session.meetings import actions, clock, forms, queries, rules
from nghitruong.session.meetings.models import Session
from nghitruong.session.meetings.plan import Line
from nghitruong.session.meetings.views.frame import frame

ROW, LEFT, WIDTH = 28, 380, 1000


@dataclass(frozen=True)
class Mark:
    """A task on the timeline, in the picture's units."""

    line: Line
    x: int
    y: int
    text_y: int


@dataclass(frozen=True)
class Timeline:
    """The plan as a picture: one row a task, a column a week, today and the opening as lines."""

    height: int
    marks: list[Mark]
    weeks: list[tuple[int, str]]
    today: int | None
    opening: int


def timeline(session: Session, lines: list[Line], today: date) -> Timeline | None:
    """None when nothing has a date."""
    dated = [(line, line.due) for line in lines if line.due is not None]
    if not dated:
        return None
    days = [due for _line, due in dated] + [session.expected_opening]
    first, last = min(days) - timedelta(days=3), max(days) + timedelta(days=3)
    span = max(1, (last - first).days)

    def x(day: date) -> int:
        return LEFT + round((day - first).days * (WIDTH - LEFT - 40) / span)

    marks = [
        Mark(line, x(due), 40 + ROW * row, 45 + ROW * row) for row, (line, due) in enumerate(dated)
    ]
    monday = first + timedelta(days=(7 - first.weekday()) % 7)
    weeks: list[tuple[int, str]] = []
    while monday <= last:
        if not weeks or x(monday) - weeks[-1][0] >= 60:
            weeks.append((x(monday), f"{monday:%d/%m}"))
        monday += timedelta(days=7)
    return Timeline(
        height=50 + ROW * len(marks),
        marks=marks,
        weeks=weeks,
        today=x(today) if first <= today <= last else None,
        opening=x(session.expected_opening),
    )


@require_safe
def plan(request: HttpRequest, number: int) -> HttpResponse:
    """What is to be done, by whom, until when, by which article."""
    actor = request.actor  # type: ignore[attr-defined]
    rules.may_prepare(actor)
    session = queries.session_for(actor, number)
    lines = queries.plan_lines(session)
    context = frame(request, session, "plan") | {
        "lines": lines,
        "done": sum(line.done for line in lines),
        "late": sum(line.late for line in lines),
        "timeline": timeline(session, lines, timezone.localdate()),
        "opening_form": forms.OpeningForm(initial={"to": session.expected_opening}),
        "task_form": forms.TaskForm(actor),
    }
    return render(request, "meetings/plan.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def move_opening(request: HttpRequest, number: int) -> HttpResponse:
    """Another opening date. The page (``?to=``) shows what moves with it and which papers become
    late; what is sent from it is done, and everybody is told."""
    actor = request.actor  # type: ignore[attr-defined]
    rules.may_prepare(actor)
    session = queries.session_for(actor, number)
    if request.method != "POST":
        asked = forms.OpeningForm(request.GET)
        to = asked.cleaned_data["to"] if asked.is_valid() else session.expected_opening
        return render(request, "meetings/opening.html", _opening(request, session, to))
    form = forms.OpeningForm(request.POST)
    if not form.is_valid():
        raise Refused("date_wrong", _("Hãy chọn ngày khai mạc mới."), status=422)
    to = form.cleaned_data["to"]
    actions.move_opening(
        session,
        to,
        by=actor,
        sittings=request.POST.get("sittings") == "1",
        late=_keys(request.POST.getlist("late")),
        late_approved_by=request.POST.get("late_approved_by", ""),
        late_reason=request.POST.get("late_reason", ""),
    )
    messages.success(
        request,
        _("Ngày dự kiến khai mạc: %(day)s. Mọi hạn đã tính lại.") % {"day": date_vn(to)},
    )
    return redirect("meetings:plan", actor.council.slug, number)


def _opening(request: HttpRequest, session: Session, to: date) -> dict[str, Any]:
    actor = request.actor  # type: ignore[attr-defined]
    shifts = actions.shifts(session, to)
    first = timezone.localtime(shifts[0].sitting.starts_at).date() if shifts else None
    drafts = queries.papers_of(actor, session).filter(state=PaperState.DRAFT)
    fixed = ""
    try:
        rules.check_not_begun(session)
    except Refused as refused:
        fixed = refused.sentence
    return frame(request, session, "plan") | {
        "fixed": fixed,
        "to": to,
        "opening_form": forms.OpeningForm(initial={"to": to}),
        "before": session.expected_opening,
        "shifts": shifts,
        "moves_along": first != to,  # moved by hand before: they stay, unless somebody wants it
        "late": actions.becoming_late(session, to),
        "unsent": clock.overdue_at(session, to, drafts.order_by("fold")),
    }


def _keys(values: list[str]) -> set[uuid.UUID]:
    found = set()
    for value in values:
        with suppress(ValueError):
            found.add(uuid.UUID(value))
    return found


@require_POST
def fill_plan(request: HttpRequest, number: int) -> HttpResponse:
    """Add the tasks the rules require and the plan lacks."""
    actor = request.actor  # type: ignore[attr-defined]
    rules.may_prepare(actor)
    session = queries.session_for(actor, number)
    added = actions.fill_plan(session, by=actor)
    messages.success(request, _("Đã thêm %(n)d việc theo quy tắc.") % {"n": added})
    return redirect("meetings:plan", actor.council.slug, number)


@require_POST
def add_task(request: HttpRequest, number: int) -> HttpResponse:
    """A task of this session alone."""
    actor = request.actor  # type: ignore[attr-defined]
    rules.may_prepare(actor)
    session = queries.session_for(actor, number)
    form = forms.TaskForm(actor, request.POST)
    if not form.is_valid():
        raise Refused("task_wrong", _("Hãy ghi tên việc và hạn."), status=422)
    actions.add_task(session, by=actor, **form.cleaned_data)
    messages.success(request, _("Đã thêm việc."))
    return redirect("meetings:plan", actor.council.slug, number)


@require_POST
def change_task(request: HttpRequest, number: int, task: uuid.UUID) -> HttpResponse:
    """Tick, untick, or give a date of its own."""
    actor = request.actor  # type: ignore[attr-defined]
    rules.may_prepare(actor)
    session = queries.session_for(actor, number)
    found = queries.task_for(actor, session, task)
    if "due" in request.POST:
        text = request.POST["due"]
        try:
            due = parse_date(text) if text else None
        except ValueError:
            due = None
        if text and due is None:
            raise Refused("date_wrong", _("Ngày không đúng. Hãy chọn lại."), status=422)
        actions.set_task_due(found, due, by=actor)
    elif request.POST.get("done") == "1":
        actions.tick_task(found, by=actor)
    else:
        actions.untick_task(found, by=actor)
    return redirect("meetings:plan", actor.council.slug, number)
