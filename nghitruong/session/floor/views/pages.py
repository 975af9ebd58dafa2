"""The four screens of a sitting and its journal. Each gives the live process its ticket."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from nghitruong.council.councils.middleware import CouncilRequest
from nghitruong.council.councils.models import Person
from nghitruong.council.councils.roles import Actor
from nghitruong.council.papers.queries import papers_for
from nghitruong.council.papers.rules import may_read
from nghitruong.platform.errors import NotAllowed
from nghitruong.platform.live import tickets
from nghitruong.session.floor import queries, rules
from nghitruong.session.floor.models import SpeechKind
from nghitruong.session.floor.views.steps import STEPS
from nghitruong.session.meetings.chairing import chair_people
from nghitruong.session.meetings.models import Sitting
from nghitruong.session.voting.queries import runs_polls

# Steps of the vote on the chair's screens: step → URL of the voting app, with the poll's number.
POLL_STEPS = {
    "prepare_poll": ("voting:prepare", False),
    "open_poll": ("voting:open", True),
    "close_poll": ("voting:close", True),  # pressed as a hall command, offered by this
    "publish_poll": ("voting:publish", True),
    "annul_poll": ("voting:annul", True),
    "prepare_poll_again": ("voting:prepare_again", True),
}

READABLE_MOST = 500  # a guest has a handful, an agency its own


def _urls(request: CouncilRequest, sitting: Sitting) -> dict[str, str]:
    """The steps this person may take; a step that is missing is not offered. Which functions the
    council uses is in the slice ``sitting``: it may change while the screen is open.

    ``__id__`` stands for a poll's number.
    """
    place = [request.council.slug, sitting.session.address, sitting.number]
    urls = {
        step: reverse(f"floor:{step}", args=place)
        for step, (_path, _run, may, _said) in STEPS.items()
        if may(request.actor)
    }
    wanted: list[tuple[str, str, list[Any]]] = [("session_papers", "meetings:papers", place[:2])]
    if rules.may_see_desk(request.actor):
        wanted.append(("journal", "floor:journal", place))
    if request.actor.is_delegate:  # what became of my opinion on the text before us
        wanted.append(("opinions", "opinions:papers", place[:1]))
    if runs_polls(request.actor):
        wanted += [
            (step, name, [*place, 0] if numbered else place)
            for step, (name, numbered) in POLL_STEPS.items()
        ]
    for step, name, args in wanted:
        url = reverse(name, args=args)
        urls[step] = url.replace("/0/", "/__id__/") if args[-1] == 0 else url
    return urls


def _readable(actor: Actor) -> list[str] | None:
    """The papers this person may open, when it is not all that were sent: to others a paper of the
    hall's screen is a name, not a link that opens nothing."""
    if may_read(actor):
        return None
    return [str(key) for key in papers_for(actor).values_list("pk", flat=True)[:READABLE_MOST]]


def _screen(request: CouncilRequest, sitting: Sitting, template: str, tag: str) -> HttpResponse:
    person: Person | None = request.actor.person
    if person is None:  # an administrator from outside the council has no place in the hall
        raise Http404
    presiding = chair_people(sitting)
    page = queries.first_screen(sitting, person.pk, presiding)
    if not page["state"]:
        raise Http404
    page |= {
        "slug": request.council.slug,
        "person": str(person.pk),
        "sitting": str(sitting.pk),
        "urls": _urls(request, sitting),
        "readable": _readable(request.actor),
        "roles": sorted(str(role) for role in request.actor.roles),
    }
    context = {
        "sitting": sitting,
        "session": sitting.session,
        "page": page,
        "tag": tag,
        "urls": page["urls"],
        "kinds": [SpeechKind.PRESENTATION, SpeechKind.ANSWER, SpeechKind.SPEECH],
        "presiders": queries.by_name(presiding) if rules.may_lead(request.actor) else [],
    }
    response = render(request, template, context)
    tickets.issue(
        response,
        council_id=request.council.pk,
        slug=request.council.slug,
        person_id=person.pk,
        sitting_id=sitting.pk,
        name=person.full_name,
        device=tickets.device_here(request),
    )
    return response


@require_safe
@never_cache
def hall(request: CouncilRequest, number: int, sitting: int) -> HttpResponse:
    """«Vào họp»: the screen that follows the sitting."""
    row = queries.sitting_for(request.actor, number, sitting)
    return _screen(request, row, "floor/hall.html", "nt-hall")


@require_safe
@never_cache
def cockpit(request: CouncilRequest, number: int, sitting: int) -> HttpResponse:
    """«Điều hành»: the chair's screen."""
    row = queries.sitting_for(request.actor, number, sitting)
    if not rules.may_lead(request.actor):
        raise NotAllowed(
            "chair_only",
            _("Màn hình điều hành dành cho Chủ tọa và Thư ký phụ trách màn hình."),
            article=rules.CHAIR_ARTICLE,
        )
    return _screen(request, row, "floor/cockpit.html", "nt-cockpit")


@require_safe
@never_cache
def desk(request: CouncilRequest, number: int, sitting: int) -> HttpResponse:
    """«Bàn thư ký»: roll, and the chair's steps in the chair's name."""
    row = queries.sitting_for(request.actor, number, sitting)
    if not rules.may_see_desk(request.actor):
        raise NotAllowed("clerk_only", _("Bàn thư ký dành cho Thư ký kỳ họp và Chủ tọa."))
    return _screen(request, row, "floor/desk.html", "nt-desk")


@require_safe
@never_cache
def projector(request: CouncilRequest, number: int, sitting: int) -> HttpResponse:
    """«Màn hình hội trường»: opened by the desk or the technicians on the big screen."""
    row = queries.sitting_for(request.actor, number, sitting)
    if not rules.may_project(request.actor):
        raise NotAllowed(
            "office_only", _("Màn hình hội trường do Thư ký hoặc Tổ hỗ trợ kỹ thuật mở.")
        )
    return _screen(request, row, "floor/projector.html", "nt-projector")


@require_safe
@never_cache
def journal(request: CouncilRequest, number: int, sitting: int) -> HttpResponse:
    """«Diễn biến»: what happened, line by line; the clerk adds what no button recorded."""
    row = queries.sitting_for(request.actor, number, sitting)
    if not rules.may_see_desk(request.actor):
        raise NotAllowed("clerk_only", _("Diễn biến phiên họp dành cho Thư ký kỳ họp và Chủ tọa."))
    return render(
        request,
        "floor/journal.html",
        {
            "sitting": row,
            "session": row.session,
            "entries": queries.journal_of(row),
            "may_write": rules.may_write_journal(request.actor),
            "printed_at": timezone.now(),
        },
    )
