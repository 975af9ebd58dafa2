"""The epoch: its change tells every screen that history is not what it remembers."""

from __future__ import annotations

from django.db import connection, transaction

from nghitruong.platform.live.models import Epoch


def ensure() -> None:
    """At start: make the first epoch of a new installation."""
    try:
        with transaction.atomic():
            if not Epoch.objects.exists():
                Epoch.objects.create()
    finally:
        connection.close()


def renew() -> None:
    """After a restore: every screen that reconnects takes a fresh state."""
    Epoch.objects.create()
