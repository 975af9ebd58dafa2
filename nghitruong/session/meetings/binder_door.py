"""What the binder may know of sessions and their agenda, and what it may do to them."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from django.http import HttpRequest

from nghitruong.council.binder.sessions import Item, SessionInfo
from nghitruong.council.councils.roles import Actor
from nghitruong.council.papers.models import Paper
from nghitruong.session.meetings import actions, queries
from nghitruong.session.meetings.models import AgendaItem, AgendaPaper, Session


def _info(session: Session) -> SessionInfo:
    return SessionInfo(
        session.pk,
        session.number,
        session.address,
        session.kind,
        session.title,
        session.expected_opening,
        session.place,
    )


class MeetingsDoor:
    """Implements ``binder.sessions.Sessions``."""

    def session(self, actor: Actor, number: int) -> SessionInfo:
        """404 like every page of the session."""
        return _info(queries.session_for(actor, number))

    def by_id(self, session_id: uuid.UUID) -> SessionInfo | None:
        """Inside the council's scope."""
        found = Session.objects.filter(pk=session_id).first()
        return _info(found) if found is not None else None

    def items(self, session_id: uuid.UUID) -> list[Item]:
        """In the order of the day; two statements."""
        under: dict[uuid.UUID, list[uuid.UUID]] = {}
        links = AgendaPaper.objects.filter(item__session=session_id).order_by("order", "pk")
        for item, paper in links.values_list("item", "paper"):
            under.setdefault(item, []).append(paper)
        found = AgendaItem.objects.filter(session=session_id).order_by("order", "pk")
        return [
            Item(item.pk, at, item.kind, item.title, tuple(under.get(item.pk, ())))
            for at, item in enumerate(found, start=1)
        ]

    def session_of(self, paper: uuid.UUID) -> uuid.UUID | None:
        """By its agenda."""
        return queries.session_under(paper)

    def attach(self, papers: Mapping[uuid.UUID, Sequence[uuid.UUID]], *, by: Actor) -> None:
        """After those that are there; audited as setting an item's papers."""
        items = AgendaItem.objects.in_bulk(list(papers))
        found = Paper.objects.in_bulk([key for more in papers.values() for key in more])
        for key, more in papers.items():
            known = [found[one] for one in more if one in found]
            actions.change_item_papers(items[key], more=known, by=by)

    def detach(self, papers: Collection[uuid.UUID], *, by: Actor) -> None:
        """From under every item that has one of them."""
        touched = AgendaItem.objects.filter(item_papers__paper__in=papers).distinct()
        for item in list(touched):
            actions.change_item_papers(item, less=papers, by=by)

    def frame(self, request: HttpRequest, number: int) -> dict[str, Any]:
        """The session's head and tabs."""
        from nghitruong.session.meetings.views.frame import frame

        actor = request.actor  # type: ignore[attr-defined]
        session = queries.session_for(actor, number)
        return frame(request, session, "binder") | {"base": "meetings/session_base.html"}
