"""The agenda from a spreadsheet: items in their order, in their sittings."""

from __future__ import annotations

import re
import uuid
from collections.abc import Mapping, Sequence
from typing import ClassVar, Final

from nghitruong.council.councils.models import Organization
from nghitruong.council.councils.roles import Actor
from nghitruong.lib.text import fold
from nghitruong.session.meetings import rules
from nghitruong.session.meetings.actions.agenda import MAX_MINUTES, add_item, remove_item
from nghitruong.session.meetings.importers.lists import Row, SessionList
from nghitruong.session.meetings.models import AgendaItem, ItemKind, Session, Sitting, SittingState

_KINDS: Final = {fold(label): value for value, label in ItemKind.choices} | {
    "bao cao": ItemKind.REPORT,
    "to trinh": ItemKind.SUBMISSION,
    "bieu quyet": ItemKind.DECISION,
    "thong qua": ItemKind.DECISION,
    "khac": ItemKind.OTHER,
    "": ItemKind.OTHER,
}
_YES: Final = frozenset({"x", "co", "1", "kin", "hop kin"})
_NO: Final = frozenset({"", "khong", "0"})


class AgendaList(SessionList):
    """Lines become items, each last in its sitting, in the order of the sheet."""

    title: ClassVar = "Nhập chương trình từ bảng tính"
    noun: ClassVar = "nội dung"
    key: ClassVar = "title"
    back: ClassVar = "meetings:agenda"
    columns: ClassVar = {
        "sitting": ("Phiên", "Phiên họp", "Phiên số"),
        "title": ("Nội dung", "Tên nội dung", "Nội dung chương trình"),
        "kind": ("Loại nội dung", "Loại"),
        "presenter": ("Người trình bày", "Người trình"),
        "body": ("Cơ quan trình", "Cơ quan"),
        "minutes": ("Thời lượng (phút)", "Số phút", "Thời lượng"),
        "closed": ("Họp kín",),
    }
    example: ClassVar = (
        ("1", "Khai mạc kỳ họp", "Nghi thức", "Chủ tọa", "", "15", ""),
        ("1", "Báo cáo tình hình kinh tế - xã hội năm 2026", "Trình bày báo cáo", "", "", "30", ""),
    )

    def may(self, by: Actor) -> None:
        rules.may_prepare(by)

    def check(self, rows: Sequence[Row], session: Session, *, by: Actor) -> int:
        sittings = self._sittings(session)
        bodies = self._bodies(by)
        for row in rows:
            row.errors = {}
            if not row["title"]:
                row.errors["title"] = "Thiếu tên nội dung."
            elif len(row["title"]) > 500:
                row.errors["title"] = "Tên dài quá 500 chữ."
            if fold(row["kind"]) not in _KINDS:
                row.errors["kind"] = f"Ghi một trong: {', '.join(ItemKind.labels)}."
            number = _number(row["sitting"])
            if row["sitting"]:
                sitting = sittings.get(number) if number is not None else None
                if sitting is None:
                    row.errors["sitting"] = (
                        "Không có phiên này. Hãy thêm phiên trước, hoặc để trống."
                    )
                elif sitting.state == SittingState.CLOSED:
                    row.errors["sitting"] = "Phiên này đã kết thúc."
            minutes = row["minutes"]
            if minutes and not (minutes.isdecimal() and int(minutes) <= MAX_MINUTES):
                row.errors["minutes"] = "Ghi số phút, từ 0 đến 1.440."
            if row["body"] and fold(row["body"]) not in bodies:
                row.errors["body"] = "Chưa có cơ quan này trong danh sách tổ chức."
            if fold(row["closed"]) not in _YES | _NO:
                row.errors["closed"] = "Ghi «x» nếu họp kín, để trống nếu không."
        return sum(bool(row.errors) for row in rows)

    def write(self, rows: Sequence[Row], session: Session, *, by: Actor) -> dict[str, list[str]]:
        sittings, bodies = self._sittings(session), self._bodies(by)
        made = []
        for row in rows:
            number = _number(row["sitting"])
            item = add_item(
                session,
                by=by,
                sitting=sittings.get(number) if number is not None else None,
                kind=_KINDS[fold(row["kind"])],
                title=row["title"],
                presenter=row["presenter"],
                presenting_body=bodies.get(fold(row["body"])),
                minutes=int(row["minutes"] or 10),
                closed_doors=fold(row["closed"]) in _YES,
            )
            made.append(str(item.pk))
        return {"item": made}

    def take_back(self, made: Mapping[str, Sequence[str]], session: Session, *, by: Actor) -> None:
        keys = [uuid.UUID(key) for key in made.get("item", ())]
        for item in AgendaItem.objects.filter(session=session, pk__in=keys):
            remove_item(item, by=by)

    @staticmethod
    def _sittings(session: Session) -> dict[int, Sitting]:
        return {sitting.number: sitting for sitting in Sitting.objects.filter(session=session)}

    @staticmethod
    def _bodies(by: Actor) -> dict[str, Organization]:
        rows = Organization.objects.filter(council=by.council)
        return {fold(body.name): body for body in rows}


def _number(text: str) -> int | None:
    """«1», «Phiên 1», «Phiên thứ 1» → 1."""
    found = re.search(r"\d+", text)
    return int(found.group()) if found else None
