"""The only door to asks and rooms; what they let a person see of papers."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Case, CharField, Count, F, OuterRef, Q, QuerySet, Subquery, Value, When
from django.http import Http404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from nghitruong.council.councils.models import Duty, DutyKind, OrganizationKind
from nghitruong.council.councils.periods import in_force
from nghitruong.council.councils.roles import Actor, Role
from nghitruong.council.papers.models import Paper, PaperKind, PaperState, PaperVersion
from nghitruong.council.papers.queries import papers_for
from nghitruong.council.papers.rules import is_office
from nghitruong.session.meetings.models import AgendaItem, AgendaPaper, ItemKind, Session
from nghitruong.session.meetings.models import SessionState as Meeting
from nghitruong.session.submissions import due, flows, rules
from nghitruong.session.submissions.flows import Party
from nghitruong.session.submissions.models import (
    Ask,
    AskState,
    AskStep,
    LateCirculation,
    Publicity,
    Room,
    RoomPaper,
    RoomReader,
    StepKind,
)
from nghitruong.session.submissions.telling import ON_DUTY

CIRCULATED = "circulated"  # a stage of the list beside the states: the paper was released


def asks_for(actor: Actor) -> QuerySet[Ask]:
    """Asks this person may know of, each with ``stage`` (its state, or CIRCULATED), ``came`` (when
    it last reached the council's office) and ``texts`` (how many versions).

    The office and the chair all; a body its own; who forwards for the People's Committee those that
    pass there.
    """
    asks: QuerySet[Ask] = Ask.objects.filter(council=actor.council)
    if not is_office(actor):
        mine = Q(body__in=actor.body_ids)
        if actor.on_duty(DutyKind.FORWARDER):
            mine |= Q(forwarded=True)
        asks = asks.filter(mine)
    steps = AskStep.objects.filter(ask=OuterRef("pk"), state=AskState.CHECKING).order_by("-at")
    arrivals = steps.filter(kind__in=(StepKind.SEND, StepKind.FORWARD, StepKind.TAKE_IN))
    texts = PaperVersion.objects.filter(paper=OuterRef("paper")).order_by("-number")
    # A session brings a hundred rules: it is read once, not again with each of its asks.
    related = asks.select_related("body", "item", "paper", "council").prefetch_related("session")
    return related.annotate(
        stage=Case(
            When(paper__released_at__isnull=False, then=Value(CIRCULATED)),
            default=F("state"),
            output_field=CharField(),
        ),
        came=Subquery(arrivals.values("at")[:1]),
        texts=Subquery(texts.values("number")[:1]),
    )


def ask_for(actor: Actor, key: uuid.UUID) -> Ask:
    """One ask; 404 when this person may not know of it."""
    found = asks_for(actor).filter(pk=key).first()
    if found is None:
        raise Http404
    return found


def steps_of(ask: Ask) -> list[AskStep]:
    """What was done, the newest first."""
    return list(AskStep.objects.filter(ask=ask).order_by("-at", "-pk"))


def last_return(ask: Ask) -> AskStep | None:
    """Why it came back, while the body has it again."""
    return last_returns([ask]).get(ask.pk)


def last_returns(asks: Iterable[Ask]) -> dict[uuid.UUID, AskStep]:
    """:func:`last_return` of many, by ask; one statement."""
    at_bodies = [ask.pk for ask in asks if ask.state == AskState.PREPARING]
    steps = AskStep.objects.filter(ask__in=at_bodies).exclude(kind=StepKind.UPLOAD)
    newest = {step.ask_id: step for step in steps.order_by("at", "pk")}
    return {key: step for key, step in newest.items() if step.kind == StepKind.RETURN}


def file_waits(ask: Ask) -> bool:
    """Whether the last thing its body did was to give a file, which it has not sent on yet."""
    if ask.state != AskState.PREPARING or ask.paper_id is None:
        return False
    last = AskStep.objects.filter(ask=ask).order_by("-at", "-pk").first()
    return last is not None and last.kind == StepKind.UPLOAD


def stage_label(stage: str) -> str:
    """The words of a stage."""
    return _("đã gửi đại biểu") if stage == CIRCULATED else str(AskState(stage).label)


def waiting_for(actor: Actor) -> list[Ask]:
    """Those whose turn is this person's, in order of session: of those on duty at a stop, where
    anybody is."""
    if not rules.sees_asks(actor):
        return []
    open_asks = asks_for(actor).filter(
        session__state__in=(Meeting.PREPARING, Meeting.CONVENED, Meeting.IN_SESSION),
        state__in=list(flows.STOPS),
        paper__released_at__isnull=True,
    )
    duties = Duty.objects.filter(in_force(timezone.localdate()), kind__in=ON_DUTY.values())
    held = set(duties.values_list("kind", flat=True))

    def mine(ask: Ask) -> bool:
        duty = ON_DUTY.get(AskState(ask.state))
        if duty in held:  # whoever else may act is not called to
            return actor.on_duty(DutyKind(duty))
        alone = duty == DutyKind.FORWARDER and actor.on_duty(DutyKind.CLERK_PAPERS)
        return alone or rules.holds(actor, ask)

    ordered = open_asks.order_by("session__expected_opening", "asked_at")
    return [ask for ask in ordered if mine(ask)]


# What asks and rooms let a person see of papers ------------------------------------------------


def sight(actor: Actor) -> Q:
    """Papers besides those of the role: of the own asks as the table of stops says, of rooms one
    reads in, and for agencies those of sessions that are over."""
    states = {party: flows.seen_by(party) for party in Party}
    seen = Q(pk__in=[])
    if actor.body_ids:
        seen |= Q(ask__body__in=actor.body_ids, ask__state__in=states[Party.BODY])
    if actor.on_duty(DutyKind.FORWARDER):
        seen |= Q(ask__forwarded=True, ask__state__in=states[Party.FORWARDER])
    if rules.sits_in_committee(actor):
        seen |= Q(ask__state__in=states[Party.COMMITTEE])
    if actor.person is not None:
        reading = Q(person=actor.person) | Q(body__in=actor.body_ids)
        rooms = RoomReader.objects.filter(reading, room__closed_at__isnull=True)
        inside = RoomPaper.objects.filter(room__in=rooms.values("room"))
        kept = Q(state=PaperState.WITHDRAWN) | Q(pk__in=_on_the_way().values("paper"))
        seen |= Q(pk__in=inside.values("paper")) & ~kept
    if actor.has(Role.AGENCY):
        seen |= _after_the_session()
    return seen


def _after_the_session() -> Q:
    """Released papers of closed sessions; not those of closed doors, nor those kept from the
    public by Thường trực."""
    over = Session.objects.filter(state=Meeting.CLOSED).values("pk")
    under = AgendaPaper.objects.filter(item__session__in=over)
    behind_doors = AgendaPaper.objects.filter(
        Q(item__closed_doors=True) | Q(item__sitting__closed_doors=True)
    )
    newest = Publicity.objects.filter(paper=OuterRef("paper")).order_by("-at", "-pk")
    kept = Publicity.objects.filter(pk=Subquery(newest.values("pk")[:1]), public=False)
    return (
        Q(state=PaperState.RELEASED)
        & (Q(session_id__in=over) | Q(pk__in=under.values("paper")))
        & ~Q(pk__in=behind_doors.values("paper"))
        & ~Q(pk__in=kept.values("paper"))
    )


def hidden(actor: Actor | None) -> Q:
    """Drafts still on the way to the council's office; one held for a mark of secrecy is the
    office's to decide about at once. Who is of the office and of the asked body too (a vice chair
    for Thường trực) sees what their own body prepares. None: nobody in particular."""
    ours = _on_the_way().exclude(paper__versions__intake__state="held")
    if actor is not None and actor.body_ids:
        own = {"body__in": actor.body_ids, "state__in": flows.seen_by(Party.BODY)}
        ours = ours.exclude(**own)
    return Q(pk__in=ours.values("paper"))


def _on_the_way() -> QuerySet[Ask]:
    """Asks whose paper is a draft that the council's office has not got (yet, or any more)."""
    states = [s for s in flows.STOPS if s not in flows.seen_by(Party.OFFICE)]
    return Ask.objects.filter(state__in=states, paper__state=PaperState.DRAFT, paper__isnull=False)


def facts(actor: Actor, paper: Paper) -> Iterable[tuple[str, str]]:
    """Lines beside a paper's details."""
    late = late_decision(paper)
    if late is not None:
        yield (
            _("Cho phép lưu hành chậm"),
            _("%(who)s, ngày %(day)s: %(why)s (%(article)s)")
            % {
                "who": late.approved_by,
                "day": f"{timezone.localtime(late.at):%d/%m/%Y}",
                "why": late.reason,
                "article": late.article,
            },
        )
    decided = publicity_of(paper)
    if decided is not None:
        said = str(decided)
        if paper.state == PaperState.WITHDRAWN:
            said = _("tài liệu đã rút (trước khi rút đã quyết định: %(what)s)") % {"what": said}
        yield _("Công khai"), said


def late_decision(paper: Paper) -> LateCirculation | None:
    """The decision that lets it circulate late, if there is one."""
    return LateCirculation.objects.filter(paper=paper).first()


def earlier_publicity(paper: Paper) -> list[Publicity]:
    """The decisions before the one that holds, the newest first."""
    return list(Publicity.objects.filter(paper=paper).order_by("-at", "-pk")[1:20])


def publicity_of(paper: Paper) -> Publicity | None:
    """The decision that holds; None while Thường trực has not decided."""
    return Publicity.objects.filter(paper=paper).order_by("-at", "-pk").first()


# Proposals ---------------------------------------------------------------------------------------


_OWN = OrganizationKind.STANDING  # what Thường trực puts to the council the office writes itself


@dataclass(frozen=True)
class Proposal:
    """A paper an item of the agenda needs and that nobody was asked for."""

    item: AgendaItem
    kind: PaperKind
    title: str

    @property
    def code(self) -> str:
        """Its name in the form."""
        return f"{self.item.pk}:{self.kind}"


# What is submitted with an item of a kind (Điều 15(1), 27: tờ trình, dự thảo; báo cáo).
NEEDED: dict[str, tuple[PaperKind, ...]] = {
    ItemKind.REPORT: (PaperKind.REPORT,),
    ItemKind.SUBMISSION: (PaperKind.SUBMISSION,),
    ItemKind.DECISION: (PaperKind.SUBMISSION, PaperKind.DRAFT),
    ItemKind.ELECTION: (PaperKind.SUBMISSION, PaperKind.DRAFT),
}


def proposals(session: Session) -> list[Proposal]:
    """What the agenda says is missing, in its order; two statements."""
    items = (
        AgendaItem.objects.filter(
            session=session,
            kind__in=NEEDED,
            presenting_body__kind__in=[k for k in rules.ASKED_KINDS if k != _OWN],
        )
        .select_related("presenting_body")
        .order_by("order")
    )
    asked = set(
        Ask.objects.filter(session=session)
        .exclude(state=AskState.CANCELLED)
        .values_list("item", "kind")
    )
    there = set(
        AgendaPaper.objects.filter(item__session=session).values_list("item", "paper__kind")
    )
    found = []
    for item in items:
        body = item.presenting_body
        kinds = NEEDED[item.kind]
        if body is not None and body.kind == OrganizationKind.COMMITTEE:
            kinds = (PaperKind.VERIFICATION,)
        found += [
            Proposal(item, kind, _proposed_title(item, kind))
            for kind in kinds
            if (item.pk, kind.value) not in asked | there
        ]
    return found


def _proposed_title(item: AgendaItem, kind: PaperKind) -> str:
    """«Tờ trình: …», unless the item's own title says it."""
    if item.title.lower().startswith(kind.label.lower()):
        return item.title
    return f"{kind.label}: {item.title}"[:500]


# Standings ---------------------------------------------------------------------------------------


@dataclass
class Standing:
    """How a body stands with what it was asked for in a session."""

    body: str
    asked: int = 0
    came: int = 0
    late: int = 0
    overdue: int = 0
    days: int = 0


def standings(asks: Iterable[Ask], today: date | None = None) -> list[Standing]:
    """Bodies by how late they are, the latest first; what was never sent counts too."""
    rows = [ask for ask in asks if ask.state != AskState.CANCELLED]
    found: dict[str, Standing] = {}
    if not rows:
        return []
    clocks = due.Clocks(rows[0].council, today)
    for ask in rows:
        line = found.setdefault(ask.body.name, Standing(ask.body.name))
        line.asked += 1
        line.came += due.arrived(ask) is not None
        clock = clocks.of(ask)
        if clock is not None and clock.state in ("late", "overdue"):
            line.late += clock.state == "late"
            line.overdue += clock.state == "overdue"
            line.days += clock.days
    return sorted(found.values(), key=lambda s: (-s.overdue, -s.late, -s.days, s.body))


# Rooms -------------------------------------------------------------------------------------------


def rooms_for(actor: Actor) -> QuerySet[Room]:
    """All for the office; for others the open ones they read in. Each with ``count`` papers."""
    rooms: QuerySet[Room] = Room.objects.filter(council=actor.council)
    if not is_office(actor):
        reading = Q(person=actor.person_id) | Q(body__in=actor.body_ids)
        if actor.person is None:
            reading = Q(pk__in=[])
        mine = RoomReader.objects.filter(reading).values("room")
        rooms = rooms.filter(pk__in=mine, closed_at__isnull=True)
    return rooms.annotate(
        count=Count("papers", distinct=True), readers_count=Count("readers", distinct=True)
    )


def room_for(actor: Actor, key: uuid.UUID) -> Room:
    """One room; 404 when this person may not know of it."""
    found = rooms_for(actor).filter(pk=key).first()
    if found is None:
        raise Http404
    return found


def keys_in(room: Room) -> list[uuid.UUID]:
    """The keys of a room's papers, in its order; for who keeps rooms."""
    inside = RoomPaper.objects.filter(room=room).order_by("order", "pk")
    return list(inside.values_list("paper", flat=True))


def papers_in(actor: Actor, room: Room) -> QuerySet[Paper]:
    """The room's papers this person may see."""
    inside = RoomPaper.objects.filter(room=room)
    place = Subquery(inside.filter(paper=OuterRef("pk")).values("order")[:1])
    return papers_for(actor).filter(pk__in=inside.values("paper")).order_by(place, "fold")


def links(actor: Actor, paper: Paper, version: PaperVersion) -> Iterable[tuple[str, str, str]]:
    """The way from the reading page to what was decided about the paper."""
    if is_office(actor) or rules.can_set_publicity(actor):
        url = reverse("submissions:decisions", args=[actor.council.slug, paper.pk])
        yield _("Quyết định về tài liệu"), url, "gavel"


def sessions_with_asks(actor: Actor) -> QuerySet[Session]:
    """Sessions this person knows asks of, the newest first."""
    known = asks_for(actor).order_by().values("session")
    sessions = Session.objects.filter(pk__in=known).defer("profile")
    return sessions.order_by("-expected_opening")
