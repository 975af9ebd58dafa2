"""Rooms of papers between sessions."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from nghitruong.council.papers.models import PaperState
from nghitruong.council.papers.queries import papers_for
from nghitruong.council.papers.rules import can_manage
from nghitruong.session.submissions import actions, forms, queries, rules
from nghitruong.session.submissions.models import Room
from nghitruong.session.submissions.views.asks import actor_of
from nghitruong.ui.lists import Column, ListPage

_OFFERED = 200  # papers offered for a room at once; the search narrows them


@require_safe
def rooms(request: HttpRequest) -> HttpResponseBase:
    """The rooms this person reads in; all for the office."""
    actor = actor_of(request)
    slug = actor.council.slug
    columns: list[Column[Room]] = [
        Column(
            "ten",
            _("Tên phòng"),
            "name",
            order=("fold",),
            link=lambda room: reverse("submissions:room", args=[slug, room.pk]),
        ),
        Column("md", _("Mục đích"), "purpose"),
        Column("tl", _("Tài liệu"), "count", number=True, order=("count",)),
        Column(
            "mo", _("Mở ngày"), "opened_at", order=("opened_at",),
            template="papers/cells/moment.html",
        ),
        Column(
            "tt",
            _("Trạng thái"),
            lambda room: _("đã đóng") if room.closed_at else _("đang mở"),
            order=("closed_at",),
        ),
    ]  # fmt: skip
    return ListPage(
        title=_("Phòng tài liệu"),
        noun=_("phòng"),
        intro=_("Tài liệu dùng giữa hai kỳ họp, cho đúng những người được đọc."),
        queryset=queries.rooms_for(actor).order_by("closed_at", "fold"),
        columns=columns,
        search=("fold",),
        empty_title=_("Chưa có phòng tài liệu nào"),
        empty_text=_("Khi Văn phòng mở phòng và mời quý vị đọc, phòng hiện ra ở đây."),
        empty_icon="folder",
        template="submissions/rooms.html",
        context={"keeps": can_manage(actor)},
    ).respond(request)


@require_http_methods(["GET", "HEAD", "POST"])
def open_room(request: HttpRequest) -> HttpResponse:
    """A new room."""
    actor = actor_of(request)
    rules.may_keep_rooms(actor)
    form = forms.RoomForm(actor, None, request.POST or None)
    if request.method == "POST" and form.is_valid():
        made = actions.open_room(by=actor, **form.cleaned_data)
        messages.success(request, _("Đã mở phòng tài liệu. Hãy chọn tài liệu cho phòng."))
        return redirect("submissions:room", actor.council.slug, made.pk)
    return render(request, "submissions/room_form.html", {"form": form, "room": None})


@require_http_methods(["GET", "HEAD", "POST"])
def edit_room(request: HttpRequest, room: uuid.UUID) -> HttpResponse:
    """Name, purpose and readers of a room."""
    actor = actor_of(request)
    rules.may_keep_rooms(actor)
    found = queries.room_for(actor, room)
    form = forms.RoomForm(actor, found, request.POST or None)
    if request.method == "POST" and form.is_valid():
        actions.edit_room(found, by=actor, **form.cleaned_data)
        messages.success(request, _("Đã ghi phòng tài liệu."))
        return redirect("submissions:room", actor.council.slug, found.pk)
    return render(request, "submissions/room_form.html", {"form": form, "room": found})


@require_safe
def room(request: HttpRequest, room: uuid.UUID) -> HttpResponse:
    """The papers of a room; for the office also who reads, and papers to add."""
    actor = actor_of(request)
    found = queries.room_for(actor, room)
    keeps = can_manage(actor) and found.closed_at is None
    context = {
        "room": found,
        "papers": queries.papers_in(actor, found),
        "readers": [str(row) for row in found.readers.select_related("body", "person")],
        "keeps": keeps,
        "crumbs": [(_("Phòng tài liệu"), reverse("submissions:rooms", args=[actor.council.slug]))],
    }
    if keeps:
        inside = queries.keys_in(found)
        wanted = request.GET.get("q", "")
        offered = papers_for(actor).exclude(state=PaperState.WITHDRAWN)
        context |= {
            "q": wanted,
            "offered": offered.exclude(pk__in=inside)
            .filter(_matching(wanted))
            .order_by("fold")[:_OFFERED],
        }
    return render(request, "submissions/room.html", context)


def _matching(wanted: str) -> Q:
    from nghitruong.lib.text import fold

    match = Q()
    for word in fold(wanted)[:200].split():
        match &= Q(fold__contains=word)
    return match


@require_POST
def room_papers(request: HttpRequest, room: uuid.UUID) -> HttpResponse:
    """Add the ticked papers to a room, or take one out."""
    actor = actor_of(request)
    rules.may_keep_rooms(actor)
    found = queries.room_for(actor, room)
    added, out = (_keys(request.POST.getlist(name)) for name in ("paper", "out"))
    papers = papers_for(actor).in_bulk(added)
    more = [papers[key] for key in added if key in papers and key not in out]
    changed = actions.change_room_papers(found, more=more, less=out, by=actor)
    gone = len(set(added) - papers.keys())
    if gone:
        messages.warning(
            request,
            _("%(n)s tài liệu đã chọn không còn ở đây (đã trả lại hoặc xóa) nên không đưa vào.")
            % {"n": gone},
        )
    if changed:
        messages.success(request, _("Đã ghi tài liệu của phòng."))
    elif not gone:
        messages.info(request, _("Phòng không thay đổi: hãy đánh dấu tài liệu cần đưa vào."))
    return redirect("submissions:room", actor.council.slug, found.pk)


def _keys(values: list[str]) -> list[uuid.UUID]:
    keys = []
    for value in values:
        try:
            keys.append(uuid.UUID(value))
        except ValueError:
            continue
    return keys


@require_POST
def close_room(request: HttpRequest, room: uuid.UUID) -> HttpResponse:
    """Nobody but the office reads in it any more."""
    actor = actor_of(request)
    rules.may_keep_rooms(actor)
    found = actions.close_room(queries.room_for(actor, room), by=actor)
    messages.success(request, _("Đã đóng phòng «%(name)s».") % {"name": found.name})
    return redirect("submissions:rooms", actor.council.slug)
