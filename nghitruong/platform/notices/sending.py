"""Which ways lead to whom, and the work of sending. The rows are the truth, jobs the doorbell.

Each delivery is claimed (queued → sending, committed) before it is handed over and recorded after.
Who dies in between leaves a row that says «sending»: nobody can know whether it went out. It is
sent again under the same key, so a gateway, a push service or a mail reader can tell the copy, and
the row says ``uncertain``: at least once, never silently not at all.
"""

from __future__ import annotations

import logging
import uuid
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.db.models.functions import Coalesce
from django.utils import timezone

from nghitruong.platform.jobs import api as jobs
from nghitruong.platform.notices import flows
from nghitruong.platform.notices.models import (
    Address,
    Channel,
    Delivery,
    DeliveryState,
    Message,
    Recipient,
)
from nghitruong.platform.notices.ways import (
    AddressGone,
    NeverAgain,
    Parcel,
    Sent,
    TryAgain,
    Way,
    open_ways,
)
from nghitruong.platform.storage.moves import move

logger = logging.getLogger(__name__)

JOB = "notices.send"
PAUSES = (60, 300, 1800, 7200, 21_600)  # seconds before the second, third… try
GENERAL = "Quý vị có thông báo mới của Hội đồng nhân dân"
WAITING = (DeliveryState.QUEUED, DeliveryState.SENDING)
CHUNK = 200


def usable() -> dict[Channel, Way]:
    """The ways set up here."""
    return open_ways()


def ways_to(
    council_id: uuid.UUID, people: Collection[uuid.UUID]
) -> Mapping[uuid.UUID, list[Channel]]:
    """The ways out of the application that are set up here and that each person agreed to; in the
    council's scope."""
    channels = list(usable())
    found: dict[uuid.UUID, list[Channel]] = {}
    if not channels:
        return found
    rows = (
        Address.objects.filter(
            council_id=council_id,
            channel__in=channels,
            ended_at__isnull=True,
            verified_at__isnull=False,
        )
        .order_by()
        .values_list("person_id", "channel")
        .distinct()
    )
    for person, channel in rows:
        if person in people:
            found.setdefault(person, []).append(Channel(channel))
    return found


def ask_for(message: Message) -> None:
    """Have a message's waiting deliveries sent after the caller's transaction."""
    jobs.enqueue(JOB, message.pk, council_id=message.council_id)


def due() -> Iterable[tuple[uuid.UUID, uuid.UUID]]:
    """Messages with deliveries whose time has come; outside any scope (the sweeper of jobs)."""
    return (
        Delivery.objects.filter(state__in=WAITING, due_at__lte=timezone.now())
        .order_by()
        .values_list("recipient__message_id", "council_id")
        .distinct()
    )


def send_message(key: str) -> None:
    """The job: send what is due of one message. No other worker has it meanwhile."""
    message = Message.objects.filter(pk=key).first()
    if message is None:
        return
    waiting = Delivery.objects.filter(recipient__message=message).exclude(channel=Channel.APP)
    # Nobody else sends this message: what still says «sending» was left by a worker that died.
    waiting.filter(state=DeliveryState.SENDING).update(
        state=DeliveryState.QUEUED, uncertain=True, due_at=timezone.now()
    )
    ways = usable()
    while True:
        rows = list(
            waiting.filter(state=DeliveryState.QUEUED, due_at__lte=timezone.now())
            .select_related("recipient")
            .order_by("pk")[:CHUNK]
        )
        if not rows:
            return
        addresses = _addresses(rows)
        for row in rows:
            _send(row, message, ways, addresses.get((row.recipient.person_id, row.channel), []))


def _addresses(rows: Sequence[Delivery]) -> dict[tuple[uuid.UUID, str], list[Address]]:
    found: dict[tuple[uuid.UUID, str], list[Address]] = {}
    people = {row.recipient.person_id for row in rows}
    for address in Address.objects.filter(
        person_id__in=people, ended_at__isnull=True, verified_at__isnull=False
    ):
        found.setdefault((address.person_id, address.channel), []).append(address)
    return found


def _send(
    row: Delivery, message: Message, ways: Mapping[Channel, Way], addresses: Sequence[Address]
) -> None:
    """Claim, hand over, record."""
    way = ways.get(Channel(row.channel))
    if way is None or not addresses:
        reason = (
            "máy chủ đã tắt cách gửi này" if way is None else "người nhận không còn dùng cách này"
        )
        move(row, flows.DELIVERY, DeliveryState.FAILED, reason=reason, failed_at=timezone.now())
        return
    claimed = Delivery.objects.filter(pk=row.pk, state=DeliveryState.QUEUED).update(
        state=DeliveryState.SENDING, tries=F("tries") + 1
    )
    if claimed != 1:
        return
    row.refresh_from_db(fields=["state", "tries", "uncertain"])
    had = list(row.taken)  # who took it at an earlier try is not told again
    line, link = message.outside or GENERAL, link_of(row, message)
    later, never = "", ""
    taken: Sent | None = None
    for address in addresses:
        if str(address.pk) in had:
            continue
        try:
            sent = way.send(address, Parcel(key_of(row, address), line, link))
            taken = sent if taken is None or sent.delivered else taken
            row.taken.append(str(address.pk))
        except AddressGone:
            end_address(address, "nơi nhận không còn")
            never = never or "nơi nhận không còn"
        except TryAgain as error:
            later = str(error)
        except NeverAgain as error:
            never = str(error)
        except Exception:
            logger.exception("gửi %s hỏng", row.channel)
            later = "lỗi khi gửi; xem nhật ký của máy chủ"
    now = timezone.now()
    if taken is None and had:
        taken = Sent(row.reference)
    if taken is not None and row.delivered_at is not None:
        taken = Sent(taken.reference, delivered=True)
    if later and row.tries <= len(PAUSES):
        pause = timedelta(seconds=PAUSES[row.tries - 1])
        changes: dict[str, Any] = {"reason": later[:300], "due_at": now + pause}
        if taken is not None:
            changes |= {"taken": row.taken, "reference": taken.reference[:200]}
            if taken.delivered:
                changes["delivered_at"] = row.delivered_at or now
                _reached(row, now)
        move(row, flows.DELIVERY, DeliveryState.QUEUED, **changes)
    elif taken is not None:
        _record_sent(row, taken, now)
    else:
        reason = (later or never or "không gửi được")[:300]
        move(row, flows.DELIVERY, DeliveryState.FAILED, reason=reason, failed_at=now, due_at=None)


def key_of(row: Delivery, address: Address) -> str:
    """The same at every try, another for each address of the person: a gateway takes a key once, so
    under one key the second number would be told nothing."""
    return uuid.uuid5(row.pk, str(address.pk)).hex


def _record_sent(row: Delivery, sent: Sent, now: datetime) -> None:
    with transaction.atomic():
        move(
            row,
            flows.DELIVERY,
            DeliveryState.SENT,
            sent_at=now,
            reference=sent.reference[:200],
            reason="",
            due_at=None,
        )
        if sent.delivered:
            move(row, flows.DELIVERY, DeliveryState.DELIVERED, delivered_at=now)
            _reached(row, now)


def _reached(row: Delivery, now: datetime) -> None:
    Recipient.objects.filter(pk=row.recipient_id).update(reached_at=Coalesce("reached_at", now))


def end_address(address: Address, reason: str) -> None:
    """Take an address off; deliveries that wait for it will say so."""
    Address.objects.filter(pk=address.pk, ended_at__isnull=True).update(
        ended_at=timezone.now(), end_reason=reason[:200]
    )


def link_of(row: Delivery, message: Message) -> str:
    """Where the message leads from outside: through the notice, so that opening it is known. The
    council's own part of the path is the first of the message's."""
    slug = message.url.split("/", 2)[1]
    return f"{settings.SITE_URL}/{slug}/thong-bao/{row.recipient_id}/?qua={row.channel}"


def gave_up(key: str, sentence: str) -> None:
    """The job itself broke for good: its rows must not stand as if they were still on their way."""
    Delivery.objects.filter(recipient__message=uuid.UUID(key), state__in=WAITING).exclude(
        channel=Channel.APP
    ).update(
        state=DeliveryState.FAILED,
        reason=f"máy chủ dừng khi gửi: {sentence}"[:300],
        failed_at=timezone.now(),
    )
