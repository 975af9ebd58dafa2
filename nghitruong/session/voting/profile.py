"""What a session's frozen rule profile says about voting."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from nghitruong.platform.errors import Refused
from nghitruong.session.voting.majority import STANDARD, Rule


@dataclass(frozen=True, slots=True)
class VoteSettings:
    """Who may vote and whether they may change their mind until the close."""

    present_only: bool = True
    allow_change: bool = True


def _entry(profile: Mapping[str, Any], key: str) -> tuple[Any, Mapping[str, Any]]:
    """Value and description of a rule in the frozen profile, (None, {}) when it has none."""
    entry = (profile.get("rules") or {}).get(key)
    if entry is None:
        return None, {}
    if isinstance(entry, Mapping) and "value" in entry:
        return entry["value"], entry
    return entry, {}


def rule_of(profile: Mapping[str, Any], key: str) -> Rule:
    """The majority named ``key``: the profile's own, else what the law says.

    Raises :class:`Refused` for a key that is no majority.
    """
    value, entry = _entry(profile, key)
    standard = STANDARD.get(key)
    if isinstance(value, Mapping):
        given = {**(standard.as_dict() if standard else {}), **value}
        if entry.get("article"):
            given["article"] = entry["article"]
        return Rule.from_dict(given)
    if standard is None:
        raise Refused(
            "rule_unknown", _("Bộ quy tắc của kỳ họp không có đa số «%s».") % key, status=422
        )
    return standard


def vote_settings(profile: Mapping[str, Any]) -> VoteSettings:
    """Settings of named votes; by default those present vote and may change until the close."""
    present_only, _entry1 = _entry(profile, "vote.present_only")
    allow_change, _entry2 = _entry(profile, "poll.allow_change_until_close")
    return VoteSettings(
        present_only=True if present_only is None else bool(present_only),
        allow_change=True if allow_change is None else bool(allow_change),
    )
