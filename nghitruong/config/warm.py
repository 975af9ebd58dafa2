"""What a process loads before its first work, so that nobody waits for it later."""

from __future__ import annotations


def load_addresses() -> None:
    """Load the URLconf, and with it every view, now.

    Otherwise the first ``reverse()`` does: a second of imports, perhaps inside a transaction that
    holds the write lock while a hall votes.
    """
    from django.urls import reverse

    reverse("account_login")
