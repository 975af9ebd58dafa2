"""The only door to what happens in a sitting, and the state of its screens.

``hall_state``, ``chair_state`` and ``person_state`` give whole states: a bounded number of
statements, whatever the number of members, requests or papers. Events carry the same values.
"""

from __future__ import annotations

import uuid
from collections.abc import Collection, Iterable
from datetime import datetime, timedelta
from typing import Any, Final

from django.db.models import Count, QuerySet
from django.http import Http404
from django.utils import timezone

from nghitruong.council.councils.models import (
    Duty,
    DutyKind,
    Membership,
    MembershipStatus,
    OrganizationKind,
    Person,
)
from nghitruong.council.councils.periods import in_force
from nghitruong.council.councils.roles import CHAIR_POSTS, CLERK_DUTIES, Actor, Role
from nghitruong.council.papers.models import PaperState, PaperVersion
from nghitruong.platform.live import sql
from nghitruong.platform.live.api import person_stream, sitting_stream
from nghitruong.session.floor import limits
from nghitruong.session.floor.models import (
    JournalEntry,
    NoteToChair,
    RequestState,
    SpeakerRequest,
    Speech,
)
from nghitruong.session.floor.slices import (
    Counts,
    ItemSlice,
    Member,
    MeSlice,
    NoteLine,
    NoticeSlice,
    PaperLine,
    PresenceSlice,
    QueueSlice,
    SittingSlice,
    WaitingRow,
)
from nghitruong.session.meetings.models import (
    AgendaItem,
    AgendaPaper,
    Presence,
    RollEntry,
    SessionNotice,
    Sitting,
    SittingState,
)
from nghitruong.session.voting import queries as voting

ACTIVE: Final = (RequestState.WAITING, RequestState.CALLED)
NOTICE: Final = "floor.announce"
NEWS_BEFORE_OPENING: Final = timedelta(hours=12)
NOTICE_CLEARED: Final = "floor.clear_notice"


def _iso(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None


# Objects -----------------------------------------------------------------------------------------


def sitting_for(actor: Actor, session_number: int, number: int) -> Sitting:
    """A sitting of the actor's council, of the newest term that has it; Http404 otherwise.

    Behind closed doors only the council and those on duty inside know of it (L72/2025 Đ34(5)).
    """
    found: Sitting | None = (
        _sittings()
        .filter(council=actor.council, session__number=session_number, number=number)
        .order_by("-session__term__number")
        .first()
    )
    if found is None or (shut(found) and not may_be_inside(actor)):
        raise Http404
    return found


def shut(sitting: Sitting) -> bool:
    """Whether the hall is closed to guests and the press now."""
    item = sitting.current_item
    return sitting.closed_doors or (item is not None and item.closed_doors)


def may_be_inside(actor: Actor) -> bool:
    """Delegates, the chair, clerks, the agencies heard and the technical staff stay inside."""
    return bool(actor.roles - {Role.GUEST, Role.PRESS})


def _sittings() -> Any:
    return Sitting.objects.select_related("session__term", "council", "presiding", "current_item")


def sitting_by_id(sitting_id: uuid.UUID) -> Sitting:
    """A sitting with what its slices need, in the scope; Http404 when there is none."""
    found: Sitting | None = _sittings().filter(pk=sitting_id).first()
    if found is None:
        raise Http404
    return found


def items_of(sitting: Sitting) -> list[AgendaItem]:
    """The agenda of the sitting, in order."""
    return list(sitting.items.order_by("order", "pk"))


def journal_of(sitting: Sitting) -> list[JournalEntry]:
    """The journal, oldest first."""
    return list(sitting.journal.select_related("item").order_by("at", "pk"))


def chair_people(sitting: Sitting) -> set[uuid.UUID]:
    """Those who may preside: chair, vice chairs, whoever has the duty, and who presides now."""
    today = timezone.localdate()
    people = set(
        Membership.objects.filter(
            in_force(today),
            council_id=sitting.council_id,
            post__in=CHAIR_POSTS,
            status=MembershipStatus.ACTIVE,
        ).values_list("person_id", flat=True)
    )
    people |= set(
        Duty.objects.filter(
            in_force(today), council_id=sitting.council_id, kind=DutyKind.CHAIR
        ).values_list("person_id", flat=True)
    )
    if sitting.presiding_id:
        people.add(sitting.presiding_id)
    return people


def presiders(sitting: Sitting) -> QuerySet[Person]:
    """:func:`chair_people` as people, by name: to whom the chair may be handed over."""
    people: QuerySet[Person] = Person.objects.filter(pk__in=chair_people(sitting))
    return people.order_by("sort_key")


def audiences_of(sitting: Sitting, person_id: uuid.UUID) -> set[str]:
    """The streams this person may hear today; see :func:`audiences_of_people`."""
    return audiences_of_people(sitting, [person_id])[person_id]


def audiences_of_people(
    sitting: Sitting, people: Collection[uuid.UUID]
) -> dict[uuid.UUID, set[str]]:
    """The streams each may hear today: ``hall`` and ``me``, and ``chair`` at the desk.

    ``hall``: on the roll, in a body, or with a duty; behind closed doors not guests and press.
    ``chair``: who may preside, and the clerks. Five statements, whatever the number of people: a
    whole hall comes back at once when the server was started again.
    """
    today = timezone.localdate()
    duties: dict[uuid.UUID, set[DutyKind]] = {}
    given = Duty.objects.filter(in_force(today), person_id__in=people)
    for person_id, kind in given.values_list("person_id", "kind"):
        duties.setdefault(person_id, set()).add(DutyKind(kind))
    roll = RollEntry.objects.filter(sitting=sitting, person_id__in=people)
    members = set(roll.values_list("person_id", flat=True)) | set(
        Membership.objects.filter(in_force(today), person_id__in=people).values_list(
            "person_id", flat=True
        )
    )
    presiding, closed = chair_people(sitting), shut(sitting)
    found: dict[uuid.UUID, set[str]] = {}
    for person_id in people:
        mine = duties.get(person_id, set())
        inside = person_id in members or bool(mine - {DutyKind.GUEST, DutyKind.PRESS})
        if not inside and (not mine or closed):
            found[person_id] = set()
            continue
        found[person_id] = {"hall", "me"}
        if mine & CLERK_DUTIES or person_id in presiding:
            found[person_id].add("chair")
    return found


# Slices of the hall ------------------------------------------------------------------------------


def sitting_slice(sitting: Sitting) -> SittingSlice:
    """No statement when the sitting came from :func:`sitting_by_id`."""
    return {
        "id": str(sitting.pk),
        "number": sitting.number,
        "session_number": sitting.session.number,
        "state": sitting.state,
        "title": sitting.title,
        "session_title": sitting.session.title,
        "kind": sitting.kind,
        "presiding": sitting.presiding.full_name if sitting.presiding else "",
        "opened_at": _iso(sitting.opened_at),
        "roll_open": sitting.roll_open,
        "closed_doors": shut(sitting),
        "place": sitting.place,
    }


def item_slice(sitting: Sitting) -> ItemSlice | None:
    """The current item with its released papers at their newest version; three statements."""
    item = sitting.current_item
    if item is None:
        return None
    order = list(sitting.items.order_by("order", "pk").values_list("pk", flat=True))
    links = list(
        AgendaPaper.objects.filter(item=item, paper__state=PaperState.RELEASED)
        .select_related("paper")
        .order_by("order", "pk")
    )
    newest: dict[uuid.UUID, PaperVersion] = {}
    if links:
        versions = PaperVersion.objects.filter(paper__in=[link.paper_id for link in links])
        for version in versions.order_by("number"):
            newest[version.paper_id] = version
    papers: list[PaperLine] = [
        {
            "id": str(link.paper_id),
            "kind": link.paper.get_kind_display(),
            "title": link.paper.title,
            "number": link.paper.number,
            "version": newest[link.paper_id].number,
            "version_id": str(newest[link.paper_id].pk),
            "url": f"/{sitting.council.slug}/tai-lieu/{link.paper_id}/",
        }
        for link in links
        if link.paper_id in newest
    ]
    return {
        "id": str(item.pk),
        "order": order.index(item.pk) + 1 if item.pk in order else 0,
        "total": len(order),
        "kind": item.kind,
        "title": item.title,
        "presenter": item.presenter,
        "minutes": item.minutes,
        "speech_minutes": item.speech_minutes,
        "papers": papers,
    }


def _tally_presence(sitting: Sitting, groups: Iterable[tuple[str, bool, int]]) -> Counts:
    """Counts from ``(presence, entitled, how many)``; who may not act is in office only."""
    by_presence = dict.fromkeys(Presence.values, 0)
    in_office = 0
    for presence, entitled, number in groups:
        in_office += number
        if entitled:
            by_presence[presence] += number
    if not in_office:  # the roll was never opened: who is in office today
        in_office = (
            Membership.objects.filter(
                in_force(timezone.localdate()),
                council_id=sitting.council_id,
                organization__kind=OrganizationKind.PLENARY,
            )
            .values("person_id")
            .distinct()
            .count()
        )
    needed = limits.quorum_needed(sitting.session, in_office)
    return {
        "seats_by_law": sitting.session.term.statutory_seats,
        "in_office": in_office,
        "present": by_presence[Presence.PRESENT],
        "absent": by_presence[Presence.ABSENT],
        "excused": by_presence[Presence.EXCUSED],
        "unknown": by_presence[Presence.UNKNOWN],
        "left": by_presence[Presence.LEFT],
        "quorum_needed": needed,
        "quorum_met": by_presence[Presence.PRESENT] >= needed,
    }


def presence_counts(sitting: Sitting) -> Counts:
    """The counts alone; one statement."""
    groups = (
        RollEntry.objects.filter(sitting=sitting)
        .order_by()
        .values_list("presence", "entitled")
        .annotate(number=Count("pk"))
    )
    return _tally_presence(sitting, groups)


def member_slice(entry: RollEntry) -> Member:
    """One member on the wall of presence."""
    return {
        "name": entry.name,
        "title": entry.title,
        "group": entry.group,
        "seat_number": entry.seat_number,
        "seat_label": entry.seat_label,
        "entitled": entry.entitled,
        "presence": entry.presence,
        "sort": entry.sort_key,
    }


def presence_slice(sitting: Sitting) -> PresenceSlice:
    """Everybody on the roll; one statement."""
    rows = list(RollEntry.objects.filter(sitting=sitting).order_by("sort_key", "pk"))
    return {
        "counts": _tally_presence(sitting, [(row.presence, row.entitled, 1) for row in rows]),
        "members": {str(row.membership_id): member_slice(row) for row in rows},
    }


def _waiting_row(request: Any) -> WaitingRow:
    return {
        "id": str(request.id),
        "membership_id": str(request.membership_id),
        "person_id": str(request.person_id),
        "name": request.name,
        "group": request.group,
        "kind": request.kind,
        "position": request.position,
        "requested_at": request.requested_at.isoformat(),
    }


def queue_slice(sitting: Sitting) -> QueueSlice:
    """Who speaks, who was called, who waits in order of registration; two statements."""
    speech = (
        Speech.objects.filter(sitting=sitting, ended_at__isnull=True)
        .select_related("request")
        .first()
    )
    # Plain tuples: a whole hall may be waiting, and this runs in every batch of taps.
    active: Any = (
        SpeakerRequest.objects.filter(sitting=sitting, state__in=ACTIVE)
        .order_by("position")
        .values_list(
            "id",
            "membership_id",
            "person_id",
            "name",
            "group",
            "kind",
            "state",
            "position",
            "requested_at",
            named=True,
        )
    )
    called = [
        request
        for request in active
        if request.state == RequestState.CALLED
        and (speech is None or speech.request_id != request.id)
    ]
    return {
        "speaker": {
            "speech_id": str(speech.pk),
            "request_id": str(speech.request_id) if speech.request_id else None,
            "person_id": str(speech.person_id) if speech.person_id else None,
            "name": speech.name,
            "title": speech.title,
            "group": speech.request.group if speech.request else "",
            "kind": speech.kind,
            "started_at": speech.started_at.isoformat(),
            "limit_seconds": speech.limit_seconds,
        }
        if speech
        else None,
        "waiting": [_waiting_row(r) for r in active if r.state == RequestState.WAITING],
        "calling": _waiting_row(called[0]) if called else None,
    }


def notice_slice(sitting: Sitting) -> NoticeSlice | None:
    """The last words put up for the hall, or the last news of the session since it began.

    They go when taken down, when the hall moves to another item and when the sitting is over.
    """
    if sitting.state == SittingState.CLOSED:
        return None
    last = (
        JournalEntry.objects.filter(sitting=sitting, kind__in=[NOTICE, NOTICE_CLEARED])
        .order_by("at", "pk")
        .last()
    )
    since = sitting.opened_at or timezone.now() - NEWS_BEFORE_OPENING
    if last is not None and last.at > since:
        since = last.at
    news = SessionNotice.objects.filter(session_id=sitting.session_id, at__gt=since)
    newest = news.order_by("at", "pk").last()
    if newest is not None:
        return {"id": str(newest.pk), "text": newest.text, "at": newest.at.isoformat()}
    if last is None or last.kind == NOTICE_CLEARED:
        return None
    return {"id": str(last.pk), "text": str(last.data["notice"]), "at": last.at.isoformat()}


# States ------------------------------------------------------------------------------------------


def hall_state(sitting_id: uuid.UUID) -> dict[str, Any]:
    """Everything a screen in the hall shows, the same for everybody there."""
    sitting = sitting_by_id(sitting_id)
    return {
        "sitting": sitting_slice(sitting),
        "item": item_slice(sitting),
        "presence": presence_slice(sitting),
        "queue": queue_slice(sitting),
        "poll": voting.poll_slice(sitting_id),
        "progress": voting.progress(sitting_id),
        "result": voting.result_slice(sitting_id),
        "notice": notice_slice(sitting),
    }


def chair_state(sitting_id: uuid.UUID) -> dict[str, Any]:
    """What the chair and the clerks see besides the hall. Notes are not here: see person_state."""
    return {
        "tally": voting.tally(sitting_id),
        "outcome": voting.outcome_slice(sitting_id),
    }


def notes_slice(sitting: Sitting) -> list[NoteLine]:
    """The private notes of the sitting, oldest first; for those who preside only."""
    return [
        {
            "id": str(note.pk),
            "name": note.name,
            "text": note.text,
            "at": note.at.isoformat(),
            "read_at": _iso(note.read_at),
        }
        for note in NoteToChair.objects.filter(sitting=sitting).order_by("at", "pk")
    ]


def me_slices(sitting_id: uuid.UUID, person_ids: Iterable[uuid.UUID]) -> dict[uuid.UUID, MeSlice]:
    """Each person's own line in this sitting; a few statements for any number of people."""
    wanted = set(person_ids)
    names: dict[uuid.UUID, str] = {}
    rows = RollEntry.objects.filter(sitting_id=sitting_id, person_id__in=wanted).values_list(
        "person_id", "membership_id", "name", "presence", "entitled", named=True
    )
    entries = {row.person_id: row for row in rows}
    if wanted - entries.keys():
        people = Person.objects.filter(pk__in=wanted - entries.keys())
        names = dict(people.values_list("pk", "full_name"))
    asked = SpeakerRequest.objects.filter(
        sitting_id=sitting_id, person_id__in=wanted, state__in=ACTIVE
    ).values_list("person_id", "id", "position", "kind", "state", named=True)
    requests = {row.person_id: row for row in asked}
    votes = voting.my_votes(sitting_id, entries.keys()) if entries else {}
    found: dict[uuid.UUID, MeSlice] = {}
    for person_id in wanted & (entries.keys() | names.keys()):
        entry, request = entries.get(person_id), requests.get(person_id)
        found[person_id] = {
            "membership_id": str(entry.membership_id) if entry else None,
            "person_id": str(person_id),
            "name": entry.name if entry else names[person_id],
            "presence": entry.presence if entry else None,
            "entitled": entry.entitled if entry else False,
            "request": {
                "id": str(request.id),
                "position": request.position,
                "kind": request.kind,
                "state": request.state,
            }
            if request
            else None,
            "vote": votes.get(person_id),
        }
    return found


def person_state(
    sitting_id: uuid.UUID, person_ids: Iterable[uuid.UUID]
) -> dict[uuid.UUID, dict[str, Any]]:
    """Slice ``me`` of each person, and ``notes`` for those who preside."""
    wanted = list(person_ids)
    states: dict[uuid.UUID, dict[str, Any]] = {
        person_id: {"me": me} for person_id, me in me_slices(sitting_id, wanted).items()
    }
    sitting = sitting_by_id(sitting_id)
    presiding = chair_people(sitting) & states.keys()
    if presiding:
        notes = notes_slice(sitting)
        for person_id in presiding:
            states[person_id]["notes"] = notes
    return states


def first_screen(sitting: Sitting, person_id: uuid.UUID) -> dict[str, Any]:
    """The state put into a page: as ``/live/<slug>/snapshot`` gives it to this person.

    The seqs are read before the state, so no event can be missed; one may come twice, and events
    carry whole values.
    """
    heard = audiences_of(sitting, person_id)
    keys = {
        audience: person_stream(person_id)
        if audience == "me"
        else sitting_stream(sitting.pk, audience)
        for audience in ("hall", "chair", "me")
        if audience in heard
    }
    seqs = sql.stream_seqs(keys.values())
    place = [sql.current_epoch(), *(f"{audience}={seqs[key]}" for audience, key in keys.items())]
    state: dict[str, Any] = {}
    if "hall" in heard:
        state |= hall_state(sitting.pk)
    if "chair" in heard:
        state |= chair_state(sitting.pk)
    if "me" in heard:
        state |= person_state(sitting.pk, [person_id]).get(person_id, {})
    return {"id": ";".join(place), "now": timezone.now().isoformat(), "state": state}
