"""Comparing two texts of a paper: a law against its gazette, and 100 pages against their changes.

* ``law_against_gazette``: Law 55/2024/QH15 as DOCX against the Công báo PDF: no word differs
  (``changes`` 0); ``found``: a clause changed by one word is found where it is;
* ``pages_100``: 100 pages of real law, one word put into each of some forty articles: under 5 s
  (``seconds``), exactly those articles and words found;
* ``worst``: two texts of 100 pages that have nothing in common: under 5 s, too.

``python -m bench.redline`` (the data folder is NGHITRUONG_DATA)
"""

from __future__ import annotations

import json
import os
import random
import re
import sys
import time
from pathlib import Path
from typing import Any

import pypdfium2
from docx import Document
from docx.table import Table
from docx.text.paragraph import Paragraph

from nghitruong.lib.articles import parse
from nghitruong.lib.redline import Comparison, compare

DATA = Path(os.environ.get("NGHITRUONG_DATA", "../shared/data"))
LIMIT = 5.0  # seconds for 100 pages
PAGE = 2_600  # characters of a printed page of law


def text_of(path: Path) -> str:
    """The text of a PDF (pages parted by form feeds) or DOCX (its tables in place)."""
    if path.suffix == ".pdf":
        document = pypdfium2.PdfDocument(path)
        return "\n\f".join(page.get_textpage().get_text_bounded() for page in document)
    word: Any = Document(str(path))
    lines: list[str] = []
    for element in word.element.body.iterchildren():
        if element.tag.endswith("}p"):
            lines.append(Paragraph(element, word).text)
        elif element.tag.endswith("}tbl"):
            lines += ["\t".join(c.text for c in row.cells) for row in Table(element, word).rows]
    return "\n".join(lines)


def timed(old: str, new: str) -> tuple[Comparison, float]:
    """The comparison and the seconds it took."""
    start = time.perf_counter()
    result = compare(old, new)
    return result, time.perf_counter() - start


def law() -> dict[str, Any]:
    word = text_of(DATA / "documents/luat-55-2024-qh15.docx")
    gazette = text_of(DATA / "documents/congbao-luat-55-2024-pccc.pdf")
    result, seconds = timed(word, gazette)
    changed, _seconds = timed(word, gazette.replace("08 chỗ", "16 chỗ"))
    found = [(c.new_key, c.places) for c in changed.changes] == [("2", ("khoản 10",))]
    return {
        "case": "law_against_gazette",
        "articles": result.articles,
        "changes": len(result.changes),
        "capitals_only": len(result.capitals),
        "found": found,
        "seconds": round(seconds, 3),
        "ok": result.identical and found and result.articles == 55,
    }


def hundred_pages() -> dict[str, Any]:
    text = "\n".join(
        (DATA / f"rules/{name}.txt").read_text(encoding="utf-8")
        for name in ("114-2025-ubtvqh15", "72-2025-qh15", "356-2025-nd-cp")
    )[: 100 * PAGE]
    chance = random.Random(6)
    articles = [a for a in parse(text) if a.end - a.start > 900]
    changed = set()
    new = text
    for article in sorted(chance.sample(articles, 40), key=lambda a: -a.start):
        spots = [m.start() for m in re.finditer(r" được ", text[article.body : article.end])]
        if spots:
            at = article.body + spots[len(spots) // 2]
            new = new[:at] + " không được " + new[at + len(" được ") :]
            changed.add(article.key)
    result, seconds = timed(text, new)
    found = {c.new_key for c in result.changes}
    return {
        "case": "pages_100",
        "pages": len(text) // PAGE,
        "articles": result.articles,
        "changed": len(changed),
        "found": len(found & changed),
        "wrong": len(found - changed),
        "words": result.inserted,
        "seconds": round(seconds, 3),
        "ok": found == changed and result.inserted == len(changed) and seconds < LIMIT,
    }


def worst() -> dict[str, Any]:
    chance = random.Random(7)
    words = ["của", "và", "các", ",", "được", *(f"từ{n}" for n in range(3_000))]
    old, new = (" ".join(chance.choices(words, k=50_000)) for _ in range(2))
    result, seconds = timed(old, new)
    return {
        "case": "worst",
        "pages": len(old) // PAGE,
        "words": result.inserted,
        "seconds": round(seconds, 3),
        "ok": not result.identical and seconds < LIMIT,
    }


def main() -> int:
    results = [law(), hundred_pages(), worst()]
    for result in results:
        print(json.dumps({"bench": "redline", **result}, ensure_ascii=False))
    return 0 if all(result["ok"] for result in results) else 1


if __name__ == "__main__":
    sys.exit(main())
