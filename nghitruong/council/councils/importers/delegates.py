"""A council's delegates from a spreadsheet: read, check row by row, apply, undo."""

from __future__ import annotations

import re
import uuid
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field, fields
from datetime import date
from typing import Any, Final

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.db.models import ProtectedError
from django.utils import timezone
from django.utils.translation import gettext as _

from nghitruong.council.councils import queries, rules
from nghitruong.council.councils.importers.spreadsheet import grid, table
from nghitruong.council.councils.models import (
    ImportBatch,
    LegislativeTerm,
    Membership,
    Organization,
    OrganizationKind,
    Person,
    Seat,
)
from nghitruong.council.councils.roles import DELEGATE_POST, Actor
from nghitruong.lib.text import fold, nfc, sort_key
from nghitruong.platform.audit import api as audit
from nghitruong.platform.audit.models import Entry
from nghitruong.platform.errors import Refused

CHUNK: Final = 20  # people per write transaction
ALIASES: Final = {
    "full_name": ("Họ và tên", "Họ tên", "Họ và tên đại biểu", "Đại biểu"),
    "gender": ("Giới tính", "Nam/Nữ"),
    "birth_date": ("Ngày sinh", "Ngày, tháng, năm sinh", "Năm sinh"),
    "title": ("Chức danh, nơi công tác", "Chức vụ, đơn vị công tác", "Nơi công tác", "Chức danh"),
    "post": ("Chức vụ trong HĐND", "Chức vụ HĐND", "Chức vụ"),
    "committee": ("Ban", "Ban của HĐND", "Thành viên Ban"),
    "group": ("Tổ đại biểu", "Tổ", "Tổ ĐB"),
    "constituency": ("Đơn vị bầu cử", "ĐVBC"),
    "seat": ("Số ghế", "Ghế số"),
    "label": ("Vị trí ngồi", "Vị trí"),
    "full_time": ("Chuyên trách", "Đại biểu chuyên trách"),
    "phone": ("Điện thoại", "Số điện thoại", "SĐT"),
    "email": ("Thư điện tử", "Email"),
}
# What offices write for a post → the post, its label, where it is held.
_POSTS: Final = {
    "chu tich": ("council_chair", "Chủ tịch HĐND", "standing"),
    "chu tich hdnd": ("council_chair", "Chủ tịch HĐND", "standing"),
    "pho chu tich": ("council_vice_chair", "Phó Chủ tịch HĐND", "standing"),
    "pho chu tich hdnd": ("council_vice_chair", "Phó Chủ tịch HĐND", "standing"),
    "truong ban": ("committee_chair", "Trưởng Ban", "committee"),
    "pho truong ban": ("committee_vice_chair", "Phó Trưởng Ban", "committee"),
    "uy vien": ("committee_member", "Ủy viên", "committee"),
    "uy vien ban": ("committee_member", "Ủy viên", "committee"),
    "to truong": ("group_leader", "Tổ trưởng", "group"),
    "to pho": ("group_deputy", "Tổ phó", "group"),
    "dai bieu": ("", "", ""),
    "": ("", "", ""),
}
_YES: Final = frozenset({"x", "co", "1", "yes", "chuyen trach", "true"})
_GENDERS: Final = {"": "", "nam": "M", "nu": "F", "m": "M", "f": "F"}


@dataclass
class DelegateRow:
    """A line of the list as typed; `line` is its number in the sheet."""

    line: int
    full_name: str = ""
    gender: str = ""
    birth_date: str = ""
    title: str = ""
    post: str = ""
    committee: str = ""
    group: str = ""
    constituency: str = ""
    seat: str = ""
    label: str = ""
    full_time: str = ""
    phone: str = ""
    email: str = ""
    errors: dict[str, str] = field(default_factory=dict)

    def born(self) -> date | None:
        """The birth date; a lone year is not one. Raises ValueError when it cannot be read."""
        if not self.birth_date or re.fullmatch(r"\d{4}", self.birth_date):
            return None
        match = re.fullmatch(r"(\d{1,2})[/.\-](\d{1,2})[/.\-](\d{4})", self.birth_date)
        if not match:
            raise ValueError(self.birth_date)
        day, month, year = (int(part) for part in match.groups())
        return date(year, month, day)


TYPED: Final = tuple(f.name for f in fields(DelegateRow) if f.name not in ("line", "errors"))


def _row(line: int, typed: Mapping[str, str]) -> DelegateRow:
    row = DelegateRow(line)
    for name, value in typed.items():
        setattr(row, name, value)
    return row


def read(data: bytes, file_name: str) -> list[DelegateRow]:
    """The lines of the list. Refused when the file is no spreadsheet or has no names."""
    rows = [_row(line, record) for line, record in _records(data, file_name)]
    if not rows:
        raise Refused("list_empty", _("Bảng không có dòng nào dưới tiêu đề."), status=422)
    return rows


def _records(data: bytes, file_name: str) -> Iterable[tuple[int, dict[str, str]]]:
    return table(grid(data, file_name), ALIASES, "full_name")


def from_post(post: Mapping[str, Any]) -> list[DelegateRow]:
    """The lines as corrected on the preview: fields named «3.full_name»."""
    numbers = sorted({int(m[1]) for name in post if (m := re.fullmatch(r"(\d+)\.full_name", name))})
    return [
        _row(n, {name: nfc(post.get(f"{n}.{name}", "")).strip() for name in TYPED}) for n in numbers
    ]


def _group_number(text: str) -> str:
    """«Tổ số 2», «Tổ 2», «2» are one group."""
    match = re.search(r"\d+", text)
    return match.group() if match else ""


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
        _body_key(body.name): body
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
        if fold(row.gender) not in _GENDERS:
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
        if row.committee and _body_key(row.committee) not in committees:
            say("committee", _("Không có Ban này. Hãy lập Ban trước, hoặc sửa tên."))
        if row.group and not _group_number(row.group):
            say("group", _("Ghi «Tổ số 1», «Tổ số 2»…"))
        held_in = _POSTS.get(_post_key(row.post))
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
    if term is not None and rows and len(delegates) + len(rows) > seats:
        rows[-1].errors["full_name"] = _(
            "Tổng số vượt %(seats)s đại biểu theo luật của khóa này."
        ) % {"seats": seats}
    return sum(bool(row.errors) for row in rows)


def _post_key(text: str) -> str:
    text = re.sub(r"\s*(hdnd|hoi dong nhan dan).*", "", fold(text)).strip()
    return re.sub(r"^(truong ban|pho truong ban|uy vien)\s+.*", r"\1", text)


def _body_key(text: str) -> str:
    return re.sub(r"[^a-z]+", "", re.sub(r"^ban\s+", "", fold(text)))


@dataclass
class _Bodies:
    """The bodies delegates join; groups named in the list are made on the way."""

    by: Actor
    plenary: Organization
    standing: Organization
    committees: dict[str, Organization]
    groups: dict[str, Organization]
    made: list[str] = field(default_factory=list)

    @classmethod
    def of(cls, by: Actor) -> _Bodies:
        today = timezone.localdate()
        rows = list(queries.organizations_for(by, on=today))

        def only(kind: OrganizationKind) -> list[Organization]:
            return [row for row in rows if row.kind == kind]

        return cls(
            by,
            only(OrganizationKind.PLENARY)[0],
            only(OrganizationKind.STANDING)[0],
            {_body_key(row.name): row for row in only(OrganizationKind.COMMITTEE)},
            {_group_number(row.name): row for row in only(OrganizationKind.GROUP)},
        )

    def group(self, text: str) -> Organization:
        number = _group_number(text)
        if number not in self.groups:
            name = f"Tổ đại biểu số {number}"
            self.groups[number] = Organization.objects.create(
                council=self.by.council,
                kind=OrganizationKind.GROUP,
                code=f"group_{number}",
                name=name,
                sort_order=100 + int(number),
                fold=fold(name),
            )
            self.made.append(str(self.groups[number].pk))
        return self.groups[number]


def _memberships(
    row: DelegateRow, person: Person, seat: Seat | None, term: LegislativeTerm, bodies: _Bodies
) -> list[Membership]:
    def joins(body: Organization, post: str, label: str, **more: Any) -> Membership:
        return Membership(
            council=bodies.by.council,
            person=person,
            organization=body,
            term=term,
            post=post,
            post_label=label,
            starts_on=max(term.starts_on, body.starts_on or term.starts_on),
            **more,
        )

    full_time = fold(row.full_time) in _YES
    made = [joins(bodies.plenary, DELEGATE_POST, "Đại biểu", seat=seat, full_time=full_time)]
    post, label, where = _POSTS[_post_key(row.post)]
    if where == "standing":
        made.append(joins(bodies.standing, post, label, full_time=full_time))
    if row.committee:
        body = bodies.committees[_body_key(row.committee)]
        held = (post, f"{label} {body.name.removeprefix('Ban ')}".strip())
        if where != "committee":
            held = ("committee_member", f"Ủy viên {body.name}")
        made.append(joins(body, *held))
    if row.group:
        body = bodies.group(row.group)
        held = (post, label) if where == "group" else ("group_member", "Thành viên")
        made.append(joins(body, held[0], f"{held[1]} {body.name}"))
    return made


def apply(rows: list[DelegateRow], *, file_name: str, by: Actor) -> ImportBatch:
    """Take every row in, in short transactions; refused when a row still has a fault.

    Everything made is written on the batch, so that `undo` takes back exactly that.
    """
    rules.require_office(by)
    term = queries.term_at(by.council, timezone.localdate())
    if term is None:
        raise Refused(
            "term_missing", _("Hội đồng chưa có khóa đang hoạt động. Hãy lập khóa trước.")
        )
    if check(rows, by=by):
        raise Refused("rows_faulty", _("Còn dòng chưa đúng. Hãy sửa rồi nhập lại."), status=422)
    batch: ImportBatch = ImportBatch.objects.create(
        council=by.council, file_name=nfc(file_name)[:255], created_by_name=by.name, made={}
    )
    bodies = _Bodies.of(by)
    made: dict[str, list[str]] = {"person": [], "seat": [], "membership": [], "organization": []}
    for start in range(0, len(rows), CHUNK):
        with transaction.atomic():
            _apply_chunk(rows[start : start + CHUNK], term, bodies, made)
            made["organization"] = bodies.made
            ImportBatch.objects.filter(pk=batch.pk).update(made=made)
    batch.refresh_from_db()
    return batch


def _apply_chunk(
    rows: list[DelegateRow], term: LegislativeTerm, bodies: _Bodies, made: dict[str, list[str]]
) -> None:
    council = bodies.by.council
    people, memberships, entries = [], [], []
    existing = {seat.number: seat for seat in Seat.objects.filter(term=term)}
    new_seats = []
    for row in rows:
        name = " ".join(row.full_name.split())
        person = Person(
            council=council,
            full_name=name,
            sort_key=sort_key(name),
            fold=fold(name),
            gender=_GENDERS[fold(row.gender)],
            birth_date=row.born(),
            title=row.title,
            phone=row.phone,
            email=row.email,
        )
        seat = None
        if row.seat:
            seat = existing.get(int(row.seat))
            if seat is None:
                seat = Seat(council=council, term=term, number=int(row.seat))
                new_seats.append(seat)
            seat.label, seat.constituency = row.label, row.constituency
        people.append(person)
        memberships += _memberships(row, person, seat, term, bodies)
        entries.append(
            audit.build(
                "councils.import_delegate",
                **bodies.by.audit(),
                target=person,
                payload={"name": name, "line": row.line},
            )
        )
    Person.objects.bulk_create(people)
    Seat.objects.bulk_create(new_seats)
    Membership.objects.bulk_create(memberships)
    Entry.objects.bulk_create(entries)
    made["person"] += [str(row.pk) for row in people]
    made["seat"] += [str(row.pk) for row in new_seats]
    made["membership"] += [str(row.pk) for row in memberships]


@transaction.atomic
def undo(batch: ImportBatch, *, by: Actor) -> ImportBatch:
    """Take the whole import back, unless somebody already worked with these people."""
    rules.require_office(by)
    rules.require_same_council(by, batch)
    updated = ImportBatch.objects.filter(pk=batch.pk, undone_at__isnull=True).update(
        undone_at=timezone.now()
    )
    if updated != 1:
        raise Refused("already_undone", _("Lượt nhập này đã được hoàn tác trước đó."))
    made = {name: [uuid.UUID(pk) for pk in pks] for name, pks in batch.made.items()}
    people = Person.objects.filter(pk__in=made.get("person", []))
    in_use = Refused(
        "import_in_use",
        _(
            "Không hoàn tác được: đã có tài khoản, điểm danh hoặc biểu quyết của người trong danh "
            "sách. Hãy sửa từng người."
        ),
    )
    if people.filter(account__isnull=False).exists():
        raise in_use
    try:
        with transaction.atomic():
            Membership.objects.filter(pk__in=made.get("membership", [])).delete()
            people.delete()
            Seat.objects.filter(pk__in=made.get("seat", []), memberships__isnull=True).delete()
            Organization.objects.filter(
                pk__in=made.get("organization", []), memberships__isnull=True
            ).delete()
    except ProtectedError:
        raise in_use from None
    batch.refresh_from_db()
    audit.record(
        "councils.undo_import",
        **by.audit(),
        target=batch,
        payload={"file": batch.file_name, "people": len(made.get("person", []))},
    )
    return batch


def template_rows() -> list[list[str]]:
    """The model spreadsheet: headings and one line as an example."""
    example = asdict(
        DelegateRow(
            1,
            "Nguyễn Văn An",
            "Nam",
            "12/05/1968",
            "Bí thư Đảng ủy",
            "Chủ tịch",
            "",
            "Tổ số 1",
            "Đơn vị bầu cử số 1",
            "1",
            "A1",
            "x",
            "0912 345 678",
            "",
        )
    )
    return [[names[0] for names in ALIASES.values()], [example[name] for name in ALIASES]]
