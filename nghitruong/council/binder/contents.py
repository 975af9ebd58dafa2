"""The binder as everybody sees it: sections, tabs, pages counted through.

Tab and page numbers are counted over every paper of the session that is not withdrawn, sent to
delegates or not, so that a number means the same for the clerk, a delegate and the printed set.
What an agency has not sent to the office (or was given back) is not in the binder for anybody.
"""

from __future__ import annotations

import uuid
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from typing import Any

from django.db.models import OuterRef, Q, QuerySet, Subquery

from nghitruong.council.binder.models import BinderPlace
from nghitruong.council.binder.sessions import Item, sessions
from nghitruong.council.intake.models import Intake
from nghitruong.council.papers import extension
from nghitruong.council.papers.models import Paper, PaperKind, PaperState, PaperVersion
from nghitruong.council.papers.queries import MENU
from nghitruong.platform.files import inspection

_RANK = {entry.code: at for at, entry in enumerate(MENU)}
_SECTION = {kind: entry.code for entry in MENU for kind in entry.kinds}


def section_of(paper: Paper) -> str:
    """The section a paper of this kind belongs in."""
    return _SECTION.get(PaperKind(paper.kind), MENU[-1].code)


def ordered(places: Iterable[BinderPlace]) -> list[BinderPlace]:
    """In the order of the binder."""
    return sorted(places, key=lambda p: (_RANK.get(p.section, 99), p.order, p.pk))


@dataclass(frozen=True)
class Leaf:
    """The bytes that are read and printed for a paper: its newest text, or the PDF made of it.

    ``sha256`` is empty where there is no PDF: one page says so in the printed set.
    """

    version: int
    sha256: str
    pages: int


@dataclass(frozen=True)
class Entry:
    """A paper at its place; pages ``first``…``last`` of the packet."""

    paper: Paper
    section: str
    tab: int
    leaf: Leaf
    first: int

    @property
    def last(self) -> int:
        """The packet's page number of its last page."""
        return self.first + self.leaf.pages - 1


@dataclass
class Section:
    """One of the eight sections of the fixed menu."""

    code: str
    label: str
    entries: list[Entry] = field(default_factory=list)


def session_papers(
    council_id: uuid.UUID, session_id: uuid.UUID, items: Iterable[Item] | None = None
) -> QuerySet[Paper]:
    """Papers of the session, sent for it or under its agenda; withdrawn ones left out, and those
    an agency still works on."""
    items = sessions().items(session_id) if items is None else items
    under = {key for item in items for key in item.papers}
    found: QuerySet[Paper] = Paper.objects.filter(
        Q(session_id=session_id) | Q(pk__in=under), council=council_id
    ).exclude(Q(state=PaperState.WITHDRAWN) | extension.hidden_from_office())
    return found.order_by("created_at", "pk")


def leaves_of(papers: Collection[uuid.UUID]) -> dict[uuid.UUID, Leaf]:
    """Paper → what is read of it."""
    readable = PaperVersion.objects.filter(paper=OuterRef("paper"), unread=False)
    newest = readable.order_by("-number")
    versions = PaperVersion.objects.filter(paper__in=papers, pk=Subquery(newest.values("pk")[:1]))
    made: dict[Any, Any] = {
        row.version_id: row
        for row in Intake.objects.filter(version__in=versions).exclude(reading_sha256="")
    }
    leaves = {}
    for version in versions:
        reading = made.get(version.pk)
        if version.media_type == inspection.PDF:
            leaf = Leaf(version.number, version.sha256, version.pages or 1)
        elif reading is not None:
            leaf = Leaf(version.number, reading.reading_sha256, reading.pages or 1)
        else:
            leaf = Leaf(version.number, "", 1)
        leaves[version.paper_id] = leaf
    return leaves


def contents(
    council_id: uuid.UUID, session_id: uuid.UUID, items: Iterable[Item] | None = None
) -> list[Section]:
    """The whole binder; empty sections are left in. Five statements whatever its size."""
    papers = list(session_papers(council_id, session_id, items).select_related("council"))
    places = {place.paper_id: place for place in BinderPlace.objects.filter(session_id=session_id)}
    leaves = leaves_of([paper.pk for paper in papers])
    far = len(papers) + len(places) + 1

    def key(at: int, paper: Paper) -> tuple[int, int, int]:
        place = places.get(paper.pk)
        section = place.section if place else section_of(paper)
        return _RANK.get(section, 99), place.order if place else far, at

    listed = sorted(enumerate(papers), key=lambda pair: key(*pair))
    sections = {entry.code: Section(entry.code, entry.label) for entry in MENU}
    page = 1
    for tab, (_at, paper) in enumerate(listed, start=1):
        place = places.get(paper.pk)
        code = place.section if place and place.section in sections else section_of(paper)
        leaf = leaves.get(paper.pk, Leaf(0, "", 1))
        entry = Entry(paper, code, tab, leaf, page)
        sections[code].entries.append(entry)
        page = entry.last + 1
    return list(sections.values())
