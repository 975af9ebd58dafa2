"""When an asked-for paper is due, and whether a paper is late. All computed, nothing stored."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from django.utils import timezone
from django.utils.translation import gettext as _

from nghitruong.council.councils.models import Council
from nghitruong.council.papers.models import Paper
from nghitruong.council.procedure.profiles import DueDate, calendar_for, due_date
from nghitruong.lib.days import HolidayCalendar
from nghitruong.session.meetings.clock import DOCUMENTS, Clock, clocks_of, rule_of
from nghitruong.session.meetings.models import AgendaPaper, Session
from nghitruong.session.submissions.models import Ask, AskState

REMIND_RULE = "submission.remind_before"


def due_of(ask: Ask, calendar: HolidayCalendar) -> DueDate | None:
    """The day the paper is due, by the rules frozen on the session; None where no rule and no
    person gave one. A day the office set itself wins: it may only want it earlier."""
    if ask.due_override is not None:
        day = ask.due_override
        words = _("hạn Văn phòng ghi trong đề nghị")
        return DueDate("", words, day, day, words, "warn")
    return ruled(ask.session, ask.kind, calendar)


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
    """Those past the day they were due at the delegates (Điều 12(1): regular sessions).

    The days of the Ban's dossier and of its report are about who receives them, not about
    delegates: being late there shows on the clock and holds nothing back.
    """
    keys = {paper.pk: paper.session_id for paper in papers}
    loose = [pk for pk, session in keys.items() if session is None]
    if loose:
        under = AgendaPaper.objects.filter(paper__in=loose).values_list("paper", "item__session")
        keys |= dict(under)
    sessions = Session.objects.filter(pk__in={key for key in keys.values() if key})
    late: list[tuple[Paper, Clock]] = []
    for session in sessions.select_related("council"):
        own = [paper for paper in papers if keys[paper.pk] == session.pk]
        running = clocks_of(session, own)
        late += [
            (paper, running[paper.pk])
            for paper in own
            if paper.pk in running
            and running[paper.pk].due.key == DOCUMENTS
            and running[paper.pk].state == "overdue"
        ]
    return late
