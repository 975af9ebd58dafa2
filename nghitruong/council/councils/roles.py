"""Who acts, in which council, with which roles: computed from memberships and duties.

Nothing here is stored: end a membership or a duty and the role is gone with the next request.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Final

from django.db.models import DateField, UUIDField
from django.utils import timezone

from nghitruong.council.councils.models import (
    Council,
    Duty,
    DutyKind,
    Membership,
    MembershipStatus,
    OrganizationKind,
    Person,
)
from nghitruong.council.councils.periods import in_force
from nghitruong.platform.storage.prepared import Prepared

if TYPE_CHECKING:
    from nghitruong.platform.accounts.models import Account


class Role(StrEnum):
    """What a person is to this council today."""

    CHAIR = "chair"
    CLERK = "clerk"
    DELEGATE = "delegate"
    SUSPENDED = "suspended"  # a delegate temporarily suspended: knows, but may not act
    MEMBER = "member"  # of a body of the council, without being a delegate
    GUEST = "guest"
    AGENCY = "agency"
    PRESS = "press"
    SUPPORT = "support"
    ADMIN = "admin"


# The one post of the council itself: whoever holds it is a delegate; other posts (council_chair,
# committee_chair, group_leader…) are held in Thường trực, a Ban or a Tổ beside it.
DELEGATE_POST: Final = "delegate"
# The posts that preside (L72/2025 Đ32): chair and vice chairs of the council.
CHAIR_POSTS: Final = frozenset({"council_chair", "council_vice_chair"})
CLERK_DUTIES: Final = frozenset(
    {
        DutyKind.CLERK_ROLL,
        DutyKind.CLERK_MINUTES,
        DutyKind.CLERK_PAPERS,
        DutyKind.CLERK_SCREEN,
        DutyKind.CLERK_VOTING,
    }
)
_ROLE_OF_DUTY: Final = {
    DutyKind.CHAIR: Role.CHAIR,
    DutyKind.OFFICE_HEAD: Role.CLERK,
    DutyKind.FORWARDER: Role.AGENCY,
    DutyKind.GUEST: Role.GUEST,
    DutyKind.AGENCY: Role.AGENCY,
    DutyKind.PRESS: Role.PRESS,
    DutyKind.SUPPORT: Role.SUPPORT,
    DutyKind.ADMIN: Role.ADMIN,
    **dict.fromkeys(CLERK_DUTIES, Role.CLERK),
}
OFFICE: Final = frozenset({Role.CLERK, Role.ADMIN})


@dataclass(frozen=True)
class Actor:
    """Who acts: built once per request, passed to actions as ``by`` and to queries as actor.

    ``person`` is None for an installation's administrator without a person in this council, and
    for the system itself (imports, demo data).
    """

    council: Council
    account: Account | None
    person: Person | None
    name: str
    roles: frozenset[Role]
    duties: frozenset[DutyKind]
    memberships: tuple[Membership, ...] = ()

    @classmethod
    def system(cls, council: Council, name: str = "Hệ thống") -> Actor:
        """The product itself, with an administrator's rights; named so in the audit log."""
        return cls(council, None, None, name, frozenset({Role.ADMIN}), frozenset({DutyKind.ADMIN}))

    @property
    def id(self) -> uuid.UUID:
        """Whose acts these are: the person's key, the account's for an administrator from outside
        the council, zero for the system."""
        if self.person is not None:
            return self.person.pk
        return self.account.pk if self.account is not None else uuid.UUID(int=0)

    @property
    def council_id(self) -> uuid.UUID:
        return self.council.pk

    @property
    def person_id(self) -> uuid.UUID | None:
        return self.person.pk if self.person else None

    def has(self, *roles: Role | DutyKind | str) -> bool:
        """Whether the actor has at least one of the roles or duties."""
        return not (self.roles.isdisjoint(roles) and self.duties.isdisjoint(roles))

    def on_duty(self, *kinds: DutyKind) -> bool:
        """Whether one of these duties is the actor's («Thư ký: biểu quyết»)."""
        return not self.duties.isdisjoint(kinds)

    @property
    def is_chair(self) -> bool:
        return Role.CHAIR in self.roles

    @property
    def is_clerk(self) -> bool:
        return Role.CLERK in self.roles

    @property
    def is_office(self) -> bool:
        """Clerks and administrators: whoever prepares."""
        return not self.roles.isdisjoint(OFFICE)

    @property
    def is_delegate(self) -> bool:
        """A delegate in office, suspended or not."""
        return self.has(Role.DELEGATE, Role.SUSPENDED)

    @property
    def delegate_membership(self) -> Membership | None:
        """The actor's membership of the council itself, if a delegate in office."""
        return next(
            (m for m in self.memberships if m.organization.kind == OrganizationKind.PLENARY), None
        )

    @property
    def delegate(self) -> Membership | None:
        """:attr:`delegate_membership` by its short name."""
        return self.delegate_membership

    @property
    def body_ids(self) -> frozenset[uuid.UUID]:
        """Every body (Ban, Tổ, agency) the actor belongs to today."""
        return frozenset(m.organization_id for m in self.memberships)

    def audit(self) -> dict[str, Any]:
        """Arguments for ``audit.record(action, **by.audit(), target=…)``."""
        return {
            "council_id": self.council.pk,
            "actor_id": self.person_id,
            "actor_name": self.name,
        }


def roles_of(
    memberships: Iterable[Membership], duties: Iterable[DutyKind], *, superuser: bool = False
) -> frozenset[Role]:
    """Roles that follow from memberships and duties in force."""
    roles: set[Role] = {_ROLE_OF_DUTY[kind] for kind in duties}
    if superuser:
        roles.add(Role.ADMIN)
    for membership in memberships:
        suspended = membership.status == MembershipStatus.SUSPENDED
        kind = membership.organization.kind
        if kind == OrganizationKind.PLENARY:
            roles.add(Role.SUSPENDED if suspended else Role.DELEGATE)
        elif kind in (OrganizationKind.EXECUTIVE, OrganizationKind.AGENCY, OrganizationKind.FRONT):
            roles.add(Role.AGENCY)
        else:
            roles.add(Role.MEMBER)
        if membership.post in CHAIR_POSTS:
            roles.add(Role.CHAIR)
    if Role.SUSPENDED in roles:
        roles.discard(Role.CHAIR)
    return frozenset(roles)


_PERSON: Final = Prepared(
    lambda council, account: Person.objects.filter(council=council, account=account),
    council=UUIDField(),
    account=UUIDField(),
)
_MEMBERSHIPS: Final = Prepared(
    lambda council, person, day: (
        Membership.objects.filter(in_force(day), council=council, person=person)
        .select_related("organization")
        .order_by("organization__sort_order", "starts_on")
    ),
    council=UUIDField(),
    person=UUIDField(),
    day=DateField(),
)
_DUTIES: Final = Prepared(
    lambda council, person, day: Duty.objects.filter(
        in_force(day), council=council, person=person
    ).values_list("kind", flat=True),
    council=UUIDField(),
    person=UUIDField(),
    day=DateField(),
)


def actor_of_person(person: Person, on: date | None = None) -> Actor:
    """The actor a person is (for jobs and tests); two queries."""
    day = on or timezone.localdate()
    who = {"council": person.council_id, "person": person.pk, "day": day}
    memberships = tuple(_MEMBERSHIPS(**who))
    duties = frozenset(DutyKind(kind) for kind in _DUTIES(**who))
    account = person.account
    superuser = bool(account and account.is_active and account.is_superuser)
    roles = roles_of(memberships, duties, superuser=superuser)
    if superuser:
        duties |= {DutyKind.ADMIN}
    return Actor(person.council, account, person, person.full_name, roles, duties, memberships)


def actor_for(account: Account, council: Council, on: date | None = None) -> Actor | None:
    """What this account is to this council; None when it may not know the council exists.

    A superuser administers every council of the installation, without being a person in it.
    """
    if not account.is_active:
        return None
    person = next(iter(_PERSON(council=council.pk, account=account.pk)), None)
    if person is not None:
        # Every page asks this; both are here already, and joined they took four times as long.
        person.account, person.council = account, council
        actor = actor_of_person(person, on=on)
        return actor if actor.roles else None
    if account.is_superuser:
        name = str(account)
        roles, duties = frozenset({Role.ADMIN}), frozenset({DutyKind.ADMIN})
        return Actor(council, account, None, name, roles, duties)
    return None
