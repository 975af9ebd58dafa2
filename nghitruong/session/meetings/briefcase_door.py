"""What the briefcase may know of a session: its sittings with their items, and its last day."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from datetime import date
from typing import Any

from django.urls import reverse
from django.utils import timezone

from nghitruong.council.briefcase.door import Programme
from nghitruong.council.councils.roles import Actor
from nghitruong.session.meetings import queries
from nghitruong.session.meetings.models import Session, Sitting


def _sitting(slug: str, session: Session, sitting: Sitting) -> dict[str, Any]:
    return {
        "id": str(sitting.pk),
        "number": sitting.number,
        "title": sitting.title,
        "state": sitting.state,
        "starts": sitting.starts_at.isoformat(),
        "ends": sitting.ends_at.isoformat() if sitting.ends_at else "",
        "place": sitting.place,
        "item": str(sitting.current_item_id or ""),
        "hall": reverse("floor:hall", args=[slug, session.address, sitting.number]),
    }


def last_day(session: Session, sittings: Iterable[Sitting]) -> date:
    """The last day planned, as it is in Vietnam."""
    days = [timezone.localtime(one.ends_at or one.starts_at).date() for one in sittings]
    return max([session.expected_opening, *days])


def programme(actor: Actor, session_id: uuid.UUID) -> Programme:
    """The agenda as this person may see it."""
    session = queries.sessions_for(actor).get(pk=session_id)
    parts = queries.agenda(actor, session)
    slug = actor.council.slug
    order = 0
    told = []
    for part in parts:
        items = []
        for item in part.items:
            order += 1
            body = item.presenting_body
            items.append(
                {
                    "id": str(item.pk),
                    "order": order,
                    "title": item.title,
                    "kind": item.get_kind_display(),
                    "minutes": item.minutes,
                    "presenter": item.presenter or (body.name if body else ""),
                    "starts": part.starts[item.pk].isoformat() if item.pk in part.starts else "",
                    "papers": [str(paper.pk) for paper in item.shown_papers],  # type: ignore[attr-defined]  # set by queries.agenda
                }
            )
        told.append(
            {
                "sitting": _sitting(slug, session, part.sitting) if part.sitting else None,
                "items": items,
            }
        )
    sittings = [part.sitting for part in parts if part.sitting is not None]
    return Programme(told, last_day(session, sittings))
