"""Agenda items as something that can be found, and sessions as something to narrow a search by."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Iterator

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from nghitruong.council.councils.roles import Actor
from nghitruong.council.search.passages import Passage
from nghitruong.council.search.sources import (
    SessionChoice,
    follow,
    in_chunks,
    register,
    register_sessions,
)
from nghitruong.session.meetings.models import AgendaItem, ItemKind
from nghitruong.session.meetings.queries import may_be_inside, sessions_for


class AgendaItems:
    """Items of agendas: everybody of the council sees agendas, without what is closed to them."""

    code = "item"
    label = _("Nội dung chương trình")
    icon = "list-check"

    def everything(self) -> Iterator[Passage]:
        """All items."""
        return in_chunks(self.passages, list(AgendaItem.objects.values_list("pk", flat=True)))

    def passages(self, ids: Iterable[uuid.UUID]) -> Iterator[Passage]:
        """The title; who presents it and in which session as text."""
        items = AgendaItem.objects.filter(pk__in=list(ids)).select_related(
            "session", "sitting", "presenting_body"
        )
        for item in items:
            body = item.presenting_body.name if item.presenting_body else ""
            words = [item.presenter, body if body != item.presenter else "", item.session.title]
            if item.sitting is not None:
                words.append(item.sitting.title)
            yield Passage(
                source=self.code,
                object=item.pk,
                part=1,
                title=item.title,
                text=" · ".join(filter(None, words)),
                council=item.council_id.hex,
                kind=item.kind,
                issuer=body,
                year=str(item.session.expected_opening.year),
                session=item.session_id.hex,
                place=str(item.session.address),
            )

    def open_to(self, actor: Actor, ids: Iterable[uuid.UUID]) -> dict[uuid.UUID, str]:
        """Items of sessions this person may know of, as the page of the agenda shows them."""
        rows = AgendaItem.objects.filter(pk__in=list(ids), session__in=sessions_for(actor))
        if not may_be_inside(actor):
            rows = rows.exclude(closed_doors=True).exclude(sitting__closed_doors=True)
        return dict.fromkeys(rows.values_list("pk", flat=True), "")

    def link(self, actor: Actor, passage: Passage) -> str:
        """The agenda of its session."""
        return reverse("meetings:agenda", args=[actor.council.slug, int(passage.place)])

    def describe(self, passage: Passage) -> str:
        """«Trình bày báo cáo»."""
        return str(dict(ItemKind.choices).get(passage.kind, self.label))


def _sessions(actor: Actor) -> list[SessionChoice]:
    rows = sessions_for(actor).values_list("pk", "title", "term__number")
    return [SessionChoice(pk.hex, f"{title}, khóa {term}", term) for pk, title, term in rows]


def install() -> None:
    """Called once, when the apps are ready."""
    register(AgendaItems())
    register_sessions(_sessions)
    follow(AgendaItem, AgendaItems.code, lambda item: item.pk, delay=30)
