"""Who presides: the council's chair, whoever it was handed to, and in whose name a clerk acts."""

from __future__ import annotations

import uuid

from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from nghitruong.council.councils.models import (
    Duty,
    DutyKind,
    Membership,
    MembershipStatus,
    OrganizationKind,
    Person,
)
from nghitruong.council.councils.periods import in_force
from nghitruong.council.councils.roles import CHAIR_POSTS, Actor
from nghitruong.session.meetings.models import Presence, RollEntry, Session, Sitting


def _chairs(council_id: uuid.UUID) -> QuerySet[Membership]:
    """Who holds the post of the council's chair today and may act in it, the one in it longest
    first; not the suspended (L72/2025 Đ38(1): that stands on the membership of the council)."""
    today = timezone.localdate()
    suspended = Membership.objects.filter(
        in_force(today),
        person=OuterRef("person"),
        organization__kind=OrganizationKind.PLENARY,
        status=MembershipStatus.SUSPENDED,
    )
    found: QuerySet[Membership] = Membership.objects.filter(
        ~Exists(suspended),
        in_force(today),
        council_id=council_id,
        post="council_chair",
        status=MembershipStatus.ACTIVE,
    )
    return found.select_related("person").order_by("starts_on", "pk")


def chair_at(sitting: Sitting) -> Person | None:
    """The council's chair, in whose name a clerk acts while nobody is named to preside.

    None when the chair cannot preside here: suspended, or written down as away. A roll not opened
    says nothing.
    """
    away = RollEntry.objects.filter(
        sitting=sitting,
        person=OuterRef("person"),
        presence__in=[Presence.EXCUSED, Presence.ABSENT, Presence.LEFT],
    )
    found = _chairs(sitting.council_id).filter(~Exists(away)).last()
    return found.person if found else None


def chair_name(session: Session) -> str:
    """The council's chair of today, in whose name summons are signed; empty when the post is
    vacant or the chair suspended."""
    found = _chairs(session.council_id).last()
    return found.person.full_name if found else ""


def chair_people(sitting: Sitting) -> set[uuid.UUID]:
    """Those who may preside: chair, vice chairs, whoever has the duty, and who presides now while
    still a delegate (removed in the middle of the sitting, their name stays on it).

    Nobody temporarily suspended: the post is held in Thường trực, the suspension stands on the
    membership of the council itself, and it stops every task of the delegate (L72/2025 Đ38(1)).
    """
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
    asked = people | ({sitting.presiding_id} if sitting.presiding_id else set())
    standing = Membership.objects.filter(
        in_force(today), person_id__in=asked, organization__kind=OrganizationKind.PLENARY
    ).values_list("person_id", "status")
    suspended = set()
    for person_id, status in standing:
        if person_id == sitting.presiding_id:
            people.add(person_id)
        if status == MembershipStatus.SUSPENDED:
            suspended.add(person_id)
    return people - suspended


def acted_for(sitting: Sitting, by: Actor) -> str:
    """In whose name a clerk acts: who presides now, else the council's chair, else only the place
    («Chủ tọa»); empty for a chair.

    Somebody removed or suspended since the chair was handed to them presides no more, though the
    sitting still names them.
    """
    if by.is_chair:
        return ""
    if sitting.presiding is not None and sitting.presiding_id in chair_people(sitting):
        return sitting.presiding.full_name
    chair = chair_at(sitting)
    return chair.full_name if chair else _("Chủ tọa")
