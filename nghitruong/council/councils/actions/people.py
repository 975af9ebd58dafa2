"""People, their memberships and suspensions. Ended, never deleted."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from nghitruong.council.councils import rules
from nghitruong.council.councils.models import (
    LegislativeTerm,
    Membership,
    MembershipStatus,
    Organization,
    OrganizationKind,
    Person,
    Seat,
    Suspension,
)
from nghitruong.council.councils.periods import in_force
from nghitruong.council.councils.roles import Actor
from nghitruong.council.councils.signals import rights_given, standing_moved
from nghitruong.lib.text import fold, nfc, sort_key
from nghitruong.platform.audit import api as audit
from nghitruong.platform.errors import Refused
from nghitruong.platform.live import api as live
from nghitruong.platform.live.events import RightsMoved
from nghitruong.platform.storage.db import lock_row

if TYPE_CHECKING:
    from nghitruong.platform.accounts.models import Account

EDITABLE = ("full_name", "gender", "birth_date", "title", "phone", "email")


def _clean_name(full_name: str) -> str:
    name = " ".join(nfc(full_name).split())
    if not name:
        raise Refused("name_missing", _("Hãy ghi họ và tên."), status=422)
    return name


@transaction.atomic
def add_person(
    *,
    full_name: str,
    by: Actor,
    gender: str = "",
    birth_date: date | None = None,
    title: str = "",
    phone: str = "",
    email: str = "",
    account: Account | None = None,
) -> Person:
    """A human being as this council knows them; a membership or a duty comes separately."""
    rules.require_office(by)
    name = _clean_name(full_name)
    person: Person = Person.objects.create(
        council=by.council,
        account=account,
        full_name=name,
        sort_key=sort_key(name),
        fold=fold(name),
        gender=gender,
        birth_date=birth_date,
        title=nfc(title).strip(),
        phone=phone.strip(),
        email=email.strip(),
    )
    audit.record("councils.add_person", **by.audit(), target=person, payload={"name": name})
    return person


@transaction.atomic
def update_person(person: Person, *, by: Actor, **changes: Any) -> Person:
    """Correct what is known of a person; past acts keep the name they were recorded with."""
    rules.require_office(by)
    rules.require_same_council(by, person)
    unknown = set(changes) - set(EDITABLE)
    if unknown:
        raise TypeError(f"not editable: {sorted(unknown)}")
    if "full_name" in changes:
        changes["full_name"] = name = _clean_name(changes["full_name"])
        changes |= {"sort_key": sort_key(name), "fold": fold(name)}
    for field, value in changes.items():
        setattr(person, field, nfc(value) if isinstance(value, str) else value)
    person.save(update_fields=list(changes))
    # Private data (phone, birth date) stay out of the chained log: only which fields changed.
    fields = sorted(set(changes) - {"sort_key", "fold"})
    audit.record("councils.update_person", **by.audit(), target=person, payload={"fields": fields})
    return person


@transaction.atomic
def link_account(person: Person, account: Account | None, *, by: Actor) -> Person:
    """Which sign-in acts for this person (None: nobody). One person per account and council."""
    rules.require_office(by)
    rules.require_same_council(by, person)
    if account is not None:
        other = Person.objects.filter(council=by.council, account=account).exclude(pk=person.pk)
        if other.exists():
            raise Refused(
                "account_taken", _("Tài khoản này đang dùng cho người khác trong Hội đồng.")
            )
    person.account = account
    person.save(update_fields=["account"])
    audit.record(
        "councils.link_account",
        **by.audit(),
        target=person,
        payload={"username": account.username if account else None},
    )
    return person


@transaction.atomic
def appoint(
    person: Person,
    organization: Organization,
    *,
    post: str,
    post_label: str,
    starts_on: date,
    by: Actor,
    term: LegislativeTerm | None = None,
    seat: Seat | None = None,
    full_time: bool = False,
) -> Membership:
    """A person holds a post in a body from a day on («đại biểu», «Trưởng Ban Pháp chế»)."""
    rules.require_office(by)
    rules.require_same_council(by, person)
    rules.require_not_oneself(by, person)
    rules.require_same_council(by, organization)
    rules.check_body_open(organization, starts_on)
    rules.check_post(organization, post)
    rules.check_term(organization, term, starts_on)
    if seat is not None:
        rules.require_same_council(by, seat)
        held = Membership.objects.filter(in_force(starts_on), seat=seat).exclude(person=person)
        if held.exists():
            raise Refused("seat_held", _("Ghế này đang có đại biểu khác."))
    try:
        with transaction.atomic():
            membership: Membership = Membership.objects.create(
                council=by.council,
                person=person,
                organization=organization,
                term=term,
                seat=seat,
                post=post,
                post_label=nfc(post_label).strip() or post,
                full_time=full_time,
                starts_on=starts_on,
            )
    except IntegrityError:
        raise Refused(
            "already_member",
            _("%(name)s đang giữ chức vụ này rồi.") % {"name": person.full_name},
        ) from None
    if organization.kind == OrganizationKind.PLENARY:
        _tell_standing(membership, by)
    audit.record(
        "councils.appoint",
        **by.audit(),
        target=membership,
        payload={
            "person": person.full_name,
            "organization": organization.code,
            "post": post,
            "starts_on": str(starts_on),
        },
    )
    rights_given.send(Membership, person=person)
    return membership


_POSTS_OF_DELEGATES = (
    OrganizationKind.STANDING,
    OrganizationKind.COMMITTEE,
    OrganizationKind.GROUP,
)


@transaction.atomic
def end_membership(
    membership: Membership, *, ends_on: date, reason: str, by: Actor, at_once: bool = False
) -> Membership:
    """The last day in the post, with its reason (thôi làm nhiệm vụ, miễn nhiệm, bãi nhiệm…).

    A membership holds for whole days. ``at_once``, for a removal in the middle of a sitting: the
    last one is yesterday, whatever ``ends_on`` says, and the reason tells the moment.
    A last day that is still to come may be brought forward, as long as the post is held.
    When a delegate leaves the council, every post that needs a delegate ends the same day.
    """
    rules.require_office(by)
    rules.require_same_council(by, membership)
    reason = rules.require_reason(reason)
    held = lock_row(Membership.objects.filter(pk=membership.pk)).get()
    if at_once:
        now = timezone.localtime()
        rules.check_begun(held, now.date())
        ends_on = now.date() - timedelta(days=1)
        if ends_on < held.starts_on:
            raise Refused(
                "began_today",
                _("Tư cách này bắt đầu từ hôm nay nên sớm nhất là hết hôm nay."),
                status=422,
            )
        reason = _("%(reason)s (từ %(clock)s ngày %(day)s)") % {
            "reason": reason[:250],
            "clock": f"{now.hour:02d} giờ {now.minute:02d}",
            "day": f"{now:%d/%m/%Y}",
        }
    if ends_on < held.starts_on:
        raise Refused("dates_crossed", _("Ngày kết thúc phải sau ngày bắt đầu."), status=422)
    rules.check_may_end(held, ends_on)
    former = held.ends_on
    Membership.objects.filter(pk=held.pk).update(ends_on=ends_on, end_reason=reason)
    membership.ends_on, membership.end_reason = ends_on, reason
    also: list[str] = []
    withdrawn: list[str] = []
    if held.organization.kind == OrganizationKind.PLENARY:
        also, withdrawn = _end_posts_of(membership, ends_on, at_once=at_once)
        if ends_on < timezone.localdate():
            Suspension.objects.filter(membership=membership, ends_at__isnull=True).update(
                ends_at=timezone.now()
            )
        standing_moved.send(sender=Membership, membership=membership, by=by)
    live.emit(live.person_stream(membership.person_id), RightsMoved(), council_id=by.council.pk)
    audit.record(
        "councils.end_membership",
        **by.audit(),
        target=membership,
        payload={
            "person": membership.person.full_name,
            "post": membership.post,
            "ends_on": str(ends_on),
            "ended_before_on": str(former or ""),
            "reason": reason,
            "also_ended": also,
            "posts_withdrawn": withdrawn,
        },
    )
    return membership


def _end_posts_of(
    delegate: Membership, last: date, *, at_once: bool
) -> tuple[list[str], list[str]]:
    """What needs a delegate ends on the delegate's last day: the posts ended, and those withdrawn
    because they never counted for a whole day. Nothing ends where a mandate given later goes on;
    one given earlier (its last day entered wrongly) ends with this one.

    A post that was really held is never deleted: where it began after a last day in the past, the
    office ends it first, with its own day.
    """
    today = timezone.localdate()
    mandates = (
        Membership.objects.filter(
            person_id=delegate.person_id, organization__kind=OrganizationKind.PLENARY
        )
        .exclude(pk=delegate.pk)
        .order_by("starts_on")
    )
    given_later = Q(starts_on__gt=delegate.starts_on) | Q(
        starts_on=delegate.starts_on, pk__gt=delegate.pk
    )
    if mandates.filter(given_later, in_force(last + timedelta(days=1))).exists():
        return [], []
    others = Membership.objects.filter(
        Q(ends_on__isnull=True) | Q(ends_on__gt=last, ends_on__gte=today),
        person_id=delegate.person_id,
        organization__kind__in=[OrganizationKind.PLENARY, *_POSTS_OF_DELEGATES],
    ).exclude(pk=delegate.pk)
    begun = others.filter(starts_on__lte=last)
    later = others.filter(starts_on__gt=last, organization__kind__in=_POSTS_OF_DELEGATES)
    # Elected again from a day on: what begins then goes with that.
    if (back := mandates.filter(starts_on__gt=last).first()) is not None:
        later = later.filter(starts_on__lt=back.starts_on)
    held = later.filter(starts_on__lt=today) if at_once else later.filter(starts_on__lte=today)
    if (post := held.select_related("organization").first()) is not None:
        raise Refused(
            "post_begun_after",
            _(
                "Chức vụ %(post)s, %(body)s bắt đầu ngày %(day)s, sau ngày cuối này. Hãy kết thúc "
                "chức vụ ấy trước; bắt đầu từ hôm nay thì chọn «Có hiệu lực ngay»."
            )
            % {
                "post": post.post_label,
                "body": post.organization.name,
                "day": f"{post.starts_on:%d/%m/%Y}",
            },
            status=422,
        )
    also, withdrawn = (
        [f"{post}, {body}" for post, body in rows.values_list("post_label", "organization__name")]
        for rows in (begun, later)
    )
    later.delete()
    begun.update(ends_on=last, end_reason=delegate.end_reason)
    return also, withdrawn


def _delegate_rows(membership: Membership, on: date) -> Any:
    """The memberships of the council itself that this person holds on this day."""
    return Membership.objects.filter(
        in_force(on),
        council_id=membership.council_id,
        person_id=membership.person_id,
        organization__kind=OrganizationKind.PLENARY,
    )


def _tell_standing(membership: Membership, by: Actor) -> None:
    """Open rolls follow; then every screen of the person asks again what it may hear."""
    standing_moved.send(sender=Membership, membership=membership, by=by)
    live.emit(live.person_stream(membership.person_id), RightsMoved(), council_id=by.council.pk)


@transaction.atomic
def suspend_delegate(
    membership: Membership, *, reason: str, by: Actor, at: datetime | None = None
) -> Suspension:
    """Tạm đình chỉ: the delegate stays in office, is counted, but may not act (L72 Đ38(1))."""
    rules.require_office(by)
    rules.require_same_council(by, membership)
    reason = rules.require_reason(reason)
    moment = at or timezone.now()
    # Not FOR UPDATE: a vote of this delegate that is being written points at the row.
    membership = lock_row(Membership.objects.filter(pk=membership.pk)).get()
    if membership.organization.kind != OrganizationKind.PLENARY:
        raise Refused("not_delegate", _("Chỉ đại biểu mới bị tạm đình chỉ nhiệm vụ."), status=422)
    rules.check_in_office(membership, timezone.localdate(moment))
    rules.check_may_suspend(membership)
    suspension: Suspension = Suspension.objects.create(
        council=by.council, membership=membership, starts_at=moment, reason=reason
    )
    _delegate_rows(membership, timezone.localdate(moment)).update(status=MembershipStatus.SUSPENDED)
    _tell_standing(membership, by)
    audit.record(
        "councils.suspend_delegate",
        **by.audit(),
        target=membership,
        payload={"person": membership.person.full_name, "reason": reason, "at": str(moment)},
    )
    return suspension


@transaction.atomic
def restore_delegate(
    membership: Membership, *, reason: str, by: Actor, at: datetime | None = None
) -> Membership:
    """The suspension ends; the delegate may act again from this moment."""
    rules.require_office(by)
    rules.require_same_council(by, membership)
    reason = rules.require_reason(reason)
    moment = at or timezone.now()
    # Of what they hold now: one that ran out with an earlier membership is nobody's business.
    rows = _delegate_rows(membership, timezone.localdate(moment))
    ended = Suspension.objects.filter(
        membership__in=rows.values("pk"), ends_at__isnull=True, starts_at__lte=moment
    ).update(ends_at=moment, restored_reason=reason)
    if ended != 1:
        raise Refused("not_suspended", _("Đại biểu này không bị tạm đình chỉ."))
    rows.update(status=MembershipStatus.ACTIVE)
    _tell_standing(membership, by)
    membership.refresh_from_db()
    audit.record(
        "councils.restore_delegate",
        **by.audit(),
        target=membership,
        payload={"person": membership.person.full_name, "reason": reason, "at": str(moment)},
    )
    return membership
