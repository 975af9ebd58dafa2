"""Who may read papers, and so is told of them."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from django.utils import timezone

from nghitruong.council.councils.models import Membership
from nghitruong.council.councils.periods import in_force
from nghitruong.council.councils.queries import delegates_at
from nghitruong.council.papers.models import Paper

# People given some of these papers one by one.
More = Callable[[Sequence[Paper]], Sequence[uuid.UUID]]
_more: list[More] = []


def register_readers(more: More) -> None:
    """Add people who may read papers beside what roles give."""
    if more not in _more:
        _more.append(more)


@dataclass(frozen=True)
class Readers:
    """Delegates may read every released paper; the others only some of them."""

    delegates: list[uuid.UUID]
    others: list[uuid.UUID]


def readers_of(papers: Sequence[Paper]) -> Readers:
    """The people of today who may read these papers, each once. The office is not among them: it
    is the one who sends."""
    council = papers[0].council
    today = timezone.localdate()
    delegates = list(
        dict.fromkeys(delegates_at(council, today).values_list("person_id", flat=True))
    )
    bodies = {paper.issuing_body_id for paper in papers if paper.issuing_body_id}
    agencies = (
        Membership.objects.filter(in_force(today), organization__in=bodies).values_list(
            "person_id", flat=True
        )
        if bodies
        else ()
    )
    others = [*agencies, *(person for more in _more for person in more(papers))]
    known = set(delegates)
    return Readers(delegates, [p for p in dict.fromkeys(others) if p not in known])
