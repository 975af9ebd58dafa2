"""What other apps use: tell people something, tell again who has not opened it.

    notices.tell(
        council_id=by.council_id, people=[person.pk, …], kind="papers.release",
        subject="Kỳ họp thứ 4: 12 tài liệu mới", text="Tờ trình …", url="/lao-cai/ky-hop/4/…",
        key=str(release.pk),
    )

Called in the caller's transaction, like ``audit.record``: what is rolled back was told to nobody.
"""

from __future__ import annotations

import uuid
from collections.abc import Collection, Iterable, Sequence
from datetime import datetime

from django.db.models import F
from django.db.models.functions import Coalesce
from django.utils import timezone

from nghitruong.lib.text import nfc
from nghitruong.platform.live import api as live
from nghitruong.platform.notices import flows, sending
from nghitruong.platform.notices.events import NoticesMoved
from nghitruong.platform.notices.models import (
    Channel,
    Delivery,
    DeliveryState,
    Message,
    Recipient,
)
from nghitruong.platform.storage.db import lock_row
from nghitruong.platform.storage.moves import sources

CHUNK = 2000


def tell(
    *,
    council_id: uuid.UUID,
    people: Sequence[uuid.UUID],
    kind: str,
    subject: str,
    text: str,
    url: str,
    key: str,
    outside: str = "",
) -> Message:
    """Tell these people something, in the caller's transaction; once per person.

    Idempotent by (council, ``kind``, ``key``, person): asked again with the same key, the words of
    the first time stay and only people not told yet are told. ``url`` is the path to open.
    ``subject`` and ``text`` are shown inside the application only; ``outside`` is the one line
    e-mail, SMS and push may carry (a session's title, never what a paper is about; left out, a
    general one goes).
    """
    if not url.startswith("/") or url.startswith("//"):
        raise ValueError(f"not a path of this installation: {url}")
    message, _made = Message.objects.get_or_create(
        council_id=council_id,
        kind=kind,
        key=key,
        defaults={
            "subject": nfc(subject)[:300],
            "text": nfc(text),
            "url": url[:500],
            "outside": nfc(outside)[:200],
        },
    )
    lock_row(Message.objects.filter(pk=message.pk)).get()
    told = set(Recipient.objects.filter(message=message).values_list("person_id", flat=True))
    fresh = [person for person in dict.fromkeys(people) if person not in told]
    now = timezone.now()
    for start in range(0, len(fresh), CHUNK):
        rows = [
            Recipient(council_id=council_id, message=message, person_id=person, last_round_at=now)
            for person in fresh[start : start + CHUNK]
        ]
        Recipient.objects.bulk_create(rows)
        _send_round(message, rows, now)
    return message


def tell_again(message: Message, people: Collection[uuid.UUID] | None = None) -> list[uuid.UUID]:
    """A new round for recipients who have not opened it (of ``people``; None: all of them), in the
    caller's transaction. Returns who was told again."""
    lock_row(Message.objects.filter(pk=message.pk)).get()
    waiting = Recipient.objects.filter(message=message, opened_at__isnull=True)
    now = timezone.now()
    rows = [row for row in waiting if people is None or row.person_id in people]
    for row in rows:
        row.rounds += 1
        row.last_round_at = now
    for start in range(0, len(rows), CHUNK):
        some = rows[start : start + CHUNK]
        Recipient.objects.filter(pk__in=[row.pk for row in some]).update(
            rounds=F("rounds") + 1, last_round_at=now
        )
        _send_round(message, some, now)
    return [row.person_id for row in rows]


def _send_round(message: Message, rows: Sequence[Recipient], now: datetime) -> None:
    """One delivery for each recipient and way, the bells, and the work of what leaves."""
    ways = sending.ways_to(message.council_id, {row.person_id for row in rows})
    made = []
    for row in rows:
        made.append(
            Delivery(
                council_id=message.council_id,
                recipient=row,
                channel=Channel.APP,
                round=row.rounds,
                state=DeliveryState.SENT,
                sent_at=now,
            )
        )
        made += [
            Delivery(
                council_id=message.council_id,
                recipient=row,
                channel=channel,
                round=row.rounds,
                due_at=now,
            )
            for channel in ways.get(row.person_id, ())
        ]
    Delivery.objects.bulk_create(made, batch_size=CHUNK)
    ring(message.council_id, [row.person_id for row in rows])
    if any(ways.values()):
        sending.ask_for(message)


def ring(council_id: uuid.UUID, people: Iterable[uuid.UUID]) -> None:
    """Every screen of these people asks for its number anew."""
    bells = [(live.doorbell_stream(person), NoticesMoved()) for person in people]
    live.emit_many(bells, council_id=council_id)


def opened(
    messages: Iterable[uuid.UUID], person_id: uuid.UUID, *, channel: Channel = Channel.APP
) -> int:
    """The person opened these messages, or what they are about; in the caller's transaction.

    ``channel`` is the way they came by. Returns how many were opened for the first time.
    """
    now = timezone.now()
    mine = Recipient.objects.filter(message__in=list(messages), person_id=person_id)
    fresh = list(mine.filter(opened_at__isnull=True))
    keys = [row.pk for row in mine]
    if not keys:
        return 0
    Delivery.objects.filter(
        recipient__in=keys,
        channel=channel,
        state__in=sources(flows.DELIVERY, DeliveryState.OPENED),
    ).update(
        state=DeliveryState.OPENED,
        opened_at=now,
        delivered_at=Coalesce("delivered_at", now),
    )
    if fresh:
        mine.filter(opened_at__isnull=True).update(
            opened_at=now, reached_at=Coalesce("reached_at", now)
        )
        ring(fresh[0].council_id, [person_id])
    return len(fresh)


def redact(message_id: uuid.UUID, *, subject: str, text: str = "", outside: str = "") -> None:
    """Replace what a message says: what it was about must leave the system. In the caller's
    transaction."""
    Message.objects.filter(pk=message_id).update(subject=subject, text=text, outside=outside)
