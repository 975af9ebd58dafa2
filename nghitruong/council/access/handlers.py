"""A person changed their password: recorded in every council they belong to, and whoever is signed
in with the old one is out of every hall too."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.dispatch import receiver
from django_scopes import scope, scopes_disabled

from nghitruong.council.councils.models import Person
from nghitruong.platform.accounts.actions import password_changed
from nghitruong.platform.accounts.models import Account
from nghitruong.platform.audit import api as audit
from nghitruong.platform.live import api as live


@receiver(password_changed, dispatch_uid="access.password_changed")
def record_change(sender: Any, account: Account, **kwargs: Any) -> None:
    """Runs in the transaction of the change.

    The browser that made it goes on and may open the hall in the same second, a vote may be
    running there: its next ticket must hold, so the end has no margin.
    """
    with scopes_disabled():
        people = list(Person.objects.filter(account=account))
    for person in people:
        with scope(council=person.council_id):
            audit.record(
                "accounts.change_password",
                council_id=person.council_id,
                actor_id=person.pk,
                actor_name=person.full_name,
                target=account,
            )
    live.end_tickets([person.pk for person in people], margin=timedelta(0))
