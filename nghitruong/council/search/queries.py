"""The one door to search: what an engine proposes is shown only if this person may open it now."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Final

from django.db.models import QuerySet
from django.http import Http404
from django.utils.safestring import SafeString

from nghitruong.council.councils.roles import Actor
from nghitruong.council.search import backends, snippets
from nghitruong.council.search.analysis import Asked, understand
from nghitruong.council.search.models import Law, LawArticle
from nghitruong.council.search.passages import Filters, Hit
from nghitruong.council.search.ranking import WINDOW, rerank
from nghitruong.council.search.sources import SOURCES, Source

PER_PAGE: Final = 10
MOST_PAGES: Final = 10
_ROUNDS: Final = 5


@dataclass(frozen=True)
class Result:
    """One row found, as the page shows it: its best passage, and where else it matches."""

    source: Source
    hit: Hit
    url: str
    title: SafeString
    heading: SafeString
    snippet: SafeString
    what: str
    more: list[tuple[int, str]] = field(default_factory=list)  # page, address


@dataclass(frozen=True)
class Found:
    """A page of results. How many there are in all is not told: the number would count what this
    person may not know of."""

    asked: Asked
    results: list[Result]
    page: int
    more: bool


def proposals(actor: Actor, asked: Asked, filters: Filters, *, wanted: int) -> list[Hit]:
    """Passages this person may open, best first, at least ``wanted`` rows if there are that many.

    The engine is asked for more than is needed; each proposal goes through its source's door in the
    main database, and leaves if its text is not the one to be shown now. When too few remain, the
    engine is asked for the next ones.
    """
    kept: list[Hit] = []
    engine = backends.current()
    step = max(WINDOW, wanted * 2)
    offset = 0
    for _ in range(_ROUNDS):
        hits = engine.search(asked, filters, limit=step, offset=offset)
        kept += rerank(asked, list(open_to(actor, hits, filters)))
        if len(hits) < step or len({hit.passage.key for hit in kept}) >= wanted:
            break
        offset += step
        step *= 4
    return kept


def open_to(actor: Actor, hits: Iterable[Hit], filters: Filters) -> Iterator[Hit]:
    """Those of the proposals that may be shown: of this council or the library, and let through by
    the source's own door at this moment, in this very version."""
    own = actor.council.pk.hex
    hits = [hit for hit in hits if hit.passage.council in ("", own)]
    by_source: dict[str, set[uuid.UUID]] = {}
    for hit in hits:
        by_source.setdefault(hit.passage.source, set()).add(hit.passage.object)
    doors = {
        code: SOURCES[code].open_to(actor, ids) if code in SOURCES else {}
        for code, ids in by_source.items()
    }
    for hit in hits:
        if doors[hit.passage.source].get(hit.passage.object) == hit.passage.version:
            yield hit


def _rows(hits: list[Hit]) -> list[Hit]:
    """One hit a row, the best; the other places of the row stand beside it. The same article of
    the same law from two corpora is one row."""
    rows: dict[object, Hit] = {}
    for hit in hits:
        passage = hit.passage
        same: object = passage.key
        if passage.article and passage.number:
            same = (passage.number, passage.article, passage.heading[:20].lower())
        first = rows.setdefault(same, hit)
        if first is not hit and first.passage.key == passage.key:
            first.parts.append(passage.part)
    return list(rows.values())


def search(actor: Actor, question: str, filters: Filters, *, page: int = 1) -> Found:
    """A page of ten results for a person."""
    asked = understand(question)
    page = min(max(page, 1), MOST_PAGES)
    if asked.empty and filters.number:
        asked = understand(filters.number)
    if asked.empty:
        return Found(asked, [], 1, False)
    wanted = page * PER_PAGE + 1
    rows = _rows(proposals(actor, asked, filters, wanted=wanted))
    shown = rows[(page - 1) * PER_PAGE : page * PER_PAGE]
    results = [_result(actor, asked, hit) for hit in shown]
    return Found(asked, results, page, len(rows) > page * PER_PAGE and page < MOST_PAGES)


def _result(actor: Actor, asked: Asked, hit: Hit) -> Result:
    passage = hit.passage
    source = SOURCES[passage.source]
    more = sorted(set(hit.parts) - {passage.part})[:5]
    url = source.link(actor, passage)
    return Result(
        source=source,
        hit=hit,
        url=url,
        title=snippets.marked(asked, passage.title),
        heading=snippets.marked(asked, passage.heading),
        snippet=snippets.snippet(asked, passage.text),
        what=source.describe(passage),
        more=[(part, f"{url.partition('#')[0]}#trang={part}") for part in more],
    )


# The library ----------------------------------------------------------------


def laws() -> QuerySet[Law]:
    """Every text of the library; anybody of a council of this installation reads it."""
    return Law.objects.order_by("corpus", "-issued", "number")


def article_for(actor: Actor, key: uuid.UUID) -> LawArticle:
    """One article with its law."""
    found = LawArticle.objects.select_related("law").filter(pk=key).first()
    if found is None:
        raise Http404
    return found


def neighbours(article: LawArticle) -> tuple[LawArticle | None, LawArticle | None]:
    """The articles before and after."""
    others = LawArticle.objects.filter(law=article.law_id).only("pk", "number", "heading", "order")
    return (
        others.filter(order__lt=article.order).order_by("-order").first(),
        others.filter(order__gt=article.order).order_by("order").first(),
    )


def contents(law: Law) -> QuerySet[LawArticle]:
    """Numbers and headings of all articles, without their texts."""
    return LawArticle.objects.filter(law=law).defer("text").order_by("order")
