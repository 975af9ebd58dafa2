"""A session far ahead (nothing is late on any day the tests run), an agency, who forwards, the head
of the office, a Ban."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from django.http import Http404
from django.utils import timezone

from nghitruong.council.councils import actions as councils
from nghitruong.council.councils.models import DutyKind, Organization, OrganizationKind
from nghitruong.council.councils.roles import Actor, actor_of_person
from nghitruong.council.councils.tests.factories import TERM_START, make_delegate
from nghitruong.council.papers import queries as paper_queries
from nghitruong.council.papers.tests.conftest import cast, council, make_pdf, send, signed_in, var
from nghitruong.session.meetings import actions as meetings
from nghitruong.session.meetings.models import Session
from nghitruong.session.submissions import actions
from nghitruong.session.submissions.models import Ask

__all__ = ["cast", "council", "signed_in", "var"]


@dataclass
class People:
    """Actors by what they are to a paper."""

    clerk: Actor
    chair: Actor
    delegate: Actor
    director: Actor  # of the Sở that is asked
    stranger: Actor  # of another agency
    forwarder: Actor
    head: Actor
    committee: Actor  # a member of a Ban, delegate


def person(council: Any, name: str, *, body: Any = None, duty: Any = None) -> Actor:
    by = Actor.system(council)
    made = councils.add_person(full_name=name, by=by)
    if body is not None:
        councils.appoint(
            made, body, post="head", post_label="Giám đốc", starts_on=TERM_START, by=by
        )
    if duty is not None:
        councils.give_duty(made, duty, by=by, starts_on=TERM_START)
    return actor_of_person(made)


@pytest.fixture
def people(council, cast):
    by = Actor.system(council)

    def body(code, name):
        return Organization.objects.create(
            council=council, kind=OrganizationKind.AGENCY, code=code, name=name, fold=name.lower()
        )

    ban = Organization.objects.filter(kind=OrganizationKind.COMMITTEE).first()
    member = make_delegate(council, "Lò Thị Mai")
    councils.appoint(
        member.person, ban, post="committee_member", post_label="Ủy viên",
        starts_on=TERM_START, by=by,
    )  # fmt: skip
    return People(
        clerk=cast.clerk,
        chair=cast.chair,
        delegate=cast.delegates[0],
        director=person(council, "Hoàng Văn Giang", body=body("SXD", "Sở Xây dựng")),
        stranger=person(council, "Đinh Văn Sáng", body=body("SYT", "Sở Y tế")),
        forwarder=person(council, "Bùi Thị Lam", duty=DutyKind.FORWARDER),
        head=person(council, "Phan Văn Minh", duty=DutyKind.OFFICE_HEAD),
        committee=actor_of_person(member.person),
    )


@pytest.fixture
def session(council, cast) -> Session:
    return meetings.create_session(
        by=cast.clerk,
        number=6,
        kind="regular",
        expected_opening=timezone.localdate() + timedelta(days=90),
        place="Hội trường",
    )


@pytest.fixture
def item(session, cast):
    return meetings.add_item(session, by=cast.clerk, kind="decision", title="Nghị quyết về phí")


@pytest.fixture
def asked(session, item, people) -> Ask:
    """The Sở is asked for the draft of the item."""
    body = Organization.objects.get(code="SXD")
    wanted = actions.Wanted(
        body=body, kind="draft_resolution", title="Dự thảo nghị quyết về phí", item=item
    )
    (ask,) = actions.ask_papers(session, [wanted], by=people.clerk)
    return ask


def upload(ask: Ask, by: Actor, text: str = "Điều 1. Mức phí", **about: str) -> dict[str, Any]:
    """A whole file for an ask, as a screen sends it."""
    return send(by, make_pdf(text), into=f"ask:{ask.pk}", **about)


def again(ask: Ask) -> Ask:
    """As the database holds it."""
    return Ask.objects.get(pk=ask.pk)


def soon(session: Session, days: int = 5) -> None:
    """The opening comes nearer: papers not sent are past their day."""
    session.expected_opening = timezone.localdate() + timedelta(days=days)
    session.save(update_fields=["expected_opening"])


def sees(actor, ask) -> bool:
    """Whether this person may read the paper's text."""
    try:
        paper = paper_queries.paper_for(actor, again(ask).paper_id)
    except Http404:
        return False
    return bool(paper_queries.versions_for(actor, paper))
