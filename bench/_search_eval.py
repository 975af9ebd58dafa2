"""``make search-eval QUERIES=FILE``: recall at 10 and p95 for a file of questions with answers.

The file has the columns ``query`` and ``relevant_articles`` («45/2019/QH14 Đ24; 92/2015/QH13 Đ5»).
Questions with a target outside the library are left out and counted. One JSON object for each
engine; ``python -m bench._search_eval FILE sqlite`` asks tantivy alone.
"""

from __future__ import annotations

import csv
import os
import sys
from pathlib import Path

from bench import _search
from bench._installation import CHILD, ENGINES, on_engines, show


def run(engine: str) -> None:
    """Load and index the library, ask everything."""
    import django

    django.setup()
    from django.core.management import call_command
    from django_scopes import scope

    from nghitruong.council.search import backends, indexing
    from nghitruong.council.search.loading import load

    call_command("migrate", verbosity=0)
    load(_search.data())
    indexing.rebuild()
    file = Path(os.environ["NGHITRUONG_QUERIES"])
    with open(file, encoding="utf-8", newline="") as lines:
        rows = sum(1 for _ in csv.DictReader(lines))
    somebody = _search.actor()
    with scope(council=somebody.council.pk):
        cases = _search.questions(file)
        if not cases:
            raise SystemExit("Không câu hỏi nào có đáp án nằm trong thư viện")
        _search.ask(cases[:3], somebody)
        result = _search.ask(cases, somebody)
        show(
            name="search-eval",
            engine=backends.current().name,
            **result,
            left_out=rows - len(cases),
        )


if __name__ == "__main__":
    words = [word for word in sys.argv[1:] if word not in ENGINES]
    if not words and CHILD not in os.environ:
        raise SystemExit("Cách dùng: make search-eval QUERIES=tệp.csv")
    if words:
        os.environ["NGHITRUONG_QUERIES"] = str(Path(words[0]).resolve())
    sys.exit(on_engines("bench._search_eval", run))
