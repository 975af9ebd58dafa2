"""Reading a paper within the page, and its file."""

from __future__ import annotations

import json
import uuid
from pathlib import PurePosixPath
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from nghitruong.council.councils.middleware import same_person
from nghitruong.council.papers import actions, extension, queries, rules
from nghitruong.council.papers.extension import Bound
from nghitruong.council.papers.models import Paper, PaperVersion, ReadingPosition
from nghitruong.platform.errors import Refused
from nghitruong.platform.files import inspection, serving, sniff
from nghitruong.platform.live import tickets


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
    position = queries.position_for(actor, version)
    packet = extension.packet_of(actor, found)
    here = next((n for n, one in enumerate(packet) if one.paper.pk == found.pk), None)
    copy = extension.reading_copy(version)
    shown = copy.media_type if copy else version.media_type
    state = {
        "file": f"{url}?doc" if copy else url,
        "size": copy.size if copy else version.size,
        "remember": reverse("papers:remember", args=[slug, found.pk, version.number]),
        "version": str(version.pk),
        "person": str(actor.person_id or ""),
        **_place(position),
        "pages": version.pages,
        "title": found.title,
        "before": _neighbour(slug, packet, None if here is None else here - 1),
        "after": _neighbour(slug, packet, None if here is None else here + 1),
        "packet": _counted(slug, packet, found, version),
        **extension.state_of(actor, found, version, [one.paper for one in packet]),
    }
    picture = state.pop("picture", "")  # of page 1 in the window's width: nothing else is like it
    if (position.page, position.zoom, position.layout) != (1, 0, "") or "tim" in request.GET:
        picture = ""  # another page will be shown: where somebody stopped, or what they sought
    earlier = queries.last_read(actor, versions, below=version.number)
    actions.open_version(version, by=actor)
    context = {
        "paper": found,
        "version": version,
        "earlier": earlier,
        "versions": versions,
        "newest": versions[0],
        "state": state,
        "picture": picture,
        "file_url": url,
        "is_pdf": shown == inspection.PDF,
        "medium": shown.partition("/")[0],
        "marks": extension.panels_of(actor, [version])[version.pk],
        "verification": queries.verification_of(actor, found),
        "verifications": queries.verifications_of(actor, found),
        "links": extension.links_of(actor, found, version),
        "can_manage": rules.can_manage(actor),
    }
    response = render(request, "papers/reader.html", context)
    if actor.person is not None:
        tickets.issue_personal(
            response,
            council_id=actor.council.pk,
            slug=slug,
            person_id=actor.person.pk,
            name=actor.name,
            device=tickets.device_here(request),
        )
    return response


def _place(position: ReadingPosition) -> dict[str, Any]:
    return {"page": position.page, "zoom": position.zoom, "layout": position.layout}


def _neighbour(slug: str, packet: list[Bound], at: int | None) -> dict[str, str] | None:
    """The paper at that place of the packet, as the island shows it."""
    if at is None or not 0 <= at < len(packet):
        return None
    paper = packet[at].paper
    return {"title": paper.title, "url": reverse("papers:paper", args=[slug, paper.pk])}


def _counted(
    slug: str, packet: list[Bound], paper: Paper, version: PaperVersion
) -> dict[str, Any] | None:
    """The packet's own page numbers: of page 1 of this text (0: another text of the paper is
    bound), and from where to where each paper goes. The addresses name the bound text: the bare
    one opens the newest, for the office also one that is not bound yet."""

    def address(one: Bound) -> str:
        url = reverse("papers:paper", args=[slug, one.paper.pk])
        return f"{url}?ban={one.version}" if one.version else url

    papers = [[one.first, one.last, address(one)] for one in packet if one.first]
    mine = (one for one in packet if (one.paper.pk, one.version) == (paper.pk, version.number))
    return {"first": next((one.first for one in mine), 0), "papers": papers} if papers else None


def _shows_itself(media_type: str) -> bool:
    """What a browser draws or plays without running anything; the rest is only saved."""
    whole, _, _ = media_type.partition("/")
    return media_type == inspection.PDF or (
        media_type in sniff.ENDINGS and whole in {"image", "audio", "video"}
    )


@require_http_methods(["GET", "HEAD"])
def file(request: HttpRequest, paper: uuid.UUID, version: int) -> HttpResponseBase:
    """The bytes of one version (``?doc``: of the copy made for reading); asks for a part (Range)
    are answered with that part."""
    actor = request.actor  # type: ignore[attr-defined]
    found = queries.version_for(actor, queries.paper_for(actor, paper), version)
    sha256, media_type, name = found.sha256, found.media_type, found.file_name
    copy = extension.reading_copy(found) if "doc" in request.GET else None
    if copy:
        sha256, media_type = copy.sha256, copy.media_type
        name = f"{PurePosixPath(name).stem}{sniff.ENDINGS.get(media_type, '')}"
    try:
        return serving.answer(
            request,
            sha256=sha256,
            media_type=media_type,
            file_name=name,
            download="tai-ve" in request.GET or not _shows_itself(media_type),
        )
    except FileNotFoundError:
        raise Refused(
            "file_missing",
            _("Tệp của bản này không còn trên máy chủ. Hãy báo văn phòng để kiểm tra kho tệp."),
            status=410,
        ) from None


@require_http_methods(["GET", "POST"])
@never_cache
def remember(request: HttpRequest, paper: uuid.UUID, version: int) -> HttpResponse:
    """Keep the page being read (POST), or say where another device left it (GET)."""
    same_person(request)
    actor = request.actor  # type: ignore[attr-defined]
    found = queries.version_for(actor, queries.paper_for(actor, paper), version)
    if request.method == "GET":
        return JsonResponse(_place(queries.position_for(actor, found)))
    try:
        told = json.loads(request.body)
        page, zoom = int(told["page"]), float(told.get("zoom") or 0)
        layout, device = str(told.get("layout", "")), str(told.get("device", ""))
    except (ValueError, KeyError, TypeError, AttributeError, OverflowError):
        raise Refused("bad_page", _("Số trang không đúng."), status=400) from None
    actions.remember_page(found, page, by=actor, zoom=zoom, layout=layout, device=device)
    return JsonResponse({"ok": True})
