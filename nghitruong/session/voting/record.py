"""The record of a closed poll, and its recount. No Django, no database: anybody can run this.

A record holds the question, the rule with its article, the SHA-256 of the text, the roll and every
vote; :func:`recompute` counts again from the roll and the votes alone and lists every difference
from what the record says. Legal source: L72/2025 Đ35; what a counted vote says is never edited
(walkthrough no. 11).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from nghitruong.lib.canonical import digest
from nghitruong.session.voting.majority import Counts, Outcome, Rule, outcome

FORMAT: Final = "nghitruong.poll/1"
CHOICES: Final = ("yes", "no", "abstain")
# Somebody who voted and then left was there when they voted.
_WAS_THERE: Final = frozenset({"present", "left"})
_HEX64: Final = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that was verified, in words; ``ok`` says whether it holds."""

    name: str
    ok: bool
    detail: str = ""

    def line(self) -> str:
        """«✓ …» or «✗ …: what is wrong»."""
        mark = "✓" if self.ok else "✗"
        return f"{mark} {self.name}" + (f": {self.detail}" if self.detail else "")


@dataclass(slots=True)
class Verification:
    """What the recount found."""

    checks: list[Check] = field(default_factory=list)
    counts: Counts | None = None
    outcome: Outcome | None = None
    sha256: str = ""

    @property
    def ok(self) -> bool:
        """Whether everything holds."""
        return bool(self.checks) and all(check.ok for check in self.checks)

    @property
    def differences(self) -> list[str]:
        """What does not hold."""
        return [check.line() for check in self.checks if not check.ok]

    def add(self, name: str, ok: bool, detail: str = "") -> None:
        """Note one check; ``detail`` is kept for what failed."""
        self.checks.append(Check(name, ok, "" if ok else detail))


def count(
    roll: Sequence[Mapping[str, Any]],
    votes: Sequence[Mapping[str, Any]],
    *,
    seats_by_law: int,
    present_only: bool = True,
) -> Counts:
    """Count from the roll and the votes.

    ``roll`` rows: membership, in_office, entitled, presence; ``votes``: membership, choice. Only
    members who may vote are present for the count; who may vote, did not and is there (or need not
    be there) is "không tham gia biểu quyết".
    """
    chosen = Counter(str(vote["choice"]) for vote in votes)
    voted = {str(vote["membership"]) for vote in votes}
    electors = [row for row in roll if row["in_office"] and row["entitled"]]
    there = [row for row in electors if row["presence"] == "present"]
    expected = there if present_only else electors
    return Counts(
        seats_by_law=seats_by_law,
        in_office=sum(1 for row in roll if row["in_office"]),
        present=len(there),
        yes=chosen["yes"],
        no=chosen["no"],
        abstain=chosen["abstain"],
        not_voting=sum(1 for row in expected if str(row["membership"]) not in voted),
    )


def envelope(record: Mapping[str, Any]) -> dict[str, Any]:
    """The file that is handed out: the record and its SHA-256."""
    return {"record": dict(record), "sha256": digest(record)}


def verify(document: Any, *, expected_sha256: str = "") -> Verification:
    """Verify a file as exported: its hash, then everything :func:`recompute` checks.

    ``expected_sha256`` is a hash printed elsewhere (minutes, screen): who rewrote the file and its
    hash is caught by it.
    """
    if not isinstance(document, Mapping) or not isinstance(document.get("record"), Mapping):
        result = Verification()
        result.add("Tệp là hồ sơ biểu quyết", False, "thiếu phần record")
        return result
    record = document["record"]
    result = recompute(record)
    result.add(
        "Mã băm của hồ sơ",
        document.get("sha256") == result.sha256,
        f"tệp ghi {document.get('sha256')}, tính lại {result.sha256}",
    )
    if expected_sha256:
        result.add(
            "Khớp mã băm đã in ở nơi khác",
            expected_sha256.lower() == result.sha256,
            f"đã in {expected_sha256}, tính lại {result.sha256}",
        )
    return result


def recompute(record: Mapping[str, Any]) -> Verification:
    """Count again from roll and votes and compare with what the record says."""
    result = Verification()
    try:
        result.sha256 = digest(record)
    except (TypeError, ValueError) as error:
        result.add("Hồ sơ có dạng chuẩn tắc", False, str(error))
        return result
    result.add(
        "Định dạng", record.get("format") == FORMAT, f"{record.get('format')!r}, cần {FORMAT}"
    )
    try:
        _recount(record, result)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        result.add("Hồ sơ đủ thông tin để tính lại", False, f"{type(error).__name__}: {error}")
    return result


def _recount(record: Mapping[str, Any], result: Verification) -> None:
    rule = Rule.from_dict(record["rule"])
    roll, votes = list(record["roll"]), list(record["votes"])
    _check_text(record.get("text"), result)
    _check_roll(roll, result)
    _check_votes(record, roll, votes, result)
    electorate = record["electorate"]
    counts = count(
        roll,
        votes,
        seats_by_law=int(electorate["seats_by_law"]),
        present_only=bool(electorate["present_only"]),
    )
    result.counts = counts
    for key, value in counts.as_dict().items():
        said = record["counts"].get(key)
        result.add(_WORDS[key], said == value, f"hồ sơ ghi {said}, đếm lại {value}")
    result.outcome = outcome(rule, counts)
    for key, value in result.outcome.as_dict().items():
        said = record["outcome"].get(key)
        result.add(_WORDS[key], said == value, f"hồ sơ ghi {said}, tính lại {value}")


def _check_text(text: Any, result: Verification) -> None:
    if text is None:
        return
    ok = bool(_HEX64.fullmatch(str(text.get("sha256", ""))))
    result.add("Mã băm văn bản đem ra biểu quyết", ok, f"không hợp lệ: {text.get('sha256')!r}")


def _check_roll(roll: list[Any], result: Verification) -> None:
    repeated = [key for key, n in Counter(str(r["membership"]) for r in roll).items() if n > 1]
    result.add(
        "Mỗi đại biểu một dòng trong danh sách", not repeated, "trùng: " + ", ".join(repeated)
    )


def _check_votes(
    record: Mapping[str, Any], roll: list[Any], votes: list[Any], result: Verification
) -> None:
    on_roll = {str(row["membership"]): row for row in roll}
    present_only = bool(record["electorate"]["present_only"])
    opened, closed = (_time(record["poll"][key]) for key in ("opened_at", "closed_at"))
    foreign, idle, unknown, late = [], [], [], []
    for vote in votes:
        name = str(vote.get("name") or vote["membership"])
        row = on_roll.get(str(vote["membership"]))
        if row is None:
            foreign.append(name)
        elif not (row["in_office"] and row["entitled"]) or (
            present_only and row["presence"] not in _WAS_THERE
        ):
            idle.append(name)
        if vote["choice"] not in CHOICES:
            unknown.append(name)
        if not opened <= _time(vote["cast_at"]) <= closed:
            late.append(name)
    for title, wrong in (
        ("Mọi phiếu là của đại biểu trong danh sách", foreign),
        ("Mọi phiếu là của đại biểu được biểu quyết và có mặt", idle),
        ("Mọi lựa chọn đều hợp lệ", unknown),
        ("Mọi phiếu đến trong lúc biểu quyết", late),
        ("Mỗi đại biểu một phiếu", _repeated(votes, "membership")),
        ("Mã biên nhận không trùng", _repeated(votes, "receipt")),
    ):
        result.add(title, not wrong, ", ".join(wrong))


def _repeated(votes: list[Any], key: str) -> list[str]:
    seen = Counter(str(vote[key]) for vote in votes if vote.get(key))
    return [value for value, times in seen.items() if times > 1]


def _time(text: Any) -> datetime:
    moment = datetime.fromisoformat(str(text))
    if moment.tzinfo is None:
        raise ValueError(f"thời điểm thiếu múi giờ: {text}")
    return moment


_WORDS: Final = {
    "seats_by_law": "Số đại biểu theo luật",
    "in_office": "Số đại biểu đương nhiệm",
    "present": "Số đại biểu có mặt",
    "yes": "Tán thành",
    "no": "Không tán thành",
    "abstain": "Không biểu quyết",
    "not_voting": "Không tham gia biểu quyết",
    "base": "Cơ sở tính tỷ lệ",
    "base_total": "Tổng số để tính tỷ lệ",
    "needed": "Số phiếu cần",
    "passed": "Kết quả",
}
