"""The fixed cast for tests: a small council (15 seats) and a commune beside it.

``from tests.support.cast import *`` is done by the root conftest; fixtures are lazy.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.test import Client
from django_scopes import scope

from nghitruong.config.demo.people import Built, build_commune, build_province
from nghitruong.council.councils.models import Council
from nghitruong.council.councils.roles import Actor, actor_for
from nghitruong.council.procedure.profiles import freeze, profile_for
from tests.support.replay import replayed

TODAY = date(2026, 12, 8)


def actor(built: Built, username: str) -> Actor:
    """The actor that this member of the cast is on the day of the session."""
    with scope(council=built.council.pk):
        person = built.people[username]
        found = actor_for(person.account, built.council, TODAY)
    assert found is not None
    return found


def frozen_profile(council: Council) -> dict[str, Any]:
    """The province's rules as a session of TODAY freezes them."""
    return freeze(profile_for(council, TODAY))


@pytest.fixture
def province(db: Any) -> Built:
    """HĐND tỉnh Lào Cai with 15 seats: an, cuc, dung, hoa and db01…db11."""
    return replayed("province", lambda: build_province(seats=15, groups=3))


@pytest.fixture
def commune(province: Built) -> Built:
    """HĐND xã Mậu A in the same installation: the other side of the wall."""
    return replayed(("commune", province.council.pk), lambda: build_commune(seats=15))


@pytest.fixture
def council(province: Built) -> Iterator[Council]:
    """The province's council, with its scope entered for the whole test."""
    with scope(council=province.council.pk):
        yield province.council


@pytest.fixture
def chair(province: Built, council: Council) -> Actor:
    return actor(province, "an")


@pytest.fixture
def clerk(province: Built, council: Council) -> Actor:
    return actor(province, "binh")


@pytest.fixture
def cuc(province: Built, council: Council) -> Actor:
    return actor(province, "cuc")


@pytest.fixture
def dung(province: Built, council: Council) -> Actor:
    return actor(province, "dung")


@pytest.fixture
def hoa(province: Built, council: Council) -> Actor:
    return actor(province, "hoa")


@pytest.fixture
def giang(province: Built, council: Council) -> Actor:
    return actor(province, "giang")


@pytest.fixture
def khai(province: Built, council: Council) -> Actor:
    return actor(province, "khai")


@pytest.fixture
def browser(settings: Any) -> Callable[[Actor], Client]:
    """A client of somebody who has signed in."""

    def sign_in(by: Actor) -> Client:
        client = Client()
        assert by.person is not None
        client.force_login(by.person.account, backend=settings.AUTHENTICATION_BACKENDS[-1])
        return client

    return sign_in


@pytest.fixture
def session(province: Built, council: Council) -> Any:
    """A regular session with the province's rules frozen, opening Tuesday 08/12/2026."""
    return replayed(("session", council.pk), lambda: _session(province, council))


def _session(province: Built, council: Council) -> Any:
    from nghitruong.session.meetings.models import Session, SessionKind

    return Session.objects.create(
        council=council,
        term=province.term,
        number=4,
        kind=SessionKind.REGULAR,
        title="Kỳ họp thứ 4 (kỳ họp thường lệ cuối năm 2026)",
        expected_opening=TODAY,
        profile_code="vn-2026-province",
        profile=frozen_profile(council),
        place="Hội trường tỉnh",
    )


@pytest.fixture
def sitting(session: Any, council: Council) -> Any:
    """A planned sitting with two agenda items (debate, decision)."""
    return replayed(("sitting", session.pk), lambda: _sitting(session, council))


def _sitting(session: Any, council: Council) -> Any:
    from nghitruong.session.meetings.models import AgendaItem, ItemKind, Sitting, SittingKind

    row = Sitting.objects.create(
        council=council,
        session=session,
        number=1,
        kind=SittingKind.PLENARY,
        title="Phiên toàn thể thứ nhất",
        starts_at=datetime(2026, 12, 8, 0, 30, tzinfo=UTC),
        place="Hội trường tỉnh",
    )
    for order, (kind, title) in enumerate(
        [
            (ItemKind.DEBATE, "Thảo luận tại hội trường"),
            (ItemKind.DECISION, "Biểu quyết nghị quyết"),
        ]
    ):
        AgendaItem.objects.create(
            council=council, session=session, sitting=row, order=order, kind=kind, title=title
        )
    return row
