"""Small councils for tests: the cast of the demo in two councils of one installation.

Other apps' tests may use these: ``council = make_council(); cast = make_cast(council)``.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache

from django.contrib.auth.hashers import make_password
from django_scopes import scope

from nghitruong.council.councils import actions
from nghitruong.council.councils.models import (
    AdministrativeUnit,
    Council,
    DutyKind,
    LegislativeTerm,
    Membership,
    Organization,
    OrganizationKind,
    Person,
    UnitLevel,
)
from nghitruong.council.councils.roles import Actor, actor_of_person
from nghitruong.lib.text import fold, text_key
from nghitruong.platform.accounts.models import Account
from tests.support.replay import replayed

TERM_START = date(2026, 3, 31)


def make_unit(
    full_name: str = "Tỉnh Lào Cai",
    *,
    code: str = "15",
    level: UnitLevel = UnitLevel.PROVINCE,
    parent: AdministrativeUnit | None = None,
) -> AdministrativeUnit:
    unit_type, name = full_name.split(" ", 1)
    unit, _made = AdministrativeUnit.objects.get_or_create(
        level=level,
        code=code,
        valid_from=date(2025, 7, 1),
        defaults={
            "unit_type": unit_type,
            "name": name,
            "full_name": full_name,
            "sort_key": text_key(name),
            "fold": fold(full_name),
            "parent": parent,
        },
    )
    return unit


def make_council(full_name: str = "Tỉnh Lào Cai", *, seats: int = 5, **unit) -> Council:
    """A council with a running term (khóa XVII)."""
    if AdministrativeUnit.objects.exists():
        return _make_council(full_name, seats=seats, **unit)
    key = ("make_council", full_name, seats, tuple(sorted(unit.items())))
    council = replayed(key, lambda: _make_council(full_name, seats=seats, **unit))
    _replayed_councils.add(council.pk)
    return council


_replayed_councils: set[uuid.UUID] = set()


def _make_council(full_name: str, *, seats: int, **unit) -> Council:
    council = actions.create_council(make_unit(full_name, **unit), by_name="kiểm thử")
    with scope(council=council.pk):
        actions.start_term(
            number=17, starts_on=TERM_START, statutory_seats=seats, by=Actor.system(council)
        )
    return council


def make_commune_council(**options) -> Council:
    return make_council(
        "Xã Mậu A", code="04375", level=UnitLevel.COMMUNE, parent=make_unit(), **options
    )


@lru_cache(maxsize=1)
def _hashed() -> str:
    return make_password("mat-khau-12")  # once: Argon2 is slow on purpose


def make_account(username: str, **options) -> Account:
    """An account whose password is «mat-khau-12»."""
    return Account.objects.create(username=username, password=_hashed(), **options)


def make_delegate(
    council: Council, full_name: str, *, seat: int | None = None, username: str = ""
) -> Membership:
    by = Actor.system(council)
    with scope(council=council.pk):
        term = LegislativeTerm.objects.get(council=council)
        plenary = Organization.objects.get(council=council, code="plenary")
        account = make_account(username) if username else None
        person = actions.add_person(full_name=full_name, by=by, account=account)
        membership = actions.appoint(
            person,
            plenary,
            post="delegate",
            post_label="Đại biểu",
            starts_on=TERM_START,
            term=term,
            by=by,
        )
        if seat:
            actions.set_seat(membership, number=seat, by=by)
        return membership


@dataclass
class Cast:
    """Actors by role; rebuild with ``actor_of_person`` after changing a membership."""

    chair: Actor
    clerk: Actor
    delegates: list[Actor] = field(default_factory=list)
    agency: Actor | None = None
    support: Actor | None = None
    admin: Actor | None = None


def make_cast(council: Council, *, accounts: bool = False) -> Cast:
    """An (chair), Bình (clerk), Cúc, Dũng, Hoa (delegates), Giang (agency), Khải (admin)."""
    with scope(council=council.pk):
        first = council.pk in _replayed_councils and not Person.objects.exists()
    if not first or Council.objects.count() > 1:
        return _make_cast(council, accounts=accounts)
    key = ("make_cast", council.pk, accounts)
    return replayed(key, lambda: _make_cast(council, accounts=accounts))


def _make_cast(council: Council, *, accounts: bool) -> Cast:
    by = Actor.system(council)

    def person(full_name: str, username: str) -> Person:
        account = make_account(f"{username}-{council.slug}") if accounts else None
        return actions.add_person(full_name=full_name, by=by, account=account)

    with scope(council=council.pk):
        standing = Organization.objects.get(council=council, kind=OrganizationKind.STANDING)
        executive = Organization.objects.get(council=council, kind=OrganizationKind.EXECUTIVE)
        delegates = [
            make_delegate(council, name, seat=seat, username=accounts and f"{user}-{council.slug}")
            for seat, (name, user) in enumerate(
                [
                    ("Nguyễn Văn An", "an"),
                    ("Lê Thị Cúc", "cuc"),
                    ("Giàng A Dũng", "dung"),
                    ("Vũ Thị Hoa", "hoa"),
                ],
                start=1,
            )
        ]
        actions.appoint(
            delegates[0].person,
            standing,
            post="council_chair",
            post_label="Chủ tịch HĐND",
            starts_on=TERM_START,
            by=by,
        )
        clerk = person("Trần Thị Bình", "binh")
        for kind in DutyKind:
            if kind.value.startswith("clerk"):
                actions.give_duty(clerk, kind, by=by, starts_on=TERM_START)
        agency = person("Hoàng Văn Giang", "giang")
        actions.appoint(
            agency,
            executive,
            post="director",
            post_label="Giám đốc Sở",
            starts_on=TERM_START,
            by=by,
        )
        admin = person("Đỗ Quang Khải", "khai")
        actions.give_duty(admin, DutyKind.ADMIN, by=by, starts_on=TERM_START)
        support = person("Ngô Văn Lâm", "lam")
        actions.give_duty(support, DutyKind.SUPPORT, by=by, starts_on=TERM_START)
        return Cast(
            chair=actor_of_person(delegates[0].person),
            clerk=actor_of_person(clerk),
            delegates=[actor_of_person(m.person) for m in delegates[1:]],
            agency=actor_of_person(agency),
            support=actor_of_person(support),
            admin=actor_of_person(admin),
        )
