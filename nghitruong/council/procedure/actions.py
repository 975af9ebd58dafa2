"""The only writers of a council's own rule values and days off."""

from __future__ import annotations

from datetime import date

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from nghitruong.council.councils import rules as people_rules
from nghitruong.council.councils.models import Council
from nghitruong.council.councils.roles import Actor
from nghitruong.council.procedure.catalogue import Rule, profile_name, profiles
from nghitruong.council.procedure.models import Holiday, RuleOverride
from nghitruong.council.procedure.profiles import BACK_TO_DEFAULT, clean_value
from nghitruong.lib.holidays import VIETNAM
from nghitruong.lib.text import nfc
from nghitruong.platform.accounts.models import Account
from nghitruong.platform.audit import api as audit
from nghitruong.platform.errors import NotAllowed, Refused


def _rule_of(by: Actor, key: str, on: date) -> Rule:
    try:
        return profiles()[profile_name(by.council.level, on)].rule(key)
    except KeyError:
        raise Refused(
            "unknown_rule", _("Quy tắc này không áp dụng cho cấp của Hội đồng."), status=422
        ) from None


@transaction.atomic
def override_rule(
    key: str,
    raw_value: str,
    *,
    reason: str,
    by: Actor,
    legal_basis: str = "",
    valid_from: date | None = None,
) -> RuleOverride:
    """This council's own value from a day on, with its reason.

    What the law itself fixes changes only with the legal text that changes it. Sessions already
    prepared keep the rules frozen on them.
    """
    people_rules.require_office(by)
    reason = people_rules.require_reason(nfc(reason))
    legal_basis = " ".join(nfc(legal_basis).split())
    start = valid_from or timezone.localdate()
    rule = _rule_of(by, key, start)
    if rule.overridable_by == "law" and not legal_basis:
        raise Refused(
            "basis_missing",
            _("Luật quy định giá trị này. Hãy ghi văn bản, điều khoản cho phép khác đi."),
            article=rule.article,
            status=422,
        )
    try:
        value = clean_value(rule, raw_value)
    except ValueError:
        raise Refused(
            "bad_value",
            _("Giá trị «%(value)s» không hợp với quy tắc này. Ví dụ đúng: %(example)s.")
            % {"value": raw_value, "example": rule.value},
            status=422,
        ) from None
    row: RuleOverride = RuleOverride.objects.create(
        council=by.council,
        key=key,
        value=value,
        reason=reason,
        legal_basis=legal_basis,
        valid_from=start,
        decided_by=by.name,
    )
    audit.record(
        "procedure.override_rule",
        **by.audit(),
        target=row,
        payload={
            "key": key,
            "value": value,
            "default": rule.value,
            "reason": reason,
            "legal_basis": legal_basis,
            "valid_from": start.isoformat(),
        },
    )
    return row


@transaction.atomic
def reset_rule(key: str, *, reason: str, by: Actor, valid_from: date | None = None) -> RuleOverride:
    """Back to the catalogue's value from a day on; the override stays in the history."""
    people_rules.require_office(by)
    reason = people_rules.require_reason(nfc(reason))
    start = valid_from or timezone.localdate()
    rule = _rule_of(by, key, start)
    row: RuleOverride = RuleOverride.objects.create(
        council=by.council,
        key=key,
        value=BACK_TO_DEFAULT,
        reason=reason,
        valid_from=start,
        decided_by=by.name,
    )
    audit.record(
        "procedure.reset_rule",
        **by.audit(),
        target=row,
        payload={"key": key, "default": rule.value, "reason": reason},
    )
    return row


@transaction.atomic
def set_holiday(day: date, *, name: str, by: Actor, working: bool = False) -> Holiday:
    """A day off for this council, or (`working`) a day worked although the calendar is off."""
    people_rules.require_office(by)
    name = " ".join(nfc(name).split())
    if not name:
        raise Refused("name_missing", _("Hãy ghi tên ngày nghỉ hoặc ngày làm bù."), status=422)
    row, _made = Holiday.objects.update_or_create(
        council=by.council, day=day, defaults={"name": name, "working": working}
    )
    audit.record(
        "procedure.set_holiday",
        **by.audit(),
        target=row,
        payload={"day": day.isoformat(), "name": name, "working": working},
    )
    return row


@transaction.atomic
def remove_holiday(holiday: Holiday, *, by: Actor) -> None:
    """Take back a day this council added; the installation's calendar holds again."""
    people_rules.require_office(by)
    people_rules.require_same_council(by, holiday)
    audit.record(
        "procedure.remove_holiday",
        **by.audit(),
        target=holiday,
        payload={"day": holiday.day.isoformat(), "name": holiday.name},
    )
    holiday.delete()


@transaction.atomic
def load_shipped_holidays(year: int) -> int:
    """Copy the shipped dates of a year into the installation's own calendar, to edit them there.

    Running it twice changes nothing. Returns how many days were added.
    """
    rows = [row for row in VIETNAM if row.day.year == year]
    known = set(
        Holiday.objects.filter(council__isnull=True, day__year=year).values_list("day", flat=True)
    )
    new = [
        Holiday(
            council=None,
            day=row.day,
            name=row.name,
            working=row.working,
            confirmed=row.confirmed,
            basis=row.source,
        )
        for row in rows
        if row.day not in known
    ]
    Holiday.objects.bulk_create(new)
    return len(new)


@transaction.atomic
def set_common_holiday(
    day: date, *, name: str, by: Account, working: bool = False, basis: str = ""
) -> Holiday:
    """A day off (or worked) for every council that has not decided otherwise; it is confirmed."""
    name, basis = " ".join(nfc(name).split()), " ".join(nfc(basis).split())
    if not name:
        raise Refused("name_missing", _("Hãy ghi tên ngày nghỉ hoặc ngày làm bù."), status=422)
    _require_installation(by)
    load_shipped_holidays(day.year)
    row, _made = Holiday.objects.update_or_create(
        council=None,
        day=day,
        defaults={"name": name, "working": working, "basis": basis, "confirmed": True},
    )
    _record_for_all("procedure.set_common_holiday", row, by)
    return row


def _common_holiday(day: date) -> Holiday:
    load_shipped_holidays(day.year)
    row: Holiday | None = Holiday.objects.filter(council__isnull=True, day=day).first()
    if row is None:
        raise Refused("no_holiday", _("Không có ngày này trong lịch chung. Hãy tải lại trang."))
    return row


@transaction.atomic
def confirm_common_holiday(day: date, *, by: Account) -> Holiday:
    """Somebody compared the shipped date with the announcement of the year: it holds."""
    _require_installation(by)
    row = _common_holiday(day)
    row.confirmed = True
    row.save(update_fields=["confirmed"])
    _record_for_all("procedure.confirm_common_holiday", row, by)
    return row


@transaction.atomic
def remove_common_holiday(day: date, *, by: Account) -> None:
    """The day is no day off after all (or is not worked)."""
    _require_installation(by)
    row = _common_holiday(day)
    _record_for_all("procedure.remove_common_holiday", row, by)
    row.delete()


def _require_installation(by: Account) -> None:
    if not (by.is_active and by.is_superuser):
        raise NotAllowed("installation_only", _("Lịch chung do quản trị viên của cả hệ thống giữ."))


def _record_for_all(action: str, row: Holiday, by: Account) -> None:
    """In the log of every council: the deadlines of each are counted anew."""
    for council_id in Council.objects.order_by("pk").values_list("pk", flat=True):
        audit.record(
            action,
            council_id=council_id,
            actor_id=None,
            actor_name=str(by),
            target=row,
            payload={"day": row.day.isoformat(), "name": row.name, "working": row.working},
        )
