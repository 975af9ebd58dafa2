"""A list of delegates from a spreadsheet: choose, correct in place, apply, undo."""

from __future__ import annotations

import csv
import io
import uuid

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from nghitruong.council.councils import queries, rules
from nghitruong.council.councils.forms import UploadForm
from nghitruong.council.councils.importers import delegates
from nghitruong.council.councils.middleware import CouncilRequest
from nghitruong.platform.errors import Refused

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
WIDTHS = {"full_name": 22, "title": 24, "constituency": 18, "email": 18}


@require_http_methods(["GET", "HEAD", "POST"])
def choose(request: CouncilRequest) -> HttpResponse:
    """Choose a file; the answer is the preview with every fault at its cell."""
    rules.require_office(request.actor)
    form = UploadForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        try:
            rows = delegates.read(file.read(), file.name)
        except Refused as refused:
            form.add_error("file", refused.sentence)
        else:
            return _preview(request, rows, file.name)
    context = {"form": form, "term": None, "columns": [n[0] for n in delegates.ALIASES.values()]}
    return render(request, "councils/import.html", context)


def _preview(
    request: CouncilRequest, rows: list[delegates.DelegateRow], file_name: str
) -> HttpResponse:
    faulty = delegates.check(rows, by=request.actor)
    faults = [name for name in delegates.TYPED if any(name in row.errors for row in rows)]
    used = [name for name in delegates.TYPED if any(getattr(row, name) for row in rows)]
    # Columns with faults stand beside the name: nobody has to scroll to find them.
    columns = list(dict.fromkeys(["full_name", *faults, *used]))
    table = [
        {
            "line": row.line,
            "faulty": bool(row.errors),
            "cells": [
                {
                    "name": f"{row.line}.{name}",
                    "label": delegates.ALIASES[name][0],
                    "value": getattr(row, name),
                    "error": row.errors.get(name, ""),
                    "size": WIDTHS.get(name, 12),
                }
                for name in columns
            ],
        }
        for row in rows
    ]
    context = {
        "table": table,
        "heads": [delegates.ALIASES[name][0] for name in columns],
        "faulty": faulty,
        "count": len(rows),
        "file_name": file_name,
    }
    return render(request, "councils/import_preview.html", context)


@require_POST
def apply(request: CouncilRequest) -> HttpResponse:
    """Take the corrected lines in; what is still wrong comes back marked, with
    ``back`` as a sheet."""
    rules.require_office(request.actor)
    rows = delegates.from_post(request.POST)
    keep = [row for row in rows if request.POST.get(f"{row.line}.skip") != "1"]
    file_name = request.POST.get("file_name", "")
    if request.POST.get("back"):
        delegates.check(keep, by=request.actor)
        response = HttpResponse(delegates.sheet(keep), content_type=XLSX)
        response["Content-Disposition"] = 'attachment; filename="dai-bieu-can-sua.xlsx"'
        return response
    if not keep:
        messages.error(request, _("Không còn dòng nào để nhập."))
        return redirect("councils:import", request.council.slug)
    try:
        batch = delegates.apply(keep, file_name=file_name, by=request.actor)
    except Refused as refused:
        messages.error(request, refused.sentence)
        return _preview(request, keep, file_name)
    messages.success(request, _("Đã nhập %(count)s đại biểu.") % {"count": len(keep)})
    return redirect("councils:import_done", request.council.slug, batch.pk)


@require_safe
def done(request: CouncilRequest, pk: uuid.UUID) -> HttpResponse:
    """What came in, and the way back."""
    rules.require_office(request.actor)
    batch = queries.import_batch_for(request.actor, pk)
    people = queries.people_for(request.actor).filter(pk__in=batch.made.get("person", []))
    return render(request, "councils/import_done.html", {"batch": batch, "people": people})


@require_POST
def undo(request: CouncilRequest, pk: uuid.UUID) -> HttpResponse:
    """Take the whole import back."""
    rules.require_office(request.actor)
    batch = queries.import_batch_for(request.actor, pk)
    try:
        delegates.undo(batch, by=request.actor)
    except Refused as refused:
        messages.error(request, refused.sentence)
        return redirect("councils:import_done", request.council.slug, pk)
    messages.success(request, _("Đã hoàn tác lượt nhập «%(file)s».") % {"file": batch.file_name})
    return redirect("councils:delegates", request.council.slug)


@require_safe
def model_sheet(request: CouncilRequest) -> HttpResponse:
    """The model spreadsheet, to fill in."""
    rules.require_office(request.actor)
    out = io.StringIO()
    csv.writer(out, delimiter=";").writerows(delegates.template_rows())
    response = HttpResponse("\ufeff" + out.getvalue(), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="mau-danh-sach-dai-bieu.csv"'
    return response
