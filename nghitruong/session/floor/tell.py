"""Locking a sitting and telling its screens: what every action begins and ends with."""

from __future__ import annotations

import uuid
from collections.abc import Iterable

from nghitruong.platform.live import progress
from nghitruong.platform.live.api import LiveEvent, emit_many, person_stream, sitting_stream
from nghitruong.platform.storage.db import lock_row
from nghitruong.session.floor import queries
from nghitruong.session.floor.events import (
    AgendaChanged,
    AnnulledShown,
    AnnulReasonShown,
    DoorsShut,
    ItemChanged,
    MeChanged,
    NewsChanged,
    NotesChanged,
    NoticeChanged,
    PollShown,
    PresenceChanged,
    QueueChanged,
    ResultShown,
    SeatsShown,
    SittingChanged,
)
from nghitruong.session.floor.slices import Member
from nghitruong.session.meetings.chairing import chair_people
from nghitruong.session.meetings.models import RollEntry, Sitting
from nghitruong.session.voting import queries as voting
from nghitruong.session.voting.models import Poll, PollState


def locked(sitting_id: uuid.UUID) -> Sitting:
    """The sitting as it is now, its row locked until the transaction ends.

    Everything in a hall is decided under this lock, so two clerks never both succeed. Order of
    locks everywhere: sitting, poll, roll, stream, audit.
    """
    # The lock takes no join (PostgreSQL refuses one over nullable keys); then the row with them.
    if lock_row(Sitting.objects.filter(pk=sitting_id).only("pk")).first() is None:
        raise Sitting.DoesNotExist
    return queries.sitting_by_id(sitting_id)


def sitting_changed(sitting: Sitting) -> SittingChanged:
    """Comes before whatever else tells of a closed item: it is what shuts the doors."""
    value = queries.sitting_slice(sitting)
    return DoorsShut(sitting=value) if value["closed_doors"] else SittingChanged(sitting=value)


def item_changed(sitting: Sitting) -> ItemChanged:
    return ItemChanged(item=queries.item_slice(sitting))


def agenda_changed(sitting: Sitting) -> AgendaChanged:
    return AgendaChanged(agenda=queries.agenda_slice(sitting.pk))


def queue_changed(sitting: Sitting) -> QueueChanged:
    return QueueChanged(queue=queries.queue_slice(sitting))


def notice_changed(sitting: Sitting) -> NoticeChanged:
    return NoticeChanged(notice=queries.notice_slice(sitting))


def news_changed(sitting: Sitting) -> NewsChanged:
    return NewsChanged(news=queries.news_slice(sitting))


def poll_shown(sitting: Sitting) -> PollShown:
    """The poll as it stands, for a caller who holds the sitting.

    Votes and the close take the poll's row only, so a running one is held here too: otherwise a
    vote that closes meanwhile would be told first, and then once more as open.
    """
    running = Poll.objects.filter(sitting_id=sitting.pk, state=PollState.OPEN).order_by()
    list(lock_row(running).only("pk"))
    return PollShown(poll=voting.poll_slice(sitting.pk))


def presence_moved(
    sitting: Sitting, entries: Iterable[RollEntry], *, gone: Iterable[uuid.UUID] = ()
) -> list[LiveEvent]:
    """The counts and the members that changed; and how many may vote, where a poll is shown.

    ``gone``: memberships the roll is on no more.
    """
    members: dict[str, Member | None] = dict.fromkeys(map(str, gone))
    members |= {str(entry.membership_id): queries.member_slice(entry) for entry in entries}
    events: list[LiveEvent] = [
        PresenceChanged(counts=queries.presence_counts(sitting), members=members)
    ]
    shown = poll_shown(sitting)
    if shown.poll is not None:
        events.append(shown)
        progress.mark(sitting.pk)  # how many may vote moves the running count too
    return events


def item_moved(sitting: Sitting) -> list[LiveEvent]:
    """Everything the hall shows of the current item, its poll and result included."""
    polls = voting.Moment(sitting.pk, sitting=sitting)
    return [
        sitting_changed(sitting),
        item_changed(sitting),
        queue_changed(sitting),
        PollShown(poll=polls.poll),
        ResultShown(result=polls.result),
        AnnulledShown(annulled=polls.annulled),
        AnnulReasonShown(annul_reason=polls.annul_reason),
        SeatsShown(seats=polls.seats),
        notice_changed(sitting),
        news_changed(sitting),
    ]


def tell_hall(sitting: Sitting, *events: LiveEvent, people: Iterable[uuid.UUID] = ()) -> None:
    """Emit to the hall, and to each of ``people`` their own line; in the caller's transaction.

    Who voted what and why a vote was annulled go only to those who may know it, the whole agenda
    to those who lead.
    """
    pairs: list[tuple[str, LiveEvent]] = [
        (sitting_stream(sitting.pk, _audience(event)), event) for event in events
    ]
    own = list(people)
    if own:
        pairs += [
            (person_stream(person_id), MeChanged(me=me))
            for person_id, me in queries.me_slices(sitting.pk, own).items()
        ]
    emit_many(pairs, council_id=sitting.council_id)


def _audience(event: LiveEvent) -> str:
    if isinstance(event, SeatsShown | AnnulReasonShown):
        return "named"
    return "chair" if isinstance(event, AgendaChanged) else "hall"


def tell_presiding(sitting: Sitting) -> None:
    """Emit the private notes to those who preside, on their own streams."""
    event = NotesChanged(notes=queries.notes_slice(sitting))
    emit_many(
        [(person_stream(person_id), event) for person_id in chair_people(sitting)],
        council_id=sitting.council_id,
    )
