"""The only door to councils, bodies, people and units. ``*_for(actor)`` sees what the actor may."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, Final

from django.db.models import (
    Case,
    CharField,
    Count,
    Exists,
    F,
    OuterRef,
    Prefetch,
    Q,
    QuerySet,
    UUIDField,
    When,
)
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django_scopes import scope, scopes_disabled

from nghitruong.council.councils.models import (
    AdministrativeUnit,
    Council,
    CouncilFunction,
    Duty,
    Function,
    ImportBatch,
    LegislativeTerm,
    Membership,
    Organization,
    OrganizationKind,
    Person,
    Suspension,
    Transfer,
    UnitLevel,
)
from nghitruong.council.councils.periods import exists_on, in_force, unit_valid
from nghitruong.council.councils.roles import Actor, actor_for
from nghitruong.lib.text import fold, normalize_tones
from nghitruong.platform.storage.prepared import Prepared

if TYPE_CHECKING:
    from nghitruong.platform.accounts.models import Account


# Units -------------------------------------------------------------------------------------------


def units_at(on: date, level: UnitLevel | str | None = None) -> QuerySet[AdministrativeUnit]:
    """Units that exist on a day («đơn vị tại ngày»), in Vietnamese order."""
    units = AdministrativeUnit.objects.filter(unit_valid(on)).order_by("sort_key", "code")
    return units.filter(level=level) if level else units


def search_units(
    text: str, *, on: date | None = None, level: UnitLevel | str | None = None, limit: int = 50
) -> list[AdministrativeUnit]:
    """Units whose name contains every word, marks and case aside; a code matches exactly.

    Names that begin with the text come first. ``on`` None searches every time.
    """
    units = AdministrativeUnit.objects.select_related("parent")
    if on is not None:
        units = units.filter(unit_valid(on))
    if level:
        units = units.filter(level=level)
    wanted = fold(text).strip()
    if not wanted:
        return []
    if wanted.isdecimal():
        return list(units.filter(code=wanted).order_by("level", "valid_from")[:limit])
    for word in wanted.split():
        units = units.filter(fold__contains=word)
    found = list(units.order_by("sort_key")[: limit * 20])

    typed = normalize_tones(text).lower().strip()

    def rank(unit: AdministrativeUnit) -> tuple[bool, bool, bool, bool, str]:
        name = fold(unit.name)
        full = normalize_tones(unit.full_name).lower()
        return (
            not (full == typed or full.endswith(" " + typed)),
            name != wanted and unit.fold != wanted,
            not (name.startswith(wanted) or unit.fold.startswith(wanted)),
            unit.level != UnitLevel.PROVINCE,
            unit.sort_key,
        )

    return sorted(found, key=rank)[:limit]


def unit_by_code(level: UnitLevel | str, code: str, on: date) -> AdministrativeUnit | None:
    """The unit that has, or had before a change of codes, this code on a day."""
    units = AdministrativeUnit.objects.select_related("parent")
    found = units.filter(unit_valid(on), level=level, code=code).first()
    if found is None:
        found = units.filter(
            unit_valid(on),
            Q(precessions__predecessor__code=code, precessions__relation="recoded")
            | Q(successions__successor__code=code, successions__relation="recoded"),
            level=level,
        ).first()
    return found


def parent_at(unit: AdministrativeUnit, on: date) -> AdministrativeUnit | None:
    """The unit above as it was on a day (a province keeps its code when its name changes)."""
    if unit.parent is None:
        return None
    parents = AdministrativeUnit.objects.filter(unit_valid(on), level=unit.parent.level)
    return parents.filter(code=unit.parent.code).first()


def predecessors(unit: AdministrativeUnit) -> QuerySet[AdministrativeUnit]:
    """The units this one was made of, one step back."""
    return AdministrativeUnit.objects.filter(successions__successor=unit).order_by("sort_key")


def successors(unit: AdministrativeUnit) -> QuerySet[AdministrativeUnit]:
    """What this unit became, one step on; the default successor first."""
    return AdministrativeUnit.objects.filter(precessions__predecessor=unit).order_by(
        F("precessions__is_default").desc(), "sort_key"
    )


# Councils ----------------------------------------------------------------------------------------


def councils_for(account: Account) -> list[Council]:
    """Every council this account may know of: where it is a person, or all for a superuser."""
    if not account.is_active:
        return []
    if account.is_superuser:
        return list(Council.objects.order_by("level", "name"))
    with scopes_disabled():
        ids = list(Person.objects.filter(account=account).values_list("council_id", flat=True))
    councils = Council.objects.filter(pk__in=ids).order_by("-level", "name")
    return [council for council in councils if actor_for(account, council) is not None]


_COUNCIL: Final = Prepared(
    lambda slug: Council.objects.select_related("unit").filter(slug=slug),
    slug=CharField(),
)
_FUNCTIONS: Final = Prepared(
    lambda council: CouncilFunction.objects.filter(council=council, enabled=True).values_list(
        "function", flat=True
    ),
    council=UUIDField(),
)


def enabled_functions(council: Council) -> frozenset[Function]:
    """The functions switched on for this council."""
    return functions_of(council.pk)


def functions_of(council_id: uuid.UUID) -> frozenset[Function]:
    """The functions switched on, by the council's key."""
    return frozenset(Function(name) for name in _FUNCTIONS(council=council_id))


def council_at(slug: str) -> tuple[Council, frozenset[Function]] | None:
    """A council by its address with its functions: every page asks this."""
    found = _COUNCIL(slug=slug)
    return (found[0], functions_of(found[0].pk)) if found else None


def term_at(council: Council, on: date) -> LegislativeTerm | None:
    """The term (khóa) running on a day."""
    with scope(council=council.pk):
        found: LegislativeTerm | None = (
            LegislativeTerm.objects.filter(in_force(on)).order_by("-number").first()
        )
        return found


@dataclass(frozen=True, slots=True)
class Counts:
    """Statutory seats, members in office, of them suspended, and present if somebody counted."""

    statutory: int
    in_office: int
    suspended: int
    present: int | None = None

    @property
    def vacant(self) -> int:
        return self.statutory - self.in_office

    @property
    def entitled(self) -> int:
        """Members in office who may act (L72/2025 Đ38)."""
        return self.in_office - self.suspended


def delegates_at(council: Council, on: date) -> QuerySet[Membership]:
    """Memberships of the council itself in force on a day, by the delegates' given names."""
    with scope(council=council.pk):
        found: QuerySet[Membership] = (
            Membership.objects.filter(in_force(on), organization__kind=OrganizationKind.PLENARY)
            .select_related("person", "seat", "organization")
            .order_by("person__sort_key", "person_id")
        )
        return found


def counts_at(council: Council, moment: datetime | date, *, present: int | None = None) -> Counts:
    """The three counts at any moment; present is counted by the sitting and passed in.

    A membership holds for whole civil days (Asia/Ho_Chi_Minh), a suspension from its minute.
    Zero statutory seats when no term runs.
    """
    if isinstance(moment, datetime):
        on = timezone.localdate(moment)
        instant: Q = Q(starts_at__lte=moment) & (Q(ends_at__isnull=True) | Q(ends_at__gt=moment))
    else:
        on = moment
        instant = Q(starts_at__date__lte=on) & (Q(ends_at__isnull=True) | Q(ends_at__date__gt=on))
    term = term_at(council, on)
    with scope(council=council.pk):
        delegates = delegates_at(council, on)
        in_office = delegates.values("person_id").distinct().count()
        suspended = (
            Suspension.objects.filter(instant, membership__in=delegates.order_by().values("pk"))
            .values("membership__person_id")
            .distinct()
            .count()
        )
    return Counts(term.statutory_seats if term else 0, in_office, suspended, present)


# Bodies and people -------------------------------------------------------------------------------


def organizations_for(
    actor: Actor, *, on: date | None = None, kind: OrganizationKind | str | None = None
) -> QuerySet[Organization]:
    """Bodies of the actor's council that exist on a day (None: all, also dissolved ones)."""
    bodies: QuerySet[Organization] = Organization.objects.filter(council=actor.council)
    if on is not None:
        bodies = bodies.filter(exists_on(on))
    if kind:
        bodies = bodies.filter(kind=kind)
    return bodies.order_by("sort_order", "code")


def organization_for(actor: Actor, code: str) -> Organization:
    """One body by its code; Http404 otherwise."""
    return get_object_or_404(organizations_for(actor), code=code)


def people_for(actor: Actor) -> QuerySet[Person]:
    """People of the actor's council, by given name. Private data stay with the office."""
    people: QuerySet[Person] = Person.objects.filter(council=actor.council).order_by("sort_key")
    if not actor.is_office:
        people = people.defer("phone", "email", "birth_date")
    return people


def people_serving(actor: Actor, on: date) -> QuerySet[Person]:
    """Of :func:`people_for` those with a membership or a duty in force: who may be given work."""
    return people_for(actor).filter(
        Exists(Membership.objects.filter(in_force(on), person=OuterRef("pk")))
        | Exists(Duty.objects.filter(in_force(on), person=OuterRef("pk")))
    )


def person_for(actor: Actor, pk: uuid.UUID) -> Person:
    """One person; Http404 otherwise."""
    return get_object_or_404(people_for(actor), pk=pk)


def membership_for(actor: Actor, pk: uuid.UUID) -> Membership:
    """One membership; Http404 otherwise."""
    rows = Membership.objects.select_related("person", "organization", "seat", "term")
    return get_object_or_404(rows.filter(council=actor.council), pk=pk)


def delegates_for(actor: Actor, *, on: date | None = None) -> QuerySet[Membership]:
    """Delegates in office, their other posts (bodies, Tổ) in ``person.posts``: two queries."""
    day = on or timezone.localdate()
    others = (
        Membership.objects.filter(in_force(day))
        .exclude(organization__kind=OrganizationKind.PLENARY)
        .select_related("organization")
        .order_by("organization__sort_order")
    )
    return delegates_at(actor.council, day).prefetch_related(
        Prefetch("person__memberships", queryset=others, to_attr="posts")
    )


def memberships_of(actor: Actor, person: Person) -> list[Membership]:
    """Every post a person held or holds in the actor's council, in order."""
    rows = Membership.objects.filter(council=actor.council, person=person)
    return list(
        rows.select_related("organization", "seat", "term", "person").order_by(
            "organization__sort_order", "-starts_on"
        )
    )


def duties_of(actor: Actor, person: Person, *, on: date) -> list[Duty]:
    """Duties in force; the office and the person see them, others none."""
    if not actor.is_office and actor.person_id != person.pk:
        return []
    rows = Duty.objects.filter(in_force(on), council=actor.council, person=person)
    return list(rows.order_by("kind"))


def members_for(actor: Actor, body: Organization, *, on: date) -> QuerySet[Membership]:
    """Who is in a body on a day: chairs first, then by given name."""
    rank = Case(
        When(post__endswith="vice_chair", then=1),
        When(post__endswith="_chair", then=0),
        When(post="group_leader", then=0),
        When(post="group_deputy", then=1),
        default=2,
    )
    rows: QuerySet[Membership] = Membership.objects.filter(
        in_force(on), council=actor.council, organization=body
    )
    return rows.select_related("person", "seat").order_by(rank, "person__sort_key")


def body_sizes(council: Council, on: date) -> dict[uuid.UUID, int]:
    """Body → how many people are in it on a day; one query."""
    with scope(council=council.pk):
        rows = (
            Membership.objects.filter(in_force(on), council=council)
            .order_by()
            .values_list("organization_id")
            .annotate(size=Count("person_id", distinct=True))
        )
        return dict(rows)


def search_people(people: QuerySet[Any], text: str, prefix: str = "") -> QuerySet[Any]:
    """Narrow people (or rows with a person under ``prefix``) to names holding every word."""
    for word in fold(text).split():
        people = people.filter(**{f"{prefix}fold__contains": word})
    return people


def group_names(council: Council, on: date) -> dict[uuid.UUID, str]:
    """Person → the name of their Tổ đại biểu, for rolls and lists; one query."""
    with scope(council=council.pk):
        rows = Membership.objects.filter(
            in_force(on), organization__kind=OrganizationKind.GROUP
        ).values_list("person_id", "organization__name")
        return dict(rows)


def transfers_for(actor: Actor) -> QuerySet[Transfer]:
    """What this council sent or was sent, newest first; the only rows two councils both see."""
    return (
        Transfer.objects.filter(Q(sender=actor.council) | Q(receiver=actor.council))
        .select_related("sender", "receiver")
        .order_by("-sent_at")
    )


def transfers_waiting_for(actor: Actor) -> list[Transfer]:
    """What arrived and nobody acknowledged, oldest first."""
    rows = transfers_for(actor).filter(receiver=actor.council, received_at__isnull=True)
    return list(rows.order_by("sent_at")[:50])


def related_councils(council: Council) -> QuerySet[Council]:
    """The council above and those below in this installation: to whom something can be sent."""
    related = Q(unit__parent=council.unit_id)
    if council.unit.parent_id is not None:
        related |= Q(unit=council.unit.parent_id)
    return Council.objects.filter(related).exclude(pk=council.pk).order_by("level", "name")


def import_batch_for(actor: Actor, pk: uuid.UUID) -> ImportBatch:
    """One import of a list; Http404 otherwise."""
    return get_object_or_404(ImportBatch.objects.filter(council=actor.council), pk=pk)


def post_summary(memberships: Iterable[Membership]) -> str:
    """«Trưởng Ban Pháp chế; Tổ trưởng Tổ số 2»."""
    return "; ".join(membership.post_label for membership in memberships)
