"""A session's papers, by its fixed menu; sending files in for it."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping
from dataclasses import replace

import django_filters
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from django.views.decorators.http import require_safe

from nghitruong.council.papers import forms as paper_forms
from nghitruong.council.papers import rules as paper_rules
from nghitruong.council.papers.models import Paper
from nghitruong.council.papers.queries import MENU
from nghitruong.council.papers.views.manage import StateFilter, columns, upload_state
from nghitruong.session.meetings import clock, queries
from nghitruong.session.meetings.views.frame import frame
from nghitruong.ui.lists import Column, ListPage


class SessionPaperFilter(StateFilter):
    """Narrowing by the session's fixed menu rather than by kind."""

    muc = django_filters.ChoiceFilter(
        label=_lazy("Mục"),
        choices=[(entry.code, entry.label) for entry in MENU],
        method="in_entry",
        empty_label=_lazy("Tất cả"),
    )

    def in_entry(self, papers: QuerySet[Paper], name: str, value: str) -> QuerySet[Paper]:
        """Papers of the kinds under an entry."""
        kinds = next(entry.kinds for entry in MENU if entry.code == value)
        return papers.filter(kind__in=kinds)


@require_safe
def papers(request: HttpRequest, number: int) -> HttpResponseBase:
    """Papers of the session; ``?muc=`` narrows to an entry of the menu."""
    actor = request.actor  # type: ignore[attr-defined]
    session = queries.session_for(actor, number)
    found = queries.papers_of(actor, session).select_related("council").order_by("kind", "fold")
    entry = next((e for e in MENU if e.code == request.GET.get("muc", "")), None)
    manage = paper_rules.can_manage(actor)
    slug = actor.council.slug
    full = "xuat" in request.GET
    shown = columns(manage=manage, full=full)
    clocks = clock.clocks_of(session, found)
    if full:
        shown.append(Column("han", _("Hạn"), lambda paper: str(clocks.get(paper.pk) or "")))
    else:  # beside what became of it: by when it had to be there
        shown = [
            replace(column, label=_("Trạng thái, hạn"), template="meetings/cells/state.html")
            if column.name == "tt"
            else column
            for column in shown
        ]
    return ListPage(
        title=entry.label if entry else _("Tài liệu kỳ họp"),
        noun=_("tài liệu"),
        queryset=found,
        columns=shown,
        search=("fold",),
        filterset=SessionPaperFilter,
        empty_title=_("Chưa có tài liệu"),
        empty_text=_("Tài liệu hiện ra ở đây khi văn phòng gửi."),
        empty_icon="files",
        template="meetings/papers.html",
        context=frame(request, session, "papers")
        | {
            "menu": MENU,
            "clocks": clocks,
            "entry": entry,
            "can_manage": manage,
            "add_url": reverse("meetings:add_papers", args=[slug, number]),
            "punctuality_url": reverse("meetings:punctuality", args=[slug, number]),
        },
    ).respond(request)


def _late(
    papers: Iterable[Paper], clocks: Mapping[uuid.UUID, clock.Clock]
) -> list[tuple[Paper, clock.Clock]]:
    """Those late or overdue, the worst first."""
    rows = [(paper, clocks[paper.pk]) for paper in papers if paper.pk in clocks]
    rows = [row for row in rows if row[1].state in ("late", "overdue")]
    return sorted(rows, key=lambda row: (row[1].state != "overdue", -row[1].days, row[0].fold))


@require_safe
def punctuality(request: HttpRequest, number: int) -> HttpResponse:
    """Which bodies bring their papers in time, the papers that are not, and those the office has
    had in time and not sent on."""
    actor = request.actor  # type: ignore[attr-defined]
    paper_rules.may_manage(actor)
    session = queries.session_for(actor, number)
    found = list(
        queries.papers_of(actor, session).select_related("council", "issuing_body").order_by("fold")
    )
    came, sent = clock.arrivals_of(session, found), clock.clocks_of(session, found)
    behind = _late(found, came)
    bodies = {paper.pk for paper, _clock in behind}
    dues = {found_clock.due.key: found_clock.due for found_clock in sent.values()}
    context = frame(request, session, "papers") | {
        "standings": clock.standings(found, came),
        "behind": behind,
        # Here in time, late at the delegates: nobody else's delay than the office's.
        "held": _late([paper for paper in found if paper.pk not in bodies], sent),
        "dues": sorted(dues.values(), key=lambda due: (due.due, due.key)),
    }
    return render(request, "meetings/punctuality.html", context)


@require_safe
def add_papers(request: HttpRequest, number: int) -> HttpResponse:
    """Send files in for this session."""
    actor = request.actor  # type: ignore[attr-defined]
    paper_rules.may_manage(actor)
    session = queries.session_for(actor, number)
    state = upload_state(actor, session_id=session.pk)
    state["papers"] = reverse("meetings:papers", args=[actor.council.slug, number])
    context = frame(request, session, "papers") | {
        "form": paper_forms.NewPaperForm(actor),
        "state": state,
    }
    return render(request, "papers/add.html", context)
