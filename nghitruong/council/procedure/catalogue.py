"""The catalogue of rules: what the law says, as data with its article.

Every value is a default that a council's own Quy chế may change where the law lets it; nothing
here is legal advice. ``evidence``: «A» the article was read in full, «B» only an excerpt or a
summary, «U» general practice, to be confirmed by the council. Corrections found while comparing
with the texts are in ``note``.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import date
from enum import StrEnum
from typing import Any, Final, Literal

Value = int | str
Unit = Literal[
    "day", "working_day", "month", "minute", "count", "ratio", "date", "day_of_month", "choice"
]


class Level(StrEnum):
    """Whom a rule binds."""

    PROVINCE = "province"
    COMMUNE = "commune"


BOTH: Final = (Level.PROVINCE, Level.COMMUNE)
T: Final = (Level.PROVINCE,)
X: Final = (Level.COMMUNE,)


@dataclass(frozen=True, kw_only=True)
class Rule:
    """One rule.

    ``value`` is a number of ``unit``s, a ratio «2/3», a date «MM-DD» or one of ``choices``.
    ``anchor`` says in words what a period is counted from, ``direction`` to which side of it.
    ``compare`` and ``base`` complete a ratio: more than or at least, of whom. ``overridable_by``:
    «council» when its Quy chế may differ, «law» when only another legal text may. ``severity``:
    what a breach does (block, warn, info).
    """

    key: str
    title: str
    value: Value
    unit: Unit
    article: str
    anchor: str = ""
    direction: Literal["before", "after", ""] = ""
    levels: tuple[Level, ...] = BOTH
    severity: Literal["block", "warn", "info"] = "warn"
    overridable_by: Literal["council", "law"] = "law"
    evidence: Literal["A", "B", "U"] = "A"
    compare: Literal["more_than", "at_least", ""] = ""
    base: str = ""
    choices: tuple[str, ...] = ()
    valid_from: date = date(2025, 6, 16)
    valid_to: date | None = None
    note: str = ""

    def as_dict(self) -> dict[str, Any]:
        """JSON-able form, for snapshots."""
        data = asdict(self)
        data["levels"] = [str(level) for level in self.levels]
        data["choices"] = list(self.choices)
        data["valid_from"] = self.valid_from.isoformat()
        data["valid_to"] = self.valid_to.isoformat() if self.valid_to else None
        return data


@dataclass(frozen=True)
class Profile:
    """A named set of rules: one level at one time."""

    name: str
    title: str
    level: Level
    rules: tuple[Rule, ...]

    def rule(self, key: str) -> Rule:
        """KeyError when the profile has no such rule (a province's rule in a commune)."""
        for rule in self.rules:
            if rule.key == key:
                return rule
        raise KeyError(key)


def catalogue() -> tuple[Rule, ...]:
    """Every rule of the law as it stands, all levels."""
    from nghitruong.council.procedure.data import RULES

    return RULES


def historic() -> tuple[Rule, ...]:
    """Rules under the law of 2015, for sessions of the past."""
    from nghitruong.council.procedure.data import RULES_2015

    return RULES_2015


def profiles() -> dict[str, Profile]:
    """The profiles by name."""
    current, old = catalogue(), historic()

    def of(rules: tuple[Rule, ...], level: Level) -> tuple[Rule, ...]:
        return tuple(rule for rule in rules if level in rule.levels)

    found = (
        Profile("vn-2026-province", "Cấp tỉnh, từ 2025", T[0], of(current, T[0])),
        Profile("vn-2026-commune", "Cấp xã, từ 2025", X[0], of(current, X[0])),
        Profile("vn-2015-province", "Cấp tỉnh, Luật 77/2015", T[0], of(old, T[0])),
        Profile("vn-2015-commune", "Cấp xã, Luật 77/2015", X[0], of(old, X[0])),
    )
    return {profile.name: profile for profile in found}


def profile_name(level: str, on: date) -> str:
    """Which profile binds a council of this level on a day (Luật 72/2025 in force 16/06/2025)."""
    era = "vn-2026" if on >= date(2025, 6, 16) else "vn-2015"
    return f"{era}-{'province' if level == Level.PROVINCE else 'commune'}"
