"""The binder's page: sections, tabs, page numbers; ordering it."""

from __future__ import annotations

import uuid
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from nghitruong.council.binder import actions, checks, queries
from nghitruong.council.binder.contents import Section
from nghitruong.council.binder.models import ImportState
from nghitruong.council.binder.sessions import Item, SessionInfo, sessions
from nghitruong.council.binder.views.importing import wants_json
from nghitruong.council.councils.roles import Actor
from nghitruong.council.papers.models import PaperState
from nghitruong.council.papers.queries import paper_for
from nghitruong.council.papers.rules import can_manage, is_office, may_manage, may_read
from nghitruong.platform.errors import NotAllowed, Refused


def _sections(actor: Actor, session: SessionInfo, sections: list[Section]) -> list[dict[str, Any]]:
    slug = actor.council.slug
    return [
        {
            "code": section.code,
            "label": section.label,
            "entries": [
                {
                    "id": str(entry.paper.pk),
                    "tab": entry.tab,
                    "title": entry.paper.title,
                    "number": entry.paper.number,
                    "kind": entry.paper.get_kind_display(),
                    "issuer": entry.paper.issuer,
                    "draft": entry.paper.state == PaperState.DRAFT,
                    "first": entry.first,
                    "last": entry.last,
                    "pdf": bool(entry.leaf.sha256),
                    "url": reverse("papers:paper", args=[slug, entry.paper.pk]),
                    "edit": reverse("papers:details", args=[slug, entry.paper.pk]),
                    "move": reverse("binder:move", args=[slug, session.address, entry.paper.pk]),
                }
                for entry in section.entries
            ],
        }
        for section in sections
    ]


def _lacking(
    session: SessionInfo, items: list[Item], sections: list[Section]
) -> tuple[list[tuple[Item, list[str]]], dict[str, list[str]]]:
    """(items with what they lack, section → expected papers that are not there)."""
    papers = [entry.paper for section in sections for entry in section.entries]
    by_item = checks.of_agenda(items, {paper.pk: paper.kind for paper in papers})
    by_section = checks.of_tree(session.kind, [(paper.kind, paper.title) for paper in papers])
    return [(item, by_item[item.id]) for item in items if item.id in by_item], by_section


@require_safe
def binder(request: HttpRequest, number: int) -> HttpResponse:
    """Read by everybody who reads papers, ordered by the office."""
    actor = request.actor  # type: ignore[attr-defined]
    if not may_read(actor):
        raise NotAllowed(
            "binder_not_yours", _("Tập tài liệu dành cho đại biểu và văn phòng. Hãy hỏi văn phòng.")
        )
    session = sessions().session(actor, number)
    items = sessions().items(session.id)
    sections = queries.binder_for(actor, session, items)
    manage = can_manage(actor)
    state = {"sections": _sections(actor, session, sections)}
    if wants_json(request):
        return JsonResponse(state)
    lacking, missing = _lacking(session, items, sections) if is_office(actor) else ([], {})
    packets = list(queries.packets_for(actor, session)[:6])
    moved = queries.moved(packets, session)
    whole = next((one for one in packets if one.numbers and not one.papers), None)
    context = sessions().frame(request, number) | {
        "sections": sections,
        "state": state,
        "can_manage": manage,
        "lacking": lacking,
        "missing": [(s.label, missing[s.code]) for s in sections if s.code in missing],
        "imports": list(queries.imports_for(actor, session).exclude(state=ImportState.DROPPED)[:6]),
        "packets": [(one, moved.get(one.pk)) for one in packets],
        "moved": (whole, moved[whole.pk]) if whole and whole.pk in moved else None,
        "count": sum(len(section.entries) for section in sections),
        "pages": max((e.last for s in sections for e in s.entries), default=0),
        "printing": "in" in request.GET,
    }
    return render(request, "binder/binder.html", context)


@require_POST
def move(request: HttpRequest, number: int, paper: uuid.UUID) -> HttpResponse:
    """Put a paper before another one or last in a section; answers with the binder as it is."""
    actor = request.actor  # type: ignore[attr-defined]
    may_manage(actor)
    session = sessions().session(actor, number)
    moving = paper_for(actor, paper)
    before = request.POST.get("before", "")
    try:
        target = paper_for(actor, uuid.UUID(before)) if before else None
    except ValueError:
        raise Refused("place_wrong", _("Hãy tải lại trang rồi xếp lại."), status=400) from None
    actions.move_paper(
        session.id, moving, by=actor, before=target, section=request.POST.get("section", "")
    )
    if wants_json(request):
        sections = queries.binder_for(actor, session)
        return JsonResponse({"sections": _sections(actor, session, sections)})
    return redirect("binder:binder", actor.council.slug, number)
