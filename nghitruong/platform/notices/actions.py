"""What a person does with their notices. Reading is their own affair: no audit entry."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from nghitruong.platform.audit import api as audit
from nghitruong.platform.errors import NotAllowed
from nghitruong.platform.notices import api, flows, queries
from nghitruong.platform.notices.models import (
    Channel,
    Delivery,
    DeliveryState,
    Message,
    Recipient,
)
from nghitruong.platform.storage.ids import new_id
from nghitruong.platform.storage.moves import sources


def open_notice(row: Recipient, *, by: Any, channel: str = Channel.APP) -> None:
    """The person opened this notice, coming by ``channel``."""
    way = Channel(channel) if channel in Channel.values else Channel.APP
    with transaction.atomic():
        api.opened([row.message_id], by.person_id, channel=way)


def take_delivery(*, by: Any) -> int:
    """A screen of the person shows that these came: delivered. Returns how many were new.

    Nothing is written, and no lock taken, when there is none.
    """
    if by.person_id is None:
        return 0
    waiting = Delivery.objects.filter(
        recipient__person_id=by.person_id, channel=Channel.APP, state=DeliveryState.SENT
    )
    keys = list(waiting.values_list("pk", "recipient_id"))
    if not keys:
        return 0
    now = timezone.now()
    with transaction.atomic():
        count: int = Delivery.objects.filter(
            pk__in=[pk for pk, _ in keys],
            state__in=sources(flows.DELIVERY, DeliveryState.DELIVERED),
        ).update(state=DeliveryState.DELIVERED, delivered_at=now)
        Recipient.objects.filter(
            pk__in=[recipient for _, recipient in keys], reached_at__isnull=True
        ).update(reached_at=Coalesce("reached_at", now))
    return count


def send_test(*, by: Any) -> Message:
    """An administrator tells themselves, by every way they agreed to."""
    if by.person_id is None:
        raise NotAllowed(
            "no_person", _("Tài khoản này không phải người của Hội đồng nên không nhận thông báo.")
        )
    with transaction.atomic():
        message = api.tell(
            council_id=by.council_id,
            people=[by.person_id],
            kind=queries.TEST,
            subject="Tin thử",
            text="Tin này do chính quý vị gửi để thử các cách nhận thông báo.",
            url=reverse("notices:settings", args=[by.council.slug]),
            key=str(new_id()),
            outside="Tin thử từ Nghị Trường",
        )
        audit.record("notices.send_test", **by.audit(), target=message)
    return message
