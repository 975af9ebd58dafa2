"""A device brings its notes and takes those of the others; sharing; the paper with notes as PDF."""

from __future__ import annotations

import json
import uuid
from typing import Any

from django.http import FileResponse, HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from nghitruong.council.councils.middleware import same_person
from nghitruong.council.councils.roles import Actor
from nghitruong.council.intake import queries as intake
from nghitruong.council.papers import queries as papers
from nghitruong.council.papers.models import PaperVersion
from nghitruong.council.reading import actions, changes, export_pdf, find, queries, rules
from nghitruong.platform.errors import Refused
from nghitruong.platform.files import serving

BODY_MOST = 4 * 1024 * 1024  # bytes: 200 ink notes of a busy pen are about 2 MB


def _at(request: HttpRequest, paper: uuid.UUID, version: int) -> tuple[Actor, PaperVersion]:
    actor: Actor = request.actor  # type: ignore[attr-defined]
    return actor, papers.version_for(actor, papers.paper_for(actor, paper), version)


def _body(request: HttpRequest) -> dict[str, Any]:
    try:
        told = json.loads(request.body)
    except ValueError:
        told = None
    if not isinstance(told, dict):
        raise Refused(
            "bad_request", _("Máy chủ không đọc được. Hãy tải lại trang rồi thử lại."), status=400
        )
    return told


def _since(value: Any) -> int:
    return int(value) if str(value).isdecimal() and len(str(value)) < 18 else 0


@require_http_methods(["GET", "POST"])
@never_cache
def notes(request: HttpRequest, paper: uuid.UUID, version: int) -> HttpResponse:
    """GET ``?since=41``: what changed after it. POST ``{since, changes}``: the same, after taking
    in what this device wrote. Sending again is harmless. A note that cannot be kept falls alone,
    with its reason, under ``refused``."""
    # Before anything else: to a 404 the device would give its notes up.
    same_person(request)
    actor, found = _at(request, paper, version)
    rules.may_keep_notes(actor)
    if request.method == "GET":
        return JsonResponse(
            queries.changes_since(actor, found, _since(request.GET.get("since", "0")))
        )
    told = _body(request)
    sent = told.get("changes", [])
    if not isinstance(sent, list) or len(sent) > changes.CHANGES_MOST:
        raise Refused(
            "too_many_changes", _("Gửi quá nhiều ghi chú một lúc. Hãy tải lại trang."), status=413
        )
    good: list[changes.Change] = []
    refused: list[dict[str, str]] = []
    for value in sent:
        try:
            good.append(changes.read(value, pages=found.pages))
        except Refused as refusal:
            key = str(value.get("id", "")) if isinstance(value, dict) else ""
            refused.append({"id": key, **refusal.as_dict()})
    elsewhere = queries.noted_elsewhere(actor, found, [change.key for change in good])
    refused += [
        {"id": str(key), **rules.note_elsewhere().as_dict()} for key in sorted(elsewhere, key=str)
    ]
    actions.put_changes(found, [one for one in good if one.key not in elsewhere], by=actor)
    answer = queries.changes_since(actor, found, _since(told.get("since", 0)))
    return JsonResponse({**answer, "refused": refused})


@require_POST
def share(request: HttpRequest, paper: uuid.UUID, version: int, note: uuid.UUID) -> HttpResponse:
    """``{body: key}`` shares an own note with that body; ``{body: null}`` takes it back."""
    actor, found = _at(request, paper, version)
    rules.may_keep_notes(actor)
    own = queries.note_for(actor, found, note)
    body = _body(request).get("body")
    if body is None:
        actions.unshare(own, by=actor)
    else:
        actions.share(own, rules.may_share_with(actor, str(body)), by=actor)
    return JsonResponse({"ok": True, **queries.changes_since(actor, found, own.seq)})


@require_safe
@never_cache
def find_words(request: HttpRequest, paper: uuid.UUID, version: int) -> HttpResponse:
    """``?q=``: where the words stand in all papers of the packet this paper is read in."""
    actor, found = _at(request, paper, version)
    answer = find.in_packet(actor, found.paper, request.GET.get("q", "")[:200])
    return JsonResponse({"hits": answer.hits, "without": answer.without, "more": answer.more})


@require_safe
@never_cache
def page_text(request: HttpRequest, paper: uuid.UUID, version: int, page: int) -> HttpResponse:
    """The words of one page, as read by the server (scans have them nowhere else).

    Page 0 is the whole paper, ``{"pages": {"1": "…", …}}``: one request to look for words in it.
    """
    _, found = _at(request, paper, version)
    if page == 0:
        return JsonResponse({"pages": intake.numbered_pages(found)})
    text = intake.page_of(found, page)
    return JsonResponse({"text": text.text if text else "", "source": text.source if text else ""})


@require_safe
@never_cache
def export(request: HttpRequest, paper: uuid.UUID, version: int) -> HttpResponseBase:
    """A copy of the paper with this person's notes as PDF annotations; the paper is untouched."""
    actor, found = _at(request, paper, version)
    rules.may_keep_notes(actor)
    file = export_pdf.make(actor, found)
    answer = FileResponse(file, content_type="application/pdf")
    name = f"{found.file_name.rsplit('.', 1)[0]}-ghi-chu.pdf"
    answer["Content-Disposition"] = serving.disposition(name, download=True)
    answer["X-Content-Type-Options"] = "nosniff"
    return answer
