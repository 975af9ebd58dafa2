"""Who is acting: an account seen as a person of one council, with roles computed from memberships
and duties of the day. Nothing about roles is stored on the account."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import date

from django.db.models import Q

from nghitruong.council.councils.models import (
    Council,
    Duty,
    DutyKind,
    Membership,
    MembershipStatus,
    OrganizationKind,
    Person,
)
from nghitruong.platform.accounts.models import Account

CLERK_DUTIES = frozenset(
    {
        DutyKind.CLERK_ROLL,
        DutyKind.CLERK_MINUTES,
        DutyKind.CLERK_PAPERS,
        DutyKind.CLERK_SCREEN,
        DutyKind.CLERK_VOTING,
    }
)
DELEGATE = "delegate"


@dataclass(frozen=True)
class Actor:
    """A person acting in a council. ``roles`` holds :class:`DutyKind` values and ``"delegate"``."""

    council: Council
    account: Account
    person: Person
    roles: frozenset[str]
    memberships: tuple[Membership, ...]

    @property
    def id(self) -> uuid.UUID:
        """The person's key: what audit entries and votes carry."""
        return self.person.pk

    @property
    def name(self) -> str:
        """The person's name as written in records."""
        return self.person.full_name

    def has(self, *roles: str) -> bool:
        """Whether any of the roles is held today."""
        return not self.roles.isdisjoint(roles)

    @property
    def is_chair(self) -> bool:
        """May preside."""
        return DutyKind.CHAIR in self.roles

    @property
    def is_clerk(self) -> bool:
        """Holds any of the secretariat's duties."""
        return not self.roles.isdisjoint(CLERK_DUTIES)

    @property
    def is_admin(self) -> bool:
        """Administrator of this council's installation data."""
        return DutyKind.ADMIN in self.roles

    @property
    def delegate(self) -> Membership | None:
        """The membership of the plenary held today, if a delegate (suspended ones included)."""
        for membership in self.memberships:
            if membership.organization.kind == OrganizationKind.PLENARY:
                return membership
        return None


def actor_for(account: Account, council: Council, on: date) -> Actor | None:
    """The actor this account is in this council on that day; None: not a person of it.

    Three statements, whatever the number of memberships. Must run inside the council's scope.
    """
    person = Person.objects.filter(account=account, council=council).first()
    if person is None:
        return None
    in_force = Q(starts_on__lte=on) & (Q(ends_on__isnull=True) | Q(ends_on__gte=on))
    memberships = tuple(
        Membership.objects.filter(in_force, person=person).select_related("organization", "seat")
    )
    roles: set[str] = set(
        Duty.objects.filter(in_force, person=person).values_list("kind", flat=True)
    )
    for membership in memberships:
        if membership.organization.kind == OrganizationKind.PLENARY:
            roles.add(DELEGATE)
            if (
                membership.post in {"council_chair", "council_vice_chair"}
                and membership.status == MembershipStatus.ACTIVE
            ):
                roles.add(DutyKind.CHAIR)
        elif membership.organization.kind in {
            OrganizationKind.AGENCY,
            OrganizationKind.EXECUTIVE,
            OrganizationKind.FRONT,
        }:
            roles.add(DutyKind.AGENCY)
    return Actor(council, account, person, frozenset(roles), memberships)
