"""The only writers of devices."""

from __future__ import annotations

import uuid
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django_scopes import scopes_disabled

from nghitruong.council.briefcase import rules
from nghitruong.council.briefcase.models import Device
from nghitruong.council.councils.models import Person
from nghitruong.council.councils.roles import Actor
from nghitruong.platform.accounts.actions import end_sign_ins
from nghitruong.platform.audit import api as audit
from nghitruong.platform.errors import Refused
from nghitruong.platform.live import api as live
from nghitruong.platform.notices.addresses import end_devices

DEVICES_MOST = 20  # of one person: who has more has a program, not tablets


def report(
    key: uuid.UUID, *, label: str, holdings: list[dict[str, Any]], sign_in: str, by: Actor
) -> Device:
    """A device tells what it holds for this person. The first time is logged.

    A device that was reported lost is left as it is: the answer to it is the order.
    """
    person = rules.may_take(by)
    with transaction.atomic():
        device: Device | None = Device.objects.filter(key=key, person=person).first()
        if device is None:
            kept = Device.objects.filter(person=person, ordered_at__isnull=True)
            if kept.count() >= DEVICES_MOST:  # the one nobody has heard of for longest
                Device.objects.filter(pk__in=list(kept.order_by("seen_at")[:1])).delete()
            device = Device.objects.create(
                council=by.council,
                person=person,
                key=key,
                label=label[:80],
                holdings=holdings,
                sign_in=sign_in,
            )
            audit.record(
                "briefcase.take", **by.audit(), target=device, payload={"device": device.label}
            )
            return device
        if device.ordered_at is None:
            device.label, device.holdings, device.sign_in = label[:80], holdings, sign_in
            device.save(update_fields=["label", "holdings", "sign_in", "seen_at"])
    return device


def order_wipe(device: Device, *, reason: str, by: Actor, here: str = "") -> Device:
    """The device is lost: at its next contact it empties itself; what it could do meanwhile ends.

    Which sign-in it has now is not known for sure (a new one may not have been reported), so every
    sign-in of everybody who took a briefcase on it ends, on whatever device, with the tickets of
    the hall and the notices shown by browsers. ``here``: the sign-in that gives the order, which
    stays unless it is the device's own.
    """
    rules.may_see_devices(by, device.person)
    reason = rules.reason_given(reason)
    with transaction.atomic():
        changed = Device.objects.filter(pk=device.pk, ordered_at__isnull=True).update(
            ordered_at=timezone.now(), ordered_by_name=by.name, reason=reason
        )
        if changed != 1:
            raise Refused("already_ordered", _("Máy này đã được báo mất rồi. Hãy tải lại trang."))
        device.refresh_from_db()
        with scopes_disabled():  # an account may be of several councils, and so the device
            same = Device.objects.filter(key=device.key)
            accounts = set(same.values_list("person__account", flat=True)) - {None}
            people = list(Person.objects.filter(account__in=accounts).values_list("pk", flat=True))
            if same.filter(sign_in=here).exists():
                here = ""
            end_devices(people, "máy đã báo mất")
        end_sign_ins(accounts, but=here)
        live.end_tickets(people)
        audit.record(
            "briefcase.order_wipe",
            **by.audit(),
            target=device,
            payload={
                "device": device.label,
                "person": device.person.full_name,
                "reason": reason,
            },
        )
    return device


def confirm_wiped(device: Device) -> None:
    """The device itself says that it is empty (it may not be signed in any more)."""
    with transaction.atomic():
        changed = Device.objects.filter(
            pk=device.pk, ordered_at__isnull=False, wiped_at__isnull=True
        ).update(wiped_at=timezone.now(), holdings=[], sign_in="")
        if changed:
            audit.record(
                "briefcase.wiped",
                council_id=device.council_id,
                actor_id=None,
                actor_name=device.label,
                target=device,
                payload={"device": device.label},
            )
