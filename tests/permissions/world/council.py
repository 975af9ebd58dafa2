"""The council itself: seats and duties, bodies, days off, lists brought in, what others send, the
log."""

from __future__ import annotations

from datetime import date

from nghitruong.council.councils.models import (
    Council,
    Duty,
    ImportBatch,
    Organization,
    Seat,
    Transfer,
)
from nghitruong.council.procedure.models import Holiday
from nghitruong.platform.audit import api as audit
from nghitruong.platform.audit.models import Entry
from nghitruong.platform.audit.sealer import seal_pending
from tests.permissions.world.files import PDF, store
from tests.permissions.world.ground import Ground, Keys


def rows(ground: Ground) -> Keys:
    """The person and the seat are the delegate's, the duty is the clerk's."""
    council, delegate, membership = ground.council, ground.delegate, ground.membership
    duty = Duty.objects.filter(person=ground.clerk).first()
    seat = Seat.objects.filter(memberships=membership).first()
    assert duty is not None
    assert seat is not None
    body = Organization.objects.create(
        council=council, kind="committee", code=f"lam-thoi-{ground.number}", name="Ban", fold="ban"
    )
    holiday = Holiday.objects.create(
        council=council, day=date(2026, 12, ground.number), name="Ngày truyền thống"
    )
    return {
        ("", "person"): delegate.pk,
        ("", "duty"): duty.pk,
        ("", "seat"): seat.pk,
        ("", "membership"): membership.pk,
        ("councils", "code"): body.code,
        ("councils", "pk"): delegate.pk,
        **{
            (f"councils:{step}", "pk"): membership.pk
            for step in ("end", "suspend", "restore", "seat")
        },
        ("councils:end_duty", "pk"): duty.pk,
        ("procedure", "pk"): holiday.pk,
        ("procedure", "key"): "vote.majority",
        **_brought_in(council),
        ("", "entry"): _logged(ground).pk,
    }


def _brought_in(council: Council) -> Keys:
    batch = ImportBatch.objects.create(
        council=council, file_name="a.xlsx", created_by_name="Trần Thị Bình", made={}
    )
    report = {
        "label": "Báo cáo",
        "sha256": store(PDF),
        "file_name": "a.pdf",
        "media_type": "application/pdf",
        "size": len(PDF),
    }
    transfer = Transfer.objects.create(
        sender=third_party(council),
        receiver=council,
        kind="paper",
        subject="Báo cáo",
        payload={"text": "Kính gửi", "files": [report]},
        sent_by_name="Văn phòng",
    )
    return {
        **{(f"councils:{page}", "pk"): batch.pk for page in ("import_done", "import_undo")},
        **{
            (f"councils:{page}", "pk"): transfer.pk
            for page in ("receive", "transfer", "transfer_file")
        },
        ("councils:transfer_file", "index"): 1,
    }


def _logged(ground: Ground) -> Entry:
    audit.record(
        "floor.note",
        council_id=ground.council.pk,
        actor_id=ground.delegate.pk,
        payload={"so": ground.number},
    )
    seal_pending(everything=True)
    entry = Entry.objects.order_by("pk").last()
    assert entry is not None
    return entry


def third_party(council: Council) -> Council:
    """A council that sends something to each of the two."""
    return Council.objects.get_or_create(
        slug="thu-ba",
        defaults={
            "unit": council.unit,
            "name": "Hội đồng nhân dân thứ ba",
            "short_name": "HĐND thứ ba",
            "level": council.level,
            "place": "X",
            "office_name": "Văn phòng",
        },
    )[0]
