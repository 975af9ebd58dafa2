"""Whoever changes one thing in an exported file is caught."""

import copy
import io
import json
import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nghitruong.lib.canonical import digest
from nghitruong.session.voting.majority import STANDARD, outcome
from nghitruong.session.voting.record import (
    FIRST,
    FORMAT,
    changed_since_voting,
    count,
    envelope,
    not_there,
    recompute,
    verify,
)
from nghitruong.session.voting.verify import run


def make(choices=("yes",) * 8 + ("no",) * 2 + ("abstain",) + (None,) * 2, absent=2):
    roll, votes = [], []
    for number, choice in enumerate([*choices, *["away"] * absent]):
        roll.append(
            {
                "membership": f"m{number}",
                "name": f"Đại biểu {number}",
                "group": "",
                "seat": number + 1,
                "in_office": True,
                "entitled": True,
                "presence": "absent" if choice == "away" else "present",
            }
        )
        if choice not in (None, "away"):
            votes.append(
                {
                    "membership": f"m{number}",
                    "name": f"Đại biểu {number}",
                    "choice": choice,
                    "cast_at": "2026-12-08T02:00:30.000000Z",
                    "receipt": f"{number:012x}",
                    "changes": 0,
                    "presence": "present",
                }
            )
    return counted(roll, votes)


def counted(roll, votes, form=FORMAT):
    """A record as it is made at the close, in either format."""
    rule = STANDARD["vote.majority"]
    counts = count(roll, votes, seats_by_law=15, form=form)
    record = {
        "format": form,
        "poll": {
            "question": "Dự toán ngân sách",
            "opened_at": "2026-12-08T02:00:00.000000Z",
            "closed_at": "2026-12-08T02:01:00.000000Z",
        },
        "text": {"sha256": "a" * 64, "version": 1},
        "rule": rule.as_dict(),
        "electorate": {"seats_by_law": 15, "present_only": True, "allow_change": True},
        "roll": roll,
        "votes": votes,
        "counts": counts.as_dict(),
        "outcome": outcome(rule, counts).as_dict(),
        "audit": None,
    }
    if form == FORMAT:
        record["changed_since_voting"] = changed_since_voting(roll, votes)
    return record


def then(**since):
    """A record of which the clerk changed the first member, who had voted, before the close."""
    record = make()
    record["roll"][0].update(since)
    return counted(record["roll"], record["votes"])


@pytest.mark.parametrize(
    ("since", "found"),
    [
        ({"presence": "left"}, (2, 0)),
        ({"presence": "excused"}, (2, 0)),
        ({"entitled": False}, (2, 0)),
        ({"in_office": False, "entitled": False}, (2, 0)),
        ({"in_office": False, "entitled": False, "presence": "absent"}, (2, 0)),
    ],
)
def test_who_voted_lawfully_stays_counted_and_the_table_adds_up(since, found):
    record = then(**since)
    checked = verify(envelope(record))
    assert checked.ok, checked.differences
    counts = checked.counts
    assert (counts.yes, counts.present, counts.in_office) == (8, 13, 15)
    assert not_there(record) == found
    assert counts.cast + counts.not_voting + sum(found) == counts.in_office
    assert record["changed_since_voting"] == ["m0"]


def test_a_vote_of_somebody_not_there_when_they_voted_is_caught():
    record = make()
    record["votes"][0]["presence"] = "unknown"
    record = counted(record["roll"], record["votes"])
    assert any("có mặt" in line for line in verify(envelope(record)).differences)


def test_a_record_of_the_first_format_still_verifies_as_it_was_made():
    record = make()
    for vote in record["votes"]:
        del vote["presence"]
    record["roll"][0]["presence"] = "left"
    record = counted(record["roll"], record["votes"], FIRST)
    assert "changed_since_voting" not in record
    checked = verify(envelope(record))
    assert checked.ok, checked.differences
    assert checked.counts.present == 12  # of the first format: who is there at the close
    assert not_there(record) == (2, 0)  # the voter who left is not counted absent besides
    record["roll"][1]["presence"] = "absent"
    assert any("có mặt" in line for line in verify(envelope(record)).differences)


def test_an_untouched_record_verifies():
    checked = verify(envelope(make()))
    assert checked.ok, checked.differences
    assert (checked.counts.yes, checked.counts.not_voting, checked.outcome.passed) == (8, 2, True)


def tamper(path, value):
    def change(record):
        target = record
        for step in path[:-1]:
            target = target[step]
        target[path[-1]] = value

    return change


@pytest.mark.parametrize(
    ("change", "found"),
    [
        (tamper(["counts", "yes"], 9), "Tán thành"),
        (tamper(["counts", "not_voting"], 0), "Không tham gia biểu quyết"),
        (tamper(["counts", "in_office"], 14), "Số đại biểu đương nhiệm"),
        (tamper(["outcome", "passed"], False), "Kết quả"),
        (tamper(["outcome", "needed"], 7), "Số phiếu cần"),
        (tamper(["votes", 0, "choice"], "no"), "Tán thành"),
        (tamper(["votes", 0, "choice"], "maybe"), "Mọi lựa chọn"),
        (tamper(["votes", 1, "membership"], "m0"), "Mỗi đại biểu một phiếu"),
        (tamper(["votes", 1, "membership"], "kẻ lạ"), "trong danh sách"),
        (tamper(["votes", 1, "membership"], "m14"), "có mặt"),
        (tamper(["votes", 1, "receipt"], f"{0:012x}"), "biên nhận"),
        (tamper(["votes", 0, "cast_at"], "2026-12-08T02:01:00.000001Z"), "trong lúc biểu quyết"),
        (tamper(["roll", 0, "entitled"], False), "được biểu quyết"),
        (tamper(["roll", 0, "in_office"], False), "thay đổi tư cách"),
        (tamper(["roll", 0, "presence"], "absent"), "được biểu quyết"),
        (tamper(["votes", 0, "presence"], "unknown"), "Mọi phiếu là của đại biểu được"),
        (tamper(["changed_since_voting"], ["m3"]), "thay đổi tư cách"),
        (lambda record: record.pop("changed_since_voting"), "đủ thông tin"),
        (tamper(["roll", 1, "membership"], "m0"), "một dòng"),
        (tamper(["rule", "numerator"], 2), "đủ thông tin"),
        (tamper(["rule", "denominator"], 3), "Số phiếu cần"),
        (tamper(["text", "sha256"], "abc"), "Mã băm văn bản"),
        (tamper(["format"], "khác"), "Định dạng"),
        (tamper(["counts", "yes"], 8.0), "chuẩn tắc"),
        (lambda record: record.pop("votes"), "đủ thông tin"),
        (lambda record: record["votes"].pop(), "Không biểu quyết"),
    ],
)
def test_whoever_changes_one_thing_is_caught_even_with_a_new_hash(change, found):
    record = make()
    change(record)
    try:
        document = envelope(record)
    except TypeError:
        document = {"record": record, "sha256": "0" * 64}
    differences = verify(document).differences
    assert differences
    assert any(found in line for line in differences), differences


def test_a_consistent_forgery_is_caught_by_the_hash_printed_elsewhere():
    honest, forged = make(), make(choices=("yes",) * 11 + (None,) * 2)
    assert verify(envelope(forged)).ok
    checked = verify(envelope(forged), expected_sha256=digest(honest))
    assert not checked.ok


def test_a_changed_name_breaks_the_hash():
    document = copy.deepcopy(envelope(make()))
    document["record"]["roll"][0]["name"] = "Người khác"
    assert "Mã băm của hồ sơ" in verify(document).differences[0]


@pytest.mark.parametrize("rubbish", [None, [], "x", {}, {"record": []}, {"record": {}}])
def test_rubbish_is_no_record(rubbish):
    assert not verify(rubbish).ok


choices = st.lists(st.sampled_from(["yes", "no", "abstain", None]), min_size=1, max_size=80)


@given(choices, st.integers(0, 20))
def test_every_record_made_by_count_verifies_and_adds_up(chosen, absent):
    record = make(tuple(chosen), absent)
    checked = recompute(record)
    assert checked.ok, checked.differences
    counts = checked.counts
    assert counts.cast + counts.not_voting == counts.present
    assert counts.in_office == counts.present + absent


def test_the_command_prints_ticks_and_exits_zero_or_one(tmp_path):
    good, bad, broken = (tmp_path / name for name in ("good.json", "bad.json", "broken.json"))
    good.write_text(json.dumps(envelope(make())), encoding="utf-8")
    record = make()
    record["counts"]["yes"] = 9
    bad.write_text(json.dumps(envelope(record)), encoding="utf-8")
    broken.write_text("{", encoding="utf-8")
    out = io.StringIO()
    assert run(str(good), out=out) == 0
    assert "✗" not in out.getvalue()
    assert "8 tán thành, cần 8 trên 15: đủ số phiếu" in out.getvalue()
    out = io.StringIO()
    assert run(str(bad), out=out) == 1
    assert "✗ Tán thành: hồ sơ ghi 9, đếm lại 8" in out.getvalue()
    assert run(str(broken), out=out) == 2


@pytest.mark.parametrize(
    ("since", "status", "said"),
    [
        ({"state": "published", "published_at": "2026-12-08T02:05:00Z"}, 0, "đã công bố lúc 2026"),
        ({}, 0, "không ghi kết quả đã công bố hay đã hủy"),
        ({"state": "closed"}, 3, "CHƯA công bố"),
        (
            {
                "state": "annulled",
                "annulled_at": "2026-12-08T02:05:00Z",
                "annul_reason": "nhầm bản",
            },
            3,
            "ĐÃ HỦY lúc 2026-12-08T02:05:00Z. Lý do: nhầm bản",
        ),
    ],
)
def test_a_right_count_says_whether_anything_follows_from_it(tmp_path, since, status, said):
    file, out = tmp_path / "poll.json", io.StringIO()
    file.write_text(json.dumps(envelope(make()) | since), encoding="utf-8")
    assert run(str(file), out=out) == status
    assert said in out.getvalue()
    assert "Đếm lại đúng" in out.getvalue()
    assert "được thông qua" not in out.getvalue()


def test_verification_needs_neither_django_nor_a_database(tmp_path):
    file = tmp_path / "poll.json"
    file.write_text(json.dumps(envelope(make())), encoding="utf-8")
    code = (
        "import sys, runpy; sys.argv = ['verify', sys.argv[1]]\n"
        "class No:\n"
        "    def find_spec(self, name, *a):\n"
        "        if name.split('.')[0] == 'django': raise ImportError('django')\n"
        "sys.meta_path.insert(0, No())\n"
        "runpy.run_module('nghitruong.session.voting.verify', run_name='__main__')"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, str(file)], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert "✓" in done.stdout
