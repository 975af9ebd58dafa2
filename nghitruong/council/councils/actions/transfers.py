"""Councils share by explicit, logged sending up and down, and by nothing else."""

from __future__ import annotations

import json
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from nghitruong.council.councils import rules
from nghitruong.council.councils.models import Council, Transfer
from nghitruong.council.councils.roles import Actor
from nghitruong.lib.canonical import digest
from nghitruong.lib.text import nfc
from nghitruong.platform.audit import api as audit
from nghitruong.platform.errors import Refused


def _related(one: Council, other: Council) -> bool:
    """Up or down: one's unit stands directly under the other's."""
    return one.unit.parent_id == other.unit_id or other.unit.parent_id == one.unit_id


@transaction.atomic
def send_transfer(
    receiver: Council, *, kind: str, subject: str, payload: dict[str, Any], by: Actor
) -> Transfer:
    """Send a copy of something to the council above or below; both sides log it.

    The payload is a snapshot: later changes here do not change what was sent.
    """
    rules.require_office(by)
    subject = " ".join(nfc(subject).split())
    if not subject:
        raise Refused("subject_missing", _("Hãy ghi trích yếu nội dung gửi."), status=422)
    if receiver.pk == by.council.pk or not _related(by.council, receiver):
        raise Refused(
            "not_up_or_down",
            _("Chỉ gửi được cho Hội đồng cấp trên hoặc cấp dưới trực tiếp."),
            status=422,
        )
    transfer = Transfer.objects.create(
        sender=by.council,
        receiver=receiver,
        kind=kind,
        subject=subject,
        payload=json.loads(json.dumps(payload)),
        sent_by_name=by.name,
    )
    facts = {"kind": kind, "subject": subject, "digest": digest(transfer.payload)}
    audit.record(
        "councils.send_transfer",
        **by.audit(),
        target=transfer,
        payload={**facts, "receiver": receiver.slug},
    )
    audit.record(
        "councils.transfer_arrived",
        council_id=receiver.pk,
        actor_id=None,
        actor_name=f"{by.name} ({by.council.short_name})",
        target=transfer,
        payload={**facts, "sender": by.council.slug},
    )
    return transfer


@transaction.atomic
def receive_transfer(transfer: Transfer, *, by: Actor) -> Transfer:
    """Acknowledge what was sent to this council; once."""
    rules.require_office(by)
    if transfer.receiver_id != by.council.pk:
        raise Refused("not_receiver", _("Nội dung này không gửi cho Hội đồng của bạn."), status=403)
    now = timezone.now()
    updated = Transfer.objects.filter(pk=transfer.pk, received_at__isnull=True).update(
        received_at=now, received_by_name=by.name
    )
    if updated != 1:
        raise Refused("already_received", _("Nội dung này đã có người nhận trước đó."))
    transfer.refresh_from_db()
    for council_id in (transfer.receiver_id, transfer.sender_id):
        audit.record(
            "councils.receive_transfer",
            **{**by.audit(), "council_id": council_id},
            target=transfer,
            payload={"subject": transfer.subject},
        )
    return transfer
