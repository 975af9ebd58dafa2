"""Erasing a payload by law; nothing else ever changes an entry."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from nghitruong.platform.audit import api
from nghitruong.platform.audit.models import Entry
from nghitruong.platform.errors import NotAllowed, Refused


def erase_payload(entry: Entry, *, by: Any, reason: str) -> Entry:
    """Erase what an entry says, keep that it happened (Luật Bảo vệ dữ liệu cá nhân 91/2025/QH15).

    ``by`` is an actor with the administrator's duty. The payload and its salt are gone for good;
    who did what and when stays in the chain, and the erasure itself is recorded with its reason.
    Returns the entry that records it.
    """
    if not by.has("admin"):
        raise NotAllowed("audit_erase_admin", _("Chỉ quản trị viên được xóa nội dung nhật ký."))
    reason = reason.strip()
    if not reason:
        raise Refused(
            "audit_erase_reason",
            _("Cần ghi lý do và căn cứ xóa nội dung dòng nhật ký này."),
            status=422,
        )
    with transaction.atomic():
        erased = Entry.objects.filter(pk=entry.pk, erased_at__isnull=True).update(
            payload=None, salt="", erased_at=timezone.now()
        )
        if erased != 1:
            raise Refused("audit_erased_already", _("Nội dung dòng nhật ký này đã được xóa."))
        return api.record(
            ERASE,
            council_id=entry.council_id,
            actor_id=by.id,
            actor_name=by.name,
            target=entry,
            payload={"reason": reason},
        )


def erase_where(rows: QuerySet[Entry], *, by: Any, reason: str) -> int:
    """Erase what all these entries say, in the caller's transaction; returns how many there were.

    For an action that a law obliges to (a state secret, L117/2025/QH15 Đ5): its own rules said who
    may. Each erasure is recorded with its reason in the council of its entry, as the chain's
    verification asks.
    """
    found = list(rows.filter(erased_at__isnull=True).values_list("pk", "council_id"))
    Entry.objects.filter(pk__in=[key for key, _council in found]).update(
        payload=None, salt="", erased_at=timezone.now()
    )
    for key, council_id in found:
        api.record(
            ERASE,
            council_id=council_id,
            actor_id=by.id,
            actor_name=by.name,
            target_type=Entry._meta.label_lower,
            target_id=key,
            payload={"reason": reason},
        )
    return len(found)


ERASE = "audit.erase_payload"
