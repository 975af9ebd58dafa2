"""A list from a spreadsheet: choose, correct in place or in Excel, write, undo."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from nghitruong.council.councils.forms import UploadForm
from nghitruong.council.councils.queries import import_batch_for
from nghitruong.council.councils.roles import Actor
from nghitruong.platform.errors import Refused
from nghitruong.platform.files.serving import disposition
from nghitruong.session.meetings import queries
from nghitruong.session.meetings.actions.lists import undo_list, write_list
from nghitruong.session.meetings.importers import LISTS, SessionList
from nghitruong.session.meetings.importers.lists import Row
from nghitruong.session.meetings.models import Session
from nghitruong.session.meetings.views.frame import frame

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_TABS = {"chuong-trinh": "agenda", "khach-moi": "summons"}


def _found(request: HttpRequest, number: int, what: str) -> tuple[Actor, Session, SessionList]:
    actor = request.actor  # type: ignore[attr-defined]
    kind = LISTS.get(what)
    if kind is None:
        raise Http404
    kind.may(actor)
    return actor, queries.session_for(actor, number), kind


def _excel(data: bytes, name: str) -> HttpResponse:
    headers = {"Content-Disposition": disposition(name, download=True)}
    return HttpResponse(data, content_type=XLSX, headers=headers)


@require_http_methods(["GET", "HEAD", "POST"])
def choose_list(request: HttpRequest, number: int, what: str) -> HttpResponse:
    """Choose a file; the answer is the preview with every fault at its cell."""
    actor, session, kind = _found(request, number, what)
    form = UploadForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        try:
            rows = kind.read(file.read(), file.name)
        except Refused as refused:
            form.add_error("file", refused.sentence)
        else:
            kind.check(rows, session, by=actor)
            return _preview(request, session, what, kind, rows, file.name)
    context = frame(request, session, _TABS[what]) | {
        "form": form,
        "list": kind,
        "what": what,
        "heads": [names[0] for names in kind.columns.values()],
    }
    return render(request, "meetings/list_choose.html", context)


def _preview(
    request: HttpRequest,
    session: Session,
    what: str,
    kind: SessionList,
    rows: list[Row],
    file_name: str,
) -> HttpResponse:
    table = [
        {
            "line": row.line,
            "faulty": bool(row.errors),
            "cells": [
                {
                    "name": f"{row.line}.{name}",
                    "label": names[0],
                    "value": row[name],
                    "error": row.errors.get(name, ""),
                    "size": 34 if name == kind.key else 14,
                }
                for name, names in kind.columns.items()
            ],
        }
        for row in rows
    ]
    context = frame(request, session, _TABS[what]) | {
        "list": kind,
        "what": what,
        "table": table,
        "heads": [names[0] for names in kind.columns.values()],
        "faulty": sum(bool(row.errors) for row in rows),
        "count": len(rows),
        "file_name": file_name,
    }
    return render(request, "meetings/list_preview.html", context)


@require_POST
def write(request: HttpRequest, number: int, what: str) -> HttpResponse:
    """Take the corrected lines in; with ``back`` they come back as a sheet with their faults."""
    actor, session, kind = _found(request, number, what)
    rows = kind.from_post(request.POST)
    file_name = request.POST.get("file_name", "")
    if request.POST.get("back"):
        kind.check(rows, session, by=actor)
        return _excel(kind.sheet(rows), f"{what}-can-sua.xlsx")
    try:
        batch = write_list(kind, rows, session, file_name=file_name, by=actor)
    except Refused as refused:
        if refused.code not in ("rows_faulty", "list_empty"):
            raise
        messages.error(request, refused.sentence)
        if refused.code == "list_empty":
            return redirect("meetings:choose_list", actor.council.slug, number, what)
        return _preview(request, session, what, kind, rows, file_name)
    messages.success(request, _("Đã ghi %(n)d %(noun)s.") % {"n": len(rows), "noun": kind.noun})
    return redirect("meetings:list_done", actor.council.slug, number, what, batch.pk)


@require_safe
def list_done(request: HttpRequest, number: int, what: str, batch: uuid.UUID) -> HttpResponse:
    """What came in, and the way back."""
    actor, session, kind = _found(request, number, what)
    found = import_batch_for(actor, batch)
    context = frame(request, session, _TABS[what]) | {"list": kind, "what": what, "batch": found}
    return render(request, "meetings/list_done.html", context)


@require_POST
def undo(request: HttpRequest, number: int, what: str, batch: uuid.UUID) -> HttpResponse:
    """Take the whole list back."""
    actor, session, kind = _found(request, number, what)
    found = import_batch_for(actor, batch)
    undo_list(kind, found, session, by=actor)
    messages.success(request, _("Đã hoàn tác lượt nhập «%(file)s».") % {"file": found.file_name})
    return redirect(kind.back, actor.council.slug, number)


@require_safe
def model_sheet(request: HttpRequest, number: int, what: str) -> HttpResponse:
    """The model spreadsheet, to fill in."""
    _actor, _session, kind = _found(request, number, what)
    return _excel(kind.sheet(), f"mau-{what}.xlsx")
