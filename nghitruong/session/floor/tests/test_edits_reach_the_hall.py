"""What the office corrects while the hall is at it: the screens follow, by an event."""

from __future__ import annotations

from typing import Any

from nghitruong.council.councils.roles import Actor
from nghitruong.council.papers import actions as paper_actions
from nghitruong.council.papers.models import Paper, PaperState, PaperVersion
from nghitruong.platform.live.api import sitting_stream
from nghitruong.platform.live.models import Event
from nghitruong.session.floor import actions, queries
from nghitruong.session.floor.tests.reducer import apply, shown
from nghitruong.session.meetings import actions as agenda
from nghitruong.session.meetings.models import AgendaPaper, SessionNotice, Sitting
from nghitruong.session.voting import actions as voting


def _after(
    sitting: Sitting, state: dict[str, Any], seq: int, audience: str = "hall"
) -> dict[str, Any]:
    rows = Event.objects.filter(stream=sitting_stream(sitting.pk, audience), seq__gt=seq)
    for row in rows.order_by("seq"):
        state = apply(state, row.data)
    return state


def _seq(sitting: Sitting) -> int:
    return Event.objects.filter(stream=sitting_stream(sitting.pk, "hall")).count()


def test_a_papers_new_title_and_an_items_new_presenter_are_on_every_screen(
    opened: Sitting, chair: Actor, clerk: Actor, council: Any
) -> None:
    item = opened.items.order_by("order").last()
    assert item is not None
    paper = Paper.objects.create(
        council=council, kind="draft_resolution", title="Dự thảo", state=PaperState.RELEASED
    )
    version = PaperVersion.objects.create(
        council=council, paper=paper, number=1, sha256="a" * 64, file_name="a.pdf", size=1, pages=1
    )
    AgendaPaper.objects.create(council=council, item=item, paper=paper, order=1)
    actions.go_to_item(opened, item.pk, by=chair)
    voting.prepare_poll(item, by=chair, sitting=opened, version=version)
    before, seq = queries.hall_state(opened.pk), _seq(opened)
    paper_actions.edit_paper(
        paper, by=clerk, kind="draft_resolution", title="Dự thảo Nghị quyết", number="12/TTr"
    )
    assert not SessionNotice.objects.exists()  # a correction is no news
    after = _after(opened, before, seq)
    assert after["item"]["papers"][0]["title"] == "Dự thảo Nghị quyết"
    assert after["poll"]["version"]["title"] == "Dự thảo Nghị quyết"
    agenda.edit_item(
        item, by=clerk, kind=item.kind, title="Tên đã sửa", presenter="Hoàng Văn Giang"
    )
    after = _after(opened, before, seq)
    assert (after["item"]["title"], after["item"]["presenter"]) == ("Tên đã sửa", "Hoàng Văn Giang")
    assert shown(after) == shown(queries.hall_state(opened.pk))


def test_the_list_of_where_to_go_follows_the_agenda_for_those_who_lead(
    opened: Sitting, chair: Actor, clerk: Actor
) -> None:
    before = queries.chair_state(opened.pk)
    hall, seq = queries.hall_state(opened.pk), _seq(opened)
    last = opened.items.order_by("order").last()
    assert last is not None
    added = agenda.add_item(
        opened.session, by=clerk, sitting=opened, kind="other", title="Bổ sung trong ngày"
    )
    agenda.edit_item(last, by=clerk, kind=last.kind, title="Tên đã sửa", presenter="")
    seen = _after(opened, before, 0, "chair")["agenda"]
    assert [(row["order"], row["title"]) for row in seen][-2:] == [
        (len(seen) - 1, "Tên đã sửa"),
        (len(seen), "Bổ sung trong ngày"),
    ]
    agenda.remove_item(added, by=clerk)
    after = _after(opened, before, 0, "chair")
    assert str(added.pk) not in {row["id"] for row in after["agenda"]}
    assert after["agenda"] == queries.chair_state(opened.pk)["agenda"]
    assert "agenda" not in _after(opened, hall, seq)  # not on the delegates' tablets
