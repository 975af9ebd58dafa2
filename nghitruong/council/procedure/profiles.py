"""A council's rules on a day: the catalogue's profile with the council's own values, frozen."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any, Final

from django.db.models import Q
from django_scopes import scope

from nghitruong.council.councils.models import Council
from nghitruong.council.procedure.catalogue import Rule, Value, profile_name, profiles
from nghitruong.council.procedure.models import Holiday, RuleOverride
from nghitruong.lib.canonical import digest
from nghitruong.lib.days import HolidayCalendar, deadline
from nghitruong.lib.holidays import VIETNAM

Snapshot = Mapping[str, Any]
BACK_TO_DEFAULT: Final = {"default": True}
PERIODS: Final = ("day", "working_day", "month")


@dataclass(frozen=True)
class ResolvedRule:
    """A rule with the value that binds this council, and why it differs where it does."""

    rule: Rule
    value: Value
    override: RuleOverride | None = None

    @property
    def article(self) -> str:
        """The catalogue's article, and the council's own basis after it."""
        if self.override is not None and self.override.legal_basis:
            return f"{self.override.legal_basis} (thay cho {self.rule.article})"
        return self.rule.article

    def as_dict(self) -> dict[str, Any]:
        """JSON-able form for snapshots."""
        data = self.rule.as_dict() | {"value": self.value, "article": self.article}
        if self.override is not None:
            data |= {"default": self.rule.value, "reason": self.override.reason}
        return data


@dataclass(frozen=True)
class ResolvedProfile:
    """Every rule of a council on a day."""

    name: str
    on: date
    rules: Mapping[str, ResolvedRule]

    def __getitem__(self, key: str) -> Value:
        """The value of a rule; KeyError when this level has none."""
        return self.rules[key].value

    @property
    def hash(self) -> str:
        """SHA-256 of the content: equal exactly when the same rules bind."""
        return digest({key: rule.as_dict() for key, rule in self.rules.items()})


def profile_for(council: Council, on: date) -> ResolvedProfile:
    """The rules that bind the council on a day: profile of its level, then its own values.

    The newest override in force wins; rules not (yet, any more) in force are left out. One query.
    """
    name = profile_name(council.level, on)
    with scope(council=council.pk):
        rows = RuleOverride.objects.filter(valid_from__lte=on).order_by("valid_from", "created_at")
        overrides: dict[str, RuleOverride | None] = {}
        for row in rows:
            overrides[row.key] = None if row.value == BACK_TO_DEFAULT else row
    resolved: dict[str, ResolvedRule] = {}
    for rule in profiles()[name].rules:
        if rule.valid_from > on or (rule.valid_to is not None and rule.valid_to < on):
            continue
        override = overrides.get(rule.key)
        value = override.value if override is not None else rule.value
        resolved[rule.key] = ResolvedRule(rule, value, override)
    return ResolvedProfile(name, on, resolved)


def freeze(profile: ResolvedProfile) -> dict[str, Any]:
    """JSON snapshot to keep on a session or activity: later changes of rules do not touch it."""
    return {
        "profile": profile.name,
        "on": profile.on.isoformat(),
        "hash": profile.hash,
        "rules": {key: rule.as_dict() for key, rule in sorted(profile.rules.items())},
    }


def verify_snapshot(snapshot: Snapshot) -> bool:
    """Whether the snapshot still has the content its hash was made of."""
    return bool(digest(snapshot["rules"]) == snapshot["hash"])


@dataclass(frozen=True)
class DueDate:
    """When something is due: the date counted, the working day it is met on, and why."""

    key: str
    title: str
    nominal: date
    due: date
    article: str
    severity: str

    def overdue(self, today: date) -> bool:
        """Computed, never stored."""
        return today > self.due


def due_date(snapshot: Snapshot, key: str, anchor: date, calendar: HolidayCalendar) -> DueDate:
    """The deadline of a rule of the snapshot, counted from ``anchor``.

    «date» rules fall in the anchor's year, «day_of_month» rules in its month; they and deadlines
    before an event roll back over days off, those after it forward. KeyError when the snapshot
    has no such rule, ValueError when the rule is no deadline.
    """
    rule = snapshot["rules"][key]
    unit, value = rule["unit"], rule["value"]
    if unit in PERIODS and rule["direction"]:
        found = deadline(anchor, int(value), unit, rule["direction"], calendar)
        nominal, due = found.nominal, found.due
    elif unit == "date":
        month, day = (int(part) for part in str(value).split("-"))
        nominal = date(anchor.year, month, day)
        due = calendar.roll(nominal, "before")
    elif unit == "day_of_month":
        nominal = anchor.replace(day=int(value))
        due = calendar.roll(nominal, "before")
    else:
        raise ValueError(f"{key} is no deadline")
    return DueDate(key, rule["title"], nominal, due, rule["article"], rule["severity"])


def ratio(snapshot: Snapshot, key: str) -> tuple[Fraction, bool]:
    """A majority rule as (fraction, strictly more): («1/2», True) for «quá nửa»."""
    rule = snapshot["rules"][key]
    if rule["unit"] != "ratio":
        raise ValueError(f"{key} is no ratio")
    return Fraction(rule["value"]), rule["compare"] == "more_than"


def clean_value(rule: Rule, raw: str) -> Value:
    """A value typed by a person, checked against the rule's unit. Raises ValueError."""
    raw = raw.strip()
    if rule.unit == "choice":
        if raw not in rule.choices:
            raise ValueError("choice")
        return raw
    if rule.unit == "ratio":
        match = re.fullmatch(r"(\d{1,3})\s*/\s*(\d{1,3})", raw)
        if not match or not 0 < int(match[1]) <= int(match[2]):
            raise ValueError("ratio")
        if rule.compare == "more_than" and int(match[1]) == int(match[2]):
            raise ValueError("nobody can have more than all")
        return f"{int(match[1])}/{int(match[2])}"
    if rule.unit == "date":
        match = re.fullmatch(r"(\d{1,2})-(\d{1,2})", raw)
        if not match:
            raise ValueError("date")
        # 2027 is no leap year: 29/02 would not exist every year.
        return f"{date(2027, int(match[1]), int(match[2])):%m-%d}"
    number = int(raw)
    if not 0 <= number <= 400 or (rule.unit == "day_of_month" and not 1 <= number <= 28):
        raise ValueError("number")
    return number


# Days off ----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class DayRow:
    """A line of the holiday calendar as a council sees it."""

    day: date
    name: str
    working: bool
    source: str  # council, installation, shipped
    confirmed: bool
    pk: str = ""
    basis: str = ""


def holiday_rows(council: Council | None) -> list[DayRow]:
    """Days off in force for a council: its own before the installation's before what is shipped.

    Shipped dates count only in years for which the installation has no rows of its own.
    """
    mine = Q(council__isnull=True)
    if council is not None:
        mine |= Q(council=council)
    rows = list(Holiday.objects.filter(mine))
    own_years = {row.day.year for row in rows if row.council_id is None}
    found = {
        row.day: DayRow(row.day, row.name, row.working, "shipped", row.confirmed, basis=row.source)
        for row in VIETNAM
        if row.day.year not in own_years
    }
    for row in sorted(rows, key=lambda row: row.council_id is not None):
        source = "council" if row.council_id else "installation"
        found[row.day] = DayRow(
            row.day, row.name, row.working, source, row.confirmed, str(row.pk), row.basis
        )
    return sorted(found.values(), key=lambda row: row.day)


def calendar_for(council: Council | None) -> HolidayCalendar:
    """The calendar a council's deadlines are counted with; one query."""
    rows = holiday_rows(council)
    return HolidayCalendar(
        days_off=frozenset(row.day for row in rows if not row.working),
        working_weekends=frozenset(row.day for row in rows if row.working),
    )
