"""A file becomes a paper, or the next text of one."""

from __future__ import annotations

import uuid
from datetime import date
from pathlib import PurePosixPath

from django.utils.translation import gettext as _

from nghitruong.council.councils.models import Organization
from nghitruong.council.councils.roles import Actor
from nghitruong.council.papers import events, rules
from nghitruong.council.papers.actions.papers import describe
from nghitruong.council.papers.models import Paper, PaperState, PaperVersion
from nghitruong.platform.audit import api as audit
from nghitruong.platform.errors import Refused
from nghitruong.platform.files import inspection
from nghitruong.platform.storage.db import lock_row


def take(
    session_id: uuid.UUID | None,
    replaced: Paper | None,
    about: dict[str, str],
    stored: tuple[str, int],
    finding: inspection.Finding,
    by: Actor,
    *,
    looked_at: bool = False,
) -> PaperVersion:
    """The rows of a good file, in the caller's transaction.

    What could not be read on arrival (a scan, a sheet that has to be converted) may bear a mark of
    secrecy nobody has seen: such a version stays with the office until :func:`show_version`,
    unless ``looked_at`` says that its first pages were seen.
    """
    sha256, size = stored
    if replaced is None:
        paper = _new_paper(session_id, about, by)
        last, reason = None, ""
    else:
        paper = lock_row(Paper.objects.filter(pk=replaced.pk)).get()
        last = PaperVersion.objects.filter(paper=paper).order_by("-number").first()
        reason = rules.reason_given(about.get("reason", ""), _("thay bản mới"))
        _check_replaceable(paper, last, sha256)
    version = PaperVersion(
        council=by.council,
        paper=paper,
        number=last.number + 1 if last else 1,
        sha256=sha256,
        size=size,
        media_type=finding.media_type,
        file_name=about.get("file_name", "tai-lieu"),
        pages=finding.pages,
        uploaded_by_name=by.name,
        reason=reason,
        unread=not (looked_at or finding.read),
    )
    version.save(force_insert=True)
    audit.record(
        "papers.add_version",
        **by.audit(),
        target=paper,
        payload={
            "title": paper.title,
            "version": version.number,
            "sha256": sha256,
            "size": size,
            "reason": reason,
        },
    )
    if not version.unread:
        _tell(paper, version)
    return version


def show_version(version: PaperVersion) -> None:
    """Its first pages were read and bear no mark of secrecy (or cannot be read here at all): who
    reads the paper may have this text. In the caller's transaction; twice is once.

    A slow scan may be read after the text that replaced it: then it is no news to anybody."""
    shown = PaperVersion.objects.filter(pk=version.pk, unread=True).update(unread=False)
    if shown != 1:
        return
    later = PaperVersion.objects.filter(
        paper=version.paper_id, number__gt=version.number, unread=False
    )
    if not later.exists():
        _tell(version.paper, version)
    elif version.paper.state == PaperState.RELEASED:
        events.tell([version.paper], "")


def _tell(paper: Paper, version: PaperVersion) -> None:
    if paper.state == PaperState.RELEASED:
        events.announce(
            events.News(
                change=events.Change.VERSION,
                papers=[paper],
                text="Văn phòng vừa thay 1 tài liệu bằng bản mới",
                by_name=version.uploaded_by_name,
                reason=version.reason,
            )
        )


def hide_version(version: PaperVersion) -> None:
    """A mark of secrecy was read in it: from now on it is the office's alone until a person has
    decided, also where it was shown before. In the caller's transaction; twice is once."""
    hidden = PaperVersion.objects.filter(pk=version.pk, unread=False).update(unread=True)
    if hidden == 1 and version.paper.state == PaperState.RELEASED:
        events.tell([version.paper], "")


def _check_replaceable(paper: Paper, last: PaperVersion | None, sha256: str) -> None:
    if paper.state == PaperState.WITHDRAWN:
        raise Refused("withdrawn", _("Tài liệu đã rút. Hãy tải lên thành tài liệu mới."))
    if last is not None and last.sha256 == sha256:
        raise Refused(
            "same_text",
            _(
                "Tệp này giống hệt bản %(number)s đang có nên không tạo bản mới. Hãy "
                "kiểm tra lại tệp vừa chọn."
            )
            % {"number": last.number},
        )


def _new_paper(session_id: uuid.UUID | None, about: dict[str, str], by: Actor) -> Paper:
    body_id = about.get("issuing_body", "")
    body = Organization.objects.filter(pk=body_id).first() if body_id else None
    title = about.get("title") or PurePosixPath(about.get("file_name", "")).stem
    dated = about.get("dated", "")
    paper = Paper(
        council=by.council,
        session_id=session_id,
        **describe(
            kind=about.get("kind", ""),
            title=title,
            number=about.get("number", ""),
            issuer=about.get("issuer", "") or (body.name if body else ""),
            issuing_body=body,
            dated=date.fromisoformat(dated) if dated else None,
        ),
    )
    paper.save(force_insert=True)
    return paper
