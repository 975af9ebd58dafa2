"""Receiving files: the core of the tus 1.0 protocol (creation, offset, checksum, termination).

``POST`` creates, ``HEAD`` tells the offset, ``PATCH`` adds bytes there; the answer to the last one
carries what became of the file. Bodies are read piece by piece and never held in memory.
"""

from __future__ import annotations

import base64
import binascii
import uuid
from typing import Any, cast

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from nghitruong.council.councils.roles import Actor
from nghitruong.council.papers import actions, queries, rules
from nghitruong.council.papers.models import Paper, PaperState, Upload
from nghitruong.platform.errors import Refused

TUS = {"Tus-Resumable": "1.0.0", "Cache-Control": "no-store"}
CHECKSUMS = {"sha1": "sha1", "sha256": "sha256"}
ABOUT = frozenset(
    {
        "kind",
        "title",
        "number",
        "issuer",
        "issuing_body",
        "dated",
        "secrecy",
        "reason",
        "into",
        "folder",
        "elsewhere",
        "replaces",
    }
)


def _bad(code: str) -> Refused:
    return Refused(
        code,
        _("Trình duyệt gửi tệp không đúng cách. Hãy tải lại trang rồi chọn lại tệp."),
        status=400,
    )


def _metadata(header: str) -> dict[str, str]:
    """``Upload-Metadata``: pairs «key base64» set apart by commas."""
    found: dict[str, str] = {}
    for pair in header.split(","):
        key, _space, value = pair.strip().partition(" ")
        if key:
            try:
                found[key] = base64.b64decode(value, validate=True).decode()
            except (binascii.Error, UnicodeDecodeError):
                raise _bad("bad_metadata") from None
    return found


def _number(request: HttpRequest, header: str) -> int:
    value = request.headers.get(header, "")
    if not value.isascii() or not value.isdecimal() or len(value) > 18:
        raise _bad("bad_header")
    return int(value)


def _key(value: str) -> uuid.UUID | None:
    try:
        return uuid.UUID(value) if value else None
    except ValueError:
        raise _bad("bad_metadata") from None


@require_POST
def uploads(request: HttpRequest) -> HttpResponse:
    """Begin a file: ``Upload-Length`` and ``Upload-Metadata`` in, ``Location`` out."""
    actor = request.actor  # type: ignore[attr-defined]
    metadata = _metadata(request.headers.get("Upload-Metadata", ""))
    if "into" not in metadata:  # what it is sent into has rules of its own
        rules.may_manage(actor)
    length = _number(request, "Upload-Length")
    replaced = _key(metadata.get("paper", ""))
    created = actions.start_upload(
        by=actor,
        length=length,
        file_name=metadata.get("filename", ""),
        about={key: value for key, value in metadata.items() if key in ABOUT},
        session_id=_key(metadata.get("session", "")),
        paper=queries.paper_for(actor, replaced) if replaced else None,
    )
    location = reverse("papers:upload", args=[actor.council.slug, created.pk])
    headers = TUS | {"Location": location, "Upload-Offset": "0"}
    return JsonResponse({"id": str(created.pk), "url": location}, status=201, headers=headers)


@require_http_methods(["HEAD", "GET", "PATCH", "DELETE", "OPTIONS"])
def upload(request: HttpRequest, upload: uuid.UUID) -> HttpResponse:
    """One file on its way in."""
    actor = request.actor  # type: ignore[attr-defined]
    found = queries.upload_for(actor, upload)
    if request.method == "OPTIONS":
        extensions = "creation,checksum,termination"
        limit = str(settings.UPLOAD_MAX_BYTES)
        headers = {"Tus-Version": "1.0.0", "Tus-Extension": extensions, "Tus-Max-Size": limit}
        return HttpResponse(status=204, headers=TUS | headers)
    if request.method == "DELETE":
        actions.cancel_upload(found, by=actor)
        return HttpResponse(status=204, headers=TUS)
    if request.method == "PATCH":
        return _patch(request, found)
    if request.method == "GET" and found.offset == found.length:
        return _finished(actions.finish_upload(found, by=actor), found, request)
    return HttpResponse(status=200, headers=_offsets(found))


def _offsets(found: Upload) -> dict[str, str]:
    return TUS | {"Upload-Offset": str(found.offset), "Upload-Length": str(found.length)}


def _finished(outcome: dict[str, Any], found: Upload, request: HttpRequest) -> HttpResponse:
    """What became of the file; a replaced paper's page, loaded again, says it in words, once."""
    actor = request.actor  # type: ignore[attr-defined]
    if found.finished_at is None and found.paper_id is not None and rules.can_manage(actor):
        paper = queries.papers_for(actor).filter(pk=found.paper_id).first()
        if paper is not None:
            messages.success(request, _replaced(actor, paper, outcome["version"]))
    return JsonResponse({"ok": True, **outcome}, headers=_offsets(found))


def _replaced(actor: Actor, paper: Paper, number: int) -> str:
    """Which version it is now, and whether the delegates know."""
    if paper.state != PaperState.RELEASED:
        return _("Đã nhận bản %(n)s của tài liệu. Chưa gửi đại biểu.") % {"n": number}
    if queries.version_for(actor, paper, number).unread:
        return _(
            "Đã nhận bản %(n)s. Máy chủ đang đọc chữ của tệp để tìm dấu mật; đọc xong thì đại biểu "
            "thấy bản này và được báo."
        ) % {"n": number}
    return _("Tài liệu nay là bản %(n)s. Đại biểu đã được báo và thấy ngay.") % {"n": number}


def _patch(request: HttpRequest, found: Upload) -> HttpResponse:
    if request.content_type != "application/offset+octet-stream":
        raise _bad("bad_content_type")
    found, cut = actions.receive_bytes(
        found,
        cast(Any, request),
        offset=_number(request, "Upload-Offset"),
        checksum=_checksum(request.headers.get("Upload-Checksum", "")),
        by=request.actor,  # type: ignore[attr-defined]
    )
    if not cut and found.offset == found.length:
        outcome = actions.finish_upload(found, by=request.actor)  # type: ignore[attr-defined]
        return _finished(outcome, found, request)
    return HttpResponse(status=204, headers=_offsets(found))


def _checksum(header: str) -> tuple[str, bytes] | None:
    if not header:
        return None
    name, _space, value = header.partition(" ")
    if name not in CHECKSUMS:
        raise _bad("bad_checksum")
    try:
        return CHECKSUMS[name], base64.b64decode(value, validate=True)
    except binascii.Error:
        raise _bad("bad_checksum") from None
