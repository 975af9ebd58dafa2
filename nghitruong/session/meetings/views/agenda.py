"""The agenda and the planned sittings."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from nghitruong.council.councils.roles import Actor
from nghitruong.council.papers.models import Paper
from nghitruong.council.papers.queries import papers_for
from nghitruong.platform.errors import Refused
from nghitruong.session.meetings import actions, forms, queries, rules
from nghitruong.session.meetings.models import Session, Sitting, SittingState
from nghitruong.session.meetings.views.frame import frame


def editor_state(actor: Actor, session: Session, parts: list[queries.Part]) -> dict[str, Any]:
    """The agenda as the editing island holds it."""
    slug = actor.council.slug

    def url(name: str, item: Any) -> str:
        return reverse(f"meetings:{name}", args=[slug, session.address, item.pk])

    return {
        "parts": [
            {
                "sitting": part.sitting.number if part.sitting else None,
                "title": part.sitting.title if part.sitting else _("Chưa xếp vào phiên nào"),
                "starts": (
                    timezone.localtime(part.sitting.starts_at).isoformat() if part.sitting else None
                ),
                "available": part.available,
                "closed": bool(part.sitting and part.sitting.state == SittingState.CLOSED),
                "items": [
                    {
                        "id": str(item.pk),
                        "title": item.title,
                        "kind": item.get_kind_display(),
                        "presenter": item.presenter,
                        "body": item.presenting_body.name if item.presenting_body else "",
                        "minutes": item.minutes,
                        "closed_doors": item.closed_doors,
                        "papers": [
                            {
                                "title": paper.title,
                                "url": reverse("papers:paper", args=[slug, paper.pk]),
                                "draft": paper.state == "draft",
                            }
                            for paper in item.shown_papers  # type: ignore[attr-defined]
                        ],
                        "edit": url("item", item),
                        "move": url("move_item", item),
                    }
                    for item in part.items
                ],
            }
            for part in parts
        ],
    }


@require_safe
def agenda(request: HttpRequest, number: int) -> HttpResponse:
    """The agenda: read by everybody, ordered by the office."""
    actor = request.actor  # type: ignore[attr-defined]
    session = queries.session_for(actor, number)
    parts = queries.agenda(actor, session)
    state = editor_state(actor, session, parts)
    if "application/json" in request.headers.get("Accept", ""):
        return JsonResponse(state)
    context = frame(request, session, "agenda") | {"parts": parts, "state": state}
    return render(request, "meetings/agenda.html", context)


@require_POST
def move_item(request: HttpRequest, number: int, item: uuid.UUID) -> HttpResponse:
    """Put an item before another one, or last in a sitting; answers with the agenda as it is."""
    actor = request.actor  # type: ignore[attr-defined]
    rules.may_prepare(actor)
    session = queries.session_for(actor, number)
    moving = queries.item_for(actor, session, item)
    before, sitting = request.POST.get("before", ""), request.POST.get("sitting", "")
    try:
        target = queries.item_for(actor, session, uuid.UUID(before)) if before else None
        place = queries.sitting_for(actor, session, int(sitting)) if sitting else None
    except ValueError:
        raise Refused("place_wrong", _("Hãy tải lại trang rồi chuyển lại."), status=400) from None
    actions.move_item(moving, before=target, sitting=place, by=actor)
    if "application/json" in request.headers.get("Accept", ""):
        return JsonResponse(editor_state(actor, session, queries.agenda(actor, session)))
    return redirect("meetings:agenda", actor.council.slug, number)


def _keys(request: HttpRequest, name: str) -> list[uuid.UUID]:
    keys = []
    for value in request.POST.getlist(name):
        try:
            keys.append(uuid.UUID(value))
        except ValueError:
            continue
    return keys


def _papers(request: HttpRequest, actor: Actor) -> list[Paper]:
    """The papers ticked in the form, in its order."""
    keys = _keys(request, "papers")
    found = {paper.pk: paper for paper in papers_for(actor).filter(pk__in=keys)}
    return [found[key] for key in keys if key in found]


@require_http_methods(["GET", "HEAD", "POST"])
def add_item(request: HttpRequest, number: int) -> HttpResponse:
    """A new item, last in the sitting chosen in the form: at first the one it was added from
    (``?phien=2``), or the only one still to be held."""
    actor = request.actor  # type: ignore[attr-defined]
    rules.may_prepare(actor)
    session = queries.session_for(actor, number)
    wanted = request.GET.get("phien", "")
    sitting = queries.sitting_for(actor, session, int(wanted)) if wanted.isdecimal() else None
    if sitting is not None and request.method != "POST":
        rules.check_sitting_editable(sitting)
    ahead = queries.sittings_of(session).exclude(state=SittingState.CLOSED)
    if sitting is None and len(ahead) == 1:
        sitting = ahead[0]
    initial = {"kind": "report", "sitting": sitting.number if sitting else None}
    form = forms.ItemForm(actor, request.POST or None, initial=initial, sittings=ahead)
    if request.method == "POST" and form.is_valid():
        chosen = _papers(request, actor)
        actions.add_item(session, by=actor, papers=chosen, **form.cleaned_data)
        place = form.cleaned_data["sitting"]
        if place is None:
            said = _("Đã thêm nội dung, chưa xếp vào phiên nào: nội dung ở cuối chương trình.")
        else:
            name = forms.sitting_name(place)
            said = _("Đã thêm nội dung vào cuối «%(sitting)s».") % {"sitting": name}
        messages.success(request, said)
        return redirect("meetings:agenda", actor.council.slug, number)
    context = frame(request, session, "agenda") | {
        "form": form,
        "choices": queries.papers_of(actor, session).order_by("fold"),
        "loose": queries.loose_papers(actor, session),
        "chosen": {str(paper.pk) for paper in _papers(request, actor)},
    }
    return render(request, "meetings/item_form.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def edit_item(request: HttpRequest, number: int, item: uuid.UUID) -> HttpResponse:
    """What an item says, and its papers."""
    actor = request.actor  # type: ignore[attr-defined]
    rules.may_prepare(actor)
    session = queries.session_for(actor, number)
    found = queries.item_for(actor, session, item)
    names = ("title", "kind", "presenter", "presenting_body", "minutes", "closed_doors")
    initial = {name: getattr(found, name) for name in names}
    form = forms.ItemForm(actor, request.POST or None, initial=initial)
    chosen = _papers(request, actor)
    ticked = set(_keys(request, "papers"))  # also what this person may not see any more
    # As the form was drawn, not as it is now: what others did meanwhile stays.
    had = set(_keys(request, "had"))
    if request.method == "POST" and form.is_valid():
        more: list[Paper] = []
        less: set[uuid.UUID] = set()
        if "papers" in request.functions:  # type: ignore[attr-defined]  # by CouncilMiddleware
            more, less = [paper for paper in chosen if paper.pk not in had], had - ticked
        actions.edit_item(found, by=actor, more=more, less=less, **form.cleaned_data)
        messages.success(request, _("Đã ghi nội dung."))
        return redirect("meetings:agenda", actor.council.slug, number)
    if request.method != "POST":
        had = ticked = set(found.item_papers.values_list("paper_id", flat=True))
    context = frame(request, session, "agenda") | {
        "form": form,
        "item": found,
        "sitting": found.sitting,
        "choices": queries.papers_of(actor, session).order_by("fold"),
        "loose": queries.loose_papers(actor, session),
        "chosen": {str(key) for key in ticked},
        "had": {str(key) for key in had},
    }
    return render(request, "meetings/item_form.html", context)


@require_POST
def remove_item(request: HttpRequest, number: int, item: uuid.UUID) -> HttpResponse:
    """Take an item off the agenda."""
    actor = request.actor  # type: ignore[attr-defined]
    rules.may_prepare(actor)
    session = queries.session_for(actor, number)
    actions.remove_item(queries.item_for(actor, session, item), by=actor)
    messages.success(request, _("Đã bỏ nội dung khỏi chương trình."))
    return redirect("meetings:agenda", actor.council.slug, number)


@require_http_methods(["GET", "HEAD", "POST"])
def add_sitting(request: HttpRequest, number: int) -> HttpResponse:
    """Plan one more sitting."""
    actor = request.actor  # type: ignore[attr-defined]
    rules.may_prepare(actor)
    session = queries.session_for(actor, number)
    day = session.expected_opening.isoformat()
    initial = {"starts_at": f"{day}T08:00", "ends_at": f"{day}T11:30", "kind": "plenary"}
    form = forms.SittingForm(request.POST or None, initial=initial)
    return _sitting_form(request, session, form, None)


@require_http_methods(["GET", "HEAD", "POST"])
def edit_sitting(request: HttpRequest, number: int, sitting: int) -> HttpResponse:
    """Hours, kind and place of a sitting."""
    actor = request.actor  # type: ignore[attr-defined]
    rules.may_prepare(actor)
    session = queries.session_for(actor, number)
    found = queries.sitting_for(actor, session, sitting)
    names = ("kind", "title", "starts_at", "ends_at", "place", "closed_doors")
    initial = {name: getattr(found, name) for name in names}
    form = forms.SittingForm(request.POST or None, initial=initial)
    return _sitting_form(request, session, form, found)


def _sitting_form(
    request: HttpRequest, session: Session, form: forms.SittingForm, sitting: Sitting | None
) -> HttpResponse:
    actor = request.actor  # type: ignore[attr-defined]
    if request.method == "POST" and form.is_valid():
        try:
            if sitting is None:
                actions.add_sitting(session, by=actor, **form.cleaned_data)
            else:
                actions.edit_sitting(sitting, by=actor, **form.cleaned_data)
        except Refused as refusal:
            form.add_error(None, refusal.sentence)
        else:
            messages.success(request, _("Đã ghi phiên họp."))
            return redirect("meetings:agenda", actor.council.slug, session.address)
    context = frame(request, session, "agenda") | {"form": form, "sitting": sitting}
    return render(request, "meetings/sitting_form.html", context)


@require_POST
def remove_sitting(request: HttpRequest, number: int, sitting: int) -> HttpResponse:
    """Drop a sitting never begun."""
    actor = request.actor  # type: ignore[attr-defined]
    rules.may_prepare(actor)
    session = queries.session_for(actor, number)
    actions.remove_sitting(queries.sitting_for(actor, session, sitting), by=actor)
    messages.success(request, _("Đã bỏ phiên họp; các nội dung của phiên chưa xếp vào phiên nào."))
    return redirect("meetings:agenda", actor.council.slug, number)
