"""What a session's frozen rule profile says about voting."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from django.utils.translation import gettext as _

from nghitruong.platform.errors import Refused
from nghitruong.session.voting.majority import BASES, STANDARD, Rule

_WORDS = {
    (1, 2, True): "quá nửa",
    (2, 3, False): "ít nhất hai phần ba",
    (2, 3, True): "trên hai phần ba",
}


@dataclass(frozen=True, slots=True)
class VoteSettings:
    """Who may vote and whether they may change their mind until the close."""

    present_only: bool = True
    allow_change: bool = True


def _entry(profile: Mapping[str, Any], key: str) -> Mapping[str, Any]:
    entry = (profile.get("rules") or {}).get(key)
    return entry if isinstance(entry, Mapping) else {}


def words(numerator: int, denominator: int, strict: bool, base: str) -> str:
    """The rule in words: «quá nửa tổng số đại biểu»."""
    share = _WORDS.get((numerator, denominator, strict))
    if share is None:
        share = f"{'trên' if strict else 'ít nhất'} {numerator}/{denominator}"
    return f"{share} {BASES[base]}"


def rule_of(profile: Mapping[str, Any], key: str) -> Rule:
    """The majority named ``key`` (``vote.majority``): the profile's own, else what the law says.

    «Tổng số đại biểu» is whichever total the profile chose (``vote.total_base``): by default the
    delegates in office. Raises :class:`Refused` for a key that is no majority, and for a ratio
    that nobody can reach.
    """
    entry = _entry(profile, key)
    standard = STANDARD.get(key)
    if not entry or entry.get("unit", "ratio") != "ratio":
        if standard is None:
            raise Refused(
                "rule_unknown",
                _("Bộ quy tắc của kỳ họp không có đa số «%s».") % key,
                status=422,
            )
        return standard
    compare = entry.get("compare") or ("more_than" if standard and standard.strict else "at_least")
    base = str(entry.get("base") or "total")
    if base == "total":
        chosen = _entry(profile, "vote.total_base").get("value", "in_office")
        base = "seats_by_law" if chosen == "statutory" else "in_office"
    strict = compare == "more_than"
    article = str(entry.get("article") or (standard.article if standard else ""))
    try:
        numerator, denominator = (int(part) for part in str(entry["value"]).split("/"))
        label = words(numerator, denominator, strict, base)
        rule = Rule(numerator, denominator, strict, base, label, article)
    except (KeyError, ValueError) as error:
        raise Refused(
            "rule_unusable",
            _(
                "Tỷ lệ «%(value)s» trong bộ quy tắc của kỳ họp không dùng được: không ai đạt được, "
                "hoặc ai cũng đạt. Hãy chọn tỷ lệ khác và sửa quy tắc của Hội đồng."
            )
            % {"value": entry.get("value")},
            article=article,
            status=422,
        ) from error
    if key == "vote.reduced_council_majority":
        rule = replace(rule, label=label.replace(BASES["in_office"], "số đại biểu còn lại"))
    return rule


def majorities(profile: Mapping[str, Any]) -> list[tuple[str, Rule, str]]:
    """The majorities a poll of this session may be put under: (key, rule, title)."""
    found = []
    for key in sorted({*STANDARD, *(profile.get("rules") or {})}):
        if not (key.startswith("vote.") and key.endswith("majority")):
            continue
        try:
            rule = rule_of(profile, key)
        except Refused:
            continue  # whoever asks for it by name is told why
        found.append((key, rule, str(_entry(profile, key).get("title") or rule.label)))
    found.sort(key=lambda row: row[0] != "vote.majority")
    return found


def vote_settings(profile: Mapping[str, Any]) -> VoteSettings:
    """Settings of named votes; by default those present vote and may change until the close."""
    return VoteSettings(
        present_only=_entry(profile, "vote.only_present").get("value", "yes") != "no",
        allow_change=_entry(profile, "vote.change_until_close").get("value", "yes") != "no",
    )
