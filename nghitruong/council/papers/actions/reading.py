"""Remembering where a person stopped reading."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from django.db import transaction

from nghitruong.council.councils.roles import Actor
from nghitruong.council.papers import extension
from nghitruong.council.papers.models import PaperVersion, ReadingPosition
from nghitruong.platform.live import api as live

LAYOUTS = ("", "two", "text")
ZOOM_MOST = 8.0


@dataclass(frozen=True, kw_only=True)
class Moved(live.LiveEvent):
    """The person's other devices may look where they are; it says no more than which text."""

    type: ClassVar[str] = "reading.moved"
    slice: ClassVar[str] = "reading"
    version: str
    device: str


def open_version(version: PaperVersion, *, by: Actor) -> None:
    """The person has this text before them: it is no longer new to them."""
    if by.person is None:
        return
    mine = ReadingPosition.objects.filter(person=by.person, version=version)
    if not mine.exists():  # at every later opening there is nothing to write
        with transaction.atomic():
            ReadingPosition.objects.get_or_create(
                person=by.person, version=version, defaults={"council": by.council}
            )
    extension.opened(by, version)


def remember_page(
    version: PaperVersion,
    page: int,
    *,
    by: Actor,
    zoom: float = 0,
    layout: str = "",
    device: str = "",
) -> None:
    """Keep page (from 1), zoom (1: the paper's own size, 0: page width) and layout for this person.

    Their own affair, so not audited, and told only to their own other devices.
    """
    page = max(1, min(page, version.pages or page))
    if by.person is None:
        return
    with transaction.atomic():
        _row, first = ReadingPosition.objects.update_or_create(
            person=by.person,
            version=version,
            defaults={
                "page": page,
                "zoom": zoom if 0 < zoom <= ZOOM_MOST else 0,
                "layout": layout if layout in LAYOUTS else "",
                "council": by.council,
            },
        )
        if first:  # read without the page having been asked for: a copy kept on the device
            extension.opened(by, version)
        live.emit(
            live.doorbell_stream(by.person.pk),
            Moved(version=str(version.pk), device=device[:36]),
            council_id=by.council.pk,
        )
