"""What of a counted poll may be taken along: JSON to recompute it, XLSX to work with."""

from __future__ import annotations

import io
import json
from typing import Any

import xlsxwriter
from django.utils import timezone

from nghitruong.session.meetings.models import Presence
from nghitruong.session.voting.counting import counts_of, outcome_of
from nghitruong.session.voting.hemicycle import words_of
from nghitruong.session.voting.majority import TOTALS, Rule
from nghitruong.session.voting.models import Poll, PollState
from nghitruong.session.voting.record import absent, envelope, not_there
from nghitruong.session.voting.sentence import percent_rows
from nghitruong.session.voting.slices import sentence_of


def as_json(poll: Poll) -> bytes:
    """Everything needed to recompute: the frozen record, its SHA-256, what happened since."""
    assert poll.record is not None  # noqa: S101  # the caller asked ``counted``
    document: dict[str, Any] = {
        **envelope(poll.record),
        "state": poll.state,
        "published_at": poll.published_at.isoformat() if poll.published_at else None,
        "annulled_at": poll.annulled_at.isoformat() if poll.annulled_at else None,
        "annul_reason": poll.annul_reason,
    }
    return json.dumps(document, ensure_ascii=False, indent=1).encode()


def named_rows(poll: Poll) -> list[tuple[int | None, str, str, str, str]]:
    """Seat, name, group, choice in words and how it was cast, of everybody on the record."""
    assert poll.record is not None  # noqa: S101  # the caller asked ``counted``
    votes = {vote["membership"]: vote for vote in poll.record["votes"]}
    changed = set(poll.record.get("changed_since_voting", ()))
    rows = []
    for row in poll.record["roll"]:
        vote = votes.get(row["membership"])
        if not row["in_office"] and vote is None:
            continue
        label = words_of(
            vote["choice"] if vote else None,
            absent=absent(row, present_only=poll.present_only),
            entitled=row["entitled"],
        )[0]
        how = f"ghi hộ: {vote['assisted_reason']}" if vote and vote["assisted_by"] else ""
        if row["membership"] in changed:
            how = "; ".join(filter(None, [how, _since(row)]))
        rows.append((row["seat"], row["name"], row["group"], label, how))
    return rows


def _since(row: dict[str, Any]) -> str:
    """What became of somebody after they had voted."""
    if not row["in_office"]:
        return "sau khi biểu quyết: thôi làm nhiệm vụ đại biểu"
    if not row["entitled"]:
        return "sau khi biểu quyết: tạm đình chỉ"
    return f"sau khi biểu quyết: {Presence(row['presence']).label}"


def _standing(poll: Poll) -> list[tuple[str, str, str]]:
    """What whoever opens the file must know first: that it is no result, or not one yet."""
    if poll.state == PollState.ANNULLED:
        return [("Tình trạng", "ĐÃ HỦY, không có kết quả", f"Lý do: {poll.annul_reason}")]
    if poll.state != PollState.PUBLISHED:
        return [("Tình trạng", "CHƯA CÔNG BỐ", "")]
    return []


def as_xlsx(poll: Poll) -> bytes:
    """Two sheets: the result with its rule, and the votes by name."""
    assert poll.record is not None  # noqa: S101  # the caller asked ``counted``
    rule, counts, result = Rule.from_dict(poll.rule), counts_of(poll), outcome_of(poll)
    away = zip(("Vắng mặt", "Tạm đình chỉ"), not_there(poll.record), strict=True)
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer, {"in_memory": True, "strings_to_formulas": False})
    font = {"font_name": "Times New Roman", "font_size": 13}
    plain = book.add_format({**font, "text_wrap": True, "valign": "top"})
    head = book.add_format({**font, "bold": True, "text_wrap": True, "border": 1})
    cell = book.add_format({**font, "border": 1, "text_wrap": True})
    sheet = book.add_worksheet("Kết quả")
    sheet.set_column(0, 0, 40)
    sheet.set_column(1, 2, 24)
    closed = timezone.localtime(poll.closed_at) if poll.closed_at else None
    annulled = poll.state == PollState.ANNULLED
    verdict: list[tuple[str, Any, str]] = [
        ("Kết quả", "Được thông qua" if result.passed else "Không được thông qua", ""),
        ("Câu công bố", sentence_of(poll), ""),
    ]
    lines: list[tuple[str, Any, str]] = [
        *_standing(poll),
        ("Nội dung biểu quyết", poll.question, ""),
        ("Lần biểu quyết", poll.number, ""),
        ("Kết thúc lúc", f"{closed:%H:%M:%S ngày %d/%m/%Y}" if closed else "", ""),
        ("Văn bản (SHA-256)", poll.text_sha256, ""),
        ("Tổng số đại biểu theo luật", counts.seats_by_law, ""),
        ("Tổng số đại biểu đương nhiệm", counts.in_office, ""),
        ("Số đại biểu có mặt", counts.present, ""),
        ("Tỷ lệ tính trên", TOTALS[rule.total], ""),
        *percent_rows(rule, counts),
        *((words, number, "") for words, number in away if number),
        ("Quy tắc", poll.rule["label"], poll.rule["article"]),
        ("Số phiếu cần", result.needed, ""),
        *([] if annulled else verdict),
        ("SHA-256 của hồ sơ", poll.record_sha256, ""),
    ]
    for number, line in enumerate(lines):
        for column, value in enumerate(line):
            sheet.write(number, column, value, head if column == 0 else plain)
    names = book.add_worksheet("Từng đại biểu")
    names.set_column(0, 0, 8)
    names.set_column(1, 2, 30)
    names.set_column(3, 4, 34)
    for column, title in enumerate(("Ghế", "Họ và tên", "Tổ", "Biểu quyết", "Ghi chú")):
        names.write(0, column, title, head)
    for number, row in enumerate(named_rows(poll), start=1):
        for column, value in enumerate(row):
            names.write(number, column, "" if value is None else value, cell)
    names.freeze_panes(1, 0)
    names.repeat_rows(0)
    book.close()
    return buffer.getvalue()
