"""The only door to notes: one's own, and those shared with a body one belongs to today."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from typing import Any

from django.db.models import QuerySet
from django.http import Http404
from django.utils import timezone

from nghitruong.council.councils.models import Membership, OrganizationKind
from nghitruong.council.councils.periods import in_force
from nghitruong.council.councils.roles import Actor
from nghitruong.council.papers.models import Paper, PaperVersion, ReadingPosition
from nghitruong.council.reading import rules
from nghitruong.council.reading.models import Annotation, Notebook


def notes_for(actor: Actor, version: PaperVersion) -> QuerySet[Annotation]:
    """The person's own notes on a text, removed ones too. Nobody has a door to another's."""
    notes: QuerySet[Annotation] = Annotation.objects.filter(
        council=actor.council, person=actor.person_id, version=version
    )
    return notes.select_related("shared_with").order_by("seq")


def note_for(actor: Actor, version: PaperVersion, key: uuid.UUID) -> Annotation:
    """One own note that was not removed; 404 for anybody else's."""
    found = notes_for(actor, version).filter(key=key, removed=False).first()
    if found is None:
        raise Http404
    return found


def noted_elsewhere(
    actor: Actor, version: PaperVersion, keys: Iterable[uuid.UUID]
) -> set[uuid.UUID]:
    """Which of these keys are the person's notes on another text."""
    notes = Annotation.objects.filter(person=actor.person_id, key__in=list(keys))
    return set(notes.exclude(version=version).values_list("key", flat=True))


def cursor_of(actor: Actor) -> int:
    """How many changes the person's notebook has seen."""
    found = Notebook.objects.filter(person=actor.person_id).values_list("seq", flat=True).first()
    return int(found or 0)


def shared_for(actor: Actor, version: PaperVersion) -> QuerySet[Annotation]:
    """Notes of others on this text, shared with a body this person belongs to today."""
    shared: QuerySet[Annotation] = Annotation.objects.filter(
        council=actor.council,
        version=version,
        removed=False,
        shared_with__in=[body.pk for body in rules.bodies(actor)],
    )
    return shared.exclude(person=actor.person_id).select_related("shared_with", "person")


def as_change(note: Annotation) -> dict[str, Any]:
    """An own note as a device keeps it."""
    return {
        "id": str(note.key),
        "kind": note.kind,
        "page": note.page,
        "data": note.data,
        "text": note.text,
        "clock": note.clock,
        "device": note.device,
        "removed": note.removed,
        "shared": note.shared_with.name if note.shared_with else "",
    }


def as_shared(note: Annotation) -> dict[str, Any]:
    """Somebody else's note as a member of the body sees it."""
    return {
        "id": str(note.pk),
        "kind": note.kind,
        "page": note.page,
        "data": note.data,
        "text": note.text,
        "by": note.person.full_name,
        "shared": note.shared_with.name if note.shared_with else "",
    }


def changes_since(actor: Actor, version: PaperVersion, since: int) -> dict[str, Any]:
    """What a device that has seen ``since`` has missed of this text, and all that is shared.

    The cursor is read first: a change written meanwhile is sent twice rather than never. A cursor
    from the future (a restored database) starts from nothing.
    """
    cursor = cursor_of(actor)
    if since > cursor:
        since = 0
    notes = notes_for(actor, version).filter(seq__gt=since)
    return {
        "cursor": cursor,
        "since": since,
        "changes": [as_change(note) for note in notes],
        "shared": [as_shared(note) for note in shared_for(actor, version).order_by("page", "pk")],
    }


def openings(paper: Paper) -> tuple[int, int]:
    """(delegates who have opened the paper, delegates in office): numbers, never names.

    Only delegates count: the office opens a paper to check it.
    """
    delegates = Membership.objects.filter(
        in_force(timezone.localdate()),
        organization__kind=OrganizationKind.PLENARY,
        council=paper.council_id,
    ).values("person")
    opened = (
        ReadingPosition.objects.filter(version__paper=paper, person__in=delegates)
        .values("person")
        .distinct()
        .count()
    )
    return opened, delegates.distinct().count()
