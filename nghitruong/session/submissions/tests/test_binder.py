"""The binder holds what reached the office: no draft that an agency still writes."""

from __future__ import annotations

import pytest

from nghitruong.council.binder import actions as binder
from nghitruong.council.binder import checks
from nghitruong.council.binder.contents import contents, session_papers
from nghitruong.council.binder.models import ImportFile
from nghitruong.council.binder.sessions import sessions
from nghitruong.council.papers.models import PaperVersion
from nghitruong.platform.errors import Refused
from nghitruong.session.submissions import actions
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
