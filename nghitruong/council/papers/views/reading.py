"""Reading a paper within the page, and its file."""

from __future__ import annotations

import json
import uuid

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from nghitruong.council.papers import actions, queries, rules
from nghitruong.council.papers.models import Paper, PaperVersion
from nghitruong.platform.errors import Refused
from nghitruong.platform.files import inspection, serving


def _version(request: HttpRequest, paper: Paper) -> PaperVersion:
    """The version asked for (``?ban=2``) or the newest this person may read."""
    actor = request.actor  # type: ignore[attr-defined]
    asked = request.GET.get("ban", "")
    if asked.isdecimal():
        return queries.version_for(actor, paper, int(asked))
    versions = queries.versions_for(actor, paper)
    if not versions:
        raise Http404
    return versions[0]


@require_safe
def reader(request: HttpRequest, paper: uuid.UUID) -> HttpResponse:
    """The paper in the page, at the page where this person stopped."""
    actor = request.actor  # type: ignore[attr-defined]
    found = queries.paper_for(actor, paper)
    versions = queries.versions_for(actor, found)
    version = _version(request, found)
    slug = actor.council.slug
    url = reverse("papers:file", args=[slug, found.pk, version.number])
    state = {
        "file": url,
        "remember": reverse("papers:remember", args=[slug, found.pk, version.number]),
        "page": queries.position_for(actor, version),
        "pages": version.pages,
        "title": found.title,
    }
    context = {
        "paper": found,
        "version": version,
        "versions": versions,
        "newest": versions[0],
        "state": state,
        "file_url": url,
        "is_pdf": version.media_type == inspection.PDF,
        "can_manage": rules.can_manage(actor),
    }
    return render(request, "papers/reader.html", context)


@require_http_methods(["GET", "HEAD"])
def file(request: HttpRequest, paper: uuid.UUID, version: int) -> HttpResponseBase:
    """The bytes of one version; asks for a part (Range) are answered with that part."""
    actor = request.actor  # type: ignore[attr-defined]
    found = queries.version_for(actor, queries.paper_for(actor, paper), version)
    try:
        return serving.answer(
            request,
            sha256=found.sha256,
            media_type=found.media_type,
            file_name=found.file_name,
            download="tai-ve" in request.GET or found.media_type != inspection.PDF,
        )
    except FileNotFoundError:
        raise Refused(
            "file_missing",
            "Tệp của bản này không còn trên máy chủ. Hãy báo văn phòng để kiểm tra kho tệp.",
            status=410,
        ) from None


@require_POST
def remember(request: HttpRequest, paper: uuid.UUID, version: int) -> HttpResponse:
    """Keep the page being read."""
    actor = request.actor  # type: ignore[attr-defined]
    found = queries.version_for(actor, queries.paper_for(actor, paper), version)
    try:
        page = int(json.loads(request.body)["page"])
    except (ValueError, KeyError, TypeError):
        raise Refused("bad_page", "Số trang không đúng.", status=400) from None
    actions.remember_page(found, page, by=actor)
    return JsonResponse({"ok": True})
