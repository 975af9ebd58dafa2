"""What a device fetches and tells; the page of a person's devices; the installed application."""

from __future__ import annotations

import hashlib
import json
import uuid
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import redirect, render
from django.templatetags.static import static
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from nghitruong.council.binder.sessions import sessions
from nghitruong.council.briefcase import actions, queries, rules, shell
from nghitruong.council.councils.middleware import CouncilRequest, same_person
from nghitruong.council.papers import queries as papers
from nghitruong.platform.errors import Refused

HOLDINGS_MOST = 40  # sessions on one device
ICONS = (("app-192.png", "192x192"), ("app-512.png", "512x512"))


def _tagged(request: HttpRequest, content: dict[str, Any]) -> HttpResponse:
    """JSON with a validator: what did not change is not sent again."""
    data = json.dumps(content, ensure_ascii=False, sort_keys=True).encode()
    tag = f'"{hashlib.sha256(data).hexdigest()[:32]}"'
    headers = {"ETag": tag, "Cache-Control": "private, no-cache"}
    # A proxy or our own compression may have weakened the tag it passed on.
    if tag in request.headers.get("If-None-Match", ""):
        return HttpResponse(status=304, headers=headers)
    return HttpResponse(data, content_type="application/json", headers=headers)


@require_safe
def manifest(request: CouncilRequest, number: int) -> HttpResponse:
    """What this person's briefcase of the session holds now."""
    same_person(request)
    session = sessions().session(request.actor, number)
    return _tagged(request, queries.manifest(request.actor, session))


@require_safe
def notes(request: CouncilRequest, number: int) -> HttpResponse:
    """``?since=41``: own notes on the session's papers that changed after it."""
    same_person(request)
    session = sessions().session(request.actor, number)
    since = request.GET.get("since", "")
    asked = int(since) if since.isdecimal() and len(since) < 18 else 0
    return _tagged(request, queries.notes(request.actor, session, asked))


@require_safe
def text(request: CouncilRequest, paper: uuid.UUID, version: int) -> HttpResponse:
    """The words of a text, page by page, and its articles."""
    same_person(request)
    rules.may_take(request.actor)
    found = papers.paper_for(request.actor, paper)
    of = papers.version_for(request.actor, found, version)
    return _tagged(request, queries.text(request.actor, found, of))


def _holdings(told: Any) -> list[dict[str, Any]]:
    """What the device says it has, made harmless: it is shown to the support helpers."""
    found = []
    for one in told[:HOLDINGS_MOST] if isinstance(told, list) else []:
        if isinstance(one, dict):
            numbers = {
                name: int(one[name])
                for name in ("session", "papers", "bytes")
                if isinstance(one.get(name), int)
            }
            found.append(
                {**numbers, "title": str(one.get("title", ""))[:200], "at": str(one.get("at"))[:40]}
            )
    return found


@require_http_methods(["GET", "POST"])
@never_cache
def contact(request: CouncilRequest) -> HttpResponse:
    """A device with the network back asks who is signed in and how to send (GET), or tells what it
    holds (POST ``{device, label, holdings}``). ``wipe``: it was reported lost."""
    wipe = False
    if request.method == "POST":
        same_person(request)
        try:
            told = json.loads(request.body)
            key = uuid.UUID(str(told["device"]))
        except (ValueError, KeyError, TypeError):
            raise Refused("bad_request", _("Hãy tải lại trang rồi thử lại."), status=400) from None
        actions.report(
            key,
            label=" ".join(str(told.get("label", "")).split()) or _("Trình duyệt"),
            holdings=_holdings(told.get("holdings")),
            sign_in=request.session.session_key or "",
            by=request.actor,
        )
        wipe = bool(queries.ordered(key))
    return JsonResponse(
        {
            "person": str(request.actor.person_id or ""),
            "csrf": get_token(request),
            "version": shell.version(),
            "wipe": wipe,
        }
    )


@require_safe
@never_cache
def devices(request: CouncilRequest, person: uuid.UUID) -> HttpResponse:
    """A person's devices: what each holds, when it was last heard of, the orders."""
    whose = queries.person_for(request.actor, person)
    return render(
        request,
        "briefcase/devices.html",
        {
            "person": whose,
            "devices": queries.devices_for(request.actor, whose),
            "mine": whose.pk == request.actor.person_id,
            "days": rules.KEPT.days,
        },
    )


@require_POST
def order_wipe(request: CouncilRequest, device: uuid.UUID) -> HttpResponse:
    """«Báo mất máy»."""
    found = queries.device_for(request.actor, device)
    actions.order_wipe(
        found,
        reason=request.POST.get("reason", ""),
        by=request.actor,
        here=request.session.session_key or "",
    )
    messages.success(
        request,
        _(
            "Đã báo mất «%(device)s»: máy ấy đã bị đăng xuất, và tự xóa tài liệu ngay khi nối lại "
            "với máy chủ. Người dùng máy ấy phải đăng nhập lại trên các máy khác của mình."
        )
        % {"device": found.label},
    )
    return redirect("briefcase:devices", request.council.slug, found.person_id)


@require_safe
def application(request: CouncilRequest) -> HttpResponse:
    """The web application manifest: installing puts this council's own icon on the tablet."""
    name = request.council.name
    content = {
        "id": f"/{request.council.slug}/",
        "name": name,
        "short_name": "Nghị Trường",
        "description": _("Phòng họp không giấy của Hội đồng nhân dân"),
        "lang": "vi",
        "start_url": f"/{request.council.slug}/",
        "scope": "/",
        "display": "standalone",
        "background_color": "#ffffff",
        "theme_color": "#17386b",
        "icons": [
            {"src": static(f"ui/{file}"), "sizes": size, "type": "image/png", "purpose": purpose}
            for file, size in ICONS
            for purpose in ("any", "maskable")
        ],
    }
    return JsonResponse(
        content, content_type="application/manifest+json", json_dumps_params={"ensure_ascii": False}
    )
