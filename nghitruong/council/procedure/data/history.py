"""Rules under Luật Tổ chức chính quyền địa phương 77/2015/QH13, for sessions before 16/06/2025.

Written from excerpts and practice: they explain old sessions, nothing is decided by them.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Final

from nghitruong.council.procedure.catalogue import Rule
from nghitruong.council.procedure.data.sessions import SESSIONS

L77 = "Luật 77/2015/QH13"
_ARTICLES: Final = {
    "session.regular.min_per_year": "Điều 78",
    "session.first.max_after_election": "Điều 80",
    "session.regular.decision_before": "Điều 80",
    "session.quorum_ratio": "Điều 83",
    "vote.majority": "Điều 91",
    "vote.recall_majority": "Điều 91",
    "vote.officer_removal_majority": "Điều 91",
    "vote.total_base": "Điều 91",
    "vote.only_present": "Điều 91",
    "vote.change_until_close": "Điều 91",
    "resolution.to_higher_after": "Điều 86",
}


def _old(rule: Rule, article: str) -> Rule:
    return replace(
        rule,
        article=f"{L77}, {article}",
        evidence="B",
        note="Quy định trước đây, chỉ để tra cứu.",
        valid_from=date(2016, 1, 1),
        valid_to=date(2025, 6, 15),
    )


RULES_2015: Final = tuple(
    _old(rule, _ARTICLES[rule.key]) for rule in SESSIONS if rule.key in _ARTICLES
)
