"""Invented people by a fixed seed, and the councils they sit in. Also the cast of the tests.

The cast (docs, tests, pictures, always these): Nguyễn Văn An presides; Trần Thị Bình is the clerk;
Lê Thị Cúc (67, Tổ 1) and Giàng A Dũng (Tổ 2, Ban Dân tộc) are delegates; Phạm Thị Em is a voter;
Hoàng Văn Giang a department's director; Vũ Thị Hoa chairs the Ban Pháp chế; Đỗ Quang Khải is the
administrator. Nobody here holds a real post: every council built here is «dữ liệu minh họa».
"""

from __future__ import annotations

import json
import random
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from string import ascii_uppercase

from django.contrib.auth.hashers import make_password
from django_scopes import scope

from nghitruong.config.demo.cast import (
    AGENCIES,
    CAST,
    COMMUNE_CAST,
    COMMUNE_COMMITTEES,
    PROVINCE_COMMITTEES,
    Member,
)
from nghitruong.council.councils.models import (
    AdministrativeUnit,
    Council,
    CouncilFunction,
    Duty,
    Function,
    LegislativeTerm,
    Membership,
    Organization,
    OrganizationKind,
    Person,
    Seat,
    UnitLevel,
)
from nghitruong.lib.text import fold, sort_key
from nghitruong.platform.accounts.models import Account

DATA = Path(__file__).parent / "data"
TERM_START = date(2026, 3, 30)


@dataclass
class Built:
    """What a build returns: the council and its people by user name."""

    council: Council
    term: LegislativeTerm
    people: dict[str, Person] = field(default_factory=dict)
    bodies: dict[str, Organization] = field(default_factory=dict)


def make_names(count: int, seed: int) -> list[tuple[str, str]]:
    """``count`` different (full name, gender), always the same for the same seed."""
    parts = json.loads((DATA / "names.json").read_text())
    chance = random.Random(seed)  # noqa: S311  # not for secrets: the same people every time
    taken = {member.name for member in (*CAST, *COMMUNE_CAST)}
    names: list[tuple[str, str]] = []

    def pick(rows: list[list[object]]) -> str:
        weights = [int(str(weight)) for _, weight in rows]
        return str(chance.choices([str(token) for token, _ in rows], weights)[0])

    while len(names) < count:
        gender = "F" if chance.random() < 0.36 else "M"
        middle = pick(parts["middle"][gender])
        name = f"{pick(parts['surname'])} {middle} {pick(parts['given'][gender])}"
        if name in taken:
            continue
        taken.add(name)
        names.append((name, gender))
    return names


def unit(
    code: str, level: UnitLevel, full_name: str, parent: AdministrativeUnit | None
) -> AdministrativeUnit:
    """The imported unit in force, or (tests without the import) a fresh one."""
    found = (
        AdministrativeUnit.objects.filter(code=code, level=level, valid_to__isnull=True)
        .order_by("-valid_from")
        .first()
    )
    if found is not None:
        return found
    name = full_name.split(" ", 1)[1]
    return AdministrativeUnit.objects.create(
        code=code,
        level=level,
        unit_type=full_name.split(" ", 1)[0],
        name=name,
        full_name=full_name,
        sort_key=sort_key(name),
        fold=fold(full_name),
        parent=parent,
        valid_from=date(2025, 7, 1),
    )


def build_council(
    *,
    slug: str,
    unit_row: AdministrativeUnit,
    level: UnitLevel,
    seats: int,
    term_number: int,
    cast: tuple[Member, ...],
    groups: int,
    seed: int,
    username_prefix: str,
) -> Built:
    """A council in office with bodies, seats, delegates (the cast first) and sign-ins.

    Sign-ins have no password: they work by the one-tap list of demo mode, or when a test logs in
    by force; outside demo mode nobody can use them.
    """
    full = unit_row.full_name[0].lower() + unit_row.full_name[1:]
    province = level == UnitLevel.PROVINCE
    council = Council.objects.create(
        unit=unit_row,
        name=f"Hội đồng nhân dân {full}",
        short_name=f"HĐND {full}",
        slug=slug,
        level=level,
        place=unit_row.name,
        office_name=(
            f"Văn phòng Đoàn ĐBQH và HĐND {full}" if province else f"Văn phòng HĐND và UBND {full}"
        ),
        is_demo=True,
    )
    with scope(council=council.pk):
        term = LegislativeTerm.objects.create(
            council=council,
            number=term_number,
            starts_on=TERM_START,
            statutory_seats=seats,
            seats_basis="Luật 72/2025/QH15 Đ30",
        )
        built = Built(council, term)
        CouncilFunction.objects.bulk_create(
            CouncilFunction(council=council, function=function)
            for function in Function.values
            if function != Function.PETITIONS
        )
        _bodies(built, province=province, groups=groups)
        _people(built, cast, seats=seats, groups=groups, seed=seed, prefix=username_prefix)
    return built


def _bodies(built: Built, *, province: bool, groups: int) -> None:
    council = built.council
    rows: list[tuple[str, str, str]] = [
        (OrganizationKind.PLENARY, "HD", council.short_name),
        (OrganizationKind.STANDING, "TT", f"Thường trực {council.short_name}"),
    ]
    rows += [
        (OrganizationKind.COMMITTEE, code, name)
        for code, name in (PROVINCE_COMMITTEES if province else COMMUNE_COMMITTEES)
    ]
    rows += [
        (OrganizationKind.GROUP, f"TO{n}", f"Tổ đại biểu số {n}") for n in range(1, groups + 1)
    ]
    rows += [(OrganizationKind.OFFICE, "VP", council.office_name)]
    rows += [(OrganizationKind.EXECUTIVE, "UBND", council.short_name.replace("HĐND", "UBND"))]
    rows += [(OrganizationKind.FRONT, "MTTQ", "Ủy ban Mặt trận Tổ quốc Việt Nam")]
    if province:
        rows += [(OrganizationKind.AGENCY, code, name) for code, name in AGENCIES]
    bodies = [
        Organization(
            council=council,
            kind=kind,
            code=code,
            name=name,
            fold=fold(name),
            sort_order=order,
            starts_on=TERM_START,
        )
        for order, (kind, code, name) in enumerate(rows)
    ]
    Organization.objects.bulk_create(bodies)
    built.bodies = {body.code: body for body in bodies}


def _people(
    built: Built, cast: tuple[Member, ...], *, seats: int, groups: int, seed: int, prefix: str
) -> None:
    council, term, bodies = built.council, built.term, built.bodies
    members = list(cast)
    delegates = sum(1 for member in members if member.delegate)
    committees = [b.code for b in bodies.values() if b.kind == OrganizationKind.COMMITTEE]
    for index, (name, gender) in enumerate(make_names(seats - delegates, seed)):
        committee = committees[index % len(committees)] if index % 3 == 0 else None
        chairs = index // 3 < len(committees) and index % 3 == 0 and committee != "PC"
        vice = index in {1, 2} if len(committees) > 2 else index == 1
        members.append(
            Member(
                f"{prefix}{index + 1:02d}",
                name,
                gender,
                "Phó Chủ tịch HĐND" if vice else "Đại biểu HĐND",
                delegate=True,
                group=index % groups + 1,
                committee=None if chairs else committee,
                post=(
                    ("TT", "council_vice_chair", "Phó Chủ tịch HĐND")
                    if vice
                    else (
                        (committee, "committee_chair", f"Trưởng {bodies[committee].name}")
                        if chairs and committee
                        else None
                    )
                ),
                plenary_post=(
                    ("council_vice_chair", "Phó Chủ tịch HĐND")
                    if vice
                    else ("delegate", "Đại biểu")
                ),
            )
        )
    accounts = [
        Account(
            username=member.username,
            display_name=member.name,
            is_demo=True,
            password=make_password(None),
        )
        for member in members
    ]
    Account.objects.bulk_create(accounts)
    people = [
        Person(
            council=council,
            account=account,
            full_name=member.name,
            sort_key=sort_key(member.name),
            fold=fold(member.name),
            gender=member.gender,
            birth_date=member.birth,
            title=member.title,
        )
        for member, account in zip(members, accounts, strict=True)
    ]
    Person.objects.bulk_create(people)
    built.people = {m.username: p for m, p in zip(members, people, strict=True)}
    chosen = [(m, p) for m, p in zip(members, people, strict=True) if m.delegate]
    rows = [
        Seat(
            council=council,
            term=term,
            number=n,
            label=f"{ascii_uppercase[(n - 1) // 10]}{(n - 1) % 10 + 1}",
            constituency=f"Đơn vị bầu cử số {member.group}",
        )
        for n, (member, _) in enumerate(chosen, start=1)
    ]
    Seat.objects.bulk_create(rows)
    memberships: list[Membership] = []

    def join(person: Person, code: str, post: str, label: str, seat: Seat | None = None) -> None:
        memberships.append(
            Membership(
                council=council,
                person=person,
                organization=bodies[code],
                term=term,
                seat=seat,
                post=post,
                post_label=label,
                starts_on=TERM_START,
            )
        )

    for (member, person), seat in zip(chosen, rows, strict=True):
        join(person, "HD", *member.plenary_post, seat=seat)
        if member.group:
            join(person, f"TO{member.group}", "group_member", "Tổ viên")
        if member.committee:
            join(person, member.committee, "committee_member", "Ủy viên")
        if member.post:
            join(person, *member.post)
            if member.post[1] == "committee_chair":
                join(person, "TT", "standing_member", "Ủy viên Thường trực")
    for member, person in zip(members, people, strict=True):
        if member.body:
            join(person, member.body, "staff" if member.body == "VP" else "head", member.title)
    Membership.objects.bulk_create(memberships)
    Duty.objects.bulk_create(
        Duty(council=council, person=person, kind=kind, starts_on=TERM_START)
        for member, person in zip(members, people, strict=True)
        for kind in member.duties
    )


def build_province(*, seats: int = 61, seed: int = 17, groups: int = 10) -> Built:
    """HĐND tỉnh Lào Cai khóa XVII with the cast."""
    row = unit("15", UnitLevel.PROVINCE, "Tỉnh Lào Cai", None)
    return build_council(
        slug="lao-cai",
        unit_row=row,
        level=UnitLevel.PROVINCE,
        seats=seats,
        term_number=17,
        cast=CAST,
        groups=groups,
        seed=seed,
        username_prefix="db",
    )


def build_commune(*, seats: int = 22, seed: int = 22) -> Built:
    """HĐND xã Mậu A: the commune in the same installation."""
    province = unit("15", UnitLevel.PROVINCE, "Tỉnh Lào Cai", None)
    row = unit("04375", UnitLevel.COMMUNE, "Xã Mậu A", province)
    return build_council(
        slug="mau-a",
        unit_row=row,
        level=UnitLevel.COMMUNE,
        seats=seats,
        term_number=1,
        cast=COMMUNE_CAST,
        groups=3,
        seed=seed,
        username_prefix="xa",
    )
