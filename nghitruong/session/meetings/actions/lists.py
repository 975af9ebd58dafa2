"""Writing a list from a spreadsheet, all or nothing, and taking it back."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from nghitruong.council.councils.models import ImportBatch
from nghitruong.council.councils.roles import Actor
from nghitruong.platform.audit import api as audit
from nghitruong.platform.errors import Refused
from nghitruong.session.meetings import rules
from nghitruong.session.meetings.importers.lists import Row, SessionList, start_batch
from nghitruong.session.meetings.models import Session


def write_list(
    kind: SessionList, rows: Sequence[Row], session: Session, *, file_name: str, by: Actor
) -> ImportBatch:
    """Take every row in. Refused ``rows_faulty`` (the rows hold their faults) when one is wrong."""
    kind.may(by)
    rules.check_open(session)
    if not rows:
        raise Refused("list_empty", _("Không còn dòng nào để ghi."), status=422)
    if kind.check(rows, session, by=by):
        raise Refused("rows_faulty", _("Còn dòng chưa đúng. Hãy sửa rồi ghi lại."), status=422)
    with transaction.atomic():
        made = kind.write(rows, session, by=by)
        batch = start_batch(
            by, file_name, made | {"session": [str(session.pk)], "list": [kind.back]}
        )
        audit.record(
            "meetings.import_list",
            **by.audit(),
            target=session,
            payload={"list": kind.noun, "rows": len(rows), "file": batch.file_name},
        )
    return batch


def undo_list(kind: SessionList, batch: ImportBatch, session: Session, *, by: Actor) -> None:
    """Take a whole list back, unless somebody already worked with it."""
    kind.may(by)
    if (batch.made.get("session"), batch.made.get("list")) != ([str(session.pk)], [kind.back]):
        raise Refused("other_list", _("Lượt nhập này thuộc danh sách khác."), status=404)
    with transaction.atomic():
        updated = ImportBatch.objects.filter(pk=batch.pk, undone_at__isnull=True).update(
            undone_at=timezone.now()
        )
        if updated != 1:
            raise Refused("already_undone", _("Lượt nhập này đã được hoàn tác trước đó."))
        kind.take_back(batch.made, session, by=by)
        audit.record(
            "meetings.undo_list",
            **by.audit(),
            target=session,
            payload={"list": kind.noun, "file": batch.file_name},
        )
