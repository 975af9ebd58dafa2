"""Receiving files, resumably, and making papers of them."""

from __future__ import annotations

import os
import uuid
from collections.abc import Callable
from datetime import date
from pathlib import Path, PurePosixPath
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from nghitruong.council.councils.roles import Actor
from nghitruong.council.papers import rules, secrecy
from nghitruong.council.papers.actions.errands import (
    Receiver,
    described,
    errand_of,
    receiver_of,
    target_of,
)
from nghitruong.council.papers.actions.replacing import UNNAMED, check_meant
from nghitruong.council.papers.actions.secrets import write_stub
from nghitruong.council.papers.actions.versions import take
from nghitruong.council.papers.models import (
    Paper,
    PaperKind,
    PaperVersion,
    Secrecy,
    Upload,
)
from nghitruong.lib.text import nfc
from nghitruong.platform.errors import Refused
from nghitruong.platform.files import inspection, partial, shredding, store
from nghitruong.platform.storage.db import lock_row


def clean_name(file_name: str) -> str:
    """The file's own name in NFC, without folders or control characters."""
    name = nfc(file_name).replace("\\", "/")
    name = "".join(char for char in PurePosixPath(name).name if char.isprintable()).strip()
    if len(name) > 200:
        stem, dot, ending = name.rpartition(".")
        name = f"{stem[:190]}{dot}{ending[:8]}" if dot else name[:200]
    return name or "tai-lieu"


def start_upload(
    *,
    by: Actor,
    length: int,
    file_name: str,
    about: dict[str, str],
    session_id: uuid.UUID | None = None,
    paper: Paper | None = None,
) -> Upload:
    """Begin receiving a file of ``length`` bytes.

    ``about`` is what the person wrote: kind, title, number, issuer, dated (ISO), secrecy, reason.
    A file marked secret by choice or by name is turned away here, before its first byte; a file
    above the limit too. ``paper`` asks for a new version of that paper, with its reason.
    """
    name = clean_name(file_name)
    about = {key: nfc(value).strip() for key, value in about.items()} | {"file_name": name}
    target = target_of(about, by)
    about = described(about, target)
    if target is not None:
        session_id, paper = target.session_id, target.paper
    chosen = about.get("secrecy", "")
    marked = Secrecy(chosen) if chosen in Secrecy.values else None
    found_in = "choice"
    if marked is None:
        marked, found_in = secrecy.in_name(name) or secrecy.in_name(about.get("title", "")), "name"
    if marked is not None:
        raise _turn_away(marked, found_in, about, session_id, by)
    receiver = receiver_of(about)
    rules.check_length(length, archive=receiver is not None and name.lower().endswith(".zip"))
    if receiver is not None:
        pass  # what it is will be proposed once it has been looked at
    elif paper is not None:
        rules.reason_given(about.get("reason", ""), _("thay bản mới"))
    elif about.get("kind", "") not in PaperKind.values:
        raise Refused("kind_missing", _("Hãy chọn loại tài liệu."), status=422)
    if about.get("issuing_body"):
        try:
            uuid.UUID(about["issuing_body"])
        except ValueError:
            raise Refused("body_wrong", _("Hãy chọn lại cơ quan trình."), status=422) from None
    if about.get("dated"):
        try:
            date.fromisoformat(about["dated"])
        except ValueError:
            raise Refused(
                "date_wrong", _("Ngày văn bản không đúng. Hãy chọn lại ngày."), status=422
            ) from None
    if by.person is None:
        raise Refused(
            "no_person", _("Tài khoản này chưa gắn với người nào của Hội đồng."), status=403
        )
    upload = Upload(
        council=by.council, length=length, owner=by.person, session_id=session_id, paper=paper
    )
    partial.create(upload.pk, about)
    upload.save(force_insert=True)
    return upload


def _turn_away(
    degree: Secrecy,
    found_in: str,
    about: dict[str, str],
    session_id: uuid.UUID | None,
    by: Actor,
) -> Refused:
    """Commit the stub first; the caller raises what comes back."""
    stub = write_stub(
        degree,
        by=by,
        number=about.get("number", ""),
        issuer=about.get("issuer", ""),
        session_id=session_id,
        found_in=found_in,
    )
    return rules.secret_refused(stub)


def receive_bytes(
    upload: Upload,
    body: partial.Readable,
    *,
    offset: int,
    checksum: tuple[str, bytes] | None = None,
    by: Actor,
) -> tuple[Upload, bool]:
    """Add bytes at ``offset``; returns the upload and whether the connection broke on the way.

    The offset must be the one recorded (409 otherwise: ask again and resume there). What arrived
    before a break is kept.
    """
    if upload.finished_at is None:
        target_of(partial.about(upload.pk), by)
    if upload.finished_at is not None or offset != upload.offset:
        raise _elsewhere(upload)
    with partial.hold(upload.pk) as fd:
        current = _as_it_is(upload, fd)
        if current.finished_at is not None or offset != current.offset:
            raise _elsewhere(current)
        reached, cut = partial.append(
            fd, body, offset=offset, limit=current.length - offset, checksum=checksum
        )
        moved = Upload.objects.filter(pk=current.pk, finished_at__isnull=True).update(
            offset=reached, touched_at=timezone.now()
        )
        if moved != 1:  # given up in another window
            raise partial.gone()
        current.offset = reached
    return current, cut


def _as_it_is(upload: Upload, fd: int) -> Upload:
    """The row read again while its file is held: another request may have come between. A file
    that is shorter than its row says (a disk that lost what it had promised) is told as it is."""
    current: Upload | None = Upload.objects.filter(pk=upload.pk).first()
    if current is None:
        raise partial.gone()
    there = os.fstat(fd).st_size
    if there < current.offset and current.finished_at is None:
        Upload.objects.filter(pk=current.pk).update(offset=there)
        current.offset = there
    return current


def _elsewhere(upload: Upload) -> Refused:
    return Refused(
        "wrong_offset",
        _("Máy chủ đã có %(offset)s byte của tệp này; việc tải sẽ tiếp tục từ đó.")
        % {"offset": upload.offset},
    )


def finish_upload(upload: Upload, *, by: Actor) -> dict[str, Any]:
    """Look at a whole file and make a paper, or a paper's new version, of it.

    1. Asked again after it was done: the first outcome again.
    2. The file is looked at by its bytes; a bad one is removed and its sentence kept.
    3. A stamp of secrecy: a stub is written, then everything of it is erased.
    4. The bytes get their place in the store; rows, audit entry and event in one transaction.
    5. Only after the commit is the unfinished file removed.

    Returns ``{"paper": id, "version": n, "pages": …}``. Raises Refused for a file not taken.
    """
    if upload.finished_at is not None:
        partial.erase(upload.pk)  # left when the process died between the commit and this
        return _outcome(upload)
    try:
        return _finish(upload, by)
    except Refused as refusal:
        done = Upload.objects.filter(pk=upload.pk, finished_at__isnull=False).first()
        if refusal.code != "upload_gone" or done is None:
            raise
        return _outcome(done)  # the same question, asked a moment before, was answered


def _finish(upload: Upload, by: Actor) -> dict[str, Any]:
    about = partial.about(upload.pk)
    if not about:
        raise partial.gone()
    target_of(about, by)
    receiver = receiver_of(about)
    if receiver is not None:
        return _hand_over(upload, receiver, by)
    with partial.hold(upload.pk) as fd:
        _check_whole(upload, fd)
        path = partial.path_of(upload.pk)
        finding = _look(path, about.get("file_name", ""))
        degree = secrecy.in_text(finding.text)
        if degree is not None:
            raise _found_secret(upload, degree, about, by)
        if finding.problem:
            problem = str(rules.PROBLEMS[finding.problem])
            raise _not_taken(upload, Refused(f"file_{finding.problem}", problem, status=422))
        sha256, size = store.adopt(path)
        try:
            with transaction.atomic():
                current: Upload = lock_row(Upload.objects.filter(pk=upload.pk)).get()
                if current.finished_at is not None:
                    return _outcome(current)
                version = _made(current, about, (sha256, size), finding, by)
                current.finished_at = timezone.now()
                current.outcome = {
                    "paper": str(version.paper_id),
                    "version": version.number,
                    "pages": version.pages,
                }
                current.save(update_fields=["finished_at", "outcome"])
        except Refused as refusal:
            raise _not_taken(upload, refusal) from None
    partial.erase(upload.pk)
    return _outcome(current)


def _found_secret(upload: Upload, degree: Secrecy, about: dict[str, str], by: Actor) -> Refused:
    """The register's line and the order to erase in one transaction, the erasing after it: cut off
    anywhere, either the file is still held unfinished or the line is there."""
    with transaction.atomic():
        refusal = _turn_away(degree, "text", about, upload.session_id, by)
        Upload.objects.filter(pk=upload.pk).delete()
        orders = shredding.order(partial.files_of(upload.pk))
    shredding.carry_out(orders)
    return refusal


def _made(
    upload: Upload,
    about: dict[str, str],
    stored: tuple[str, int],
    finding: inspection.Finding,
    by: Actor,
) -> PaperVersion:
    """The version; where it was asked for, who asked is told."""
    errand = errand_of(about)
    if errand is None:
        if upload.paper_id is not None:  # as it is now: it may be on its way to the delegates
            paper = lock_row(Paper.objects.filter(pk=upload.paper_id)).get()
            check_meant(paper, stored[0], about, by)
        return take(upload.session_id, upload.paper, about, stored, finding, by)
    asked, key = errand
    target = asked.hold(key, by)  # another file may have come for it meanwhile
    version = take(target.session_id, target.paper, described(about, target), stored, finding, by)
    asked.done(key, version, about, by)
    return version


def _look(path: Path, file_name: str) -> inspection.Finding:
    """What the file is; plain writing is a paper only where its name says so, else what claims to
    be a PDF and is not would pass for one."""
    finding = inspection.inspect(path)
    if finding.media_type == "text/plain" and not file_name.lower().endswith((".txt", ".text")):
        return inspection.Finding(problem=finding.problem or "unknown", text=finding.text)
    return finding


def _check_whole(upload: Upload, fd: int) -> None:
    current = _as_it_is(upload, fd)
    if current.offset != current.length:
        raise Refused("not_whole", _("Tệp chưa tải xong. Hãy bấm «Tải tiếp»."))


def _hand_over(upload: Upload, receiver: Receiver, by: Actor) -> dict[str, Any]:
    """Give the whole file to whom it was sent for; it stays here until that is committed."""
    with partial.hold(upload.pk) as fd:
        _check_whole(upload, fd)
        try:
            with transaction.atomic():
                current: Upload = lock_row(Upload.objects.filter(pk=upload.pk)).get()
                if current.finished_at is not None:
                    return _outcome(current)
                current.finished_at = timezone.now()
                current.outcome = receiver(
                    current, partial.path_of(upload.pk), partial.about(upload.pk), by=by
                )
                current.save(update_fields=["finished_at", "outcome"])
        except Refused as refusal:
            raise _not_taken(upload, refusal) from None
    partial.erase(upload.pk)
    return _outcome(current)


def _not_taken(upload: Upload, refusal: Refused) -> Refused:
    """Remember why, so that asking again gives the same sentence; the bytes go."""
    sentence = refusal.sentence
    sentence = str(UNNAMED.get(refusal.code, sentence))  # no title stays in this table
    upload.finished_at = timezone.now()
    upload.outcome = {"code": refusal.code, "message": sentence}
    upload.save(update_fields=["finished_at", "outcome"])
    partial.erase(upload.pk)
    return refusal


def _outcome(upload: Upload) -> dict[str, Any]:
    outcome: dict[str, Any] = upload.outcome or {}
    if "code" in outcome:
        raise Refused(outcome["code"], outcome["message"], status=422)
    return outcome


def add_file(
    path: Path,
    *,
    by: Actor,
    about: dict[str, str],
    session_id: uuid.UUID | None = None,
    paper: Paper | None = None,
    secret: Callable[[Secrecy], object] | None = None,
) -> PaperVersion:
    """Make a paper (or ``paper``'s next version) of a file already on this machine: imports, demo.

    The same looks and refusals as for a file sent from a screen; ``path`` itself is left alone.
    ``secret`` is called with the degree in the transaction that writes the register's line.
    """
    rules.may_manage(by)
    about = {key: nfc(value) for key, value in about.items()}
    about.setdefault("file_name", clean_name(path.name))
    degree, found_in = secrecy.in_name(about["file_name"]), "name"
    if degree is None:
        rules.check_length(path.stat().st_size)
        finding = _look(path, about["file_name"])
        degree, found_in = secrecy.in_text(finding.text), "text"
    if degree is not None:
        with transaction.atomic():
            refusal = _turn_away(degree, found_in, about, session_id, by)
            if secret is not None:
                secret(degree)
        raise refusal
    if finding.problem:
        raise Refused(f"file_{finding.problem}", str(rules.PROBLEMS[finding.problem]), status=422)
    sha256, size = store.put_file(path)
    with transaction.atomic():
        return take(session_id, paper, about, (sha256, size), finding, by)


def add_stored(
    stored: tuple[str, int],
    *,
    by: Actor,
    about: dict[str, str],
    media_type: str,
    pages: int | None,
    session_id: uuid.UUID | None = None,
    looked_at: bool = False,
) -> PaperVersion:
    """A new paper of a file already in the store as (sha256, size): imports. ``looked_at``: its
    first pages were read there, also where they are pictures."""
    rules.may_manage(by)
    about = {key: nfc(value) for key, value in about.items()}
    finding = inspection.Finding(media_type=media_type, pages=pages)
    with transaction.atomic():
        return take(session_id, None, about, stored, finding, by, looked_at=looked_at)


def cancel_upload(upload: Upload, *, by: Actor) -> None:
    """Drop an unfinished file (the sender's own) and all that was said about it."""
    if upload.finished_at is None:
        Upload.objects.filter(pk=upload.pk, finished_at__isnull=True).delete()
        partial.erase(upload.pk)


def sweep_uploads() -> int:
    """Remove unfinished files nobody touched for a day; a job, runs in the council's scope.

    Files without any row (a crash between the two) go too, once a day old. Returns how many.
    """
    edge = timezone.now() - rules.UPLOAD_EXPIRES
    stale = list(Upload.objects.filter(finished_at__isnull=True, touched_at__lt=edge))
    for upload in stale:
        partial.erase(upload.pk)
    Upload.objects.filter(pk__in=[upload.pk for upload in stale]).delete()
    return len(stale) + partial.sweep(older_than=2 * rules.UPLOAD_EXPIRES.total_seconds())
