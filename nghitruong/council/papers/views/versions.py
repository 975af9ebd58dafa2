"""What changed between two versions of a paper."""

from __future__ import annotations

import uuid
from dataclasses import dataclass

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from nghitruong.council.papers import queries, texts
from nghitruong.lib.articles import place_label
from nghitruong.lib.redline import Change, Comparison


@dataclass(frozen=True)
class Part:
    """A changed part as the page shows it."""

    anchor: str
    label: str
    status: str
    word: str
    icon: str
    change: Change
    following: str = ""


def _label(change: Change) -> str:
    key = change.new_key or change.old_key
    if change.kind == "article":
        label = place_label(key)
        if change.renumbered:
            label += " " + _("(trước là %(old)s)") % {"old": place_label(change.old_key)}
        return label
    return {
        "opening": _("Phần mở đầu"),
        "closing": _("Phần cuối và phụ lục"),
        "text": _("Toàn văn"),
    }.get(change.kind, key)


def _word(change: Change) -> tuple[str, str, str]:
    """(chip, word, icon): told apart by shape and word, colour only helps."""
    if change.status == "added":
        return "yes", _("mới"), "plus"
    if change.status == "removed":
        return "no", _("bỏ"), "minus"
    if change.moved:
        moved = _("chuyển chỗ, có sửa") if change.status == "changed" else _("chuyển chỗ")
        return "info", moved, "switch-horizontal"
    if change.status == "changed":
        return "warn", _("sửa"), "edit"
    return "info", _("đánh số lại"), "sort-ascending"


def parts_of(found: Comparison) -> list[Part]:
    """The changed parts in order, each knowing the next one's place on the page."""
    parts: list[Part] = []
    last = len(found.changes)
    for n, change in enumerate(found.changes, start=1):
        status, word, icon = _word(change)
        following = f"thay-doi-{n + 1}" if n < last else ""
        parts.append(Part(f"thay-doi-{n}", _label(change), status, word, icon, change, following))
    return parts


@require_safe
def compare(request: HttpRequest, paper: uuid.UUID) -> HttpResponse:
    """``?tu=1&den=2``; without them what this person read last against the newest."""
    actor = request.actor  # type: ignore[attr-defined]
    found = queries.paper_for(actor, paper)
    versions = queries.versions_for(actor, found)
    if not versions:
        raise Http404
    numbers = [version.number for version in versions]
    until = _asked(request, "den", numbers) or numbers[0]
    earlier = [number for number in numbers if number < until]
    read = queries.last_read(actor, versions, below=until)
    since = _asked(request, "tu", numbers) or read or (earlier[0] if earlier else until)
    old = queries.version_for(actor, found, since)
    new = queries.version_for(actor, found, until)
    comparison = None if old == new else texts.compare_versions(old, new)
    context = {
        "paper": found,
        "versions": versions[::-1],
        "old": old,
        "new": new,
        "since_read": read == since,
        "comparison": comparison,
        "parts": parts_of(comparison) if comparison else [],
        "between": [v for v in versions[::-1] if old.number < v.number <= new.number],
    }
    return render(request, "papers/compare.html", context)


def _asked(request: HttpRequest, name: str, numbers: list[int]) -> int | None:
    value = request.GET.get(name, "")
    if not value:
        return None
    if not value.isdecimal() or int(value) not in numbers:
        raise Http404
    return int(value)
