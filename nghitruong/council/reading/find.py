"""Words in the papers of a packet, page by page, with accents or without."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse

from nghitruong.council.councils.roles import Actor
from nghitruong.council.intake.models import PageText
from nghitruong.council.papers import extension
from nghitruong.council.papers.models import Paper
from nghitruong.council.papers.queries import newest_for
from nghitruong.lib.text import fold, nfc

AROUND = 48  # characters either side
HITS_MOST = 200
PER_PAPER = 20


@dataclass(frozen=True)
class Found:
    """What was found, and how many papers have no text yet to look in."""

    hits: list[dict[str, Any]]
    without: int
    more: bool


def pattern_of(query: str) -> tuple[re.Pattern[str], bool] | None:
    """The query as a pattern, and whether it was typed with marks that are meant; None when empty.

    «dat» finds «đất» and «đạt»; «đất» finds only itself.
    """
    words = nfc(query).lower().split()
    if not words:
        return None
    exact = fold(query) != nfc(query).lower()
    written = [re.escape(word if exact else fold(word)) for word in words]
    return re.compile(r"\s+".join(written)), exact


def _places(text: str, pattern: re.Pattern[str], exact: bool) -> Iterable[tuple[int, int]]:
    """Places in ``text`` (NFC, blanks single); folding keeps every place."""
    low = text.lower() if exact else fold(text)
    if len(low) != len(text):  # «İ» and its like: look without marks, which keeps places
        low = fold(text)
    return (match.span() for match in pattern.finditer(low))


def in_packet(actor: Actor, paper: Paper, query: str) -> Found:
    """Hits in the packet's order, at most 20 of a paper and 200 in all; of each paper the newest
    text this person may open."""
    asked = pattern_of(query)
    packet = [one.paper for one in extension.packet_of(actor, paper)]
    newest = newest_for(actor, packet)
    if asked is None:
        return Found([], 0, False)
    pattern, exact = asked
    pages: dict[Any, list[tuple[int, str]]] = {}
    rows = PageText.objects.filter(version__in=list(newest.values())).order_by("number")
    for of, number, text in rows.values_list("version", "number", "text").iterator():
        pages.setdefault(of, []).append((number, text))
    hits: list[dict[str, Any]] = []
    more = False
    for one in packet:
        version = newest.get(one.pk)
        if version is None or version.pk not in pages:
            continue
        url = reverse("papers:paper", args=[actor.council.slug, one.pk])
        own = 0
        for number, text in pages[version.pk]:
            plain = " ".join(nfc(text).split())
            for start, end in _places(plain, pattern, exact):
                if own >= PER_PAPER or len(hits) >= HITS_MOST:
                    more = True
                    break
                own += 1
                hits.append(
                    {
                        "title": one.title,
                        "url": f"{url}?{urlencode({'tim': query})}#trang={number}",
                        "page": number,
                        "before": plain[max(0, start - AROUND) : start],
                        "words": plain[start:end],
                        "after": plain[end : end + AROUND],
                    }
                )
    without = sum(1 for version in newest.values() if version.pk not in pages)
    return Found(hits, without, more)


def has_text(actor: Actor, packet: list[Paper]) -> bool:
    """Whether there is anything this person may look in."""
    newest = newest_for(actor, packet)
    return PageText.objects.filter(version__in=list(newest.values())).exists()
