"""Versions of a sitting's minutes: list, make, download."""

from __future__ import annotations

from django.contrib import messages
from django.http import FileResponse, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from nghitruong.council.councils.middleware import CouncilRequest
from nghitruong.council.councils.models import Function
from nghitruong.platform.errors import Refused
from nghitruong.platform.files import store
from nghitruong.session.minutes import actions, queries, rules

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


@require_safe
def versions(request: CouncilRequest, number: int, sitting: int) -> HttpResponse:
    """Every version with its reason, and the form that makes another."""
    place = queries.sitting_for(request.actor, number, sitting)
    context = {
        "sitting": place,
        "versions": list(queries.versions_for(request.actor, place)),
        "makes": Function.MINUTES in request.functions and rules.makes_minutes(request.actor),
    }
    return render(request, "minutes/versions.html", context)


@require_POST
def make(request: CouncilRequest, number: int, sitting: int) -> HttpResponse:
    """Make the next version."""
    place = queries.sitting_for(request.actor, number, sitting)
    version = actions.make_minutes(place, by=request.actor, reason=request.POST.get("reason", ""))
    if "application/json" in request.headers.get("Accept", ""):
        return JsonResponse({"ok": True, "number": version.number, "sha256": version.sha256})
    messages.success(request, _("Đã lập biên bản, bản %d.") % version.number)
    return redirect("minutes:versions", request.council.slug, number, sitting)


@require_safe
def file(request: CouncilRequest, number: int, sitting: int, version: int) -> HttpResponseBase:
    """The Word file of one version."""
    place = queries.sitting_for(request.actor, number, sitting)
    row = queries.version_for(request.actor, place, version)
    try:
        content = store.open_file(row.sha256)
    except FileNotFoundError as error:
        raise Refused(
            "file_missing",
            _(
                "Tệp của bản này không còn trên máy chủ: bị hỏng, hoặc đã xóa vì nhắc đến tài liệu "
                "thuộc bí mật nhà nước. Hãy lập bản mới."
            ),
            status=410,
        ) from error
    name = f"bien-ban-ky-{number}-phien-{sitting}-ban-{version}.docx"
    response = FileResponse(content, as_attachment=True, filename=name, content_type=DOCX)
    response["Cache-Control"] = "private, no-store"
    return response
