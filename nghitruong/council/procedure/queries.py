"""A council's own rules and days off."""

from __future__ import annotations

import uuid

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404

from nghitruong.council.councils.roles import Actor
from nghitruong.council.procedure.models import Holiday, RuleOverride


def overrides_for(actor: Actor, key: str) -> QuerySet[RuleOverride]:
    """What the council decided about one rule, the newest first."""
    rows: QuerySet[RuleOverride] = RuleOverride.objects.filter(council=actor.council, key=key)
    return rows.order_by("-valid_from", "-created_at")


def own_holiday_for(actor: Actor, pk: uuid.UUID) -> Holiday:
    """A day this council added (not the nation's); Http404 otherwise."""
    return get_object_or_404(Holiday, pk=pk, council=actor.council)
