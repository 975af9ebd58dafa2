"""What goes onto a device, as it is for this person now; and the devices themselves."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet
from django.http import Http404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from nghitruong.council.binder.queries import binder_for
from nghitruong.council.binder.sessions import SessionInfo, sessions
from nghitruong.council.briefcase import door, rules
from nghitruong.council.briefcase.models import Device
from nghitruong.council.councils.models import Person
from nghitruong.council.councils.roles import Actor
from nghitruong.council.intake import queries as intake
from nghitruong.council.intake.models import Intake
from nghitruong.council.opinions import follow
from nghitruong.council.opinions import rules as opinion_rules
from nghitruong.council.opinions.queries import opinions_for
from nghitruong.council.papers.models import Paper, PaperState, PaperVersion, ReadingPosition
from nghitruong.council.papers.queries import papers_for, sent_versions
from nghitruong.council.reading import queries as reading
from nghitruong.council.reading import rules as reading_rules
from nghitruong.council.reading.models import Annotation

FORMAT = 1  # of the manifest; a device that knows another one says so instead of guessing
PLACE_MOST = 1_200  # characters of a clause shown beside an opinion written without network


@dataclass(frozen=True)
class Held:
    """A paper of the session that was sent, with the text that is read of it."""

    paper: Paper
    version: PaperVersion
    section: str
    tab: int
    first: int
    last: int


def held(actor: Actor, session: SessionInfo) -> list[Held]:
    """The session's papers that were sent, in the binder's order, each with its newest text sent;
    then the withdrawn ones, which a device only marks."""
    items = sessions().items(session.id)
    places = [
        (entry.paper, section.label, entry.tab, entry.first, entry.last)
        for section in binder_for(actor, session, items)
        for entry in section.entries
        if entry.paper.released_at is not None and entry.paper.state == PaperState.RELEASED
    ]
    under = {paper for item in items for paper in item.papers}
    withdrawn = papers_for(actor).filter(
        Q(session_id=session.id) | Q(pk__in=under),
        state=PaperState.WITHDRAWN,
        released_at__isnull=False,
    )
    places += [(paper, _("Đã rút"), 0, 0, 0) for paper in withdrawn.order_by("created_at", "pk")]
    versions: dict[Any, list[PaperVersion]] = {}
    wanted = [paper.pk for paper, *_place in places]
    for version in PaperVersion.objects.filter(paper__in=wanted).order_by("-number"):
        versions.setdefault(version.paper_id, []).append(version)
    found = []
    for paper, label, tab, first, last in places:
        sent = sent_versions(paper, versions.get(paper.pk, []))
        if sent:
            found.append(Held(paper, sent[0], label, tab, first, last))
    return found


def manifest(actor: Actor, session: SessionInfo) -> dict[str, Any]:
    """Everything a device needs to know of the session but the papers' bytes, texts and notes.

    A constant number of statements whatever the session's size.
    """
    person = rules.may_take(actor)
    programme = door.programme(actor, session.id)
    rules.check_not_over(programme.last_day, timezone.localdate())
    papers = held(actor, session)
    keys = [one.version.pk for one in papers]
    intakes = {row.version_id: row for row in Intake.objects.filter(version__in=keys)}
    places = {
        row.version_id: row
        for row in ReadingPosition.objects.filter(person=person, version__in=keys)
    }
    bodies = [{"id": str(b.pk), "name": b.name} for b in reading_rules.bodies(actor)]
    slug = actor.council.slug
    own = opinions_for(actor).filter(author=person, paper__in=[one.paper.pk for one in papers])
    return {
        "format": FORMAT,
        "person": str(person.pk),
        "council": {"slug": slug, "name": actor.council.name},
        "session": {
            "id": str(session.id),
            "number": session.number,
            "title": session.title,
            "opening": session.opening.isoformat(),
            "place": session.place,
        },
        "keep_until": rules.keep_until(programme.last_day).isoformat(),
        "agenda": programme.parts,
        "bodies": bodies,
        "speaks": actor.is_delegate,
        "papers": [
            _paper(actor, one, intakes.get(one.version.pk), places.get(one.version.pk))
            for one in papers
        ],
        "opinions": [
            {
                "paper": str(row.paper_id),
                "place": row.place,
                "text": row.text,
                "state": row.get_state_display(),
                "answer": row.answer,
                "at": row.sent_at.isoformat(),
            }
            for row in own.order_by("sent_at")
        ],
    }


def _paper(
    actor: Actor, one: Held, row: Intake | None, place: ReadingPosition | None
) -> dict[str, Any]:
    paper, version = one.paper, one.version
    at = [actor.council.slug, paper.pk, version.number]
    url = reverse("papers:file", args=at)
    file = {"url": url, "sha256": version.sha256, "size": version.size, "type": version.media_type}
    copy = intake.copy_of(version, row)
    if copy is not None:
        file = {
            "url": f"{url}?doc",
            "sha256": copy.sha256,
            "size": copy.size,
            "type": copy.media_type,
        }
    withdrawn = paper.state == PaperState.WITHDRAWN
    return {
        "id": str(paper.pk),
        "url": reverse("papers:paper", args=at[:2]),
        "title": paper.title,
        "kind": paper.get_kind_display(),
        "number": paper.number,
        "dated": paper.dated.isoformat() if paper.dated else "",
        "section": one.section,
        "tab": one.tab,
        # As the packet counts: a file that could not be converted is one page of it, whatever
        # number of pages it says of itself.
        "first": one.first,
        "last": one.last,
        "withdrawn": (paper.withdrawn_reason or "…") if withdrawn else "",
        "version": version.number,
        "version_id": str(version.pk),
        "pages": version.pages or (row.pages if row else None),
        "file_name": version.file_name,
        "file": file,
        # Changes when the words were read (again): then they are fetched again.
        "text": {
            "url": reverse("briefcase:text", args=at),
            "tag": f"{version.pk}.{row.finished_at.timestamp():.0f}"
            if row is not None and row.finished_at
            else str(version.pk),
        },
        "place": {
            "page": place.page if place else 1,
            "zoom": place.zoom if place else 0,
            "layout": place.layout if place else "",
        },
        "remember": reverse("papers:remember", args=at),
        "notes": reverse("reading:notes", args=at),
        "export": reverse("reading:export", args=at),
        "page_text": reverse("reading:text", args=[*at, 0]),
        "give": reverse("opinions:give", args=at[:2])
        if opinion_rules.can_give(actor, paper)
        else "",
    }


def text(actor: Actor, paper: Paper, version: PaperVersion) -> dict[str, Any]:
    """The words of every page, and the articles one can speak to."""
    places: list[dict[str, str]] = []
    if opinion_rules.is_open(paper):
        whole, found = follow.places_of(version)
        for place in found:
            words = " ".join(whole[place.start : place.end].split()) if place.clause else ""
            places.append(
                {
                    "article": place.article,
                    "clause": place.clause,
                    "point": place.point,
                    "label": place.label,
                    "heading": place.heading,
                    "text": words[:PLACE_MOST],
                }
            )
    return {"pages": intake.pages_of(version), "places": places}


def notes(actor: Actor, session: SessionInfo, since: int) -> dict[str, Any]:
    """Own notes on the session's papers changed after ``since``, all that is shared; by text."""
    rules.may_take(actor)
    keys = [one.version.pk for one in held(actor, session)]
    cursor = reading.cursor_of(actor)
    since = 0 if since > cursor else since
    own = Annotation.objects.filter(person=actor.person_id, version__in=keys, seq__gt=since)
    shared = Annotation.objects.filter(
        version__in=keys,
        removed=False,
        shared_with__in=[body.pk for body in reading_rules.bodies(actor)],
    ).exclude(person=actor.person_id)
    return {
        "cursor": cursor,
        "since": since,
        "changes": _by_text(
            (note.version_id, reading.as_change(note))
            for note in own.select_related("shared_with").order_by("seq")
        ),
        "shared": _by_text(
            (note.version_id, reading.as_shared(note))
            for note in shared.select_related("shared_with", "person").order_by("page", "pk")
        ),
    }


def _by_text(rows: Iterable[tuple[uuid.UUID, dict[str, Any]]]) -> dict[str, list[dict[str, Any]]]:
    found: dict[str, list[dict[str, Any]]] = {}
    for key, note in rows:
        found.setdefault(str(key), []).append(note)
    return found


# Devices -----------------------------------------------------------------------------------------


def devices_for(actor: Actor, person: Person) -> QuerySet[Device]:
    """A person's devices, those in use first."""
    rules.may_see_devices(actor, person)
    devices: QuerySet[Device] = Device.objects.filter(council=actor.council, person=person)
    return devices.select_related("person").order_by("wiped_at", "ordered_at", "-seen_at")


def person_for(actor: Actor, key: uuid.UUID) -> Person:
    """Whose devices are asked for; 404 for nobody of this council."""
    found: Person | None = Person.objects.filter(council=actor.council, pk=key).first()
    if found is None:
        raise Http404
    rules.may_see_devices(actor, found)
    return found


def device_for(actor: Actor, key: uuid.UUID) -> Device:
    """One device (by its row, not its secret key); 404 when this person may not see it."""
    found: Device | None = (
        Device.objects.filter(council=actor.council, pk=key).select_related("person").first()
    )
    if found is None:
        raise Http404
    rules.may_see_devices(actor, found.person)
    return found


def ordered(key: uuid.UUID) -> list[Device]:
    """The orders to empty the device that holds this key, obeyed or not. Outside any scope: it may
    not be signed in any more, and its people may be of several councils."""
    return list(Device.objects.filter(key=key, ordered_at__isnull=False).select_related("council"))
