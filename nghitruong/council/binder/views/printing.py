"""Printed sets: ask for one, see how far it is, take it."""

from __future__ import annotations

import uuid

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from nghitruong.council.binder import actions, queries
from nghitruong.council.binder.actions.packets import BIND
from nghitruong.council.binder.models import PacketState
from nghitruong.council.binder.sessions import sessions
from nghitruong.council.binder.views.importing import wants_json
from nghitruong.council.papers.rules import may_manage
from nghitruong.platform.errors import Refused
from nghitruong.platform.files import inspection, serving
from nghitruong.platform.jobs import api as jobs


@require_POST
def order_packet(request: HttpRequest, number: int) -> HttpResponse:
    """The whole binder, or the papers ticked."""
    actor = request.actor  # type: ignore[attr-defined]
    may_manage(actor)
    session = sessions().session(actor, number)
    keys = []
    for value in request.POST.getlist("paper"):
        try:
            keys.append(uuid.UUID(value))
        except ValueError:
            continue
    if request.POST.get("chon") and not keys:
        raise Refused(
            "nothing_chosen", _("Chưa đánh dấu tài liệu nào. Hãy đánh dấu rồi bấm in."), status=422
        )
    packet = actions.order_packet(
        session,
        by=actor,
        papers=keys,
        dividers=bool(request.POST.get("dividers")),
        drafts=not request.POST.get("sent_only"),
    )
    return redirect("binder:packet", actor.council.slug, number, packet.pk)


@require_safe
def packet(request: HttpRequest, number: int, packet: uuid.UUID) -> HttpResponse:
    """How far it is; the page asks again by itself while it is being bound."""
    actor = request.actor  # type: ignore[attr-defined]
    may_manage(actor)
    session = sessions().session(actor, number)
    found = queries.packet_for(actor, session, packet)
    job = jobs.progress_of(BIND, [found.pk]).get(str(found.pk))
    state = {
        "state": found.state,
        "done": job.done if job else 0,
        "total": job.total if job else 0,
        "problem": found.problem,
    }
    if wants_json(request):
        return JsonResponse(state, headers={"Cache-Control": "no-store"})
    context = sessions().frame(request, number) | {
        "packet": found,
        "progress": state,
        "moved": queries.moved([found], session).get(found.pk),
    }
    return render(request, "binder/packet.html", context)


@require_safe
def packet_file(request: HttpRequest, number: int, packet: uuid.UUID) -> HttpResponseBase:
    """The PDF."""
    actor = request.actor  # type: ignore[attr-defined]
    may_manage(actor)
    session = sessions().session(actor, number)
    found = queries.packet_for(actor, session, packet)
    if found.state != PacketState.DONE:
        raise Refused("packet_not_ready", _("Tập in chưa đóng xong. Hãy đợi giây lát."))
    return serving.answer(
        request,
        sha256=found.sha256,
        media_type=inspection.PDF,
        file_name=f"tap-tai-lieu-ky-hop-{session.number}.pdf",
        download="tai-ve" in request.GET,
    )
