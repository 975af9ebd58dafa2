"""Rooms between sessions, and what agencies read after one."""

from __future__ import annotations

import uuid

import pytest
from django.http import Http404
from django.urls import reverse

from nghitruong.council.papers import actions as papers
from nghitruong.council.papers import queries as paper_queries
from nghitruong.council.papers.models import Paper
from nghitruong.council.papers.tests.conftest import make_pdf, send
from nghitruong.platform.errors import NotAllowed, Refused
from nghitruong.session.meetings import actions as meetings
from nghitruong.session.submissions import actions, queries
from nghitruong.session.submissions.models import Room
from nghitruong.session.submissions.tests.conftest import upload


def a_paper(people, title, **more) -> Paper:
    send(people.clerk, make_pdf(title), title=title, **more)
    return Paper.objects.get(title=title)


def reads(actor, paper) -> bool:
    found = paper_queries.papers_for(actor).filter(pk=paper.pk).first()
    return found is not None and bool(paper_queries.versions_for(actor, found))


def test_a_room_is_read_by_its_readers_alone_until_it_is_closed(council, people):
    draft, other = a_paper(people, "Đề cương giám sát"), a_paper(people, "Ngoài phòng")
    body = people.director.memberships[0].organization
    with pytest.raises(NotAllowed):
        actions.open_room(name="Phòng", purpose="", bodies=[], people=[], by=people.delegate)
    room = actions.open_room(
        name="Giám sát đất đai", purpose="Đoàn giám sát", bodies=[body],
        people=[people.delegate.person], by=people.clerk,
    )  # fmt: skip
    actions.change_room_papers(room, more=[draft], by=people.clerk)
    for reader in (people.director, people.delegate, people.clerk):
        assert reads(reader, draft)
        assert list(queries.papers_in(reader, queries.room_for(reader, room.pk))) == [draft]
    for stranger in (people.stranger, people.committee):
        assert not reads(stranger, draft)
        with pytest.raises(Http404):
            queries.room_for(stranger, room.pk)
    assert not reads(people.director, other)

    actions.edit_room(
        room, name=room.name, purpose="", bodies=[], people=[people.delegate.person],
        by=people.clerk,
    )  # fmt: skip
    assert not reads(people.director, draft)
    papers.withdraw_paper(draft, reason="Thay", by=people.clerk)
    assert not reads(people.delegate, draft)
    empty = actions.open_room(name="Khác", purpose="", bodies=[], people=[], by=people.clerk)
    with pytest.raises(Refused, match="withdrawn"):
        actions.change_room_papers(empty, more=[Paper.objects.get(pk=draft.pk)], by=people.clerk)
    actions.change_room_papers(room, more=[other], less=[draft.pk], by=people.clerk)
    assert reads(people.delegate, other)
    actions.close_room(room, by=people.clerk)
    assert not reads(people.delegate, other)
    assert not queries.rooms_for(people.delegate).exists()
    with pytest.raises(Refused, match="room_closed"):
        actions.change_room_papers(room, by=people.clerk)


def test_the_office_opens_a_room_fills_it_and_a_delegate_finds_it(council, people, signed_in):
    paper = a_paper(people, "Tài liệu tập huấn")
    client = signed_in(people.clerk)
    form = {"name": "Tập huấn đại biểu", "purpose": "", "people": [people.delegate.person_id]}
    answer = client.post(reverse("submissions:open_room", args=[council.slug]), form)
    room = Room.objects.get()
    assert answer["Location"] == reverse("submissions:room", args=[council.slug, room.pk])
    page = client.get(answer["Location"] + "?q=tap+huan").content.decode()
    assert "Tài liệu tập huấn" in page
    fill = reverse("submissions:room_papers", args=[council.slug, room.pk])
    client.post(fill, {"paper": [paper.pk]})
    shown = signed_in(people.delegate).get(reverse("submissions:rooms", args=[council.slug]))
    assert "Tập huấn đại biểu" in shown.content.decode()
    inside = reverse("submissions:room", args=[council.slug, room.pk])
    assert "Tài liệu tập huấn" in signed_in(people.delegate).get(inside).content.decode()
    signed_in(people.clerk).post(fill, {"out": [paper.pk]})
    assert room.papers.count() == 0


def test_agencies_read_after_the_session_what_was_not_closed_nor_kept(session, people):
    """Each row of the rule: released, of a session that is over, open doors, not kept back."""
    of = {"session_id": session.pk}
    found = {
        name: a_paper(people, name, **of) for name in ("sent", "kept", "closed", "draft", "gone")
    }
    shut = meetings.add_item(
        session, by=people.clerk, kind="other", title="Nội dung kín", closed_doors=True,
        papers=[found["closed"]],
    )  # fmt: skip
    assert shut.closed_doors
    papers.release_papers(
        [paper for name, paper in found.items() if name != "draft"], by=people.clerk
    )
    papers.withdraw_paper(found["gone"], reason="Rút", by=people.clerk)
    actions.set_publicity(found["kept"], public=False, reason="Nội bộ", by=people.chair)

    def read_by(actor):
        return {name for name, paper in found.items() if reads(actor, paper)}

    assert read_by(people.stranger) == set()
    for state in ("in_session", "closed"):
        meetings.move_session(session, state, by=people.clerk)
    assert read_by(people.stranger) == {"sent"}
    actions.set_publicity(found["kept"], public=True, by=people.chair)
    assert read_by(people.stranger) == {"sent", "kept"}


def test_a_room_never_shows_what_a_body_is_still_preparing(asked, council, people, signed_in):
    upload(asked, people.director, "Điều 1. Bản một")
    actions.pass_on(asked, by=people.director)
    actions.pass_on(asked, by=people.forwarder)
    draft, other = Paper.objects.get(), a_paper(people, "Đề cương")
    room = actions.open_room(
        name="Thẩm tra", purpose="", bodies=[], people=[people.delegate.person], by=people.clerk
    )
    actions.change_room_papers(room, more=[draft], by=people.clerk)
    assert reads(people.delegate, draft)
    actions.return_ask(asked, reason="Thiếu chữ ký", by=people.clerk)
    upload(asked, people.director, "Điều 1. Bản hai, chưa gửi", reason="Sửa")
    assert not reads(people.delegate, draft)
    assert reads(people.director, draft)
    # The room is edited meanwhile: the paper nobody there sees stays where it is.
    fill = reverse("submissions:room_papers", args=[council.slug, room.pk])
    signed_in(people.clerk).post(fill, {"paper": [other.pk]})
    assert queries.keys_in(room) == [draft.pk, other.pk]
    actions.pass_on(asked, by=people.director)
    actions.pass_on(asked, by=people.forwarder)
    assert reads(people.delegate, draft)


def test_a_form_of_a_room_takes_out_and_puts_in_only_what_it_names(
    council, people, signed_in, monkeypatch
):
    first, second, third = (a_paper(people, name) for name in ("Một", "Hai", "Ba"))
    room = actions.open_room(name="A", purpose="", bodies=[], people=[], by=people.clerk)
    actions.change_room_papers(room, more=[first], by=people.clerk)
    fill = reverse("submissions:room_papers", args=[council.slug, room.pk])
    client = signed_in(people.clerk)
    change = actions.change_room_papers

    def late(found, **wanted):
        """Somebody else puts one in after the page was asked, before it is written."""
        change(found, more=[second], by=people.chair)
        return change(found, **wanted)

    monkeypatch.setattr(actions, "change_room_papers", late)
    client.post(fill, {"paper": [third.pk], "out": [first.pk]})
    assert queries.keys_in(room) == [second.pk, third.pk]


def test_a_form_that_changes_nothing_in_a_room_does_not_say_that_it_was_written(
    council, people, signed_in
):
    room = actions.open_room(name="A", purpose="", bodies=[], people=[], by=people.clerk)
    fill = reverse("submissions:room_papers", args=[council.slug, room.pk])
    client = signed_in(people.clerk)

    def said(**form):
        return client.post(fill, form, follow=True).content.decode()

    assert "Phòng không thay đổi" in said()
    page = said(paper=[uuid.uuid4()])
    assert "1 tài liệu đã chọn không còn ở đây" in page
    assert "Đã ghi tài liệu của phòng" not in page
    assert "Đã ghi tài liệu của phòng" in said(paper=[a_paper(people, "Một").pk])


def test_a_paper_in_two_rooms_stands_once_in_each_in_its_order(people):
    first, second = a_paper(people, "Một"), a_paper(people, "Hai")
    for name, order in (("A", [first, second]), ("B", [second, first])):
        room = actions.open_room(name=name, purpose="", bodies=[], people=[], by=people.clerk)
        actions.change_room_papers(room, more=order, by=people.clerk)
    for room, order in zip(
        Room.objects.order_by("name"), ([first, second], [second, first]), strict=True
    ):
        assert list(queries.papers_in(people.clerk, room)) == order
