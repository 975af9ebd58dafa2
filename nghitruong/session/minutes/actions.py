"""The only writer of minutes."""

from __future__ import annotations

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from nghitruong.council.councils.roles import Actor
from nghitruong.lib.text import nfc
from nghitruong.platform.audit import api as audit
from nghitruong.platform.audit.sealer import seal_pending
from nghitruong.platform.errors import Refused
from nghitruong.platform.files import store
from nghitruong.platform.storage.db import lock_row
from nghitruong.session.meetings.models import Sitting
from nghitruong.session.minutes import rules
from nghitruong.session.minutes.collect import gather
from nghitruong.session.minutes.document import build
from nghitruong.session.minutes.models import MinutesVersion


def make_minutes(sitting: Sitting, *, by: Actor, reason: str = "") -> MinutesVersion:
    """Make the next version of a sitting's minutes; from the second on with a reason.

    1. Seal the log, gather the facts and draw the file, outside the transaction: it takes long.
    2. Store the file by its digest.
    3. Under the sitting's lock give it the next number; older versions stay as they are.
    """
    rules.may_make(by, sitting)
    reason = nfc(" ".join(reason.split()))[:300]
    number = _next_number(sitting)
    _require_reason(number, reason)
    seal_pending()  # so that the printed head covers what was just recorded
    facts = gather(sitting)
    sha256, size = store.put([build(facts, version=number, reason=reason)])
    with transaction.atomic():
        lock_row(Sitting.objects.filter(pk=sitting.pk).order_by()).get()
        if _next_number(sitting) != number:
            raise Refused(
                "minutes_made_meanwhile",
                _("Người khác vừa lập bản %d. Hãy xem bản đó, rồi lập lại nếu còn cần.") % number,
            )
        version = MinutesVersion.objects.create(
            council_id=sitting.council_id,
            sitting=sitting,
            number=number,
            sha256=sha256,
            size=size,
            made_by_name=by.name,
            reason=reason,
            audit_position=facts.audit.position,
            audit_hash=facts.audit.hash,
        )
        audit.record(
            "minutes.made",
            council_id=sitting.council_id,
            actor_id=by.id,
            actor_name=by.name,
            target=version,
            payload={
                "sitting": str(sitting.pk),
                "number": number,
                "sha256": sha256,
                "reason": reason,
            },
        )
    return version


def _next_number(sitting: Sitting) -> int:
    last = MinutesVersion.objects.filter(sitting=sitting).aggregate(last=Max("number"))["last"]
    return int(last or 0) + 1


def _require_reason(number: int, reason: str) -> None:
    if number > 1 and not reason:
        raise Refused(
            "reason_missing",
            _("Phiên họp đã có biên bản. Hãy ghi lý do lập lại; các bản trước vẫn được giữ."),
            status=422,
        )
