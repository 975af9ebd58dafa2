"""When an asked-for paper is due, and whether a paper is late. All computed, nothing stored."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Sequence
from datetime import date, datetime

from django.db.models import OuterRef, Q, Subquery
from django.utils import timezone
from django.utils.translation import gettext as _

from nghitruong.council.councils.models import Council
from nghitruong.council.papers.models import Paper, PaperState
from nghitruong.council.procedure.profiles import DueDate, calendar_for, due_date
from nghitruong.lib.days import HolidayCalendar
from nghitruong.session.meetings.clock import DOCUMENTS, Clock, clocks_at, clocks_of, rule_of
from nghitruong.session.meetings.models import AgendaPaper, Session, SessionState
from nghitruong.session.submissions.models import Ask, AskState, AskStep, StepKind

# Steps by which a paper reaches the office.
ARRIVING = (StepKind.SEND, StepKind.FORWARD, StepKind.TAKE_IN)
REMIND_RULE = "submission.remind_before"


def due_of(ask: Ask, calendar: HolidayCalendar) -> DueDate | None:
    """The day the paper is due, by the rules frozen on the session; None where no rule and no
    person gave one. A day the office set itself counts where it is earlier: no page may call in
    time what another one, by the law, calls late."""
    by_rule = ruled(ask.session, ask.kind, calendar)
    day = ask.due_override
    if day is None or (by_rule is not None and by_rule.due <= day):
        return by_rule
    words = _("hạn Văn phòng ghi trong đề nghị")
    return DueDate("", words, day, day, words, "warn")


def ruled(session: Session, kind: str, calendar: HolidayCalendar) -> DueDate | None:
    """The day the session's rules give a paper of this kind."""
    key = rule_of(kind, session.kind)
    if not key or key not in session.profile.get("rules", {}):
        return None
    return due_date(session.profile, key, session.expected_opening, calendar)


def arrived(ask: Ask) -> datetime | None:
    """When it reached the council's office, if it is (still) there; needs ``came`` of
    ``queries.asks_for``."""
    at_the_office = ask.state in (AskState.CHECKING, AskState.CLEARED)
    came: datetime | None = getattr(ask, "came", None)
    return came if at_the_office else None


def arrivals(papers: Collection[uuid.UUID]) -> dict[uuid.UUID, datetime | None]:
    """:func:`arrived` of those papers that were asked for; for the clocks of the session."""
    came = AskStep.objects.filter(ask=OuterRef("pk"), state=AskState.CHECKING, kind__in=ARRIVING)
    asks = Ask.objects.filter(paper__in=papers).exclude(state=AskState.CANCELLED)
    found = asks.annotate(came=Subquery(came.order_by("-at").values("at")[:1]))
    return {ask.paper_id: arrived(ask) for ask in found if ask.paper_id is not None}


class Clocks:
    """The clocks of a council's asks; the days off are read once, when the first is asked for."""

    def __init__(self, council: Council, today: date | None = None) -> None:
        self._council = council
        self._today = today or timezone.localdate()
        self._calendar: HolidayCalendar | None = None

    def of(self, ask: Ask) -> Clock | None:
        """None where nothing gives it a day, or it is not wanted any more."""
        if ask.state == AskState.CANCELLED:
            return None
        if self._calendar is None:
            self._calendar = calendar_for(self._council)
        due = due_of(ask, self._calendar)
        if due is None:
            return None
        came = arrived(ask)
        met = timezone.localtime(came).date() if came else None
        return Clock(due, met, self._today)


def remind_from(ask: Ask, due: DueDate, calendar: HolidayCalendar) -> date:
    """The first day on which the body is reminded that the paper is soon due."""
    if REMIND_RULE not in ask.session.profile.get("rules", {}):
        return due.due
    return due_date(ask.session.profile, REMIND_RULE, due.due, calendar).due


def late_papers(papers: Sequence[Paper]) -> list[tuple[Paper, Clock]]:
    """Those not sent yet and past the day they were due at the delegates (Điều 12(1): regular
    sessions), at any of the sessions they are for or stand on the agenda of, with the worst clock.

    The days of the Ban's dossier and of its report are about who receives them, not about
    delegates: being late there shows on the clock and holds nothing back.
    """
    places: dict[uuid.UUID, set[uuid.UUID]] = {}
    under = AgendaPaper.objects.filter(paper__in=[paper.pk for paper in papers])
    for paper in papers:
        if paper.session_id is not None:
            places.setdefault(paper.session_id, set()).add(paper.pk)
    for key, session_key in under.values_list("paper", "item__session"):
        places.setdefault(session_key, set()).add(key)
    worst: dict[uuid.UUID, tuple[Paper, Clock]] = {}
    for session in Session.objects.filter(pk__in=places).select_related("council"):
        own = [paper for paper in papers if paper.pk in places[session.pk]]
        for paper, clock in past_their_day(session, own):
            known = worst.get(paper.pk)
            if clock.state == "overdue" and (known is None or known[1].days < clock.days):
                worst[paper.pk] = paper, clock
    return list(worst.values())


def past_their_day(session: Session, papers: Sequence[Paper]) -> list[tuple[Paper, Clock]]:
    """Papers that reach, or reached, the delegates of this session after their day."""
    running = clocks_of(session, papers)
    clocks = [(paper, running[paper.pk]) for paper in papers if paper.pk in running]
    return [
        (paper, clock)
        for paper, clock in clocks
        if clock.due.key == DOCUMENTS and clock.state in ("late", "overdue")
    ]


def becoming_late(session: Session, to: date) -> list[tuple[Paper, Clock]]:
    """Papers in the delegates' hands in time, which another opening day makes late; those somebody
    let circulate late already are not asked about again."""
    under = AgendaPaper.objects.filter(item__session=session).values("paper")
    sent = Paper.objects.filter(
        Q(session_id=session.pk) | Q(pk__in=under),
        state=PaperState.RELEASED,
        late_circulation__isnull=True,
    )
    papers = list(sent.order_by("fold", "pk"))
    late_now = {paper.pk for paper, _clock in past_their_day(session, papers)}
    then = clocks_at(session, to, [paper for paper in papers if paper.pk not in late_now])
    return [
        (paper, then[paper.pk])
        for paper in papers
        if paper.pk in then
        and then[paper.pk].due.key == DOCUMENTS
        and then[paper.pk].state == "late"
    ]


def sent_late(paper: Paper) -> Clock | None:
    """For a paper sent already: its clock at a session that is not over and whose day it missed.
    Before it may stand on that agenda somebody has to allow it, as before sending."""
    if paper.released_at is None:
        return None
    ahead = Session.objects.filter(council=paper.council_id).exclude(
        state__in=(SessionState.CLOSED, SessionState.CANCELLED)
    )
    for session in ahead.select_related("council").order_by("expected_opening"):
        for _paper, clock in past_their_day(session, [paper]):
            return clock
    return None
