"""The record of a closed poll, and its recount. No Django, no database: anybody can run this.

A record holds the question, the rule with its article, the SHA-256 of the text, the roll and every
vote; :func:`recompute` counts again from the roll and the votes alone and lists every difference
from what the record says. Legal source: L72/2025 Đ35; what a counted vote says is never edited
(walkthrough no. 11).

The roll is that of the close, a vote says how the roll stood when it was cast: who then was in
office, not suspended (L72/2025 Đ38) and there has voted, and belongs to the total, whatever the
clerk entered before the close. ``changed_since_voting`` names those members. Records of the first
format know only the roll of the close and are counted as they were made.
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

FIRST: Final = "nghitruong.poll/1"
FORMAT: Final = "nghitruong.poll/2"
CHOICES: Final = ("yes", "no", "abstain")
# First format: somebody who voted and then left was there when they voted.
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
    form: str = FORMAT,
) -> Counts:
    """Count from the roll and the votes.

    ``roll`` rows: membership, in_office, entitled, presence, as they stand at the close; ``votes``:
    membership, choice, presence when cast. Only members who may vote are present for the count; who
    may vote, did not and is there (or need not be there) is "không tham gia biểu quyết". A member
    who voted was in office, and present when the roll said so then.
    """
    chosen = Counter(str(vote["choice"]) for vote in votes)
    voted = {str(vote["membership"]) for vote in votes}
    came = {str(vote["membership"]) for vote in votes if vote.get("presence") == "present"}
    held: set[str] = set() if form == FIRST else voted
    electors = [row for row in roll if row["in_office"] and row["entitled"]]
    there = [row for row in electors if row["presence"] == "present"]
    expected = there if present_only else electors
    present = {str(row["membership"]) for row in there}
    return Counts(
        seats_by_law=seats_by_law,
        in_office=sum(1 for row in roll if row["in_office"] or str(row["membership"]) in held),
        present=len(present if form == FIRST else present | came),
        yes=chosen["yes"],
        no=chosen["no"],
        abstain=chosen["abstain"],
        not_voting=sum(1 for row in expected if str(row["membership"]) not in voted),
    )


def changed_since_voting(
    roll: Sequence[Mapping[str, Any]], votes: Sequence[Mapping[str, Any]]
) -> list[str]:
    """Members who voted and of whom the roll of the close says something else than their vote."""
    cast = {str(vote["membership"]): vote["presence"] for vote in votes}
    return sorted(
        key
        for key, row in ((str(row["membership"]), row) for row in roll)
        if key in cast
        and not (row["in_office"] and row["entitled"] and row["presence"] == cast[key])
    )


def absent(row: Mapping[str, Any], *, present_only: bool) -> bool:
    """Whether a seat without a vote is «vắng mặt», not «không tham gia biểu quyết»."""
    return present_only and row["presence"] != "present"


def not_there(record: Mapping[str, Any]) -> tuple[int, int]:
    """How many in office are absent, and how many suspended, of those who did not vote.

    With those who voted and those who took no part they make up the members in office.
    """
    voted = {str(vote["membership"]) for vote in record["votes"]}
    suspended = sum(
        1
        for row in record["roll"]
        if row["in_office"] and not row["entitled"] and str(row["membership"]) not in voted
    )
    counts = Counts(**record["counts"])
    return max(0, counts.in_office - counts.cast - counts.not_voting - suspended), suspended


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
    form = record.get("format")
    result.add("Định dạng", form in (FIRST, FORMAT), f"{form!r}, cần {FORMAT} hoặc {FIRST}")
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
        form=str(record["format"]),
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
    first = record["format"] == FIRST
    changed = [] if first else changed_since_voting(roll, votes)
    said = [] if first else [str(key) for key in record["changed_since_voting"]]
    opened, closed = (_time(record["poll"][key]) for key in ("opened_at", "closed_at"))
    foreign, idle, unknown, late = [], [], [], []
    for vote in votes:
        name = str(vote.get("name") or vote["membership"])
        row = on_roll.get(str(vote["membership"]))
        if row is None:
            foreign.append(name)
        elif first:
            may_act = row["in_office"] and row["entitled"]
            if not may_act or (present_only and row["presence"] not in _WAS_THERE):
                idle.append(name)
        elif (present_only and vote["presence"] != "present") or (
            row["membership"] in {*changed} ^ {*said}
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
    if not first:
        result.add(
            "Ai thay đổi tư cách, có mặt sau khi đã biểu quyết",
            sorted(said) == changed,
            f"hồ sơ ghi {len(said)} người, danh sách cho thấy {len(changed)}",
        )


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
