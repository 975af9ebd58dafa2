"""Rows with ``starts_on`` and ``ends_on`` (both included): which are in force on a day."""

from __future__ import annotations

from datetime import date

from django.db.models import Q


def in_force(on: date, prefix: str = "") -> Q:
    """Condition «in force on this day»; ``prefix`` for a related row (``"membership__"``)."""
    return Q(**{f"{prefix}starts_on__lte": on}) & (
        Q(**{f"{prefix}ends_on__isnull": True}) | Q(**{f"{prefix}ends_on__gte": on})
    )


def exists_on(on: date) -> Q:
    """The same for bodies, whose first day may be unknown."""
    return (Q(starts_on__isnull=True) | Q(starts_on__lte=on)) & (
        Q(ends_on__isnull=True) | Q(ends_on__gte=on)
    )


def unit_valid(on: date) -> Q:
    """Units that exist on this day («đơn vị tại ngày»)."""
    return (Q(valid_from__isnull=True) | Q(valid_from__lte=on)) & (
        Q(valid_to__isnull=True) | Q(valid_to__gte=on)
    )
