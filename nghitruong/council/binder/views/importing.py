"""An import: files in, proposals, corrections, one confirmation, and back."""

from __future__ import annotations

import json
import uuid
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import formats
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from nghitruong.council.binder import actions, checks, queries
from nghitruong.council.binder.contents import session_papers
from nghitruong.council.binder.models import ArrivalState, ImportState, PaperImport
from nghitruong.council.binder.sessions import SessionInfo, awaited, sessions
from nghitruong.council.councils.queries import organizations_for
from nghitruong.council.councils.roles import Actor
from nghitruong.council.papers.models import PaperKind
from nghitruong.council.papers.rules import may_manage
from nghitruong.platform.errors import Refused


def found_import(
    request: HttpRequest, number: int, key: uuid.UUID
) -> tuple[Actor, SessionInfo, PaperImport]:
    """The person, the session and the import of a URL."""
    actor = request.actor  # type: ignore[attr-defined]
    may_manage(actor)
    session = sessions().session(actor, number)
    return actor, session, queries.import_for(actor, session, key)


def wants_json(request: HttpRequest) -> bool:
    """Asked by the island rather than by a person."""
    return "application/json" in request.headers.get("Accept", "")


def state_of(actor: Actor, session: SessionInfo, batch: PaperImport) -> dict[str, Any]:
    """Everything the island shows of an import."""
    slug = actor.council.slug

    def url(name: str) -> str:
        return reverse(f"binder:{name}", args=[slug, session.address, batch.pk])

    files = queries.files_of(batch)
    items = sessions().items(session.id)
    papers = list(session_papers(actor.council_id, session.id, items))
    problems = checks.of_import(files, papers)
    taken = [file for file in files if file.include and not file.refused]
    lacking = checks.of_agenda(
        items,
        {paper.pk: paper.kind for paper in papers},
        [(file.item_id, file.kind) for file in taken if file.item_id],
    )
    arrivals = queries.arrivals_of(batch)
    return {
        "id": str(batch.pk),
        "state": batch.state,
        "word": batch.get_state_display(),
        "urls": {name: url(name) for name in ("import", "edit", "confirm", "drop", "undo", "sheet")}
        | {
            "upload": reverse("papers:uploads", args=[slug]),
            "take_sheet": url("take_sheet"),
            "binder": reverse("binder:binder", args=[slug, session.address]),
            "stubs": reverse("papers:stubs", args=[slug]),
        },
        "max": settings.UPLOAD_MAX_BYTES,
        "max_archive": settings.ARCHIVE_MAX_BYTES,
        "kinds": [[value, label] for value, label in PaperKind.choices],
        "items": [
            {
                "id": str(item.id),
                "title": f"{item.order}. {item.title}",
                "lacks": lacking.get(item.id, []),
            }
            for item in items
        ],
        "bodies": [[str(body.pk), body.name] for body in organizations_for(actor)],
        "asks": [[str(one.id), one.title] for one in awaited(session.id)],
        "waiting": [
            {"id": str(one.pk), "done": one.done, "total": one.total}
            for one in arrivals
            if one.state == ArrivalState.WAITING
        ],
        "unopened": [one.problem for one in arrivals if one.state == ArrivalState.FAILED],
        "files": [
            {
                "id": str(file.pk),
                "name": file.file_name,
                "folder": file.folder,
                "pages": file.pages,
                "size": file.size,
                "refused": file.refused,
                "include": file.include,
                "kind": file.kind,
                "title": file.title,
                "number": file.number,
                "issuer": file.issuer,
                "body": str(file.body_id or ""),
                "ask": str(file.ask_id or ""),
                "dated": file.dated.isoformat() if file.dated else "",
                "item": str(file.item_id) if file.item_id else "",
                "edited": file.edited,
                "sources": {k: v for k, v in file.sources.items() if isinstance(v, str)},
                "problems": [problem.as_dict() for problem in problems.get(file.pk, [])],
            }
            for file in files
        ],
    }


@require_POST
def start(request: HttpRequest, number: int) -> HttpResponse:
    """Begin an import, or go on with one's own open one."""
    actor = request.actor  # type: ignore[attr-defined]
    may_manage(actor)
    session = sessions().session(actor, number)
    batch = actions.start_import(session, by=actor)
    return redirect("binder:import", actor.council.slug, number, batch.pk)


@require_safe
def importing(request: HttpRequest, number: int, batch: uuid.UUID) -> HttpResponse:
    """The import's page; its state as JSON while files are being looked at."""
    actor, session, found = found_import(request, number, batch)
    state = state_of(actor, session, found)
    if wants_json(request):
        return JsonResponse(state, headers={"Cache-Control": "no-store"})
    context = sessions().frame(request, number) | {
        "state": state,
        "batch": found,
        "open": found.state == ImportState.OPEN,
        "created": formats.date_format(found.created_at, "d/m/Y"),
    }
    return render(request, "binder/import.html", context)


@require_POST
def edit(request: HttpRequest, number: int, batch: uuid.UUID) -> HttpResponse:
    """Corrections of proposals: ``{"files": {id: {field: text}}}``; answers with the state."""
    actor, session, found = found_import(request, number, batch)
    try:
        sent = json.loads(request.body)["files"]
        changes = {
            uuid.UUID(key): {str(name): str(value) for name, value in fields.items()}
            for key, fields in sent.items()
        }
    except (ValueError, KeyError, TypeError, AttributeError):
        raise Refused("bad_request", _("Hãy tải lại trang rồi sửa lại."), status=400) from None
    actions.edit_files(found, changes, by=actor)
    return JsonResponse(state_of(actor, session, found))


@require_POST
def confirm(request: HttpRequest, number: int, batch: uuid.UUID) -> HttpResponse:
    """Make papers of the files."""
    actor, _session, found = found_import(request, number, batch)
    papers = actions.confirm_import(found, by=actor)
    messages.success(request, _("Đã ghi %(n)d tài liệu vào tập.") % {"n": len(papers)})
    target = reverse("binder:binder", args=[actor.council.slug, number])
    return JsonResponse({"ok": True, "url": target}) if wants_json(request) else redirect(target)


@require_POST
def undo(request: HttpRequest, number: int, batch: uuid.UUID) -> HttpResponse:
    """Take the whole import back."""
    actor, _session, found = found_import(request, number, batch)
    actions.undo_import(found, by=actor)
    messages.success(
        request,
        _(
            "Đã hoàn tác: các tài liệu của lượt này đã ra khỏi kỳ họp. Sửa rồi ghi lại, hoặc bỏ cả "
            "lượt nhập."
        ),
    )
    return redirect("binder:import", actor.council.slug, number, found.pk)


@require_POST
def drop(request: HttpRequest, number: int, batch: uuid.UUID) -> HttpResponse:
    """Give the import up."""
    actor, _session, found = found_import(request, number, batch)
    actions.drop_import(found, by=actor)
    messages.info(request, _("Đã bỏ lượt nhập; chưa có gì được ghi vào kỳ họp."))
    return redirect("binder:binder", actor.council.slug, number)
