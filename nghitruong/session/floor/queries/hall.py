"""The slices that every screen in the hall shares; events carry the same values."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any, Final

from django.db.models import Count
from django.utils import timezone

from nghitruong.council.councils.queries import functions_of
from nghitruong.council.papers.models import PaperState, PaperVersion
from nghitruong.session.floor import limits
from nghitruong.session.floor.models import JournalEntry, RequestState, SpeakerRequest, Speech
from nghitruong.session.floor.slices import (
    AgendaLine,
    Counts,
    ItemSlice,
    Member,
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
from nghitruong.session.meetings.queries import shut
from nghitruong.session.voting import queries as voting

ACTIVE: Final = (RequestState.WAITING, RequestState.CALLED)
NOTICE: Final = "floor.announce"
NEWS_BEFORE_OPENING: Final = timedelta(hours=12)
NOTICE_CLEARED: Final = "floor.clear_notice"
MOVED: Final = "floor.go_to_item"


def iso(moment: datetime | None) -> str | None:
    """A moment as JSON has it."""
    return moment.isoformat() if moment else None


def sitting_slice(sitting: Sitting) -> SittingSlice:
    """One statement when the sitting came from :func:`sitting_by_id`."""
    return {
        "id": str(sitting.pk),
        "number": sitting.number,
        "session_number": sitting.session.number,
        "state": sitting.state,
        "title": sitting.title,
        "session_title": sitting.session.title,
        "kind": sitting.kind,
        "presiding": sitting.presiding.full_name if sitting.presiding else "",
        "opened_at": iso(sitting.opened_at),
        "rested_at": iso(sitting.closed_at or sitting.suspended_at),
        "roll_open": sitting.roll_open,
        "closed_doors": shut(sitting),
        "place": sitting.place,
        "functions": sorted(functions_of(sitting.council_id)),
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
        versions = PaperVersion.objects.filter(
            paper__in=[link.paper_id for link in links], unread=False
        )
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
    """Counts from ``(presence, entitled, how many)``; who may not act is in office only.

    The total is that of the polls and the minutes, today's until the sitting is over.
    """
    by_presence = dict.fromkeys(Presence.values, 0)
    for presence, entitled, number in groups:
        if entitled:
            by_presence[presence] += number
    in_office = voting.in_office(sitting, timezone.localdate(sitting.closed_at))
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
    """The counts alone; two statements."""
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
    """Everybody on the roll; two statements."""
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
            "paused_at": iso(speech.paused_at),
            "paused_seconds": speech.paused_seconds,
            "warned_at": iso(speech.warned_at),
        }
        if speech
        else None,
        "waiting": [_waiting_row(r) for r in active if r.state == RequestState.WAITING],
        "calling": _waiting_row(called[0]) if called else None,
    }


def agenda_slice(sitting_id: uuid.UUID) -> list[AgendaLine]:
    """The items of the sitting in order; one statement."""
    rows = AgendaItem.objects.filter(sitting_id=sitting_id).order_by("order", "pk")
    return [
        {"id": str(key), "order": place, "title": title, "kind": kind}
        for place, (key, title, kind) in enumerate(rows.values_list("pk", "title", "kind"), start=1)
    ]


def notice_slice(sitting: Sitting) -> NoticeSlice | None:
    """The last words put up for the hall; one statement.

    They go when taken down, when the hall moves to another item and when the sitting is over;
    news never takes their place, it is a slice of its own.
    """
    if sitting.state == SittingState.CLOSED:
        return None
    last = (
        JournalEntry.objects.filter(sitting=sitting, kind__in=[NOTICE, NOTICE_CLEARED])
        .order_by("at", "pk")
        .last()
    )
    if last is None or last.kind == NOTICE_CLEARED:
        return None
    return {"id": str(last.pk), "text": str(last.data["notice"]), "at": last.at.isoformat()}


def news_slice(sitting: Sitting) -> NoticeSlice | None:
    """The last news of the session since the sitting began and the hall came to this item.

    Nobody has to take it down: it goes with the item. Two statements, one without news.
    """
    if sitting.state == SittingState.CLOSED:
        return None
    since = sitting.opened_at or timezone.now() - NEWS_BEFORE_OPENING
    news = SessionNotice.objects.filter(session_id=sitting.session_id, at__gt=since)
    newest = news.order_by("at", "pk").last()
    if newest is None:
        return None
    moved = JournalEntry.objects.filter(sitting=sitting, kind=MOVED, at__gte=newest.at)
    if moved.exists():
        return None
    return {"id": str(newest.pk), "text": newest.text, "at": newest.at.isoformat()}
