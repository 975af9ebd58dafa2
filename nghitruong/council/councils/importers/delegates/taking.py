"""Taking the list in, and taking all of it back."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field
from typing import Any, Final

from django.db import transaction
from django.db.models import ProtectedError
from django.utils import timezone
from django.utils.translation import gettext as _

from nghitruong.council.councils import queries, rules
from nghitruong.council.councils.importers.delegates.checking import check
from nghitruong.council.councils.importers.delegates.rows import (
    GENDERS,
    POSTS,
    YES,
    DelegateRow,
    body_key,
    group_number,
    post_key,
)
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
            {body_key(row.name): row for row in only(OrganizationKind.COMMITTEE)},
            {group_number(row.name): row for row in only(OrganizationKind.GROUP)},
        )

    def group(self, text: str) -> Organization:
        number = group_number(text)
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

    full_time = fold(row.full_time) in YES
    made = [joins(bodies.plenary, DELEGATE_POST, "Đại biểu", seat=seat, full_time=full_time)]
    post, label, where = POSTS[post_key(row.post)]
    if where == "standing":
        made.append(joins(bodies.standing, post, label, full_time=full_time))
    if row.committee:
        body = bodies.committees[body_key(row.committee)]
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
            gender=GENDERS[fold(row.gender)],
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
