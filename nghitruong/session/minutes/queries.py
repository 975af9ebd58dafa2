"""The only door to minutes."""

from __future__ import annotations

from django.db.models import QuerySet
from django.http import Http404

from nghitruong.council.councils.roles import Actor
from nghitruong.session.meetings.models import Sitting
from nghitruong.session.meetings.queries import sitting_at
from nghitruong.session.minutes import rules
from nghitruong.session.minutes.models import MinutesVersion


def sitting_for(actor: Actor, address: int, sitting_number: int) -> Sitting:
    """A sitting whose minutes this person may read; 404 otherwise."""
    sitting = sitting_at(actor, address, sitting_number)
    if not rules.may_read(actor, sitting):
        raise Http404
    return sitting


def versions_for(actor: Actor, sitting: Sitting) -> QuerySet[MinutesVersion]:
    """Versions of a sitting's minutes, newest first."""
    versions: QuerySet[MinutesVersion] = MinutesVersion.objects.filter(sitting=sitting)
    return versions.order_by("-number") if rules.may_read(actor, sitting) else versions.none()


def version_for(actor: Actor, sitting: Sitting, number: int) -> MinutesVersion:
    """One version; 404 when there is none."""
    version = versions_for(actor, sitting).filter(number=number).first()
    if version is None:
        raise Http404
    return version
