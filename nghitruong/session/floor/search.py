"""Speeches for everybody who may be in the hall, lines of the journal for its readers."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Iterator
from typing import Any

from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from nghitruong.council.councils.roles import Actor
from nghitruong.council.search.passages import Passage
from nghitruong.council.search.sources import follow, in_chunks, register
from nghitruong.session.floor import journal
from nghitruong.session.floor.models import JournalEntry, Speech, SpeechKind
from nghitruong.session.floor.queries import may_be_inside
from nghitruong.session.floor.rules import may_see_desk

_SHUT = Q(sitting__closed_doors=True) | Q(item__closed_doors=True)


class _OfSittings:
    """Rows of sittings; what happened behind closed doors stays with those inside."""

    code = ""
    label: Any = ""
    icon = ""
    page = ""
    model: Any = None

    def everything(self) -> Iterator[Passage]:
        """All rows."""
        return in_chunks(self.passages, list(self.model.objects.values_list("pk", flat=True)))

    def passages(self, ids: Iterable[uuid.UUID]) -> Iterator[Passage]:
        """One a row."""
        rows = self.model.objects.filter(pk__in=list(ids)).select_related(
            "item", "sitting__session"
        )
        for row in rows:
            yield self._passage(row)

    def _passage(self, row: Any) -> Passage:
        raise NotImplementedError

    def _about(self, row: Any, at: Any) -> dict[str, Any]:
        sitting = row.sitting
        return {
            "source": self.code,
            "object": row.pk,
            "part": 1,
            "council": row.council_id.hex,
            "year": str(timezone.localtime(at).year),
            "session": sitting.session_id.hex,
            "place": f"{sitting.session.address}/{sitting.number}",
        }

    def open_to(self, actor: Actor, ids: Iterable[uuid.UUID]) -> dict[uuid.UUID, str]:
        """Rows of sittings this person may be in."""
        rows = self.model.objects.filter(pk__in=list(ids), council=actor.council)
        if not may_be_inside(actor):
            rows = rows.exclude(_SHUT)
        return dict.fromkeys(rows.values_list("pk", flat=True), "")

    def link(self, actor: Actor, passage: Passage) -> str:
        """The page of the sitting."""
        session, _slash, sitting = passage.place.partition("/")
        return reverse(self.page, args=[actor.council.slug, int(session), int(sitting)])


class Speeches(_OfSittings):
    """Who spoke, on what."""

    code = "speech"
    label = _("Phát biểu")
    icon = "microphone"
    page = "floor:hall"
    model = Speech

    def _passage(self, row: Any) -> Passage:
        subject = row.item.title if row.item is not None else row.sitting.title
        when = f"{timezone.localtime(row.started_at):%H:%M %d/%m/%Y}"
        return Passage(
            title=f"{row.name}: {row.get_kind_display()}",
            text=" · ".join(filter(None, [subject, row.title, row.sitting.title, when])),
            kind=row.kind,
            **self._about(row, row.started_at),
        )

    def describe(self, passage: Passage) -> str:
        """«Chất vấn»."""
        return str(dict(SpeechKind.choices).get(passage.kind, self.label))


class Journal(_OfSittings):
    """Lines of the journal: the clerks' and the chair's."""

    code = journal.SOURCE
    label = _("Diễn biến phiên họp")
    icon = "notebook"
    page = "floor:journal"
    model = JournalEntry

    def _passage(self, row: Any) -> Passage:
        return Passage(
            title=row.item.title if row.item is not None else row.sitting.title,
            text=f"{timezone.localtime(row.at):%H:%M %d/%m/%Y} · {row.text}",
            kind="journal",
            **self._about(row, row.at),
        )

    def open_to(self, actor: Actor, ids: Iterable[uuid.UUID]) -> dict[uuid.UUID, str]:
        """As the page of the journal: clerks and chair."""
        return super().open_to(actor, ids) if may_see_desk(actor) else {}

    def describe(self, passage: Passage) -> str:
        """Always the same words."""
        return str(self.label)


def install() -> None:
    """Called once, when the apps are ready."""
    register(Speeches())
    register(Journal())
    follow(Speech, Speeches.code, lambda row: row.pk, delay=journal.INDEX_SECONDS)
    follow(JournalEntry, Journal.code, lambda row: row.pk, delay=journal.INDEX_SECONDS)
