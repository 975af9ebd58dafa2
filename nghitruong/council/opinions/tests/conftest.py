"""A draft of a Sở that a Ban looks into, and opinions on it."""

from __future__ import annotations

import uuid

import pytest

from nghitruong.council.councils import actions as council_actions
from nghitruong.council.councils.models import Organization
from nghitruong.council.councils.roles import Actor, actor_of_person
from nghitruong.council.councils.tests.factories import TERM_START
from nghitruong.council.intake.models import PageText
from nghitruong.council.opinions import actions
from nghitruong.council.papers import actions as paper_actions
from nghitruong.council.papers.models import Paper
from nghitruong.council.papers.tests.conftest import cast, council, make_pdf, send, signed_in, var

__all__ = ["cast", "council", "signed_in", "var"]


FIRST = """Điều 1. Phạm vi điều chỉnh
Nghị quyết này quy định mức hỗ trợ học phí cho trẻ em mầm non.
Điều 2. Mức hỗ trợ
1. Mức hỗ trợ là 100.000 đồng một tháng cho mỗi trẻ em thuộc hộ nghèo.
2. Thời gian hưởng hỗ trợ không quá 9 tháng trong một năm học:
a) Từ tháng 9 đến tháng 12 của năm học;
b) Từ tháng 01 đến tháng 5 của năm học.
3. Không hỗ trợ trẻ em đã hưởng chính sách cùng loại.
Điều 3. Nguồn kinh phí
Ngân sách tỉnh bảo đảm theo phân cấp hiện hành.
"""
# An article before it; clause 1 raised, clause 3 gone, clause 2 now first; article 3 dropped.
SECOND = """Điều 1. Phạm vi điều chỉnh
Nghị quyết này quy định mức hỗ trợ học phí cho trẻ em mầm non.
Điều 2. Đối tượng áp dụng
Trẻ em mầm non đang học tại cơ sở công lập, dân lập và tư thục trên địa bàn tỉnh.
Điều 3. Mức hỗ trợ
1. Thời gian hưởng hỗ trợ không quá 9 tháng trong một năm học:
a) Từ tháng 9 đến tháng 12 của năm học;
b) Từ tháng 01 đến tháng 5 của năm học.
2. Mức hỗ trợ là 150.000 đồng một tháng cho mỗi trẻ em thuộc hộ nghèo.
"""


def words(version, text):
    PageText.objects.create(
        council=version.council, version=version, number=1, text=text, source="layer"
    )


@pytest.fixture
def agency(council, cast):
    return cast.agency


@pytest.fixture
def head(council, cast, draft):
    """Hoa heads the Ban in charge of the draft."""
    by = Actor.system(council)
    ban = Organization.objects.filter(kind="committee").first()
    if ban is None:
        ban = Organization.objects.create(
            council=council, kind="committee", code="PC", name="Ban Pháp chế", fold="ban phap che"
        )
    council_actions.appoint(
        cast.delegates[2].person,
        ban,
        post="committee_chair",
        post_label="Trưởng Ban Pháp chế",
        starts_on=TERM_START,
        by=by,
    )
    Paper.objects.create(
        council=council,
        kind="verification_report",
        title="Báo cáo thẩm tra",
        issuing_body=ban,
        verifies=draft.versions.get(),
    )
    return actor_of_person(cast.delegates[2].person)


@pytest.fixture
def draft(cast, agency):
    send(
        cast.clerk,
        make_pdf("dự thảo một"),
        kind="draft_resolution",
        title="Dự thảo nghị quyết hỗ trợ học phí",
        issuing_body=str(next(iter(agency.body_ids))),
    )
    paper = Paper.objects.get()
    words(paper.versions.get(), FIRST)
    paper_actions.release_papers([paper], by=cast.clerk)
    return Paper.objects.get()


@pytest.fixture
def version(draft):
    return draft.versions.get()


def give(version, by, text="Mức này thấp", nonce=None, **place):
    return actions.give_opinion(version, text=text, by=by, nonce=nonce or uuid.uuid4(), **place)


def confirm(opinion, version, by):
    """The Ban confirms the answer that stands."""
    return actions.confirm_opinion(
        opinion, version=version, answer=actions.newest_answer(opinion), by=by
    )


def send_back(opinion, by, reason):
    """The Ban returns the answer that stands."""
    answer = actions.newest_answer(opinion)
    return actions.return_opinion(opinion, answer=answer, by=by, reason=reason)


def replaced(cast, draft):
    send(cast.clerk, make_pdf("dự thảo hai"), paper=draft, reason="tiếp thu")
    latest = draft.versions.get(number=2)
    words(latest, SECOND)
    return latest
