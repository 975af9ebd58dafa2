"""Whatever changes behind the index's back: nobody finds what its own page would not show them."""

from __future__ import annotations

import uuid

import pytest
from django.http import Http404
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from nghitruong.council.councils.models import DutyKind
from nghitruong.council.councils.roles import Actor, Role
from nghitruong.council.guests.models import GuestPaper
from nghitruong.council.papers import queries as papers
from nghitruong.council.papers.models import Paper, PaperState, PaperVersion
from nghitruong.council.search import indexing
from nghitruong.council.search.passages import Filters
from nghitruong.council.search.queries import search
from nghitruong.council.search.tests.conftest import give_text, make_paper
from nghitruong.session.floor.models import JournalEntry, Speech
from nghitruong.session.floor.rules import may_see_desk
from nghitruong.session.meetings import queries as meetings
from nghitruong.session.meetings.models import AgendaItem, AgendaPaper, Sitting
from nghitruong.session.submissions.models import Ask, Room, RoomPaper, RoomReader

WORD = "thủy lợi"


@pytest.fixture
def world(opened, clerk, cuc, giang, chair, settings, tmp_path):
    """One of each thing that is found, and people of every kind."""
    settings.VAR_DIR, settings.SEARCH_ENGINE = tmp_path, "tantivy"
    council = opened.council
    guest = Actor(council, cuc.person, None, "Khách", frozenset({Role.GUEST}), frozenset({DutyKind.GUEST}))  # fmt: skip # noqa: E501
    press = Actor(council, None, None, "Nhà báo", frozenset({Role.PRESS}), frozenset())
    item = opened.items.order_by("order").first()
    other = opened.items.order_by("order").last()
    for one in (item, other):
        AgendaItem.objects.filter(pk=one.pk).update(title=f"Về {WORD} {one.order}")
        Speech.objects.create(
            council=council, sitting=opened, item=one, name="Lê Thị Cúc", limit_seconds=420,
            started_at=timezone.now(), ended_at=timezone.now(),
        )  # fmt: skip
    JournalEntry.objects.create(
        council=council, sitting=opened, item=item, at=timezone.now(), kind="floor.add_line",
        text=f"Nêu {WORD}", by_name="Trần Thị Bình",
    )  # fmt: skip
    body = giang.memberships[0].organization
    plain, asked, roomed, given_, moving = (
        make_paper(council, f"Báo cáo {WORD} {n}", f"{WORD} trang", session_id=opened.session_id)
        for n in range(5)
    )
    AgendaPaper.objects.create(council=council, item=item, paper=plain)
    ask = Ask.objects.create(
        council=council, session=opened.session, body=body, kind="report", title=WORD, fold=WORD,
        paper=asked, asked_by_name="Bình",
    )  # fmt: skip
    Paper.objects.filter(pk__in=[asked.pk, roomed.pk]).update(
        state=PaperState.DRAFT, released_at=None
    )
    room = Room.objects.create(council=council, name="Phòng", fold="phong", opened_by_name="Bình")
    RoomPaper.objects.create(council=council, room=room, paper=roomed)
    RoomReader.objects.create(council=council, room=room, person=cuc.person)
    GuestPaper.objects.create(
        council=council, person=cuc.person, paper=given_, given_by_name="Bình"
    )
    give_text(moving, f"{WORD} bản hai", number=2)
    indexing.rebuild()
    return {
        "actors": [chair, clerk, cuc, giang, guest, press],
        "sitting": opened,
        "items": [item, other],
        "papers": [plain, asked, roomed, given_, moving],
        "ask": ask,
        "room": room,
    }


STEPS = st.one_of(
    st.tuples(st.just("item"), st.integers(0, 1), st.booleans()),
    st.tuples(st.just("sitting"), st.just(0), st.booleans()),
    st.tuples(st.just("ask"), st.just(0), st.sampled_from(["preparing", "checking", "cleared"])),
    st.tuples(st.just("room"), st.just(0), st.booleans()),
    st.tuples(st.just("given"), st.just(0), st.booleans()),
    st.tuples(st.just("unread"), st.integers(0, 4), st.integers(0, 2)),
    st.tuples(st.just("state"), st.integers(0, 4), st.sampled_from(list(PaperState))),
)


def change(world, what, number, value) -> None:
    """One row, with no signal sent and nothing indexed."""
    if what == "item":
        AgendaItem.objects.filter(pk=world["items"][number].pk).update(closed_doors=value)
    elif what == "sitting":
        Sitting.objects.filter(pk=world["sitting"].pk).update(closed_doors=value)
    elif what == "ask":
        Ask.objects.filter(pk=world["ask"].pk).update(state=value)
    elif what == "room":
        closed = timezone.now() if value else None
        Room.objects.filter(pk=world["room"].pk).update(closed_at=closed)
    elif what == "given":
        given_ = GuestPaper.objects.filter(paper=world["papers"][3])
        given_.update(paper=world["papers"][0] if value else world["papers"][3])
    elif what == "unread":
        of = PaperVersion.objects.filter(paper=world["papers"][number])
        of.update(unread=False)
        of.filter(number=value).update(unread=True)
    else:
        sent = None if value == PaperState.DRAFT else timezone.now()
        Paper.objects.filter(pk=world["papers"][number].pk).update(state=value, released_at=sent)


def opens(actor, world, passage) -> bool:
    """Whether the page that a result leads to shows this very thing to this person."""
    sitting = Sitting.objects.get(pk=world["sitting"].pk)
    try:
        if passage.source == "paper":
            paper = papers.paper_for(actor, passage.object)
            papers.version_for(actor, paper, int(passage.version))
            return paper.state != PaperState.WITHDRAWN
        if passage.source == "item":
            parts = meetings.agenda(actor, sitting.session)
            return passage.object in {item.pk for part in parts for item in part.items}
        model = Speech if passage.source == "speech" else JournalEntry
        row = model.objects.select_related("item").get(pk=passage.object)
        if passage.source == "journal" and not may_see_desk(actor):
            return False
        meetings.sitting_for(actor, sitting.session, sitting.number)
        shut = sitting.closed_doors or (row.item is not None and row.item.closed_doors)
        return meetings.may_be_inside(actor) or not shut
    except Http404:
        return False


@settings(
    max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None
)
@given(steps=st.lists(STEPS, max_size=8))
def test_nobody_finds_what_its_own_page_would_not_show(world, steps):
    for step in steps:
        change(world, *step)
    council = world["sitting"].council_id.hex
    found: dict[str, set[uuid.UUID]] = {}
    for actor in world["actors"]:
        for result in search(actor, WORD, Filters(council=council)).results:  # ten, all there are
            passage = result.hit.passage
            assert opens(actor, world, passage), (actor.name, passage)
            found.setdefault(actor.name, set()).add(passage.object)
    assert found  # the chair at least: the questions are not answered by silence
