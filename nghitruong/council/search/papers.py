"""Papers as a source, page by page: the newest text, and while the office alone may read that, the
newest one of the readers too. Withdrawn papers are not found."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Iterator
from typing import Any

from django.db.models.signals import post_save
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from nghitruong.council.councils.roles import Actor
from nghitruong.council.intake.models import PageText
from nghitruong.council.intake.signals import text_ready
from nghitruong.council.papers.models import (
    ERASED_TITLE,
    Paper,
    PaperKind,
    PaperState,
    PaperVersion,
)
from nghitruong.council.papers.queries import newest_for, papers_for
from nghitruong.council.search.indexing import REBUILD
from nghitruong.council.search.passages import Passage
from nghitruong.council.search.sources import follow, in_chunks, register, touch
from nghitruong.platform.jobs import api as jobs


class Papers:
    """Papers of the council."""

    code = "paper"
    label = _("Tài liệu kỳ họp")
    icon = "file-text"

    def everything(self) -> Iterator[Passage]:
        """All but the withdrawn."""
        papers = Paper.objects.exclude(state=PaperState.WITHDRAWN)
        return in_chunks(self.passages, list(papers.values_list("pk", flat=True)))

    def passages(self, ids: Iterable[uuid.UUID]) -> Iterator[Passage]:
        """Each page with words; a paper without text is still found by its title."""
        papers = {
            paper.pk: paper
            for paper in Paper.objects.filter(pk__in=list(ids)).exclude(state=PaperState.WITHDRAWN)
        }
        kept: dict[uuid.UUID, list[PaperVersion]] = {}
        for version in PaperVersion.objects.filter(paper__in=papers).order_by("-number"):
            mine = kept.setdefault(version.paper_id, [])
            if not mine or (mine[-1].unread and not version.unread):
                mine.append(version)
        texts: dict[uuid.UUID, list[tuple[int, str]]] = {}
        pages = PageText.objects.filter(version__in=[v.pk for vs in kept.values() for v in vs])
        for version_id, number, text in pages.values_list("version_id", "number", "text"):
            if text.strip():
                texts.setdefault(version_id, []).append((number, text))
        for key, versions in kept.items():
            for found in versions:
                for number, text in sorted(texts.get(found.pk, [])) or [(1, "")]:
                    yield self._passage(papers[key], found, number, text)

    def _passage(self, paper: Paper, version: PaperVersion, number: int, text: str) -> Passage:
        return Passage(
            source=self.code,
            object=paper.pk,
            part=number,
            title=paper.title,
            text=text,
            council=paper.council_id.hex,
            version=str(version.number),
            kind=paper.kind,
            issuer=paper.issuer,
            year=str(paper.dated.year) if paper.dated else "",
            session=paper.session_id.hex if paper.session_id else "",
            number=paper.number,
        )

    def open_to(self, actor: Actor, ids: Iterable[uuid.UUID]) -> dict[uuid.UUID, str]:
        """Through the door of papers, at this moment; the newest text or none."""
        seen = papers_for(actor).filter(pk__in=list(ids)).exclude(state=PaperState.WITHDRAWN)
        papers = list(Paper.objects.filter(pk__in=seen.values("pk")))
        return {pk: str(version.number) for pk, version in newest_for(actor, papers).items()}

    def link(self, actor: Actor, passage: Passage) -> str:
        """The reader, at the page."""
        url = reverse("papers:paper", args=[actor.council.slug, passage.object])
        return f"{url}#trang={passage.part}"

    def describe(self, passage: Passage) -> str:
        """«Tờ trình»."""
        return str(dict(PaperKind.choices).get(passage.kind, passage.kind))


def _text_ready(version: PaperVersion, **_: Any) -> None:
    touch(Papers.code, version.paper_id, council_id=version.council_id)


def _erased(instance: Paper, **_: Any) -> None:
    """A state secret was expunged: the words must leave the disk too, not only the answers. A
    deleted passage stays in its file until files are merged, so the index is made anew."""
    if instance.title == ERASED_TITLE:
        jobs.enqueue(REBUILD, "all")


def install() -> None:
    """Called once, when the apps are ready."""
    register(Papers())
    follow(Paper, Papers.code, lambda paper: paper.pk)
    follow(PaperVersion, Papers.code, lambda version: version.paper_id)
    post_save.connect(_erased, sender=Paper, dispatch_uid="search.paper.erased")
    text_ready.connect(_text_ready, dispatch_uid="search.paper.text")
