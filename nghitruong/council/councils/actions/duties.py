"""Seats in the hall and duties: what the office gives people beside their posts."""

from __future__ import annotations

from datetime import date, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from nghitruong.council.councils import rules
from nghitruong.council.councils.models import Duty, DutyKind, Membership, Person, Seat
from nghitruong.council.councils.periods import in_force
from nghitruong.council.councils.roles import Actor
from nghitruong.council.councils.signals import rights_given
from nghitruong.lib.text import nfc
from nghitruong.platform.audit import api as audit
from nghitruong.platform.errors import Refused
from nghitruong.platform.live import api as live
from nghitruong.platform.live.events import RightsMoved


@transaction.atomic
def set_seat(
    membership: Membership, *, number: int, by: Actor, label: str = "", constituency: str = ""
) -> Seat:
    """Give a delegate a seat of the term: its number, where it stands in the hall («B12»)."""
    rules.require_office(by)
    rules.require_same_council(by, membership)
    if membership.term_id is None:
        raise Refused("term_missing", _("Tư cách này không thuộc khóa nào."), status=422)
    seat, _made = Seat.objects.get_or_create(
        council=by.council,
        term_id=membership.term_id,
        number=number,
        defaults={"label": nfc(label), "constituency": nfc(constituency)},
    )
    taken = (
        Membership.objects.filter(in_force(timezone.localdate()), seat=seat)
        .exclude(person_id=membership.person_id)
        .select_related("person")
        .first()
    )
    if taken is not None:
        raise Refused(
            "seat_held",
            _("Ghế số %(number)s đang của %(name)s.")
            % {"number": number, "name": taken.person.full_name},
        )
    if label or constituency:
        seat.label = nfc(label) or seat.label
        seat.constituency = nfc(constituency) or seat.constituency
        seat.save(update_fields=["label", "constituency"])
    membership.seat = seat
    membership.save(update_fields=["seat"])
    audit.record(
        "councils.set_seat",
        **by.audit(),
        target=membership,
        payload={"number": number, "label": seat.label},
    )
    return seat


@transaction.atomic
def give_duty(person: Person, kind: DutyKind, *, by: Actor, starts_on: date | None = None) -> Duty:
    """Ask a person to do something; the right comes with it. Twice is the same as once."""
    rules.require_office(by)
    rules.require_same_council(by, person)
    rules.require_may_give(by, person, kind)
    duty, made = Duty.objects.get_or_create(
        council=by.council,
        person=person,
        kind=kind,
        ends_on=None,
        defaults={"starts_on": starts_on or timezone.localdate()},
    )
    if made:
        audit.record(
            "councils.give_duty",
            **by.audit(),
            target=duty,
            payload={"person": person.full_name, "duty": kind.value},
        )
        rights_given.send(Duty, person=person)
    return duty


@transaction.atomic
def end_duty(duty: Duty, *, by: Actor, ends_on: date | None = None) -> Duty:
    """The right is gone at once: the last day is the one before `ends_on` (default today).

    Ended by those who may give it: a clerk cannot take the chair's screen away in a sitting.
    """
    rules.require_office(by)
    rules.require_same_council(by, duty)
    rules.require_may_end(by, DutyKind(duty.kind))
    day = (ends_on or timezone.localdate()) - timedelta(days=1)
    if duty.starts_on > day:
        # Given today and taken back today: it never counted for a whole day.
        duty_pk = duty.pk
        duty.delete()
        duty.pk = duty_pk
    else:
        duty.ends_on = day
        duty.save(update_fields=["ends_on"])
    audit.record(
        "councils.end_duty",
        **by.audit(),
        target=duty,
        payload={"person": duty.person.full_name, "duty": duty.kind},
    )
    live.emit(live.person_stream(duty.person_id), RightsMoved(), council_id=by.council.pk)
    return duty
