"""Search at size, on both engines: ``make bench NAME=search``.

The whole library (41,664 articles of the codification, 574 documents by article, 94 resolutions,
the rules) is loaded into an empty installation and indexed; then the questions of
``corpus/search_queries.csv`` and 200 «Điều N luật X» are asked, as they stand and without accents,
each as a whole page: engine, door, order, snippets. One JSON object a line; 1 when a bound breaks.
"""

from __future__ import annotations

import sys
import time

from bench import _search
from bench._installation import on_engines, show

INDEX_SECONDS = 20  # tantivy
P95_MS = {"tantivy": 25.0, "postgresql": 300.0}
RECALL, RECALL_NAMED = 0.8, 0.99
ENGINE = {"sqlite": "tantivy", "postgresql": "postgresql"}


def run(engine: str) -> None:
    """Load, index, ask."""
    import django

    django.setup()
    from django.core.management import call_command
    from django_scopes import scope

    from nghitruong.config.web import leave_what_stays
    from nghitruong.council.search import backends, indexing
    from nghitruong.council.search.loading import load

    call_command("migrate", verbosity=0)
    folder = _search.data()
    started = time.perf_counter()
    report = load(folder)
    loaded = time.perf_counter() - started
    started = time.perf_counter()
    passages = indexing.rebuild()
    indexed = time.perf_counter() - started
    name = backends.current().name
    assert name == ENGINE[engine], name
    tantivy = name == "tantivy"
    show(
        at_most={"index_s": INDEX_SECONDS} if tantivy else {},
        name="search",
        engine=name,
        case="index",
        texts=report.texts,
        passages=passages,
        load_s=loaded,
        index_s=indexed,
    )
    somebody = _search.actor()
    with scope(council=somebody.council.pk):
        real = _search.questions(folder / "corpus" / "search_queries.csv")
        named = _search.named_articles()
        _search.ask(real[:3], somebody)  # the first opens the index
        leave_what_stays()  # the collector looks as often as in the process that serves pages
        for case, cases, least in (
            ("questions", real, RECALL),
            ("questions without accents", _search.unaccented(real), RECALL),
            ("Điều N luật X", named, RECALL_NAMED),
            ("dieu n luat x", _search.unaccented(named), RECALL_NAMED),
        ):
            result = _search.ask(cases, somebody, rounds=3 if len(cases) < 50 else 1)
            show(
                at_most={"p95_ms": P95_MS[name]},
                at_least={"recall_at_10": least},
                name="search",
                engine=name,
                case=case,
                **result,
            )


if __name__ == "__main__":
    sys.exit(on_engines("bench.search", run))
