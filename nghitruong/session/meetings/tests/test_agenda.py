from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from nghitruong.council.binder.models import BinderPlace
from nghitruong.council.papers import actions as papers
from nghitruong.council.papers import extension
from nghitruong.council.papers.models import Paper
from nghitruong.council.papers.tests.conftest import make_pdf, send
from nghitruong.platform.audit.models import Entry
from nghitruong.platform.errors import Refused
from nghitruong.session.meetings import actions, events, queries
from nghitruong.session.meetings.binder_door import MeetingsDoor
from nghitruong.session.meetings.models import AgendaItem
from nghitruong.session.meetings.tests.conftest import at

# Whatever the day on which the tests run.
LATE = {"late_approved_by": "Chủ tịch HĐND", "late_reason": "Bổ sung"}


@pytest.fixture
def items(session, sitting, cast):
    return [
        actions.add_item(
            session,
            by=cast.clerk,
            sitting=sitting,
            kind="report",
            title=f"Nội dung {n}",
            minutes=40,
        )
        for n in range(1, 5)
    ]


def titles(session):
    rows = AgendaItem.objects.filter(session=session).order_by("order")
    return [row.title.removeprefix("Nội dung ") for row in rows]


def test_items_stand_in_the_order_they_were_added(session, items):
    assert titles(session) == ["1", "2", "3", "4"]
    assert list(AgendaItem.objects.order_by("order").values_list("order", flat=True)) == [
        1,
        2,
        3,
        4,
    ]


def test_an_item_moves_before_another_and_to_the_end(session, sitting, items, cast):
    actions.move_item(items[3], before=items[0], by=cast.clerk)
    assert titles(session) == ["4", "1", "2", "3"]
    actions.move_item(items[0], sitting=sitting, by=cast.clerk)
    assert titles(session) == ["4", "2", "3", "1"]


def test_two_people_who_reorder_at_once_both_get_what_they_asked(session, items, cast):
    # both looked at 1 2 3 4; each holds its own stale rows
    stale = [AgendaItem.objects.get(pk=item.pk) for item in items]
    actions.move_item(items[3], before=items[0], by=cast.clerk)
    actions.move_item(stale[0], before=stale[3], by=cast.chair)
    assert titles(session) == ["1", "4", "2", "3"]
    orders = AgendaItem.objects.filter(session=session).values_list("order", flat=True)
    assert sorted(orders) == [1, 2, 3, 4]


def test_an_item_removed_by_somebody_else_is_told(session, items, cast):
    gone = AgendaItem.objects.get(pk=items[0].pk)
    actions.remove_item(items[0], by=cast.clerk)
    assert titles(session) == ["2", "3", "4"]
    with pytest.raises(Refused, match="item_gone"):
        actions.move_item(items[2], before=gone, by=cast.clerk)
    with pytest.raises(Refused, match="item_gone"):
        actions.move_item(gone, before=items[2], by=cast.clerk)


def test_an_item_moves_to_another_sitting(session, sitting, items, cast):
    afternoon = actions.add_sitting(
        session, by=cast.clerk, kind="plenary", starts_at=at(14), ends_at=at(17)
    )
    actions.move_item(items[0], sitting=afternoon, by=cast.clerk)
    parts = queries.agenda(cast.clerk, session)
    assert [[i.title[-1] for i in part.items] for part in parts] == [["2", "3", "4"], ["1"]]
    actions.move_item(items[1], before=items[0], by=cast.clerk)
    parts = queries.agenda(cast.clerk, session)
    assert [[i.title[-1] for i in part.items] for part in parts] == [["3", "4"], ["2", "1"]]


def test_minutes_are_counted_against_the_hours(session, sitting, items, cast):
    part = queries.agenda(cast.clerk, session)[0]
    assert (part.minutes, part.available, part.over) == (160, 120, 40)
    assert part.starts[items[1].pk] == at(8, 40)


def test_a_closed_sitting_keeps_its_items(session, sitting, items, cast):
    sitting.state = "closed"
    sitting.save()
    for act in (
        lambda: actions.move_item(items[0], sitting=None, by=cast.clerk),
        lambda: actions.remove_item(items[0], by=cast.clerk),
        lambda: actions.edit_item(items[0], kind="report", title="Khác", by=cast.clerk),
    ):
        with pytest.raises(Refused, match="item_done"):
            act()
    with pytest.raises(Refused, match="sitting_closed"):
        actions.add_item(session, by=cast.clerk, sitting=sitting, kind="report", title="Muộn")


def test_delegates_see_released_papers_of_an_item_only(session, items, cast):
    send(cast.clerk, make_pdf("Một"), title="Đã gửi", session_id=session.pk)
    send(cast.clerk, make_pdf("Hai"), title="Còn soạn", session_id=session.pk)
    sent = Paper.objects.get(title="Đã gửi")
    from nghitruong.council.papers.actions import release_papers

    release_papers([sent], by=cast.clerk, **LATE)
    actions.change_item_papers(items[0], more=list(Paper.objects.order_by("title")), by=cast.clerk)

    def shown(actor):
        return sorted(p.title for p in queries.agenda(actor, session)[0].items[0].shown_papers)

    assert shown(cast.clerk) == ["Còn soạn", "Đã gửi"]
    assert shown(cast.delegates[0]) == ["Đã gửi"]


def test_the_conduct_of_the_sitting_hears_of_every_change(
    session, sitting, items, cast, monkeypatch
):
    heard = []
    monkeypatch.setattr(events, "_listeners", [heard.append])
    actions.edit_item(items[0], kind="debate", title="Thảo luận", by=cast.clerk)
    actions.move_item(items[0], before=items[2], by=cast.clerk)
    assert [set(keys) for keys in heard] == [{sitting.pk}, {sitting.pk}]


def test_a_sitting_must_end_after_it_begins(session, cast):
    with pytest.raises(Refused, match="hours_wrong"):
        actions.add_sitting(session, by=cast.clerk, kind="plenary", starts_at=at(9), ends_at=at(8))


def test_a_dropped_sitting_leaves_its_items_on_the_agenda(session, sitting, items, cast):
    actions.remove_sitting(sitting, by=cast.clerk)
    assert [part.sitting for part in queries.agenda(cast.clerk, session)] == [None]
    assert titles(session) == ["1", "2", "3", "4"]


def test_a_delegate_does_not_touch_the_agenda(session, items, cast):
    with pytest.raises(Refused, match="meetings_not_yours"):
        actions.move_item(items[0], before=items[2], by=cast.delegates[0])


def test_a_paper_sent_for_no_session_is_offered_and_read_in_the_binder_of_its_agenda(
    cast, council, signed_in
):
    """What the sentences tell the clerk to put on the agenda, a page offers."""
    session = actions.create_session(  # far ahead: nothing is late on any day the tests run
        by=cast.clerk,
        number=7,
        kind="regular",
        expected_opening=timezone.localdate() + timedelta(days=90),
        place="Hội trường",
    )

    def paper(title, **more):
        outcome = send(cast.clerk, make_pdf(title), title=title, **more)
        return Paper.objects.get(pk=outcome["paper"])

    own = paper("Của kỳ họp", session_id=session.pk)
    loose, gone, draft = paper("Gửi riêng"), paper("Đã rút riêng"), paper("Chưa gửi riêng")
    papers.release_papers([own, loose, gone], by=cast.clerk)
    papers.withdraw_paper(Paper.objects.get(pk=gone.pk), reason="Nhầm", by=cast.clerk)
    client = signed_in(cast.clerk)
    url = reverse("meetings:add_item", args=[council.slug, session.number])
    page = client.get(url).content.decode()
    assert f'value="{loose.pk}"' in page
    assert f'value="{gone.pk}"' not in page
    assert f'value="{draft.pk}"' not in page
    reader = cast.delegates[0]
    assert [one.paper for one in extension.packet_of(reader, loose)] == [loose]

    fields = {"title": "Báo cáo", "kind": "report", "minutes": 20, "papers": [loose.pk]}
    assert client.post(url, fields).status_code == 302
    item = AgendaItem.objects.get(title="Báo cáo")
    assert list(item.item_papers.values_list("paper", flat=True)) == [loose.pk]
    edit = client.get(
        reverse("meetings:item", args=[council.slug, session.number, item.pk])
    ).content.decode()
    assert edit.count(f'name="papers" value="{loose.pk}"') == 1  # once, among the session's
    place = {"council": council, "session_id": session.pk, "section": "bao-cao"}
    BinderPlace.objects.create(paper=own, order=2, **place)
    BinderPlace.objects.create(paper=loose, order=1, **place)
    packet = extension.packet_of(reader, loose)
    assert [(one.paper, one.first) for one in packet] == [(loose, 1), (own, 2)]


def under(item):
    links = item.item_papers.order_by("order", "pk")
    return list(links.values_list("paper__title", flat=True))


def test_a_form_changes_only_what_was_ticked_and_unticked_in_it(
    session, items, cast, council, signed_in
):
    for title in ("Một", "Hai", "Ba", "Bốn"):
        send(cast.clerk, make_pdf(title), title=title, session_id=session.pk)
    of = {paper.title: paper for paper in Paper.objects.all()}
    item = items[0]
    actions.change_item_papers(item, more=[of["Hai"], of["Một"]], by=cast.clerk)
    client = signed_in(cast.clerk)
    url = reverse("meetings:item", args=[council.slug, session.number, item.pk])
    page = client.get(url).content.decode()
    had = [str(of[title].pk) for title in ("Hai", "Một") if f'"had" value="{of[title].pk}"' in page]
    assert len(had) == 2
    assert page.count('name="had"') == 2
    # Meanwhile another paper came under it.
    actions.change_item_papers(item, more=[of["Ba"]], by=cast.chair)
    fields = {"title": item.title, "kind": "report", "minutes": 55, "had": had}
    # The boxes stand by name, not in the order of the item.
    by_name = [str(of["Một"].pk), str(of["Hai"].pk)]
    assert client.post(url, fields | {"papers": by_name}).status_code == 302
    item.refresh_from_db()
    assert item.minutes == 55
    assert under(item) == ["Hai", "Một", "Ba"]
    # One more ticked, one unticked, by somebody who has not seen «Ba» yet.
    ticked = [str(of["Bốn"].pk), str(of["Một"].pk)]
    assert client.post(url, fields | {"papers": ticked}).status_code == 302
    assert under(item) == ["Một", "Ba", "Bốn"]
    # A form that comes back with a fault keeps what was ticked.
    faulty = fields | {"papers": ticked, "minutes": "x"}
    page = client.post(url, faulty).content.decode()
    assert f'name="papers" value="{of["Bốn"].pk}" checked' in page
    assert f'name="papers" value="{of["Ba"].pk}" checked' not in page
    assert page.count('name="had"') == 2


def test_an_empty_change_of_papers_is_no_act(session, items, cast):
    send(cast.clerk, make_pdf("Một"), title="Một", session_id=session.pk)
    paper = Paper.objects.get()
    actions.change_item_papers(items[0], more=[paper, paper], by=cast.clerk)
    actions.change_item_papers(items[0], more=[paper], by=cast.clerk)
    actions.change_item_papers(items[1], less=[paper.pk], by=cast.clerk)
    assert Entry.objects.filter(action="meetings.set_item_papers").count() == 1
    door = MeetingsDoor()
    door.detach([paper.pk], by=cast.clerk)
    assert under(items[0]) == []
    door.attach({items[1].pk: [paper.pk]}, by=cast.clerk)
    assert under(items[1]) == ["Một"]


def test_on_several_agendas_it_is_read_in_the_binder_of_the_last_to_open(session, items, cast):
    outcome = send(cast.clerk, make_pdf())
    paper = Paper.objects.get(pk=outcome["paper"])
    actions.change_item_papers(items[0], more=[paper], by=cast.clerk)
    assert queries.session_under(paper.pk) == session.pk
    later = actions.create_session(
        by=cast.clerk,
        number=8,
        kind="regular",
        expected_opening=session.expected_opening + timedelta(days=30),
        place="Hội trường",
    )
    actions.add_item(later, by=cast.clerk, kind="report", title="Báo cáo", papers=[paper])
    assert queries.session_under(paper.pk) == later.pk


def test_a_new_item_goes_to_the_sitting_chosen_in_its_form(
    session, sitting, cast, council, signed_in
):
    client = signed_in(cast.clerk)
    url = reverse("meetings:add_item", args=[council.slug, session.number])
    agenda = reverse("meetings:agenda", args=[council.slug, session.number])
    name = f"Phiên {sitting.number}: {sitting.title}"

    def add(title, **more):
        fields = {"title": title, "kind": "report", "minutes": 20, **more}
        assert client.post(url, fields).status_code == 302
        said = client.get(agenda).content.decode()
        return AgendaItem.objects.get(title=title).sitting, said

    # The only sitting still to be held is chosen; none at all is a choice too.
    page = client.get(url).content.decode()
    assert f'<option value="{sitting.number}" selected>{name}</option>' in page
    assert "Chưa xếp vào phiên nào</option>" in page
    place, said = add("Một", sitting=sitting.number)
    assert place == sitting
    assert f"Đã thêm nội dung vào cuối «{name}»." in said
    place, said = add("Hai", sitting="")
    assert place is None
    assert "Đã thêm nội dung, chưa xếp vào phiên nào" in said

    # Of two none is guessed; the one it is added from is chosen; one that is over is no choice.
    second = actions.add_sitting(
        session, by=cast.clerk, kind="plenary", starts_at=at(13), ends_at=at(16)
    )
    assert " selected>Phiên" not in client.get(url).content.decode()
    chosen = f'<option value="{second.number}" selected>'
    assert chosen in client.get(f"{url}?phien={second.number}").content.decode()
    second.state = "closed"
    second.save(update_fields=["state"])
    assert f'<option value="{second.number}"' not in client.get(url).content.decode()
    over = client.post(
        url, {"title": "Ba", "kind": "report", "minutes": 20, "sitting": second.number}
    )
    assert over.status_code == 200  # asked again, nothing typed is lost
    assert 'value="Ba"' in over.content.decode()
    assert not AgendaItem.objects.filter(title="Ba").exists()
    assert client.get(f"{url}?phien={second.number}").status_code == 409
    shown = client.get(agenda).content.decode()  # nor does the agenda lead there
    assert f"?phien={sitting.number}" in shown
    assert f"?phien={second.number}" not in shown
