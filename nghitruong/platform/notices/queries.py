"""The only door to notices: each person's own."""

from __future__ import annotations

import uuid
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.urls import reverse

from nghitruong.platform.notices.models import Recipient
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


def bell_of(request: HttpRequest) -> Bell | None:
    """The bell of the page: how many wait. One statement."""
    actor = getattr(request, "actor", None)
    if actor is None or actor.person_id is None:
        return None
    slug = actor.council.slug
    return Bell(
        url=reverse("notices:notices", args=[slug]),
        count=unopened_for(actor).order_by().count(),
        ask_url=reverse("notices:arrived", args=[slug]),
        slug=slug,
        person=str(actor.person_id),
    )
