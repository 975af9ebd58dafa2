"""The door to imports, the binder and printed sets."""

from __future__ import annotations

import uuid
from collections.abc import Iterable

from django.db.models import QuerySet
from django.http import Http404

from nghitruong.council.binder.contents import Section, contents
from nghitruong.council.binder.models import (
    Arrival,
    ArrivalState,
    ImportFile,
    ImportState,
    Packet,
    PaperImport,
)
from nghitruong.council.binder.sessions import Item, SessionInfo, sessions
from nghitruong.council.councils.roles import Actor
from nghitruong.council.papers.queries import papers_for
from nghitruong.council.papers.rules import can_manage


def imports_for(actor: Actor, session: SessionInfo) -> QuerySet[PaperImport]:
    """Imports of a session, newest first: for those who manage papers."""
    found: QuerySet[PaperImport] = PaperImport.objects.filter(
        council=actor.council, session_id=session.id
    )
    if not can_manage(actor):
        return found.none()
    return found.select_related("owner").order_by("-created_at")


def import_for(actor: Actor, session: SessionInfo, key: uuid.UUID) -> PaperImport:
    """One import; 404 when it is not of this session or not theirs to know."""
    found = imports_for(actor, session).filter(pk=key).first()
    if found is None:
        raise Http404
    return found


def files_of(batch: PaperImport) -> list[ImportFile]:
    """Its files in the order of folders and names."""
    return list(ImportFile.objects.filter(batch=batch).order_by("order_key", "arrival", "place"))


def arrivals_of(batch: PaperImport) -> list[Arrival]:
    """What was sent in, still looked at or not opened."""
    return list(
        Arrival.objects.filter(batch=batch)
        .exclude(state=ArrivalState.DONE)
        .order_by("created_at", "pk")
    )


def last_confirmed(actor: Actor, session: SessionInfo) -> PaperImport | None:
    """The import that can still be taken back."""
    return imports_for(actor, session).filter(state=ImportState.CONFIRMED).first()


def packet_for(actor: Actor, session: SessionInfo, key: uuid.UUID) -> Packet:
    """One printed set; 404 for those who do not manage papers."""
    found = packets_for(actor, session).filter(pk=key).first()
    if found is None:
        raise Http404
    return found


def packets_for(actor: Actor, session: SessionInfo) -> QuerySet[Packet]:
    """Printed sets of a session, newest first."""
    found: QuerySet[Packet] = Packet.objects.filter(council=actor.council, session_id=session.id)
    return found.order_by("-created_at") if can_manage(actor) else found.none()


def moved(packets: Iterable[Packet], session: SessionInfo) -> dict[uuid.UUID, int]:
    """Printed set → the packet's page from which the binder is not what was printed any more:
    a paper was put in before it, taken out, replaced or moved. What is added at the end moves no
    number. The ones that still hold are left out."""
    printed = [packet for packet in packets if packet.numbers]
    if not printed:
        return {}
    now = {
        str(entry.paper.pk): [entry.leaf.version, entry.first, entry.leaf.pages]
        for section in contents(printed[0].council_id, session.id)
        for entry in section.entries
    }
    found = {}
    for packet in printed:
        pages = [
            first
            for paper, version, first, count in packet.numbers
            if now.get(paper) != [version, first, count]
        ]
        if pages:
            found[packet.pk] = min(pages)
    return found


def binder_for(
    actor: Actor, session: SessionInfo, items: list[Item] | None = None
) -> list[Section]:
    """The binder with the papers this person may see; numbers are those of the whole binder."""
    items = sessions().items(session.id) if items is None else items
    sections = contents(actor.council_id, session.id, items)
    inside = [entry.paper.pk for section in sections for entry in section.entries]
    seen = set(papers_for(actor).filter(pk__in=inside).values_list("pk", flat=True))
    for section in sections:
        section.entries = [entry for entry in section.entries if entry.paper.pk in seen]
    return sections
