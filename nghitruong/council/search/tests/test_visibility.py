"""Whatever is asked, by whomever, with an index however old: nothing is shown that the asker may
not open."""

from __future__ import annotations

import pytest
from django.utils import timezone
from django_scopes import scope
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from nghitruong.council.councils.models import Organization, OrganizationKind
from nghitruong.council.councils.tests.factories import make_commune_council
from nghitruong.council.intake.models import PageText
from nghitruong.council.papers.actions import expunge_secret
from nghitruong.council.papers.models import Paper, PaperState, PaperVersion
from nghitruong.council.papers.queries import papers_for
from nghitruong.council.search import indexing
from nghitruong.council.search.passages import Filters
from nghitruong.council.search.queries import search
from nghitruong.council.search.tests.conftest import give_text, make_paper
from nghitruong.platform.jobs import api as jobs

WORDS = ["ngân sách", "đất đai", "cầu đường", "giáo dục", "y tế", "bí mật"]
STATES = [PaperState.DRAFT, PaperState.RELEASED, PaperState.WITHDRAWN]


@pytest.fixture
def world(council, cast):
    """Twelve papers of two councils in every state, two of them the agency's."""
    executive = Organization.objects.get(council=council, kind=OrganizationKind.EXECUTIVE)
    other = make_commune_council()
    papers = []
    for number in range(12):
        owner = other if number % 4 == 3 else council
        text = " ".join(WORDS[number % 3 : number % 3 + 4])
        body = executive if number in (1, 4) else None
        papers.append(make_paper(owner, f"Tài liệu {number} {text}", text, issuing_body=body))
    indexing.rebuild()
    guest = _guest(council)
    actors = [cast.chair, cast.clerk, cast.delegates[0], cast.agency, cast.support, guest]
    return papers, actors


def _guest(council):
    from nghitruong.council.councils import actions
    from nghitruong.council.councils.models import DutyKind
    from nghitruong.council.councils.roles import Actor, actor_of_person
    from nghitruong.council.councils.tests.factories import TERM_START

    by = Actor.system(council)
    person = actions.add_person(full_name="Phạm Thị Em", by=by)
    actions.give_duty(person, DutyKind.GUEST, by=by, starts_on=TERM_START)
    return actor_of_person(person)


CHANGES = st.lists(
    st.tuples(st.integers(0, 11), st.sampled_from([*STATES, "replace"]), st.sampled_from(WORDS)),
    max_size=6,
)
QUESTIONS = st.one_of(
    st.sampled_from(WORDS),
    st.lists(st.sampled_from(" ".join(WORDS).split()), min_size=1, max_size=4).map(" ".join),
    st.sampled_from(WORDS).map(lambda words: f'"{words}"'),
    st.text(max_size=30),
)


@settings(
    max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None
)
@given(
    changes=CHANGES, questions=st.lists(QUESTIONS, min_size=1, max_size=2), page=st.integers(1, 3)
)
def test_nobody_finds_what_they_may_not_open(world, council, changes, questions, page):
    papers, actors = world
    for number, change, words in changes:  # behind the index's back
        paper = papers[number]
        with scope(council=paper.council_id):
            if change == "replace":
                versions = PaperVersion.objects.filter(paper=paper).count()
                give_text(paper, words, number=versions + 1)
            else:
                released = None if change == PaperState.DRAFT else timezone.now()
                Paper.objects.filter(pk=paper.pk).update(state=change, released_at=released)
    for actor in actors:
        allowed = {
            pk: str(latest)
            for pk, latest, state in papers_for(actor).values_list("pk", "latest", "state")
            if state != PaperState.WITHDRAWN
        }
        for question in questions:
            found = search(actor, question, Filters(council=council.pk.hex), page=page)
            for result in found.results:
                shown = result.hit.passage
                assert allowed.get(shown.object) == shown.version


def test_the_wall_holds_for_a_filter_somebody_made_up(world, council):
    papers, actors = world
    foreign = Filters(council=papers[3].council_id.hex)
    for actor in actors:
        shown = search(actor, "ngân sách", foreign).results
        assert all(r.hit.passage.council == council.pk.hex for r in shown)


def test_many_drafts_before_it_do_not_hide_what_a_delegate_may_read(council, cast):
    for number in range(70):
        make_paper(council, f"Ngân sách {number}", "ngân sách " * 9, state=PaperState.DRAFT)
    make_paper(council, "Phụ lục dài", "phụ lục " * 200 + "ngân sách")
    indexing.rebuild()
    found = search(cast.delegates[0], "ngân sách", Filters(council=council.pk.hex))
    assert [r.hit.passage.title for r in found.results] == ["Phụ lục dài"]


def test_the_words_of_an_expunged_secret_leave_the_disk(council, cast, settings):
    paper = make_paper(council, "Phương án tác chiến khu vực Zulu", "toadobimat")
    indexing.rebuild()
    expunge_secret(paper, "secret", by=cast.clerk)
    PageText.objects.filter(version__paper=paper).delete()  # intake's own part of it
    jobs.run_now()
    for file in (settings.VAR_DIR / "search").rglob("*"):
        assert not file.is_file() or b"toadobimat" not in file.read_bytes()
    assert search(cast.clerk, "toadobimat", Filters(council=council.pk.hex)).results == []
