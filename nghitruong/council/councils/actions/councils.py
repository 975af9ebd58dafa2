"""Councils, their functions, terms and bodies."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date, timedelta
from typing import Final

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django_scopes import scope

from nghitruong.council.councils import functions as switches
from nghitruong.council.councils import rules
from nghitruong.council.councils.models import (
    AdministrativeUnit,
    Council,
    CouncilFunction,
    Function,
    LegislativeTerm,
    Membership,
    Organization,
    OrganizationKind,
    UnitLevel,
)
from nghitruong.council.councils.periods import in_force
from nghitruong.council.councils.roles import Actor
from nghitruong.council.councils.signals import function_switched
from nghitruong.lib.text import fold, nfc, slugify_vn
from nghitruong.platform.audit import api as audit
from nghitruong.platform.errors import Refused

# First parts of addresses that are not councils.
RESERVED_SLUGS: Final = frozenset(
    {
        "api",
        "cai-chung-chi",
        "demo",
        "don-vi",
        "healthz",
        "live",
        "metrics",
        "minh-hoa",
        "ngay-nghi-chung",
        "ngon-ngu",
        "static",
        "tai-khoan",
        "thiet-lap",
        "tro-giup",
    }
)
# Ban of the council (L72/2025 Đ29(3)(a)); a council with many ethnic minorities may add another.
_ECONOMY: Final = ("economy_budget", "Ban Kinh tế - Ngân sách")
_CULTURE: Final = ("culture_society", "Ban Văn hóa - Xã hội")
_LEGAL: Final = ("legal", "Ban Pháp chế")
_URBAN: Final = ("urban", "Ban Đô thị")
DEFAULT_FUNCTIONS: Final = (
    Function.PAPERS,
    Function.ROLL_CALL,
    Function.SPEAKING,
    Function.VOTING,
    Function.MINUTES,
)


def _free_slug(unit: AdministrativeUnit) -> str:
    name = unit.name if unit.level == UnitLevel.PROVINCE else unit.full_name
    slug = slugify_vn(name)
    parent = slugify_vn(unit.parent.name) if unit.parent else ""
    for candidate in (slug, f"{slug}-{parent}".strip("-"), f"{slug}-{unit.code}"):
        taken = Council.objects.filter(slug=candidate).exists()
        if candidate not in RESERVED_SLUGS and not taken:
            return candidate
    raise Refused("slug_taken", _("Hãy chọn đường dẫn khác cho Hội đồng này."), status=422)


def _bans(unit: AdministrativeUnit) -> tuple[tuple[str, str], ...]:
    if unit.level == UnitLevel.COMMUNE:
        return (_ECONOMY, _CULTURE)
    if unit.full_name.startswith("Thành phố"):
        return (_LEGAL, _ECONOMY, _CULTURE, _URBAN)
    return (_LEGAL, _ECONOMY, _CULTURE)


@transaction.atomic
def create_council(
    unit: AdministrativeUnit,
    *,
    by_name: str,
    slug: str = "",
    functions: Iterable[Function] = DEFAULT_FUNCTIONS,
    is_demo: bool = False,
) -> Council:
    """A council for a unit, with the bodies the law gives it and its functions.

    1. refuse a second council of the same unit, a district, and an address in use;
    2. make council, plenary, Thường trực, Ban, Văn phòng, Ủy ban nhân dân;
    3. switch on the functions; 4. audit.
    """
    if unit.level == UnitLevel.DISTRICT:
        raise Refused(
            "no_district_council",
            _("Cấp huyện đã kết thúc hoạt động từ 01/7/2025."),
            article="Luật 72/2025/QH15, Điều 51",
            status=422,
        )
    if Council.objects.select_for_update().filter(unit=unit).exists():
        raise Refused("council_exists", _("Đơn vị này đã có Hội đồng trong hệ thống."))
    slug = slug or _free_slug(unit)
    if slug in RESERVED_SLUGS or not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", slug):
        raise Refused("slug_reserved", _("Đường dẫn này không dùng được. Hãy chọn tên khác."))
    if Council.objects.filter(slug=slug).exists():
        raise Refused("slug_taken", _("Đường dẫn này đã có Hội đồng khác dùng."))
    unit_name = unit.full_name[:1].lower() + unit.full_name[1:]
    level = UnitLevel(unit.level)
    office = (
        f"Văn phòng Đoàn đại biểu Quốc hội và Hội đồng nhân dân {unit_name}"
        if level == UnitLevel.PROVINCE
        else f"Văn phòng Hội đồng nhân dân và Ủy ban nhân dân {unit_name}"
    )
    council = Council.objects.create(
        unit=unit,
        name=f"Hội đồng nhân dân {unit_name}",
        short_name=f"HĐND {unit_name}",
        slug=slug,
        level=level,
        place=unit.name,
        office_name=office,
        is_demo=is_demo,
    )
    bodies = [
        (OrganizationKind.PLENARY, "plenary", council.name),
        (OrganizationKind.STANDING, "standing_committee", f"Thường trực {council.short_name}"),
        *((OrganizationKind.COMMITTEE, code, name) for code, name in _bans(unit)),
        (OrganizationKind.OFFICE, "secretariat", office),
        (OrganizationKind.EXECUTIVE, "peoples_committee", f"Ủy ban nhân dân {unit_name}"),
    ]
    with scope(council=council.pk):
        Organization.objects.bulk_create(
            Organization(
                council=council,
                kind=kind,
                code=code,
                name=name,
                sort_order=order,
                fold=fold(name),
            )
            for order, (kind, code, name) in enumerate(bodies)
        )
        CouncilFunction.objects.bulk_create(
            CouncilFunction(council=council, function=function, enabled=True)
            for function in functions
        )
    audit.record(
        "councils.create_council",
        council_id=council.pk,
        actor_id=None,
        actor_name=by_name,
        target=council,
        payload={"unit": unit.code, "name": council.name, "slug": slug},
    )
    return council


@transaction.atomic
def set_function(function: Function, enabled: bool, *, by: Actor) -> CouncilFunction:
    """Switch a function of the council on or off; what was recorded with it stays readable.

    Refused when another function needs it, or when the hall is in the middle of it.
    """
    rules.require_admin(by)
    switches.require_coherent(by.council, function, enabled)
    row, _made = CouncilFunction.objects.update_or_create(
        council=by.council, function=function, defaults={"enabled": enabled}
    )
    audit.record(
        "councils.set_function",
        **by.audit(),
        target=row,
        payload={"function": function.value, "enabled": enabled},
    )
    function_switched.send(sender=Function, function=function, enabled=enabled, by=by)
    return row


@transaction.atomic
def start_term(
    *,
    number: int,
    starts_on: date,
    statutory_seats: int,
    by: Actor,
    ends_on: date | None = None,
    seats_basis: str = "",
) -> LegislativeTerm:
    """A new khóa; the term before ends the day before. Seats by law are those elected by law."""
    rules.require_office(by)
    if statutory_seats < 1:
        raise Refused("seats_missing", _("Hãy ghi tổng số đại biểu theo luật."), status=422)
    if LegislativeTerm.objects.filter(council=by.council, number=number).exists():
        raise Refused("term_exists", _("Khóa này đã có."))
    later = LegislativeTerm.objects.filter(council=by.council, starts_on__gte=starts_on)
    if later.exists():
        raise Refused("term_later_exists", _("Đã có khóa bắt đầu sau ngày này."), status=422)
    before = starts_on - timedelta(days=1)
    LegislativeTerm.objects.filter(in_force(starts_on), council=by.council).update(ends_on=before)
    term: LegislativeTerm = LegislativeTerm.objects.create(
        council=by.council,
        number=number,
        starts_on=starts_on,
        ends_on=ends_on,
        statutory_seats=statutory_seats,
        seats_basis=nfc(seats_basis),
    )
    audit.record(
        "councils.start_term",
        **by.audit(),
        target=term,
        payload={"number": number, "starts_on": str(starts_on), "seats": statutory_seats},
    )
    return term


@transaction.atomic
def establish_organization(
    *,
    kind: OrganizationKind,
    code: str,
    name: str,
    by: Actor,
    starts_on: date | None = None,
    sort_order: int | None = None,
) -> Organization:
    """A body of or around the council: a Ban, a Tổ đại biểu, an agency that submits papers."""
    rules.require_office(by)
    name = " ".join(nfc(name).split())
    code = slugify_vn(code.replace("_", " ")).replace("-", "_") if code else ""
    if not name or not code:
        raise Refused("name_missing", _("Hãy ghi tên và mã của tổ chức."), status=422)
    if Organization.objects.filter(council=by.council, code=code).exists():
        raise Refused("code_taken", _("Mã này đã có tổ chức khác dùng."))
    if sort_order is None:
        sort_order = Organization.objects.filter(council=by.council).count()
    body: Organization = Organization.objects.create(
        council=by.council,
        kind=kind,
        code=code,
        name=name,
        sort_order=sort_order,
        fold=fold(name),
        starts_on=starts_on,
    )
    audit.record(
        "councils.establish_organization",
        **by.audit(),
        target=body,
        payload={"kind": str(kind), "code": code, "name": name},
    )
    return body


@transaction.atomic
def dissolve_organization(
    organization: Organization, *, reason: str, by: Actor, on: date | None = None
) -> Organization:
    """The body's last day; memberships still open in it end with it."""
    rules.require_office(by)
    rules.require_same_council(by, organization)
    reason = rules.require_reason(reason)
    day = on or timezone.localdate()
    if organization.kind == OrganizationKind.PLENARY:
        raise Refused("plenary_stays", _("Không thể giải thể chính Hội đồng ở đây."))
    updated = Organization.objects.filter(pk=organization.pk, ends_on__isnull=True).update(
        ends_on=day
    )
    if updated != 1:
        raise Refused("already_dissolved", _("Tổ chức này đã thôi hoạt động."))
    ended = Membership.objects.filter(
        organization=organization, ends_on__isnull=True, starts_on__lte=day
    ).update(ends_on=day, end_reason=reason)
    organization.ends_on = day
    audit.record(
        "councils.dissolve_organization",
        **by.audit(),
        target=organization,
        payload={"on": str(day), "reason": reason, "memberships_ended": ended},
    )
    return organization
