"""Describing, releasing and withdrawing papers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import ProtectedError
from django.utils import timezone
from django.utils.translation import gettext as _

from nghitruong.council.councils.models import Organization
from nghitruong.council.councils.roles import Actor
from nghitruong.council.papers import events, extension, flows
from nghitruong.council.papers.models import (
    Paper,
    PaperKind,
    PaperState,
    PaperVersion,
)
from nghitruong.council.papers.rules import check_releasable, may_manage, reason_given
from nghitruong.lib.text import fold, nfc
from nghitruong.platform.audit import api as audit
from nghitruong.platform.audit.queries import last_changed_by
from nghitruong.platform.errors import Refused
from nghitruong.platform.storage.db import lock_row
from nghitruong.platform.storage.moves import move


def _record(action: str, paper: Paper, by: Actor, payload: dict[str, Any]) -> None:
    audit.record(
        action,
        **by.audit(),
        target=paper,
        payload=payload,
    )


def describe(
    *,
    kind: str,
    title: str,
    number: str = "",
    issuer: str = "",
    issuing_body: Organization | None = None,
    dated: date | None = None,
) -> dict[str, Any]:
    """The checked fields of a paper's description. Raises Refused for a missing title or kind."""
    title = " ".join(nfc(title).split())
    if not title:
        raise Refused("title_missing", _("Hãy ghi tên tài liệu."), status=422)
    if kind not in PaperKind.values:
        raise Refused("kind_missing", _("Hãy chọn loại tài liệu."), status=422)
    return {
        "kind": kind,
        "title": title[:500],
        "fold": fold(f"{number} {title}")[:500],
        "number": nfc(number).strip()[:60],
        "issuer": nfc(issuer).strip()[:200],
        "issuing_body": issuing_body,
        "dated": dated,
    }


DESCRIBED = ("kind", "title", "number", "issuer", "issuing_body", "dated")


def edit_paper(
    paper: Paper, *, by: Actor, seen: Mapping[str, Any] | None = None, **fields: Any
) -> Paper:
    """Correct a paper's description (its text changes only by a new version): ``fields`` are those
    that change, the others stay as they are by now. ``seen`` says what they held when the person
    began to write: what another has changed meanwhile is not overwritten unseen."""
    may_manage(by)
    with transaction.atomic():
        found: Paper = lock_row(Paper.objects.filter(pk=paper.pk)).get()
        now = {name: getattr(found, name) for name in DESCRIBED}
        values = describe(**(now | fields))
        _check_unmoved(found, values, seen or {})
        before = {name: str(value or "") for name, value in now.items()}
        for name, value in values.items():
            setattr(found, name, value)
        found.save(update_fields=list(values))
        after = {name: str(getattr(found, name) or "") for name in before}
        changed = {n: [before[n], after[n]] for n in before if before[n] != after[n]}
        if changed:
            _record("papers.edit", found, by, {"changed": changed})
            if found.state == PaperState.RELEASED:
                events.tell([found], "")  # no news, but screens show its title and number
    return found


def _plain(value: Any) -> str:
    return " ".join(nfc(str(value or "")).split())


def _check_unmoved(found: Paper, wanted: Mapping[str, Any], seen: Mapping[str, Any]) -> None:
    """A field that holds neither what the person saw nor what they want was written by another."""
    moved = [
        name
        for name, held in seen.items()
        if _plain(getattr(found, name)) not in (_plain(held), _plain(wanted[name]))
    ]
    if not moved:
        return
    held = {name: getattr(found, name) or _("(trống)") for name in moved}
    if "kind" in held:
        held["kind"] = found.get_kind_display()
    if found.dated and "dated" in held:
        held["dated"] = f"{found.dated:%d/%m/%Y}"
    columns: Any = Paper._meta
    what = "; ".join(f"{columns.get_field(name).verbose_name}: {held[name]}" for name in moved)
    who = [last_changed_by("papers.edit", found.pk, name) for name in moved]
    raise Refused(
        "paper_changed",
        _(
            "Chưa ghi, vì trong lúc sửa đã có thay đổi của %(names)s. Nay là: %(what)s. Các ô vẫn "
            "giữ nội dung vừa nhập; bấm «Ghi lại» lần nữa nếu muốn thay."
        )
        % {
            "names": ", ".join(dict.fromkeys(name for name in who if name)) or _("người khác"),
            "what": what,
        },
        status=409,
    )


def number_paper(paper: Paper, *, number: str, dated: date | None, by: Actor) -> Paper:
    """Number and date, often known only with the last text, for whom the caller's own rules let;
    what is not given stays."""
    with transaction.atomic():
        found: Paper = lock_row(Paper.objects.filter(pk=paper.pk)).get()
        wanted = {"number": nfc(number).strip()[:60], "dated": dated}
        changed: dict[str, list[str]] = {}
        for name, value in wanted.items():
            before = getattr(found, name)
            if value and value != before:
                setattr(found, name, value)
                changed[name] = [str(before or ""), str(value)]
        if changed:
            found.fold = fold(f"{found.number} {found.title}")[:500]
            found.save(update_fields=["number", "dated", "fold"])
            _record("papers.edit", found, by, {"changed": changed})
    return found


def name_verified(paper: Paper, version: PaperVersion | None, *, by: Actor) -> Paper:
    """Say which text of a draft a Ban's report is about (Q104 Điều 27); None takes it back."""
    may_manage(by)
    return set_verified(paper, version, by=by)


def set_verified(paper: Paper, version: PaperVersion | None, *, by: Actor) -> Paper:
    """:func:`name_verified` for whom the caller's own rules let: the Ban that wrote the report."""
    if paper.kind != PaperKind.VERIFICATION:
        raise Refused(
            "not_a_verification",
            _(
                "Chỉ báo cáo thẩm tra mới ghi bản dự thảo được thẩm tra. Hãy sửa loại "
                "tài liệu trước."
            ),
        )
    if version is not None and version.paper_id == paper.pk:
        raise Refused("own_text", _("Báo cáo không thẩm tra chính nó. Hãy chọn bản của dự thảo."))
    with transaction.atomic():
        found: Paper = lock_row(Paper.objects.filter(pk=paper.pk)).get()
        found.verifies = version
        found.save(update_fields=["verifies"])
        named = {"paper": str(version.paper_id), "version": version.number} if version else None
        _record("papers.name_verified", found, by, {"verifies": named})
        if found.state == PaperState.RELEASED:
            events.tell([found], "")  # no news, but screens that show it are drawn anew
    return found


def release_papers(
    papers: Sequence[Paper], *, by: Actor, late_approved_by: str = "", late_reason: str = ""
) -> list[Paper]:
    """Send papers to the delegates, one or many; returns those that were not sent before.

    Papers already sent are passed over (a double tap sends once); a withdrawn one refuses all.
    Papers past their day need a decision to circulate late: one on record already, or
    ``late_approved_by`` and ``late_reason``, which are put on record here. Every screen of the
    sessions concerned is told once.
    """
    may_manage(by)
    with transaction.atomic():
        found = list(
            lock_row(Paper.objects.filter(pk__in=[paper.pk for paper in papers])).order_by("pk")
        )
        for paper in found:
            check_releasable(paper, by)
        fresh = [paper for paper in found if paper.state == PaperState.DRAFT]
        approved_by, reason = nfc(late_approved_by).strip()[:200], nfc(late_reason).strip()
        late = extension.late_permits(fresh, approved_by, reason, by)
        now = timezone.now()
        for paper in fresh:
            approved = late.get(paper.pk, "")
            move(
                paper, flows.PAPER, PaperState.RELEASED, released_at=now, late_approved_by=approved
            )
            _record(
                "papers.release",
                paper,
                by,
                {"title": paper.title, "late_approved_by": paper.late_approved_by},
            )
        if fresh:
            text = f"Văn phòng vừa gửi {len(fresh)} tài liệu mới"
            events.announce(
                events.News(change=events.Change.RELEASED, papers=fresh, text=text, by_name=by.name)
            )
    return fresh


def withdraw_paper(paper: Paper, *, reason: str, by: Actor) -> Paper:
    """Withdraw a paper, with the reason; delegates who had it still see it, marked withdrawn."""
    may_manage(by)
    reason = reason_given(reason, _("rút tài liệu"))
    with transaction.atomic():
        found: Paper = lock_row(Paper.objects.filter(pk=paper.pk)).get()
        if found.state == PaperState.WITHDRAWN:
            raise Refused("already_withdrawn", _("Tài liệu này đã được rút trước đó."))
        move(found, flows.PAPER, PaperState.WITHDRAWN, withdrawn_reason=reason)
        _record("papers.withdraw", found, by, {"title": found.title, "reason": reason})
        if found.released_at is not None:
            events.announce(
                events.News(
                    change=events.Change.WITHDRAWN,
                    papers=[found],
                    text="Văn phòng vừa rút 1 tài liệu",
                    by_name=by.name,
                    reason=reason,
                )
            )
    return found


def set_pages(version: PaperVersion, pages: int) -> None:
    """Pages counted in the background, in the caller's transaction: Word files say little."""
    PaperVersion.objects.filter(pk=version.pk).update(pages=pages)
    version.pages = pages


def remove_drafts(papers: Sequence[Paper], *, by: Actor) -> None:
    """Take back papers that no delegate ever saw: rows go, all or none.

    Refused when one was released, got another version, or is already used elsewhere: on an agenda,
    in a room, by who wrote notes on it.
    """
    may_manage(by)
    keys = [paper.pk for paper in papers]
    with transaction.atomic():
        # FOR UPDATE, not lock_row: a note or a room that comes now waits, and is not swept away.
        found = list(Paper.objects.select_for_update().filter(pk__in=keys).order_by("pk"))
        for paper in found:
            if paper.state != PaperState.DRAFT or paper.released_at is not None:
                raise Refused(
                    "already_sent",
                    _(
                        "«%(title)s» đã gửi đại biểu hoặc đã rút nên không hoàn tác được. Hãy "
                        "rút từng tài liệu, kèm lý do."
                    )
                    % {"title": paper.title},
                )
        versions = PaperVersion.objects.filter(paper__in=keys)
        if len(versions.select_for_update().order_by("pk")) > len(found):
            raise Refused(
                "already_replaced",
                _(
                    "Có tài liệu đã được thay bản mới nên không hoàn tác cả lượt được. Hãy "
                    "rút từng tài liệu, kèm lý do."
                ),
            )
        if (why := extension.kept(found)) is not None:
            raise why
        for paper in found:
            _record("papers.remove_draft", paper, by, {"title": paper.title})
        try:
            with transaction.atomic():
                versions.delete()
                Paper.objects.filter(pk__in=keys).delete()
        except ProtectedError:
            raise Refused(
                "papers_used",
                _(
                    "Có tài liệu đã được dùng trong chương trình hoặc biểu quyết nên không "
                    "hoàn tác được. Hãy rút từng tài liệu, kèm lý do."
                ),
            ) from None
