"""The list of an import as a spreadsheet, out and in again."""

from __future__ import annotations

import uuid

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from nghitruong.council.binder import actions, queries, sheets
from nghitruong.council.binder.sessions import sessions
from nghitruong.council.binder.views.importing import found_import, state_of
from nghitruong.platform.errors import Refused
from nghitruong.platform.files.serving import disposition

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def _file(data: bytes, name: str) -> HttpResponse:
    response = HttpResponse(data, content_type=XLSX)
    response["Content-Disposition"] = disposition(name, download=True)
    return response


@require_safe
def sheet(request: HttpRequest, number: int, batch: uuid.UUID) -> HttpResponse:
    """The list, to be corrected in Excel."""
    _actor, session, found = found_import(request, number, batch)
    data = sheets.written(queries.files_of(found), sessions().items(session.id))
    return _file(data, f"bang-ke-tai-lieu-ky-hop-{number}.xlsx")


@require_POST
def take_sheet(request: HttpRequest, number: int, batch: uuid.UUID) -> HttpResponse:
    """The corrected list: lines without a fault are taken, the others told cell by cell; with
    ``back`` the answer is the same sheet with its faults written in."""
    actor, session, found = found_import(request, number, batch)
    file = request.FILES.get("file")
    if file is None or file.name is None:
        raise Refused("file_missing", _("Hãy chọn tệp Excel hoặc CSV."), status=422)
    data = file.read()
    changes, faults = sheets.read(
        data, file.name, queries.files_of(found), sessions().items(session.id)
    )
    if request.POST.get("back"):
        return _file(sheets.with_faults(data, file.name, faults), "bang-ke-can-sua.xlsx")
    actions.edit_files(found, changes, by=actor)
    state = state_of(actor, session, found)
    told = {"lines": len(changes), "faults": [fault.as_dict() for fault in faults]}
    return JsonResponse(state | {"sheet": told})
