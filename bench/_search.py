"""The corpus of search as cases: real questions, and «Điều N luật X» made from the library."""

from __future__ import annotations

import csv
import os
import random
import re
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

SEED = 20261122


@dataclass(frozen=True)
class Case:
    """A question and the articles that answer it, as (number of the document, Điều)."""

    question: str
    targets: frozenset[tuple[str, str]]


def data() -> Path:
    """The data folder."""
    for place in (os.environ.get("NGHITRUONG_DATA", ""), "../shared/data"):
        if place and (Path(place) / "corpus").is_dir():
            return Path(place).resolve()
    raise SystemExit("Cần thư mục dữ liệu: đặt biến NGHITRUONG_DATA")


def questions(file: Path) -> list[Case]:
    """``query`` and ``relevant_articles`` («45/2019/QH14 Đ24; 92/2015/QH13 Đ5») of a CSV file;
    only those whose targets are all in the library."""
    from nghitruong.council.search.models import LawArticle

    cases = []
    with open(file, encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines):
            targets = frozenset(re.findall(r"(\d[^\s;|,]*)\s+Đ(\w+)", row["relevant_articles"]))
            if row.get("all_targets_in_corpus", "1") == "0" or not targets:
                continue
            if all(
                LawArticle.objects.filter(law__number=number, number=article).exists()
                for number, article in targets
            ):
                cases.append(Case(row["query"], targets))
    return cases


def named_articles(count: int = 200) -> list[Case]:
    """«Điều 12 Luật Đất đai», from laws and codes of the library, always the same ones."""
    from nghitruong.council.search.models import LawArticle

    rows = (
        LawArticle.objects.filter(law__kind__in=["Luật", "Bộ luật"], law__corpus="codification")
        .exclude(number="")
        .exclude(law__number="")
        .order_by("law__number", "order", "number", "heading")
        .values_list("number", "law__title", "law__number")
    )
    chosen = random.Random(SEED).sample(list(rows), count)
    return [
        Case(f"Điều {article} {title}", frozenset([(number, article)]))
        for article, title, number in chosen
    ]


def unaccented(cases: list[Case]) -> list[Case]:
    """The same questions as most people type them."""
    from nghitruong.lib.text import fold

    return [Case(fold(case.question), case.targets) for case in cases]


def percentile(values: list[float], share: float) -> float:
    """Of few values the nearest above."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))]


def ask(cases: list[Case], actor: Any, *, rounds: int = 1) -> dict[str, Any]:
    """Recall at 10 and the time of a whole search as a page asks it, snippets included."""
    from nghitruong.council.search.passages import Filters
    from nghitruong.council.search.queries import search

    filters = Filters(council=actor.council.pk.hex)
    recalled, taken, missed = 0.0, [], []
    for turn in range(rounds):
        for case in cases:
            started = time.perf_counter()
            found = search(actor, case.question, filters)
            taken.append((time.perf_counter() - started) * 1000)
            if turn:
                continue
            got = {(r.hit.passage.number, r.hit.passage.article) for r in found.results}
            share = len(case.targets & got) / len(case.targets)
            recalled += share
            if share < 1:
                missed.append(case.question)
    return {
        "queries": len(cases),
        "recall_at_10": round(recalled / len(cases), 3),
        "p50_ms": round(percentile(taken, 0.5), 1),
        "p95_ms": round(percentile(taken, 0.95), 1),
        "missed": missed[:5],
    }


def actor() -> Any:
    """Somebody of a council that has nothing but the library."""
    from nghitruong.council.councils.models import AdministrativeUnit, Council
    from nghitruong.council.councils.roles import Actor

    council = Council.objects.first()
    if council is None:
        unit = AdministrativeUnit.objects.create(
            code="15", level="province", unit_type="Tỉnh", name="Lào Cai", full_name="tỉnh Lào Cai"
        )
        council = Council.objects.create(
            unit=unit,
            name="Hội đồng nhân dân tỉnh Lào Cai",
            short_name="HĐND tỉnh Lào Cai",
            slug="lao-cai",
            level="province",
            place="Lào Cai",
            office_name="Văn phòng",
        )
    return Actor.system(council)
