"""What is recognised in a legal text; every offset is into the text that was given."""

from __future__ import annotations

from dataclasses import dataclass, field

from nghitruong.lib.layout import Line


@dataclass(frozen=True, slots=True)
class Point:
    """A điểm: «a)», «đ)», «a1)»."""

    letter: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Clause:
    """A khoản: «1.», «5a.»."""

    number: str
    start: int
    end: int
    points: list[Point] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Division:
    """A heading above articles; `start`/`end` enclose the heading itself."""

    kind: str  # «Phần», «Chương», «Mục», «Tiểu mục»
    number: str
    heading: str
    start: int
    end: int

    @property
    def label(self) -> str:
        return f"{self.kind} {self.number}"


@dataclass(frozen=True, slots=True)
class Article:
    """A điều. `text[start:end]` is the whole of it, from «Điều» to the next heading or signature.

    `heading` is empty where the text has none (resolutions often don't). `body` is the offset
    after «Điều 5.» and its heading. `series` counts from 0 the texts inside one document that
    number from 1 (0: the resolution, 1: the regulation issued with it). `points` are those that
    stand without a khoản.
    """

    number: str
    heading: str
    start: int
    end: int
    clauses: list[Clause] = field(default_factory=list)
    points: list[Point] = field(default_factory=list)
    body: int = 0
    series: int = 0
    divisions: tuple[str, ...] = ()

    @property
    def key(self) -> str:
        """Name of the article that is the same in every version as long as its number is."""
        return f"{self.series}:{self.number}" if self.series else self.number


@dataclass(frozen=True, slots=True)
class LegalText:
    """Everything recognised in one text."""

    articles: list[Article]
    divisions: list[Division]
    lines: list[Line]
    wrapped: bool


@dataclass(frozen=True, slots=True)
class Place:
    """One addressable place of a text: an article, one of its clauses or points."""

    article: str  # Article.key
    clause: str
    point: str
    heading: str
    start: int
    end: int

    @property
    def label(self) -> str:
        return place_label(self.article, self.clause, self.point)


def place_label(article: str, clause: str = "", point: str = "") -> str:
    """As officials cite it: «điểm a khoản 2 Điều 5»."""
    series, _, number = article.rpartition(":")
    parts = [f"điểm {point}"] if point else []
    if clause:
        parts.append(f"khoản {clause}")
    parts.append(f"Điều {number}")
    label = " ".join(parts)
    if series:
        label += " (văn bản kèm theo)"
    return label[0].upper() + label[1:]
