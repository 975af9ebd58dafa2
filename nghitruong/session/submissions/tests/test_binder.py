"""The binder holds what reached the office: no draft that an agency still writes."""

from __future__ import annotations

from dataclasses import replace

import pytest

from nghitruong.council.binder import actions as binder
from nghitruong.council.binder import checks
from nghitruong.council.binder.contents import contents, session_papers
from nghitruong.council.binder.models import ImportFile
from nghitruong.council.binder.proposals import ask_of
from nghitruong.council.binder.sessions import awaited, sessions
from nghitruong.council.binder.tests.conftest import paper_pdf, send_in
from nghitruong.council.papers.models import PaperVersion
from nghitruong.council.papers.queries import papers_for
from nghitruong.council.reading import actions as reading
from nghitruong.council.reading import changes
from nghitruong.council.reading.models import Annotation
from nghitruong.council.reading.tests.conftest import note
from nghitruong.platform.errors import Refused
from nghitruong.session.submissions import actions
from nghitruong.session.submissions.models import AskState
from nghitruong.session.submissions.tests.conftest import again, upload


def test_a_draft_is_printed_and_compared_only_once_the_office_has_it(asked, session, people):
    info = sessions().by_id(session.pk)

    def bound() -> list[str]:
        sections = contents(people.clerk.council_id, session.pk)
        return [entry.paper.title for section in sections for entry in section.entries]

    def twins() -> list[str]:
        sent = ImportFile(file_name="a.pdf", sha256=PaperVersion.objects.last().sha256)
        found = checks.of_import([sent], session_papers(people.clerk.council_id, session.pk))
        return [problem.code for problem in found[sent.pk] if problem.code == "duplicate"]

    upload(asked, people.director, "Điều 1. Phí là 10.000 đồng", number="12/TTr-SXD")
    assert (bound(), twins()) == ([], [])
    with pytest.raises(Refused, match="packet_empty"):
        binder.order_packet(info, by=people.clerk)
    actions.pass_on(asked, by=people.director)
    actions.pass_on(asked, by=people.forwarder)
    assert (bound(), twins()) == ([asked.title], ["duplicate"])
    binder.order_packet(info, by=people.clerk)
    actions.return_ask(again(asked), reason="Thiếu phụ lục", by=people.clerk)
    assert (bound(), twins()) == ([], [])


def test_a_paper_from_the_offices_zip_answers_what_was_asked_for(asked, session, item, people):
    """Its agency sees it, nobody is reminded any more; undone, it is awaited again."""
    batch = binder.start_import(sessions().by_id(session.pk), by=people.clerk)
    send_in(batch, people.clerk, paper_pdf(subject="Về phí"), name="a.pdf")
    row = ImportFile.objects.get()
    fields = {"issuer": asked.body.name, "kind": asked.kind, "item": str(item.pk)}
    binder.edit_files(batch, {row.pk: fields | {"ask": str(asked.pk)}}, by=people.clerk)
    (paper,) = binder.confirm_import(batch, by=people.clerk)
    assert (again(asked).paper, again(asked).state) == (paper, AskState.CHECKING)
    assert papers_for(people.director).filter(pk=paper.pk).exists()
    batch.refresh_from_db()
    binder.undo_import(batch, by=people.clerk)
    assert (again(asked).paper, again(asked).state) == (None, AskState.PREPARING)


def test_an_import_is_not_undone_under_the_readers_of_a_room_or_their_notes(session, people):
    batch = binder.start_import(sessions().by_id(session.pk), by=people.clerk)
    send_in(batch, people.clerk, paper_pdf(subject="Về phí"), name="a.pdf")
    (paper,) = binder.confirm_import(batch, by=people.clerk)
    batch.refresh_from_db()
    room = actions.open_room(
        name="Thẩm tra", purpose="", bodies=[], people=[people.delegate.person], by=people.clerk
    )
    actions.change_room_papers(room, more=[paper], by=people.clerk)
    version = PaperVersion.objects.get(paper=paper)
    sent = note("Hỏi lại mức chi", page=1)
    reading.put_changes(version, [changes.read(sent, pages=1)], by=people.delegate)
    with pytest.raises(Refused, match="papers_used"):
        binder.undo_import(batch, by=people.clerk)
    actions.change_room_papers(room, less=[paper.pk], by=people.clerk)
    with pytest.raises(Refused, match="papers_used") as noted:
        binder.undo_import(batch, by=people.clerk)
    assert people.delegate.name not in noted.value.sentence
    assert Annotation.objects.get().text == "Hỏi lại mức chi"
    gone = note("", key=sent["id"], clock=2, page=1, removed=True)
    reading.put_changes(version, [changes.read(gone, pages=1)], by=people.delegate)
    actions.change_room_papers(room, more=[paper], by=people.clerk)
    with pytest.raises(Refused, match="papers_used") as placed:
        binder.undo_import(batch, by=people.clerk)
    assert "«Thẩm tra»" in placed.value.sentence
    actions.close_room(room, by=people.clerk)  # nobody reads there any more
    binder.undo_import(batch, by=people.clerk)
    assert not PaperVersion.objects.exists()


def test_what_was_asked_for_is_proposed_when_only_one_thing_can_be_meant(asked, session, item):
    (one,) = awaited(session.pk)
    ours = (one.body_id, one.kind, one.item_id)
    assert ask_of(*ours, [one]) == asked.pk
    assert ask_of(one.body_id, one.kind, None, [one]) == asked.pk
    assert ask_of(one.body_id, "report", one.item_id, [one]) is None
    assert ask_of(one.body_id, one.kind, session.pk, [one]) is None  # of another item
    assert ask_of(*ours, [one, replace(one, id=session.pk)]) is None
