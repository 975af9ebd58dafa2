"""Every fault of every line, in words, before anything is taken in."""

from __future__ import annotations

import re
from collections import Counter
from datetime import date

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils import timezone
from django.utils.translation import gettext as _

from nghitruong.council.councils import queries
from nghitruong.council.councils.importers.delegates.rows import (
    GENDERS,
    POSTS,
    DelegateRow,
    body_key,
    group_number,
    post_key,
)
from nghitruong.council.councils.models import OrganizationKind
from nghitruong.council.councils.roles import Actor
from nghitruong.lib.text import fold


def check(rows: list[DelegateRow], *, by: Actor) -> int:
    """Write every fault of every row into its `errors`; returns how many rows have some."""
    today = timezone.localdate()
    term = queries.term_at(by.council, today)
    seats = term.statutory_seats if term else 0
    delegates = list(queries.delegates_at(by.council, today))
    known = {(row.person.fold, row.person.birth_date) for row in delegates}
    held = {row.seat.number for row in delegates if row.seat is not None}
    names = Counter((fold(row.full_name), row.birth_date) for row in rows)
    numbers = Counter(row.seat for row in rows if row.seat)
    committees = {
        body_key(body.name): body
        for body in queries.organizations_for(by, on=today, kind=OrganizationKind.COMMITTEE)
    }
    for row in rows:
        row.errors = {}
        say = row.errors.__setitem__
        if not row.full_name:
            say("full_name", _("Thiếu họ và tên."))
        elif len(row.full_name.split()) < 2:
            say("full_name", _("Cần cả họ và tên."))
        elif names[fold(row.full_name), row.birth_date] > 1:
            say("full_name", _("Có hai dòng cùng họ tên và ngày sinh."))
        if fold(row.gender) not in GENDERS:
            say("gender", _("Ghi Nam hoặc Nữ."))
        try:
            born = row.born()
            if born is not None and not date(1920, 1, 1) <= born <= today:
                raise ValueError(row.birth_date)
            if (fold(row.full_name), born) in known:
                say("full_name", _("Đại biểu này đã có trong danh sách."))
        except ValueError:
            say("birth_date", _("Ghi ngày sinh dạng 31/12/1970."))
        if row.seat:
            if not row.seat.isdecimal() or not 1 <= int(row.seat) <= seats:
                say("seat", _("Số ghế từ 1 đến %(seats)s.") % {"seats": seats})
            elif numbers[row.seat] > 1:
                say("seat", _("Số ghế bị trùng."))
            elif int(row.seat) in held:
                say("seat", _("Ghế này đang có đại biểu khác."))
        if row.committee and body_key(row.committee) not in committees:
            say("committee", _("Không có Ban này. Hãy lập Ban trước, hoặc sửa tên."))
        if row.group and not group_number(row.group):
            say("group", _("Ghi «Tổ số 1», «Tổ số 2»…"))
        held_in = POSTS.get(post_key(row.post))
        if held_in is None:
            say("post", _("Chức vụ chưa rõ. Ví dụ: Chủ tịch, Trưởng Ban, Tổ trưởng."))
        elif held_in[2] == "committee" and not row.committee:
            say("committee", _("Ghi tên Ban."))
        elif held_in[2] == "group" and not row.group:
            say("group", _("Ghi Tổ đại biểu."))
        if row.email:
            try:
                validate_email(row.email)
            except ValidationError:
                say("email", _("Thư điện tử không đúng."))
        if row.phone and not re.fullmatch(r"[+0-9 .]{8,20}", row.phone):
            say("phone", _("Số điện thoại không đúng."))
    if term is None:
        for row in rows:
            row.errors["full_name"] = _("Hôm nay không có khóa nào nên chưa ghi đại biểu được.")
    if term is not None and rows and len(delegates) + len(rows) > seats:
        rows[-1].errors["full_name"] = _(
            "Tổng số vượt %(seats)s đại biểu theo luật của khóa này."
        ) % {"seats": seats}
    return sum(bool(row.errors) for row in rows)
