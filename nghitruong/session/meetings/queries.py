"""The office's and the readers' door to sessions, agenda and summons."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final

from django.db.models import Max, Prefetch, Q, QuerySet
from django.http import Http404
from django.utils import timezone

from nghitruong.council.councils.models import (
    Membership,
    OrganizationKind,
    Person,
)
from nghitruong.council.councils.periods import in_force
from nghitruong.council.councils.queries import people_for, search_people, term_at
from nghitruong.council.councils.roles import Actor, Role
from nghitruong.council.papers.models import Paper, PaperState
from nghitruong.council.papers.queries import papers_for
from nghitruong.council.procedure.profiles import DueDate, calendar_for, due_date
from nghitruong.session.meetings.models import (
    AgendaItem,
    AgendaPaper,
    PlanTask,
    Reply,
    Session,
    SessionNotice,
    SessionState,
    Sitting,
    Summons,
    SummonsKind,
)
from nghitruong.session.meetings.plan import Line, last_day, line_of
from nghitruong.session.meetings.rules import can_prepare

MOST_LOOSE = 200  # papers of no session offered for an agenda


def sessions_for(actor: Actor) -> QuerySet[Session]:
    """Sessions of the council, the newest first: everybody of the council may know of them.

    Those still prepared, before the convocation, are shown to delegates too: clocks run already
    (papers, questions) and the opening date concerns them.
    """
    sessions: QuerySet[Session] = Session.objects.filter(council=actor.council)
    return sessions.select_related("term", "council").order_by("-term__number", "-number")


def session_for(actor: Actor, address: int) -> Session:
    """The session of that address (:class:`Session`); 404 otherwise."""
    found = sessions_for(actor).filter(address=address).first()
    if found is None:
        raise Http404
    return found


def sitting_for(actor: Actor, session: Session, number: int) -> Sitting:
    """A sitting by its number."""
    found: Sitting | None = (
        Sitting.objects.filter(council=actor.council, session=session, number=number)
        .select_related("session")
        .first()
    )
    if found is None:
        raise Http404
    return found


def shut(sitting: Sitting) -> bool:
    """Whether the hall is closed to guests and the press now."""
    item = sitting.current_item
    return sitting.closed_doors or (item is not None and item.closed_doors)


def may_be_inside(actor: Actor) -> bool:
    """Delegates, the chair, clerks, the agencies heard and the technical staff stay inside."""
    return bool(actor.roles - {Role.GUEST, Role.PRESS})


def sitting_at(actor: Actor, address: int, number: int) -> Sitting:
    """A sitting by its session's address and its number: the door of every page below it.

    Behind closed doors only the council and those on duty inside know of it (L72/2025 Đ34(5)):
    for everybody else, as for a number that does not exist, Http404.
    """
    found: Sitting | None = (
        Sitting.objects.filter(council=actor.council, session__address=address, number=number)
        .select_related("session__term", "council", "presiding", "current_item")
        .first()
    )
    if found is None or (shut(found) and not may_be_inside(actor)):
        raise Http404
    return found


def item_for(actor: Actor, session: Session, key: uuid.UUID) -> AgendaItem:
    """An agenda item of the session."""
    found: AgendaItem | None = (
        AgendaItem.objects.filter(council=actor.council, session=session, pk=key)
        .select_related("sitting", "session")
        .first()
    )
    if found is None:
        raise Http404
    return found


def task_for(actor: Actor, session: Session, key: uuid.UUID) -> PlanTask:
    """A task of the plan; the plan is the office's."""
    found: PlanTask | None = PlanTask.objects.filter(
        council=actor.council, session=session, pk=key
    ).first()
    if found is None or not can_prepare(actor):
        raise Http404
    return found


def next_number(actor: Actor, on: date) -> int:
    """The number proposed for a new session of the running term."""
    term = term_at(actor.council, on)
    if term is None:
        return 1
    return (Session.objects.filter(term=term).aggregate(n=Max("number"))["n"] or 0) + 1


def plan_lines(session: Session, today: date | None = None) -> list[Line]:
    """The plan with its dates computed today, in order of due date."""
    calendar = calendar_for(session.council)
    tasks = PlanTask.objects.filter(session=session).select_related("owner").order_by("order")
    day = today or timezone.localdate()
    closing = last_day(session)
    lines = [line_of(task, session, closing, calendar, day) for task in tasks]
    lines.sort(key=lambda line: (line.due or date.max, line.task.order))
    return lines


def late_tasks_for(actor: Actor, *, soon: int = -1) -> list[tuple[Session, Line]]:
    """What the office should have done already, of every session in preparation.

    With ``soon``, also what is due today or within so many days.
    """
    if not can_prepare(actor):
        return []
    open_states = (SessionState.PREPARING, SessionState.CONVENED, SessionState.IN_SESSION)
    return [
        (session, line)
        for session in sessions_for(actor).filter(state__in=open_states)
        for line in plan_lines(session)
        if line.late or (line.days_left is not None and 0 <= line.days_left <= soon)
    ]


def documents_due(session: Session) -> DueDate | None:
    """«Tài liệu gửi chậm nhất…»: the day papers must reach delegates; None where no rule binds."""
    key = "session.documents_before"
    if key not in session.profile.get("rules", {}) or session.kind not in ("regular", "first"):
        return None
    return due_date(session.profile, key, session.expected_opening, calendar_for(session.council))


def papers_of(actor: Actor, session: Session) -> QuerySet[Paper]:
    """The session's papers this person may see: sent for it, or under its agenda."""
    under = AgendaPaper.objects.filter(item__session=session).values("paper")
    return papers_for(actor).filter(Q(session_id=session.pk) | Q(pk__in=under))


def loose_papers(actor: Actor, session: Session) -> list[Paper]:
    """Papers sent to delegates for no session, and not on this agenda yet: the newest."""
    loose = papers_for(actor).filter(session_id__isnull=True, state=PaperState.RELEASED)
    there = AgendaPaper.objects.filter(item__session=session).values("paper")
    return list(loose.exclude(pk__in=there).order_by("-released_at", "-pk")[:MOST_LOOSE])


def session_under(paper: uuid.UUID) -> uuid.UUID | None:
    """The session on whose agenda a paper stands; of several the one that opens last."""
    links = AgendaPaper.objects.filter(paper=paper)
    newest = links.order_by("-item__session__expected_opening", "item__session")
    return newest.values_list("item__session", flat=True).first()


@dataclass(frozen=True)
class Part:
    """A sitting (None: items in no sitting yet) with its items and minutes against its hours."""

    sitting: Sitting | None
    items: list[AgendaItem]
    starts: dict[uuid.UUID, datetime]

    @property
    def minutes(self) -> int:
        """Minutes of all items."""
        return sum(item.minutes for item in self.items)

    @property
    def available(self) -> int | None:
        """Minutes from the planned start to the planned end; None when no end is planned."""
        if self.sitting is None or self.sitting.ends_at is None:
            return None
        return int((self.sitting.ends_at - self.sitting.starts_at).total_seconds() // 60)

    @property
    def over(self) -> int:
        """Minutes too many; 0 when they fit."""
        return max(0, self.minutes - self.available) if self.available is not None else 0


def agenda(actor: Actor, session: Session) -> list[Part]:
    """The agenda sitting by sitting, each item with the papers this person may see.

    Five statements whatever the number of items.
    """
    visible = papers_for(actor).select_related("council")
    links = AgendaPaper.objects.order_by("order", "pk").prefetch_related(
        Prefetch("paper", queryset=visible)
    )
    keys = set(papers_of(actor, session).values_list("pk", flat=True))
    items: QuerySet[AgendaItem] = (
        AgendaItem.objects.filter(session=session)
        .select_related("presenting_body")
        .prefetch_related(Prefetch("item_papers", queryset=links, to_attr="links"))
        .order_by("order", "pk")
    )
    if not may_be_inside(actor):
        items = items.filter(closed_doors=False)
    sittings = list(sittings_for(actor, session))
    known = {sitting.pk for sitting in sittings}
    by_sitting: dict[uuid.UUID | None, list[AgendaItem]] = {}
    for item in items:
        shown = [link.paper for link in item.links if link.paper_id in keys]  # type: ignore[attr-defined]  # to_attr
        item.shown_papers = shown  # type: ignore[attr-defined]  # for templates
        if item.sitting_id is None or item.sitting_id in known:
            by_sitting.setdefault(item.sitting_id, []).append(item)
    parts = [_part(sitting, by_sitting.get(sitting.pk, [])) for sitting in sittings]
    if by_sitting.get(None) or not parts:
        parts.append(_part(None, by_sitting.get(None, [])))
    return parts


def programme(actor: Actor, session: Session, kind: str) -> list[Part]:
    """The agenda printed with a summons or an invitation.

    An invitation goes to people outside the council, whoever prints it: nothing of what is behind
    closed doors (L72/2025 Đ34(5)).
    """
    parts = agenda(actor, session)
    if kind != SummonsKind.INVITATION:
        return parts
    open_parts = [part for part in parts if part.sitting is None or not part.sitting.closed_doors]
    return [
        _part(part.sitting, [item for item in part.items if not item.closed_doors])
        for part in open_parts
    ]


def place_in_sitting(item: AgendaItem) -> int:
    """Which item of its sitting it is, counted as the hall counts it; 0: in no sitting yet. (The
    agenda's own numbers go through the whole session.)"""
    if item.sitting_id is None:
        return 0
    ordered = AgendaItem.objects.filter(sitting=item.sitting_id).order_by("order", "pk")
    return list(ordered.values_list("pk", flat=True)).index(item.pk) + 1


def _part(sitting: Sitting | None, items: list[AgendaItem]) -> Part:
    starts: dict[uuid.UUID, datetime] = {}
    if sitting is not None:
        at = sitting.starts_at
        for item in items:
            starts[item.pk] = at
            at += timedelta(minutes=item.minutes)
    return Part(sitting, items, starts)


def notices_for(actor: Actor, session: Session | None = None) -> QuerySet[SessionNotice]:
    """News of sessions, newest first."""
    notices: QuerySet[SessionNotice] = SessionNotice.objects.filter(council=actor.council)
    if session is not None:
        notices = notices.filter(session=session)
    return notices.select_related("session").defer("session__profile").order_by("-at", "-pk")


NEWS_READ: Final = 200  # of a session; a busy day says the same sentence dozens of times


def news_lines(actor: Actor, session: Session, most: int = 10) -> list[tuple[SessionNotice, int]]:
    """The news of a session, newest first: the same words of one day are one line, the last of
    them, with how often they were said."""
    lines: dict[tuple[date, str], list[SessionNotice]] = {}
    for notice in notices_for(actor, session)[:NEWS_READ]:
        lines.setdefault((timezone.localdate(notice.at), notice.text), []).append(notice)
    return [(said[0], len(said)) for said in list(lines.values())[:most]]


def summons_for(actor: Actor, session: Session) -> QuerySet[Summons]:
    """All of a session for the office; for anybody else their own."""
    found: QuerySet[Summons] = Summons.objects.filter(council=actor.council, session=session)
    if not can_prepare(actor):
        found = found.filter(person=actor.person_id)
    return (
        found.select_related("session", "person")
        .defer("session__profile")  # the frozen rules are long, and one row here is one person
        .order_by("-kind", "number")
    )


def sittings_for(actor: Actor, session: Session) -> QuerySet[Sitting]:
    """Its sittings in order; those behind closed doors only for who may be inside."""
    sittings = sittings_of(session)
    return sittings if may_be_inside(actor) else sittings.filter(closed_doors=False)


def sittings_of(session: Session) -> QuerySet[Sitting]:
    """Its sittings in order."""
    sittings: QuerySet[Sitting] = Sitting.objects.filter(session=session)
    return sittings.order_by("number")


def summoned(session: Session) -> QuerySet[Any, Any]:
    """The people who have a summons or an invitation already, as a subquery."""
    rows: Any = Summons.objects.filter(session=session).values("person")
    return rows  # type: ignore[no-any-return]  # a values queryset has no useful type


def invitable_for(actor: Actor, session: Session, text: str = "") -> QuerySet[Person]:
    """Whom the session may still invite, by given name, narrowed to names holding every word."""
    people: QuerySet[Person] = people_for(actor).exclude(pk__in=summoned(session))
    return search_people(people, text)


def places_of(session: Session) -> dict[uuid.UUID, str]:
    """Where each delegate sits and in which Tổ («Tổ đại biểu số 2 · ghế B12»), by person; one
    statement."""
    today = timezone.localdate()
    rows = (
        Membership.objects.filter(in_force(today), council_id=session.council_id)
        .filter(organization__kind__in=[OrganizationKind.GROUP, OrganizationKind.PLENARY])
        .select_related("organization", "seat")
        .order_by("organization__kind")
    )
    found: dict[uuid.UUID, list[str]] = {}
    for row in rows:
        if row.organization.kind == OrganizationKind.GROUP:
            found.setdefault(row.person_id, []).append(row.organization.name)
        elif row.seat is not None:
            seat = row.seat.label or row.seat.number
            found.setdefault(row.person_id, []).append(f"ghế {seat}")
    return {person: " · ".join(words) for person, words in found.items()}


def own_summons(actor: Actor, session: Session) -> Summons | None:
    """This person's own summons or invitation."""
    if actor.person_id is None:
        return None
    return summons_for(actor, session).filter(person=actor.person_id).first()


def unanswered_for(actor: Actor) -> QuerySet[Summons]:
    """This person's summons still without an answer, of sessions not over."""
    over = (SessionState.CLOSED, SessionState.CANCELLED)
    found: QuerySet[Summons] = Summons.objects.filter(
        council=actor.council, person=actor.person_id, reply=Reply.NONE
    )
    return found.exclude(session__state__in=over).select_related("session")


@dataclass(frozen=True)
class ReplyCounts:
    """Answers to summons of a session."""

    total: int
    coming: int
    absent: int
    waiting: int


def reply_counts(session: Session, kind: SummonsKind = SummonsKind.SUMMONS) -> ReplyCounts:
    """How many answered what."""
    replies = list(
        Summons.objects.filter(session=session, kind=kind).values_list("reply", flat=True)
    )
    return ReplyCounts(
        len(replies),
        replies.count(Reply.COMING),
        replies.count(Reply.ABSENT),
        replies.count(Reply.NONE),
    )
