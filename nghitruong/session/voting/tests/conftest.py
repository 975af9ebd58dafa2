"""A sitting with its roll, and short ways to prepare, open and vote."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from django.utils import timezone

from nghitruong.council.councils.models import Membership, OrganizationKind
from nghitruong.council.papers.models import Paper, PaperState, PaperVersion
from nghitruong.session.meetings.models import AgendaItem, AgendaPaper, RollEntry, Sitting
from nghitruong.session.voting import actions
from nghitruong.session.voting.casting import Ballot, cast_votes
from nghitruong.session.voting.models import Poll


@pytest.fixture
def hall(sitting: Sitting) -> Sitting:
    """The sitting opened, everybody in office on its roll and present; second item current."""
    members = Membership.objects.filter(
        organization__kind=OrganizationKind.PLENARY, ends_on__isnull=True
    ).select_related("person", "seat")
    people = set()
    for member in members.order_by("person__sort_key"):
        if member.person_id in people:
            continue
        people.add(member.person_id)
        RollEntry.objects.create(
            council_id=sitting.council_id,
            sitting=sitting,
            membership=member,
            person=member.person,
            name=member.person.full_name,
            sort_key=member.person.sort_key,
            group="Tổ số 1",
            seat_number=member.seat.number if member.seat else None,
            presence="present",
        )
    sitting.state = "open"
    sitting.opened_at = timezone.now()
    sitting.current_item = sitting.items.get(order=1)
    sitting.save()
    return sitting


@pytest.fixture
def item(hall: Sitting) -> AgendaItem:
    return hall.items.get(order=1)


@pytest.fixture
def draft(item: AgendaItem) -> PaperVersion:
    """Version 1 of a draft resolution, attached to the item, sent to the delegates."""
    paper = Paper.objects.create(
        council_id=item.council_id,
        kind="draft_resolution",
        title="Dự thảo Nghị quyết về dự toán ngân sách năm 2027",
        fold="du thao nghi quyet ve du toan ngan sach nam 2027",
        state=PaperState.RELEASED,
    )
    AgendaPaper.objects.create(council_id=item.council_id, item=item, paper=paper)
    return add_version(paper, 1)


def add_version(paper: Paper, number: int) -> PaperVersion:
    return PaperVersion.objects.create(
        council_id=paper.council_id,
        paper=paper,
        number=number,
        sha256=f"{number:064x}",
        size=1000,
        media_type="application/pdf",
        file_name=f"du-thao-{number}.pdf",
        uploaded_by_name="Trần Thị Bình",
    )


@pytest.fixture
def prepared(item: AgendaItem, hall: Sitting, draft: PaperVersion, chair: Any) -> Poll:
    return actions.prepare_poll(item, by=chair, sitting=hall, version=draft)


@pytest.fixture
def poll(prepared: Poll, chair: Any) -> Poll:
    """An open poll."""
    return actions.open_poll(prepared, by=chair)


def ballot(poll: Poll, person_id: uuid.UUID, choice: Any, **more: Any) -> Ballot:
    more.setdefault("at", datetime.now(UTC))
    return Ballot(
        poll_id=poll.pk, sitting_id=poll.sitting_id, person_id=person_id, choice=choice, **more
    )


@pytest.fixture
def cast() -> Callable[..., Any]:
    """``cast(poll, "yes", 9)``: the next nine of the roll who have not voted choose so."""

    def run(poll: Poll, choice: str, people: int) -> list[Any]:
        voted = poll.votes.values("membership")
        rows = RollEntry.objects.filter(sitting_id=poll.sitting_id, presence="present")
        rows = rows.exclude(membership__in=voted)
        ballots = [ballot(poll, row.person_id, choice) for row in rows.order_by("pk")[:people]]
        return cast_votes(ballots, council_id=poll.council_id)

    return run
