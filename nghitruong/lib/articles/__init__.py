"""Vietnamese legal text as Phần, Chương, Mục, Điều, Khoản, Điểm, with offsets into the text.

Made for texts as they come: lines of a PDF with running heads between them, «QUYẾT NGHỊ: Điều 1.»
in one line, «Điều 5a», a regulation attached to the resolution that counts its articles from 1
again, and amendments that quote other articles («Sửa đổi Điều 3 như sau: “Điều 3. …”»), which are
text of the amending article and not articles of their own.

Names of the parts follow Điều 46 Nghị định 78/2025/NĐ-CP and its practice: articles are numbered
through the text, clauses (khoản) from 1 in each article, points (điểm) by the Vietnamese alphabet.
"""

from __future__ import annotations

from nghitruong.lib.articles.build import assemble
from nghitruong.lib.articles.heads import heads, split_inline
from nghitruong.lib.articles.model import (
    Article,
    Clause,
    Division,
    LegalText,
    Place,
    Point,
    place_label,
)
from nghitruong.lib.articles.quotes import quoted
from nghitruong.lib.layout import is_wrapped, lines_of

__all__ = [
    "Article",
    "Clause",
    "Division",
    "LegalText",
    "Place",
    "Point",
    "parse",
    "parse_text",
    "place_label",
    "places",
]


def parse(text: str) -> list[Article]:
    """The articles of a text, in their order; empty for a text that has none."""
    return parse_text(text).articles


def places(text: str) -> list[Place]:
    """Every article, clause and point one can speak of, in their order."""
    found: list[Place] = []
    for article in parse(text):
        key = article.key
        found.append(Place(key, "", "", article.heading, article.start, article.end))
        found.extend(
            Place(key, "", p.letter, article.heading, p.start, p.end) for p in article.points
        )
        for clause in article.clauses:
            found.append(Place(key, clause.number, "", article.heading, clause.start, clause.end))
            found.extend(
                Place(key, clause.number, p.letter, article.heading, p.start, p.end)
                for p in clause.points
            )
    return found


def parse_text(text: str) -> LegalText:
    """Lines, divisions and articles of a text; never fails, whatever the text."""
    lines = lines_of(text)
    wrapped = is_wrapped(lines)
    body, inline = split_inline([line for line in lines if not line.furniture])
    inside = quoted(body)
    found = heads(body, inside, inline, wrapped)
    divisions, articles = assemble(body, found, inside)
    return LegalText(articles, divisions, lines, wrapped)
