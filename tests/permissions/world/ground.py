"""What everything else of a council's world hangs on: a delegate, an open sitting, a paper."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from django.utils import timezone

from nghitruong.config.demo.people import Built
from nghitruong.council.councils.models import Council, Membership, Organization, Person
from nghitruong.council.papers.models import Paper, PaperState, PaperVersion
from nghitruong.session.meetings.models import (
    AgendaItem,
    AgendaPaper,
    ItemKind,
    Session,
    SessionKind,
    SessionState,
    Sitting,
    SittingKind,
)
from tests.permissions.world.files import PDF, store

# (the URL or its app, "" for all; the part of the URL) → what the part is
Keys = dict[tuple[str, str], Any]


@dataclass(frozen=True)
class Ground:
    """``number`` is what tells this council's numbers from the other's; the clerk sends files."""

    council: Council
    number: int
    delegate: Person
    clerk: Person
    membership: Membership
    session: Session
    sitting: Sitting
    item: AgendaItem
    paper: Paper
    version: PaperVersion


def lay(built: Built, frozen: dict[str, Any], *, number: int) -> Ground:
    """The session with its sitting and item; the paper on the item."""
    council = built.council
    delegate = next(p for p in built.people.values() if p.full_name.startswith(("Lê", "Nông")))
    plenary = Organization.objects.get(code="HD")
    session = Session.objects.create(
        council=council,
        term=built.term,
        number=number,
        kind=SessionKind.REGULAR,
        title=f"Kỳ họp thứ {number}",
        expected_opening=date(2026, 12, 8),
        state=SessionState.IN_SESSION,
        profile_code="vn-2026-province",
        profile=frozen,
    )
    sitting = Sitting.objects.create(
        council=council,
        session=session,
        number=number + 10,
        kind=SittingKind.PLENARY,
        title=f"Phiên thứ {number + 10}",
        starts_at=datetime(2026, 12, 8, 1, tzinfo=UTC),
        state="open",
        roll_open=True,
        opened_at=timezone.now(),
    )
    item = AgendaItem.objects.create(
        council=council,
        session=session,
        sitting=sitting,
        order=0,
        kind=ItemKind.DECISION,
        title="Thông qua nghị quyết",
        presenting_body=Organization.objects.filter(kind="peoples_committee").first(),
    )
    Sitting.objects.filter(pk=sitting.pk).update(current_item=item)
    paper = Paper.objects.create(
        council=council,
        kind="draft_resolution",
        title=f"Dự thảo {council.slug}",
        fold=f"du thao {council.slug}",
        state=PaperState.RELEASED,
        released_at=timezone.now(),
    )
    version = PaperVersion.objects.create(
        council=council,
        paper=paper,
        number=1,
        sha256=store(PDF),
        size=len(PDF),
        media_type="application/pdf",
        file_name="du-thao.pdf",
        pages=1,
        uploaded_by_name="Trần Thị Bình",
    )
    AgendaPaper.objects.create(council=council, item=item, paper=paper)
    return Ground(
        council=council,
        number=number,
        delegate=delegate,
        clerk=Person.objects.get(account__username__in=["binh", "oanh"]),
        membership=Membership.objects.get(person=delegate, organization=plenary),
        session=session,
        sitting=sitting,
        item=item,
        paper=paper,
        version=version,
    )
