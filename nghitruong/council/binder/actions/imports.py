"""An import from its first file to the papers made of it, and back."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, Final

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from nghitruong.council.binder import rules
from nghitruong.council.binder.actions.places import fill_places
from nghitruong.council.binder.actions.receiving import clear, with_secret
from nghitruong.council.binder.models import (
    Arrival,
    ArrivalState,
    ImportFile,
    ImportState,
    PaperImport,
)
from nghitruong.council.binder.proposals import body_of
from nghitruong.council.binder.sessions import SessionInfo, asks, sessions
from nghitruong.council.councils.models import Organization
from nghitruong.council.councils.roles import Actor
from nghitruong.council.papers.actions import add_stored, remove_drafts
from nghitruong.council.papers.models import Paper, PaperKind
from nghitruong.council.papers.rules import may_manage
from nghitruong.lib.text import nfc
from nghitruong.platform.audit import api as audit
from nghitruong.platform.errors import Refused
from nghitruong.platform.storage.db import lock_row

CHUNK: Final = 20  # papers per write transaction
FIELDS: Final = ("title", "number", "issuer", "kind", "dated", "item", "body", "ask", "include")


def start_import(session: SessionInfo, *, by: Actor) -> PaperImport:
    """A new import for the session; an open one of the same person goes on instead."""
    may_manage(by)
    if by.person is None:
        raise Refused(
            "no_person", _("Tài khoản này chưa gắn với người nào của Hội đồng."), status=403
        )
    with transaction.atomic():
        open_one = PaperImport.objects.filter(
            session_id=session.id, owner=by.person, state=ImportState.OPEN
        ).first()
        if open_one is not None:
            return open_one
        batch = PaperImport(council=by.council, session_id=session.id, owner=by.person)
        batch.save(force_insert=True)
        audit.record("binder.start_import", **by.audit(), target=batch, payload={})
    return batch


def _value(name: str, value: str, items: Mapping[uuid.UUID, Any]) -> tuple[str, Any]:
    """(field, value) of what a screen or a sheet sent. Refused when it cannot be."""
    value = " ".join(nfc(value).split())
    if name in ("title", "number", "issuer"):
        most = {"title": 500, "number": 60, "issuer": 200}[name]
        if len(value) > most:
            raise Refused("too_long", _("Không quá %(most)s chữ.") % {"most": most}, status=422)
        return name, value
    if name == "kind":
        if value and value not in PaperKind.values:
            raise Refused("kind_missing", _("Hãy chọn loại tài liệu."), status=422)
        return name, value
    if name == "include":
        return name, value == "1"
    if name == "dated":
        try:
            return name, date.fromisoformat(value) if value else None
        except ValueError:
            raise Refused("date_wrong", _("Ngày văn bản không đúng."), status=422) from None
    try:
        key = uuid.UUID(value) if value else None
    except ValueError:
        key = uuid.UUID(int=0)
    if name == "body":
        if key is not None and not Organization.objects.filter(pk=key).exists():
            raise Refused("body_gone", _("Hãy chọn cơ quan trong danh sách."), status=422)
        return "body_id", key
    if name == "ask":
        return "ask_id", key  # whether it still waits is seen when the paper is made
    if key is not None and key not in items:
        raise Refused(
            "item_gone",
            _("Nội dung này không còn trong chương trình. Hãy tải lại trang."),
            status=422,
        )
    return "item_id", key


def edit_files(
    batch: PaperImport, changes: Mapping[uuid.UUID, Mapping[str, str]], *, by: Actor
) -> None:
    """Correct proposals: file → field → text as typed. All or nothing."""
    may_manage(by)
    items = {item.id: item for item in sessions().items(batch.session_id)}
    with transaction.atomic():
        current = lock_row(PaperImport.objects.filter(pk=batch.pk)).get()
        rules.check_open(current)
        rows = {row.pk: row for row in ImportFile.objects.filter(batch=batch, pk__in=list(changes))}
        told: dict[str, Any] = {}
        for key, values in changes.items():
            row = rows.get(key)
            if row is None:
                continue
            made = dict(_value(name, values[name], items) for name in FIELDS if name in values)
            if row.refused:
                made["include"] = False
            # A sheet writes the same issuer again: the body somebody chose for it stays.
            if "body" not in values and made.get("issuer", row.issuer) != row.issuer:
                body = body_of(made["issuer"], batch.council)
                made["body_id"] = body.pk if body else None
            changed = [name for name, value in made.items() if getattr(row, name) != value]
            if not changed:
                continue
            if row.paper_id is not None:  # written by a confirmation that could not end
                raise Refused(
                    "row_written",
                    _("Tệp «%(file_name)s» đã ghi thành tài liệu. Hãy sửa ở trang của tài liệu.")
                    % {"file_name": row.file_name},
                )
            for name in changed:
                setattr(row, name, made[name])
            row.edited = True
            row.save(update_fields=[*changed, "edited"])
            told[str(row.pk)] = changed
        if told:
            audit.record("binder.edit_files", **by.audit(), target=batch, payload={"changed": told})


def _check_complete(rows: Sequence[ImportFile]) -> None:
    for row in rows:
        if not row.title or not row.kind:
            what = _("tên") if not row.title else _("loại")
            raise Refused(
                "row_incomplete",
                _("Tệp «%(file_name)s» chưa có %(what)s tài liệu. Hãy điền, hoặc bỏ chọn tệp này.")
                % {"file_name": row.file_name, "what": what},
                status=422,
            )


def _still_looking(batch: PaperImport) -> bool:
    """Files that arrived and were not looked at yet."""
    return Arrival.objects.filter(batch=batch, state=ArrivalState.WAITING).exists()


def confirm_import(batch: PaperImport, *, by: Actor) -> list[Paper]:
    """Make papers of every file that is taken, put them under their items and into the binder.

    1. Nothing may still be being looked at; every taken file has a title and a kind. 2. Papers are
    made in short transactions; asked again after a crash it goes on with what is left. 3. They
    get their places in the binder and under their items. 4. The import is closed, unless a file
    came to it meanwhile: asked again, that one is taken too.
    """
    may_manage(by)
    rules.check_open(batch)
    if _still_looking(batch):
        raise Refused("still_looking", _("Còn tệp đang được xem. Hãy đợi giây lát rồi ghi."))
    taken = ImportFile.objects.filter(batch=batch, include=True, refused="").order_by("order_key")
    rows = list(taken)
    if not rows:
        raise Refused("nothing_taken", _("Chưa có tệp nào được chọn để ghi."), status=422)
    _check_complete(rows)
    left = [row.pk for row in rows if row.paper_id is None]
    for start in range(0, len(left), CHUNK):
        with transaction.atomic():
            rules.check_open(lock_row(PaperImport.objects.filter(pk=batch.pk)).get())
            for row in lock_row(taken.filter(pk__in=left[start : start + CHUNK])):
                if row.paper_id is None:
                    _make(row, batch, by)
    with transaction.atomic():
        current = lock_row(PaperImport.objects.filter(pk=batch.pk)).get()
        rules.check_open(current)
        made = list(taken.select_related("paper"))
        if any(row.paper is None for row in made) or _still_looking(batch):
            raise Refused(
                "still_looking",
                _(
                    "Trong khi ghi có thêm tệp vào lượt nhập này. Những tài liệu đã ghi vẫn còn; "
                    "hãy đợi xem xong các tệp rồi bấm «Ghi» lần nữa."
                ),
            )
        papers = [row.paper for row in made if row.paper is not None]
        live = {item.id for item in sessions().items(batch.session_id)}
        under: dict[uuid.UUID, list[uuid.UUID]] = {}
        for row in made:
            if row.item_id in live and row.paper_id is not None:
                under.setdefault(row.item_id, []).append(row.paper_id)
        if under:
            sessions().attach(under, by=by)
        if (door := asks()) is not None:
            door.take_in(
                {row.ask_id: row.paper_id for row in made if row.ask_id and row.paper_id}, by=by
            )
        fill_places(batch.session_id, papers, by=by)
        current.state = ImportState.CONFIRMED
        current.confirmed_at = timezone.now()
        current.save(update_fields=["state", "confirmed_at"])
        audit.record(
            "binder.confirm_import", **by.audit(), target=batch, payload={"papers": len(papers)}
        )
    return papers


def _make(row: ImportFile, batch: PaperImport, by: Actor) -> None:
    version = add_stored(
        (row.sha256, row.size),
        by=by,
        about={
            "kind": row.kind,
            "title": row.title,
            "number": row.number,
            "issuer": row.issuer,
            "issuing_body": str(row.body_id or ""),
            "dated": row.dated.isoformat() if row.dated else "",
            "file_name": row.file_name,
        },
        media_type=row.media_type,
        pages=row.pages,
        session_id=batch.session_id,
        looked_at=bool(row.sources.get("seen")),
    )
    row.paper = version.paper
    row.save(update_fields=["paper"])


def undo_import(batch: PaperImport, *, by: Actor) -> None:
    """Take back every paper of a confirmed import, all or none. The import is open again: its rows
    can be corrected and confirmed, or dropped with their files."""
    may_manage(by)
    with transaction.atomic():
        current = lock_row(PaperImport.objects.filter(pk=batch.pk)).get()
        if current.state != ImportState.CONFIRMED:
            raise Refused(
                "not_confirmed",
                _("Lượt nhập này %(state)s.") % {"state": current.get_state_display()},
            )
        papers = list(Paper.objects.filter(import_file__batch=batch))
        keys = [paper.pk for paper in papers]
        sessions().detach(keys, by=by)
        if (door := asks()) is not None:
            door.give_back(keys, by=by)
        remove_drafts(papers, by=by)
        current.state = ImportState.OPEN
        current.undone_at = timezone.now()
        current.save(update_fields=["state", "undone_at"])
        audit.record(
            "binder.undo_import", **by.audit(), target=batch, payload={"papers": len(papers)}
        )


def drop_import(batch: PaperImport, *, by: Actor) -> None:
    """Give up an import that was not confirmed: its rows and staged files go. A look at its files
    that runs meanwhile stops at its next row, which it writes under the same lock."""
    may_manage(by)
    with transaction.atomic():
        current = lock_row(PaperImport.objects.filter(pk=batch.pk)).get()
        rules.check_open(current)
        if ImportFile.objects.filter(batch=batch, paper__isnull=False).exists():
            raise Refused("half_done", _("Lượt nhập này đang được ghi. Hãy bấm «Ghi» lần nữa."))
        arrivals = list(Arrival.objects.filter(batch=batch).values_list("pk", flat=True))
        secret = with_secret(arrivals)
        ImportFile.objects.filter(batch=batch).delete()
        current.state = ImportState.DROPPED
        current.save(update_fields=["state"])
        audit.record("binder.drop_import", **by.audit(), target=batch, payload={})

        def erase() -> None:
            for key in arrivals:
                clear(key, overwrite=key in secret)

        transaction.on_commit(erase)
