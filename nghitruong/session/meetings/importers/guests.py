"""Guests from a spreadsheet: people made where they are new, and numbered invitations."""

from __future__ import annotations

import re
import uuid
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.db.models import ProtectedError
from django.utils.translation import gettext as _

from nghitruong.council.councils.actions import add_person
from nghitruong.council.councils.models import Person
from nghitruong.council.councils.roles import Actor
from nghitruong.lib.text import fold
from nghitruong.platform.errors import Refused
from nghitruong.session.meetings import rules
from nghitruong.session.meetings.actions.summons import invite
from nghitruong.session.meetings.importers.lists import Row, SessionList
from nghitruong.session.meetings.models import Reply, Session, Summons, SummonsKind


class GuestList(SessionList):
    """Lines become invitations; a person the council knows by name and title is not made twice."""

    title: ClassVar = "Nhập khách mời từ bảng tính"
    noun: ClassVar = "khách mời"
    key: ClassVar = "full_name"
    back: ClassVar = "meetings:summons"
    columns: ClassVar = {
        "full_name": ("Họ và tên", "Họ tên", "Khách mời", "Đại biểu mời"),
        "title": ("Chức danh, đơn vị", "Chức vụ", "Chức danh", "Đơn vị", "Chức vụ, đơn vị"),
        "phone": ("Điện thoại", "Số điện thoại", "SĐT"),
        "email": ("Thư điện tử", "Email"),
    }
    example: ClassVar = (
        ("Hoàng Văn Giang", "Giám đốc Sở Tài chính", "0912 345 678", "giang@example.vn"),
    )

    def may(self, by: Actor) -> None:
        rules.may_summon(by)

    def check(self, rows: Sequence[Row], session: Session, *, by: Actor) -> int:
        known = self._known(by)
        summoned = set(Summons.objects.filter(session=session).values_list("person", flat=True))
        names = Counter((fold(row["full_name"]), fold(row["title"])) for row in rows)
        for row in rows:
            row.errors = {}
            key = fold(row["full_name"]), fold(row["title"])
            if not row["full_name"]:
                row.errors["full_name"] = "Thiếu họ và tên."
            elif len(row["full_name"].split()) < 2:
                row.errors["full_name"] = "Cần cả họ và tên."
            elif names[key] > 1:
                row.errors["full_name"] = "Có hai dòng cùng họ tên và chức danh."
            elif key in known and known[key].pk in summoned:
                row.errors["full_name"] = "Người này đã có giấy triệu tập hoặc giấy mời."
            if row["email"]:
                try:
                    validate_email(row["email"])
                except ValidationError:
                    row.errors["email"] = "Thư điện tử không đúng."
            if row["phone"] and not re.fullmatch(r"[+0-9 .]{8,20}", row["phone"]):
                row.errors["phone"] = "Số điện thoại không đúng."
        return sum(bool(row.errors) for row in rows)

    def write(self, rows: Sequence[Row], session: Session, *, by: Actor) -> dict[str, list[str]]:
        from nghitruong.session.meetings.chairing import chair_name

        known = self._known(by)
        people, made = [], []
        for row in rows:
            person = known.get((fold(row["full_name"]), fold(row["title"])))
            if person is None:
                person = add_person(
                    full_name=row["full_name"],
                    title=row["title"],
                    phone=row["phone"],
                    email=row["email"],
                    by=by,
                )
                made.append(str(person.pk))
            people.append(person)
        behalf = "" if by.is_chair else chair_name(session)
        issued = invite(session, people, by=by, on_behalf=behalf)
        return {"person": made, "summons": [str(row.pk) for row in issued]}

    def take_back(self, made: Mapping[str, Sequence[str]], session: Session, *, by: Actor) -> None:
        keys = [uuid.UUID(key) for key in made.get("summons", ())]
        rows = Summons.objects.filter(session=session, pk__in=keys)
        used = Refused(
            "import_in_use",
            _(
                "Không hoàn tác được: đã có khách trả lời giấy mời, hoặc đã có giấy "
                "mời số sau. Hãy sửa từng người."
            ),
        )
        last = max(rows.values_list("number", flat=True), default=0)
        later = Summons.objects.filter(
            session=session, kind=SummonsKind.INVITATION, number__gt=last
        ).exclude(pk__in=keys)
        if rows.exclude(reply=Reply.NONE).exists() or later.exists():
            raise used
        people = [uuid.UUID(key) for key in made.get("person", ())]
        try:
            with transaction.atomic():
                rows.delete()
                Person.objects.filter(pk__in=people, account__isnull=True).delete()
        except ProtectedError:
            raise used from None

    @staticmethod
    def _known(by: Actor) -> dict[tuple[str, str], Any]:
        rows = Person.objects.filter(council=by.council)
        return {(person.fold, fold(person.title)): person for person in rows}
