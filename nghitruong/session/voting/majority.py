"""Majorities, counted on whole numbers: nothing here ever divides into a fraction.

Legal source: L72/2025 Đ35(2) (a resolution: more than half of the total number of delegates; the
recall of a delegate: at least two thirds), Đ38(5), Đ49 (a reduced council: more than two thirds of
those remaining). The law speaks of three totals, so a rule names the one it is taken of.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Final

BASES: Final[dict[str, str]] = {
    "in_office": "tổng số đại biểu",
    "seats_by_law": "tổng số đại biểu được bầu theo quy định của Luật",
    "present": "số đại biểu có mặt",
}

# The total that percentages are of, as tables name it.
TOTALS: Final[dict[str, str]] = {
    "in_office": "tổng số đại biểu đương nhiệm",
    "seats_by_law": "tổng số đại biểu theo luật",
}


@dataclass(frozen=True, slots=True)
class Rule:
    """What a poll needs: ``yes > n/d`` (strict) or ``yes ≥ n/d`` of a base.

    ``label`` is the rule in words, ``article`` its legal source. Raises ValueError for a ratio
    that no vote, or every vote, would meet, and for an unknown base.
    """

    numerator: int
    denominator: int
    strict: bool
    base: str
    label: str = ""
    article: str = ""

    def __post_init__(self) -> None:
        if self.denominator < 1 or not 0 < self.numerator <= self.denominator:
            raise ValueError("a majority is a ratio above 0 and not above 1")
        if self.strict and self.numerator == self.denominator:
            raise ValueError("nobody can have more than all")
        if self.base not in BASES:
            raise ValueError(f"unknown base {self.base!r}")

    def needed(self, total: int) -> int:
        """The fewest votes in favour that carry the question; one at least, even of nobody."""
        if total < 0:
            raise ValueError("a total is not negative")
        product = self.numerator * total
        least = product // self.denominator + 1 if self.strict else -(-product // self.denominator)
        return max(1, least)

    def as_dict(self) -> dict[str, Any]:
        """The rule as stored with the poll and in its record."""
        return asdict(self)

    @property
    def total(self) -> str:
        """Which total every percentage of the result is of: the rule's own, so that the per cent
        and «cần 33/65» are of one number. Those present are no total (law.md 3.7)."""
        return self.base if self.base in TOTALS else "in_office"

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Rule:
        """Read back :meth:`as_dict`. Raises ValueError for what is not a rule."""
        try:
            return cls(
                numerator=_whole(data["numerator"]),
                denominator=_whole(data["denominator"]),
                strict=bool(data["strict"]),
                base=str(data["base"]),
                label=str(data.get("label", "")),
                article=str(data.get("article", "")),
            )
        except (KeyError, TypeError) as error:
            raise ValueError(f"not a majority rule: {error}") from error


def _whole(value: Any) -> int:
    if isinstance(value, bool) or not isinstance(value, int):
        raise ValueError(f"not a whole number: {value!r}")
    return value


# What applies where a council's profile says nothing else.
STANDARD: Final[dict[str, Rule]] = {
    "vote.majority": Rule(
        1,
        2,
        True,
        "in_office",
        "quá nửa tổng số đại biểu Hội đồng nhân dân",
        "Luật Tổ chức chính quyền địa phương 72/2025/QH15, Điều 35 khoản 2",
    ),
    "vote.recall_majority": Rule(
        2,
        3,
        False,
        "in_office",
        "ít nhất hai phần ba tổng số đại biểu Hội đồng nhân dân",
        "Luật Tổ chức chính quyền địa phương 72/2025/QH15, Điều 35 khoản 2, Điều 38 khoản 5",
    ),
    "vote.reduced_council_majority": Rule(
        2,
        3,
        True,
        "in_office",
        "trên hai phần ba số đại biểu Hội đồng nhân dân còn lại",
        "Luật Tổ chức chính quyền địa phương 72/2025/QH15, Điều 49",
    ),
}


@dataclass(frozen=True, slots=True)
class Counts:
    """The numbers of one poll. Whoever tapped nothing is counted apart from an abstention."""

    seats_by_law: int
    in_office: int
    present: int
    yes: int
    no: int
    abstain: int
    not_voting: int

    def __post_init__(self) -> None:
        if min(asdict(self).values()) < 0:
            raise ValueError("a count is not negative")

    @property
    def cast(self) -> int:
        """How many took part: yes, no and abstentions."""
        return self.yes + self.no + self.abstain

    def base(self, rule: Rule) -> int:
        """The total that the rule is taken of."""
        return int(getattr(self, rule.base))

    def total(self, rule: Rule) -> int:
        """The total that percentages are of under the rule."""
        return int(getattr(self, rule.total))

    def as_dict(self) -> dict[str, int]:
        """For records and screens."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class Outcome:
    """Whether the question was carried, and by which arithmetic."""

    base: str
    base_total: int
    needed: int
    passed: bool

    def as_dict(self) -> dict[str, Any]:
        """For records and screens."""
        return asdict(self)


def outcome(rule: Rule, counts: Counts) -> Outcome:
    """Apply the rule. Only votes in favour count; an abstention helps nobody."""
    total = counts.base(rule)
    needed = rule.needed(total)
    return Outcome(rule.base, total, needed, counts.yes >= needed)


def missing(rule: Rule, total: int, yes: int) -> int:
    """How many more votes in favour are needed: «còn thiếu 3 phiếu»."""
    return max(0, rule.needed(total) - yes)
