"""The page of search and the page of an article of the library."""

from __future__ import annotations

import uuid
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from nghitruong.council.search import backends, queries
from nghitruong.council.search.forms import Narrow


@never_cache
@require_safe
def search(request: HttpRequest) -> HttpResponse:
    """One box. For htmx only the part with results, so they change under the fingers."""
    actor = request.actor  # type: ignore[attr-defined]
    question = request.GET.get("q", "")[:300].strip()
    form = Narrow(request.GET, actor=actor)
    asked_page = request.GET.get("page", "1")
    found = queries.search(
        actor,
        question,
        form.filters(),
        page=int(asked_page) if asked_page.isdecimal() and len(asked_page) < 4 else 1,
    )
    context: dict[str, Any] = {
        "q": question,
        "form": form,
        "found": found,
        "ready": bool(found.results) or backends.current().ready(),
        "most": queries.PER_PAGE * queries.MOST_PAGES,
    }
    part = bool(request.htmx) and not request.htmx.boosted  # type: ignore[attr-defined]  # HtmxMiddleware
    return render(request, "search/page.html#results" if part else "search/page.html", context)


@require_safe
def article(request: HttpRequest, article: uuid.UUID) -> HttpResponse:
    """An article of a text of the library, with where it comes from."""
    actor = request.actor  # type: ignore[attr-defined]
    found = queries.article_for(actor, article)
    before, after = queries.neighbours(found)
    context = {
        "article": found,
        "law": found.law,
        "before": before,
        "after": after,
        "contents": queries.contents(found.law),
    }
    return render(request, "search/article.html", context)
