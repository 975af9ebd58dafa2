"""People with their accounts and duties of today."""

from __future__ import annotations

import uuid

from django.db.models import Prefetch, QuerySet
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django_scopes import scopes_disabled

from nghitruong.council.access import rules
from nghitruong.council.councils.models import Duty, Person
from nghitruong.council.councils.periods import in_force
from nghitruong.council.councils.roles import Actor
from nghitruong.platform.accounts.models import Account


def accounts_for(actor: Actor) -> QuerySet[Person]:
    """People of the council, their account and ``today_duties``: two statements."""
    rules.require_see(actor)
    duties = Duty.objects.filter(in_force(timezone.localdate())).order_by("kind")
    people: QuerySet[Person] = (
        Person.objects.filter(council=actor.council)
        .select_related("account", "council")
        .prefetch_related(Prefetch("duties", queryset=duties, to_attr="today_duties"))
        .order_by("sort_key")
    )
    return people


def account_for(actor: Actor, pk: uuid.UUID) -> Person:
    """One of :func:`accounts_for`; Http404 otherwise."""
    return get_object_or_404(accounts_for(actor), pk=pk)


def people_of_account(account: Account) -> list[uuid.UUID]:
    """Whom the account stands for, in every council: to end their screens when its sign-ins end."""
    with scopes_disabled():
        return list(Person.objects.filter(account=account).values_list("pk", flat=True))


def duty_for(actor: Actor, pk: uuid.UUID) -> Duty:
    """A duty in force of the council; Http404 otherwise."""
    rules.require_see(actor)
    duties = Duty.objects.filter(in_force(timezone.localdate())).select_related("person")
    return get_object_or_404(duties, pk=pk)
