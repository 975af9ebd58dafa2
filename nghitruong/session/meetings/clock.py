"""The clock of a paper: by when it had to be there, by which article, and whether it was.

Counted from the expected opening with the rules frozen on the session and the council's days off;
nothing of it is stored, so that moving the opening moves every clock.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Collection, Iterable, Mapping
from copy import copy
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from django.db.models import Min
from django.utils import timezone
from django.utils.translation import gettext as _

from nghitruong.council.papers.models import Paper, PaperKind, PaperVersion
from nghitruong.council.procedure.profiles import DueDate, calendar_for, due_date
from nghitruong.lib.days import date_vn
from nghitruong.session.meetings.models import Session, SessionKind

DOCUMENTS, DOSSIER, REPORT = (
    "session.documents_before",
    "verify.dossier_before",
    "verify.report_before",
)
# What delegates get before a regular session; the Ban's dossier is due at any session.
_DOSSIER_KINDS: Final = frozenset(
    {PaperKind.DRAFT, PaperKind.PROPOSAL, PaperKind.REPORT, PaperKind.SUBMISSION}
)
_DOCUMENT_KINDS: Final = _DOSSIER_KINDS | {PaperKind.VOTERS}
_REGULAR: Final = frozenset({SessionKind.REGULAR, SessionKind.FIRST})


# Where a paper was asked for, when it reached the office (None: not yet), by paper.
Arrivals = Callable[[Collection[uuid.UUID]], Mapping[uuid.UUID, datetime | None]]
_arrivals: list[Arrivals] = []


def register_arrivals(arrivals: Arrivals) -> None:
    """Said by the layer that asks for papers: between a body's upload and the office lie days that
    are not the body's or not the office's fault."""
    if arrivals not in _arrivals:
        _arrivals.append(arrivals)


@dataclass(frozen=True)
class Clock:
    """One paper's deadline. ``met`` is the day it was there: sent to delegates, or (a Ban's
    dossier and report, and all in :func:`arrivals_of`) received; None while it is not."""

    due: DueDate
    met: date | None
    today: date
    approved_by: str = ""  # who let it circulate late

    def __str__(self) -> str:
        words = {
            "met": _("đúng hạn"),
            "late": _("chậm %(n)s ngày"),
            "overdue": _("quá hạn %(n)s ngày"),
            "running": _("còn %(n)s ngày") if self.days else _("hôm nay là hạn"),
        }[self.state] % {"n": self.days}
        return _("%(words)s; hạn %(day)s (%(article)s)") % {
            "words": words, "day": date_vn(self.due.due), "article": self.due.article,
        }  # fmt: skip

    @property
    def state(self) -> str:
        """``met``, ``late`` (there, after its day), ``overdue`` (not there), ``running``."""
        if self.met is not None:
            return "late" if self.met > self.due.due else "met"
        return "overdue" if self.due.overdue(self.today) else "running"

    @property
    def days(self) -> int:
        """Days late, or days left."""
        return abs(((self.met or self.today) - self.due.due).days)


def rule_of(kind: str, session_kind: str) -> str:
    """Which rule binds a paper of this kind at a session of that kind; «» where none does."""
    if kind == PaperKind.VERIFICATION:
        return REPORT
    if session_kind in _REGULAR and kind in _DOCUMENT_KINDS:
        return DOCUMENTS
    return DOSSIER if kind in _DOSSIER_KINDS else ""


def clocks_of(
    session: Session, papers: Iterable[Paper], today: date | None = None
) -> dict[uuid.UUID, Clock]:
    """The clock of each paper that has one; a few queries, however many papers."""
    return _clocks(session, list(papers), today, sent=True)


def arrivals_of(
    session: Session, papers: Iterable[Paper], today: date | None = None
) -> dict[uuid.UUID, Clock]:
    """The same days, held against when each paper reached the office: what the body that submits it
    answers for. The days until the office sends it to the delegates are the office's."""
    return _clocks(session, list(papers), today, sent=False)


def reached_office(papers: Iterable[Paper]) -> dict[uuid.UUID, datetime | None]:
    """When those that were asked for came to the office (None: not yet); others are left out, they
    came when they were uploaded."""
    keys = [paper.pk for paper in papers]
    came: dict[uuid.UUID, datetime | None] = {}
    for arrivals in _arrivals:
        came |= arrivals(keys)
    return came


def _clocks(
    session: Session, found: list[Paper], today: date | None, *, sent: bool
) -> dict[uuid.UUID, Clock]:
    day = today or timezone.localdate()
    calendar = calendar_for(session.council)
    received = dict(
        PaperVersion.objects.filter(paper__in=[paper.pk for paper in found])
        .values_list("paper")
        .annotate(first=Min("uploaded_at"))
    )
    came: dict[uuid.UUID, datetime | None] = {**received, **reached_office(found)}
    dues: dict[str, DueDate] = {}
    clocks: dict[uuid.UUID, Clock] = {}
    for paper in found:
        key = rule_of(paper.kind, session.kind)
        if not key or key not in session.profile.get("rules", {}):
            continue
        if key not in dues:
            dues[key] = due_date(session.profile, key, session.expected_opening, calendar)
        moment = paper.released_at if sent and key == DOCUMENTS else came.get(paper.pk)
        met = timezone.localtime(moment).date() if moment else None
        clocks[paper.pk] = Clock(dues[key], met, day, paper.late_approved_by)
    return clocks


def clocks_at(session: Session, opening: date, papers: Iterable[Paper]) -> dict[uuid.UUID, Clock]:
    """:func:`clocks_of` as they would be if the session opened on another day."""
    other = copy(session)
    other.expected_opening = opening
    return clocks_of(other, papers)


def overdue_at(
    session: Session, opening: date, papers: Iterable[Paper]
) -> list[tuple[Paper, Clock]]:
    """Papers not sent yet whose day at the delegates would be past, and is not now."""
    found = list(papers)
    now, then = clocks_of(session, found), clocks_at(session, opening, found)
    return [
        (paper, then[paper.pk])
        for paper in found
        if paper.pk in then
        and then[paper.pk].due.key == DOCUMENTS
        and then[paper.pk].state == "overdue"
        and now[paper.pk].state != "overdue"
    ]


@dataclass
class Standing:
    """A line of the league: one body that submits papers."""

    name: str
    papers: int = 0
    in_time: int = 0
    late: int = 0
    overdue: int = 0
    days_late: int = 0

    @property
    def average(self) -> float:
        """Days late, over the papers that are late or overdue."""
        behind = self.late + self.overdue
        return self.days_late / behind if behind else 0.0


def standings(papers: Iterable[Paper], arrivals: dict[uuid.UUID, Clock]) -> list[Standing]:
    """Bodies by how late their papers reach the office (:func:`arrivals_of`), the latest first."""
    found: dict[str, Standing] = {}
    for paper in papers:
        clock = arrivals.get(paper.pk)
        if clock is None:
            continue
        name = paper.issuing_body.name if paper.issuing_body else paper.issuer
        line = found.setdefault(name, Standing(name))
        line.papers += 1
        if clock.state in ("late", "overdue"):
            line.late += clock.state == "late"
            line.overdue += clock.state == "overdue"
            line.days_late += clock.days
        else:
            line.in_time += clock.state == "met"
    return sorted(found.values(), key=lambda s: (-s.overdue, -s.late, -s.days_late, s.name))
