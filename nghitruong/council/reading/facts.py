"""What this app adds to the pages of a paper."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from nghitruong.council.councils.roles import Actor
from nghitruong.council.papers.models import Paper, PaperVersion
from nghitruong.council.papers.rules import can_manage
from nghitruong.council.reading import find, queries, rules

FEWEST = 5  # of fewer delegates a number would be a name


def part(actor: Actor, paper: Paper, version: PaperVersion, packet: list[Paper]) -> dict[str, Any]:
    """Where the island keeps notes (not for who has no notebook) and asks for words."""
    at = [actor.council.slug, paper.pk, version.number]
    words = {"text": reverse("reading:text", args=[*at, 0])}
    if find.has_text(actor, packet):
        words["find"] = reverse("reading:find", args=at)
    if actor.person is None:
        return words
    return {
        **words,
        "notes": {
            "url": reverse("reading:notes", args=at),
            "export": reverse("reading:export", args=at),
            "bodies": [{"id": str(body.pk), "name": body.name} for body in rules.bodies(actor)],
            "first": queries.changes_since(actor, version, 0),
        },
    }


def openings_fact(actor: Actor, paper: Paper) -> Iterable[tuple[str, str]]:
    """«12/61 đại biểu đã mở» for those who manage papers; who they are nobody is told."""
    if not can_manage(actor) or paper.released_at is None:
        return
    opened, total = queries.openings(paper)
    if total < FEWEST:
        return
    yield (
        _("Đã mở đọc"),
        _("%(opened)d/%(total)d đại biểu (không ghi tên ai)") % {"opened": opened, "total": total},
    )
