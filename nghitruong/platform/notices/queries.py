"""The only door to notices: each person's own."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any, Final

from django.db.models import Count, Q, QuerySet, UUIDField
from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone

from nghitruong.platform.notices.models import Delivery, Recipient
from nghitruong.platform.storage.prepared import Prepared
from nghitruong.ui.navigation import Bell


def notices_for(actor: Any) -> QuerySet[Recipient]:
    """What this person was told, newest first; nothing for who is no person of the council."""
    rows: QuerySet[Recipient] = Recipient.objects.filter(person_id=actor.person_id)
    if actor.person_id is None:
        rows = rows.none()
    return rows.select_related("message").order_by("-last_round_at", "-pk")


def notice_for(actor: Any, key: uuid.UUID) -> Recipient:
    """One of them; Http404 otherwise."""
    return get_object_or_404(notices_for(actor), pk=key)


def unopened_for(actor: Any) -> QuerySet[Recipient]:
    """Those not opened yet."""
    return notices_for(actor).filter(opened_at__isnull=True)


_WAITING: Final = Prepared(
    lambda council, person: (
        Recipient.objects.filter(council_id=council, person_id=person, opened_at__isnull=True)
        .order_by()
        .values("person_id")
        .annotate(waiting=Count("pk"))
        .values_list("waiting", flat=True)
    ),
    council=UUIDField(),
    person=UUIDField(),
)


def bell_of(request: HttpRequest) -> Bell | None:
    """The bell of the page: how many wait. One statement."""
    actor = getattr(request, "actor", None)
    if actor is None or actor.person_id is None:
        return None
    slug = actor.council.slug
    return Bell(
        url=reverse("notices:notices", args=[slug]),
        count=sum(_WAITING(council=actor.council.pk, person=actor.person_id)),
        ask_url=reverse("notices:arrived", args=[slug]),
        slug=slug,
        person=str(actor.person_id),
    )


# What other layers know already -----------------------------------------------------------------

# The office's note of a person's e-mail and telephone: (actor) → {channel: value}.
Known = Callable[[Any], Mapping[str, str]]
_known: list[Known] = []


def register_known(known: Known) -> None:
    """Offer addresses the office has, for the person to agree to."""
    if known not in _known:
        _known.append(known)


def known_addresses(actor: Any) -> dict[str, str]:
    """What the office has of this person."""
    return {channel: value for known in _known for channel, value in known(actor).items() if value}


# For the administrator --------------------------------------------------------------------------

TEST = "notices.test"
LATELY = timedelta(days=7)


def lately() -> dict[str, tuple[int, int]]:
    """Deliveries sent and given up in the last week, by channel."""
    edge = timezone.now() - LATELY
    rows = (
        Delivery.objects.filter(Q(sent_at__gte=edge) | Q(failed_at__gte=edge))
        .order_by()
        .values_list("channel")
        .annotate(sent=Count("sent_at"), failed=Count("failed_at"))
    )
    return {channel: (sent, failed) for channel, sent, failed in rows}


def last_test_for(actor: Any) -> Recipient | None:
    """The administrator's last test message, its deliveries with it."""
    found: Recipient | None = (
        notices_for(actor).filter(message__kind=TEST).prefetch_related("deliveries").first()
    )
    return found
