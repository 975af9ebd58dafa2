"""Who may keep notes, and with whom a note may be shared."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import gettext as _

from nghitruong.council.councils.models import Organization, OrganizationKind, Person
from nghitruong.council.councils.roles import Actor
from nghitruong.council.papers.models import Paper
from nghitruong.council.reading.models import Annotation
from nghitruong.platform.errors import NotAllowed, Refused

# Bodies small enough to work on a paper together. The plenary is not one: that is publishing.
SHARE_KINDS = (OrganizationKind.GROUP, OrganizationKind.COMMITTEE, OrganizationKind.STANDING)
NOTES_MOST = 3_000  # notes of one person on one text


def may_keep_notes(actor: Actor) -> Person:
    """Whoever is a person of this council keeps notes on what they may read."""
    if actor.person is None:
        raise NotAllowed(
            "no_person",
            _(
                "Tài khoản quản trị hệ thống không có sổ ghi chú. Hãy đăng nhập bằng "
                "tài khoản của người trong Hội đồng."
            ),
        )
    return actor.person


def bodies(actor: Actor) -> list[Organization]:
    """The bodies this person may share a note with: those they belong to today, a Tổ first."""
    found = {
        m.organization_id: m.organization
        for m in actor.memberships
        if m.organization.kind in SHARE_KINDS
    }
    order = {kind: place for place, kind in enumerate(SHARE_KINDS)}
    return sorted(found.values(), key=lambda body: (order[OrganizationKind(body.kind)], body.name))


def may_share_with(actor: Actor, key: str) -> Organization:
    """One of :func:`bodies`."""
    for body in bodies(actor):
        if str(body.pk) == key:
            return body
    raise NotAllowed(
        "not_your_body",
        _(
            "Chỉ chia sẻ được với Tổ, Ban hoặc Thường trực mà quý vị đang là thành "
            "viên. Hãy chọn lại."
        ),
    )


def check_room(count: int) -> None:
    """A notebook is for reading, not for storing: a limit nobody reaches by hand."""
    if count > NOTES_MOST:
        raise Refused(
            "too_many_notes",
            _("Tài liệu này đã có %(notes_most)s ghi chú của quý vị. Hãy xóa bớt rồi ghi tiếp.")
            % {"notes_most": NOTES_MOST},
        )


def note_elsewhere() -> Refused:
    """A note's key stands under another text: kept there, it would be lost here without a word."""
    return Refused(
        "note_elsewhere",
        _(
            "Ghi chú này thuộc bản khác của tài liệu nên chưa lưu ở đây. Hãy mở đúng bản đó, hoặc "
            "chép nội dung rồi ghi lại ở bản này."
        ),
    )


def keep_noted(papers: Sequence[Paper]) -> Refused | None:
    """A draft on which somebody wrote notes is not deleted under them. Whose, nobody is told."""
    noted = Annotation.objects.filter(version__paper__in=papers, removed=False)
    found = noted.select_related("version__paper").first()
    if found is None:
        return None
    return Refused(
        "papers_used",
        _(
            "Trên «%(title)s» đã có ghi chú của người đọc nên không hoàn tác được. Hãy rút từng "
            "tài liệu, kèm lý do."
        )
        % {"title": found.version.paper.title},
    )
