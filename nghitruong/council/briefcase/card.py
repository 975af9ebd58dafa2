"""The card on a session's page."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from nghitruong.council.briefcase import rules
from nghitruong.council.councils.roles import Actor


def card(actor: Actor, last_day: date, number: int) -> dict[str, Any] | None:
    """What the card is told; None for who takes no briefcase, and for a session past its date."""
    if not rules.can_take(actor):
        return None
    if rules.keep_until(last_day) < timezone.localdate():
        return None
    at = [actor.council.slug, number]
    # The page from which a device gets the certificate exists where `tls init` made an authority.
    own_authority = (settings.VAR_DIR / "tls" / "ca.crt").exists()
    return {
        "number": number,
        "url": reverse("briefcase:manifest", args=at),
        "notes": reverse("briefcase:notes", args=at),
        "worker": reverse("worker"),
        "install": reverse("install") if own_authority else "",
        "help": reverse("help_guide", args=["dai-bieu"]),
    }
