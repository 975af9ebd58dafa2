"""The only door to guests, their passes and their papers."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import timedelta

from django.db.models import Count, Exists, OuterRef, Prefetch, Q, QuerySet
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext as _
from django_scopes import scopes_disabled

from nghitruong.council.councils.models import Duty, DutyKind, Membership, Person
from nghitruong.council.councils.periods import in_force
from nghitruong.council.councils.roles import Actor, Role
from nghitruong.council.guests import rules
from nghitruong.council.guests.models import GuestPaper, GuestPass
from nghitruong.council.papers.models import Paper, PaperState
from nghitruong.council.papers.queries import papers_for
from nghitruong.platform.live import api as live


def guests_for(actor: Actor) -> QuerySet[Person]:
    """People a pass may be given to, or was: members of nothing, with no duty but a guest's, and no
    password of their own. ``passes`` newest first; ``given``: papers."""
    rules.may_invite(actor)
    today = timezone.localdate()
    member = Membership.objects.filter(in_force(today), person=OuterRef("pk"))
    works = Duty.objects.filter(in_force(today), person=OuterRef("pk")).exclude(kind=DutyKind.GUEST)
    people: QuerySet[Person] = Person.objects.filter(
        ~Exists(member),
        ~Exists(works),
        Q(account__isnull=True) | Q(account__username__startswith="khach-"),
        council=actor.council,
    )
    newest = GuestPass.objects.order_by("-issued_at")
    return people.annotate(given=Count("guest_papers")).prefetch_related(
        Prefetch("guest_passes", queryset=newest, to_attr="passes")
    )


def guest_for(actor: Actor, key: uuid.UUID) -> Person:
    """One of them; Http404 otherwise."""
    return get_object_or_404(guests_for(actor), pk=key)


def pass_for(actor: Actor, key: uuid.UUID) -> GuestPass:
    """A pass of the council; Http404 otherwise."""
    rules.may_invite(actor)
    return get_object_or_404(
        GuestPass.objects.filter(council=actor.council).select_related("person__account"), pk=key
    )


def passes_over() -> list[tuple[uuid.UUID, uuid.UUID]]:
    """(pass, council) of passes whose day is over and whose screens in the hall nobody ended since;
    of the last days, since tickets end by themselves within one. Outside any scope."""
    today = timezone.localdate()
    with scopes_disabled():
        rows = GuestPass.objects.filter(
            ends_on__lt=today,
            ends_on__gte=today - timedelta(days=2),
            used_at__isnull=False,
            revoked_at__isnull=True,
        )
        found = list(rows.values_list("pk", "council_id", "person_id", "ends_on"))
    ended = live.tickets_ended({person for _key, _council, person, _day in found})
    return [
        (key, council)
        for key, council, person, day in found
        if person not in ended or timezone.localdate(ended[person]) <= day
    ]


def state_words(row: GuestPass | None) -> str:
    """What a pass is now, in words."""
    if row is None:
        return _("chưa có thẻ")
    if row.revoked_at is not None:
        return _("đã thu hồi")
    if row.ends_on < timezone.localdate():
        return _("đã hết hạn")
    if row.used_at is not None:
        return _("đang dùng")
    if row.tries >= rules.MOST_TRIES:
        return _("gõ sai mã PIN 5 lần; chỉ còn vào được bằng mã vuông")
    return _("chờ khách vào")


def givable_for(actor: Actor) -> QuerySet[Paper]:
    """Papers that may be given to a guest: those delegates have."""
    rules.may_invite(actor)
    return papers_for(actor).filter(state=PaperState.RELEASED).order_by("-released_at", "fold")


def papers_given(person: Person) -> set[uuid.UUID]:
    """What this guest may read."""
    return set(GuestPaper.objects.filter(person=person).values_list("paper_id", flat=True))


def granted(actor: Actor) -> Q:
    """For lists of papers: what was given to this guest one by one, once delegates have it and
    while it is not withdrawn. Delegates keep a withdrawn one, marked: they worked with it; who is
    not of the council has nothing to do with a text that was taken back."""
    if actor.person is None or Role.GUEST not in actor.roles:
        return Q(pk__in=[])
    given = GuestPaper.objects.filter(person=actor.person).values("paper")
    return Q(state=PaperState.RELEASED, pk__in=given)


def readers_of(papers: Sequence[Paper]) -> list[uuid.UUID]:
    """Guests of today who were given one of these papers."""
    rows = GuestPaper.objects.filter(
        paper__in=[paper.pk for paper in papers],
        person__duties__in=Duty.objects.filter(in_force(timezone.localdate()), kind=DutyKind.GUEST),
    )
    return list(rows.values_list("person_id", flat=True).distinct())
