"""The only door to releases, their log and the savings: whoever manages papers."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Count, OuterRef, Prefetch, QuerySet, Subquery
from django.shortcuts import get_object_or_404

from nghitruong.council.councils.models import Person
from nghitruong.council.councils.roles import Actor
from nghitruong.council.papers.rules import may_manage
from nghitruong.platform.notices.models import (
    Channel,
    Delivery,
    DeliveryState,
    Recipient,
)
from nghitruong.session.delivery.models import PrintRun, Release, ReleasePaper
from nghitruong.session.meetings.models import Session


def releases_for(actor: Actor, session: Session | None = None) -> QuerySet[Release]:
    """The acts people were told of (of a session), newest first."""
    may_manage(actor)
    releases: QuerySet[Release] = Release.objects.filter(council=actor.council)
    if session is not None:
        releases = releases.filter(session=session)
    return releases.select_related("message", "others", "session").order_by("-at", "-pk")


def release_for(actor: Actor, key: uuid.UUID) -> Release:
    """One of them; Http404 otherwise."""
    return get_object_or_404(releases_for(actor), pk=key)


def papers_in(release: Release) -> list[ReleasePaper]:
    """Its papers as they were then."""
    return list(
        ReleasePaper.objects.filter(release=release)
        .select_related("paper")
        .order_by("paper__kind", "paper__fold")
    )


@dataclass(frozen=True)
class Counts:
    """People told, reached by a screen or a machine, and those who opened it."""

    told: int = 0
    reached: int = 0
    opened: int = 0

    @property
    def unreached(self) -> int:
        return self.told - self.reached

    @property
    def unopened(self) -> int:
        return self.told - self.opened

    def __add__(self, other: Counts) -> Counts:
        return Counts(
            self.told + other.told, self.reached + other.reached, self.opened + other.opened
        )


def counts_of(releases: Iterable[Release]) -> dict[uuid.UUID, Counts]:
    """How far each release got; one statement."""
    by_message = {
        key: release.pk
        for release in releases
        for key in (release.message_id, release.others_id)
        if key is not None
    }
    found: dict[uuid.UUID, Counts] = {}
    rows = (
        Recipient.objects.filter(message__in=list(by_message))
        .order_by()
        .values_list("message_id")
        .annotate(told=Count("pk"), reached=Count("reached_at"), opened=Count("opened_at"))
    )
    for message, told, reached, opened in rows:
        key = by_message[message]
        found[key] = found.get(key, Counts()) + Counts(told, reached, opened)
    return found


@dataclass(frozen=True)
class Way:
    """How a release went by one channel."""

    label: str
    sent: int
    delivered: int
    failed: int
    waiting: int


def ways_of(release: Release) -> list[Way]:
    """By channel: rows sent, delivered, failed, waiting; one statement."""
    rows = (
        Delivery.objects.filter(recipient__message__in=_messages(release))
        .order_by()
        .values_list("channel", "state")
        .annotate(n=Count("pk"))
    )
    counted: dict[str, dict[str, int]] = {}
    for channel, state, n in rows:
        counted.setdefault(channel, {})[state] = n
    there = (DeliveryState.DELIVERED, DeliveryState.OPENED)
    return [
        Way(
            str(channel.label),
            sum(states.get(s, 0) for s in (DeliveryState.SENT, *there)),
            sum(states.get(s, 0) for s in there),
            states.get(DeliveryState.FAILED, 0),
            states.get(DeliveryState.QUEUED, 0) + states.get(DeliveryState.SENDING, 0),
        )
        for channel in Channel
        if (states := counted.get(channel.value))
    ]


def log_for(actor: Actor, release: Release) -> QuerySet[Recipient]:
    """Everybody told, with name and what became of each way; who is not reached comes first."""
    may_manage(actor)
    # By the key alone: with the council in the condition too, PostgreSQL may walk the whole council
    # for each line (its statistics lag behind a large import). The lines themselves are scoped.
    person = Person._base_manager.filter(pk=OuterRef("person_id"))
    return (
        Recipient.objects.filter(message__in=_messages(release))
        .annotate(
            name=Subquery(person.values("full_name")[:1]),
            title=Subquery(person.values("title")[:1]),
            sort_key=Subquery(person.values("sort_key")[:1]),
            fold=Subquery(person.values("fold")[:1]),
        )
        .prefetch_related(
            Prefetch("deliveries", queryset=Delivery.objects.order_by("round", "channel"))
        )
        .order_by("sort_key")
    )


def _messages(release: Release) -> list[uuid.UUID]:
    return [key for key in (release.message_id, release.others_id) if key is not None]


def print_runs_for(actor: Actor, session: Session) -> QuerySet[PrintRun]:
    """What was printed for a session, newest first."""
    may_manage(actor)
    runs: QuerySet[PrintRun] = PrintRun.objects.filter(council=actor.council, session=session)
    return runs.select_related("session").order_by("-at")


def print_run_for(actor: Actor, session: Session, key: uuid.UUID) -> PrintRun:
    """One of them; Http404 otherwise."""
    return get_object_or_404(print_runs_for(actor, session), pk=key)
