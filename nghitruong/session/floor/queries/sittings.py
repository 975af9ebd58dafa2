"""Sittings, who may know of them, who hears which stream."""

from __future__ import annotations

import uuid
from collections.abc import Collection
from typing import Any

from django.db.models import QuerySet
from django.http import Http404
from django.utils import timezone

from nghitruong.council.councils.models import (
    Duty,
    DutyKind,
    Membership,
    OrganizationKind,
    Person,
)
from nghitruong.council.councils.periods import in_force
from nghitruong.council.councils.roles import CLERK_DUTIES, Actor
from nghitruong.session.floor.models import JournalEntry
from nghitruong.session.meetings.chairing import chair_people
from nghitruong.session.meetings.models import AgendaItem, Sitting
from nghitruong.session.meetings.queries import shut, sitting_at
from nghitruong.session.voting.queries import COUNT_DUTIES


def sitting_for(actor: Actor, address: int, number: int) -> Sitting:
    """A sitting of the actor's council; Http404 otherwise.

    Behind closed doors only the council and those on duty inside know of it (L72/2025 Đ34(5)).
    """
    return sitting_at(actor, address, number)


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


def by_name(people: Collection[uuid.UUID]) -> QuerySet[Person]:
    """:func:`chair_people` by name: to whom the chair may be handed over."""
    found: QuerySet[Person] = Person.objects.filter(pk__in=people)
    return found.order_by("sort_key")


def audiences_of_people(
    sitting: Sitting, people: Collection[uuid.UUID], presiding: set[uuid.UUID] | None = None
) -> dict[uuid.UUID, set[str]]:
    """The streams each may hear today: ``hall`` and ``me``, and ``chair`` at the desk; ``outside``
    marks who is cut off when the doors are shut.

    ``hall``: in a body or with a duty today (the roll alone lets nobody in: who was removed in the
    middle of a sitting stays written on it); behind closed doors not guests and press.
    ``chair`` (the count before the announcement): who may preside, and whose duty needs it, as
    ``voting.queries.hears_count``. ``named`` (who voted what, announced): they, the other clerks
    and the delegates, as ``voting.queries.sees_names``. Five statements, whatever the number of
    people: a whole hall comes back at once when the server was started again.
    """
    today = timezone.localdate()
    duties: dict[uuid.UUID, set[DutyKind]] = {}
    given = Duty.objects.filter(in_force(today), person_id__in=people)
    for person_id, kind in given.values_list("person_id", "kind"):
        duties.setdefault(person_id, set()).add(DutyKind(kind))
    members: set[uuid.UUID] = set()
    delegates: set[uuid.UUID] = set()
    bodies = Membership.objects.filter(in_force(today), person_id__in=people)
    for person_id, body in bodies.values_list("person_id", "organization__kind"):
        members.add(person_id)
        if body == OrganizationKind.PLENARY:
            delegates.add(person_id)
    closed = shut(sitting)
    if presiding is None:
        presiding = chair_people(sitting)
    found: dict[uuid.UUID, set[str]] = {}
    for person_id in people:
        mine = duties.get(person_id, set())
        inside = person_id in members or bool(mine - {DutyKind.GUEST, DutyKind.PRESS})
        if not inside and (not mine or closed):
            found[person_id] = set()
            continue
        found[person_id] = {"hall", "me"} if inside else {"hall", "me", "outside"}
        if mine & COUNT_DUTIES or person_id in presiding:
            found[person_id].add("chair")
        if person_id in delegates | presiding or mine & (CLERK_DUTIES | {DutyKind.OFFICE_HEAD}):
            found[person_id].add("named")
    return found
