"""Remembering where a person stopped reading."""

from __future__ import annotations

from django.db import transaction

from nghitruong.council.councils.roles import Actor
from nghitruong.council.papers.models import PaperVersion, ReadingPosition


def remember_page(version: PaperVersion, page: int, *, by: Actor) -> None:
    """Keep the page (from 1) for this person; their own affair, so neither audited nor told."""
    page = max(1, min(page, version.pages or page))
    if by.person is None:
        return
    with transaction.atomic():
        ReadingPosition.objects.update_or_create(
            person=by.person,
            version=version,
            defaults={"page": page, "council": by.council},
        )
