"""The sentence the chair reads out, and its parts. Percentages are of the total the rule takes
(``Rule.total``), two decimals, half up, as councils publish them."""

from __future__ import annotations

import re
from typing import Final

from nghitruong.lib.numbers import percent_text
from nghitruong.lib.text import nfc
from nghitruong.session.voting.majority import BASES, Counts, Outcome, Rule

_CHOICES = (
    ("yes", "tán thành"),
    ("no", "không tán thành"),
    ("abstain", "không biểu quyết"),
)


_PASS: Final = re.compile(
    r"(?:biểu quyết )?thông qua (?:toàn văn |toàn bộ )?(?:nội dung )?(?:dự thảo )?"
    r"(?P<name>nghị quyết\b.*)"
)
_PART: Final = re.compile(
    r"\b(?:riêng|trừ|phần|phương án)\b"
    r"|\b(?:điều|khoản|điểm|tiết|mục|chương|phụ lục)\s+(?:số\s+)?(?:\d|[a-zđivx]\b)"
)


def is_whole(question: str, *titles: str) -> bool:
    """Whether the vote is on the text as a whole: by the title of its item or of its paper, or
    «Thông qua (dự thảo) Nghị quyết …». One point of the draft, or to put it off, is only itself;
    «khoản 2 Điều 5» may also stand in the title of the whole."""
    asked, *names = (nfc(" ".join(words.split())).lower() for words in (question, *titles))
    if asked in names:
        return True
    found = _PASS.fullmatch(asked)
    if found is None:
        return False
    name = found["name"].rstrip(" .,;:")
    return any(name in title for title in names) or not _PART.search(name)


def parts(rule: Rule, counts: Counts, *, present_only: bool = True) -> list[str]:
    """«57 đại biểu tán thành, bằng 93,44 %» for each choice and for those who did not take part.

    Where presence is no condition (``present_only`` false) the latter need not have been there.
    """
    total = counts.total(rule)
    numbers = [(getattr(counts, key), words) for key, words in _CHOICES]
    lines = [
        f"{number} đại biểu {words}, bằng {percent_text(number, total)}"
        for number, words in numbers
    ]
    if counts.not_voting:
        who = "đại biểu có mặt" if present_only else "đại biểu"
        lines.append(
            f"{counts.not_voting} {who} không tham gia biểu quyết, "
            f"bằng {percent_text(counts.not_voting, total)}"
        )
    return lines


def reading(
    rule: Rule,
    counts: Counts,
    result: Outcome,
    *,
    subject: str = "Nội dung biểu quyết",
    council: str = "Hội đồng nhân dân",
    present_only: bool = True,
) -> str:
    """What the chair says at the announcement, with the rule and its article.

    ``subject`` is what was voted on («Nghị quyết», «Chương trình kỳ họp»).
    """
    total = counts.total(rule)
    head = (
        f"Có {counts.cast}/{total} đại biểu tham gia biểu quyết, "
        f"bằng {percent_text(counts.cast, total)} {BASES[rule.total]}"
    )
    verdict = "được" if result.passed else "không được"
    tail = f"{subject} {verdict} {council} thông qua"
    basis = ""
    if rule.label:
        basis = f" Cần {rule.label} ({result.needed}/{result.base_total} đại biểu) tán thành"
        basis += f", theo {rule.article}." if rule.article else "."
    said = "; ".join([head, *parts(rule, counts, present_only=present_only)])
    return f"{said}. {tail}.{basis}"


def percent_rows(rule: Rule, counts: Counts) -> list[tuple[str, int, str]]:
    """Rows of the result table: words, number, per cent of the total."""
    total = counts.total(rule)
    rows = [
        ("Tán thành", counts.yes),
        ("Không tán thành", counts.no),
        ("Không biểu quyết", counts.abstain),
        ("Không tham gia biểu quyết", counts.not_voting),
    ]
    return [(words, number, percent_text(number, total)) for words, number in rows]
