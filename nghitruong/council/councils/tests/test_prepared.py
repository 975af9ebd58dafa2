"""A question put into SQL once answers as its queryset does."""

from __future__ import annotations

import threading

import pytest
from django.db import connection
from django.db.models import CharField, DateField, Q, UUIDField
from django.utils import timezone
from django_scopes import scope, scopes_disabled

from nghitruong.council.councils import queries, roles
from nghitruong.council.councils.models import Council, CouncilFunction, Function, Membership
from nghitruong.council.councils.periods import in_force
from nghitruong.council.councils.tests.factories import (
    make_cast,
    make_commune_council,
    make_council,
)
from nghitruong.platform.notices import queries as notices
from nghitruong.platform.notices.api import tell
from nghitruong.platform.storage.prepared import Prepared

pytestmark = pytest.mark.django_db


def test_the_rows_are_those_of_the_queryset_for_every_value(django_assert_num_queries):
    def held(council, day):
        return (
            Membership.objects.filter(in_force(day), council=council)
            .select_related("organization")
            .order_by("organization__sort_order", "pk")
        )

    prepared = Prepared(held, council=UUIDField(), day=DateField())
    councils = make_council(), make_commune_council()
    for council in councils:
        make_cast(council)
    answers = []
    for council in (*councils, *councils):
        with scope(council=council.pk):
            day = Membership.objects.earliest("starts_on").starts_on
            for on in (day, day.replace(year=day.year - 1)):
                expected = list(held(council.pk, on))
                with django_assert_num_queries(1):
                    rows = prepared(council=council.pk, day=on)
                    names = [row.organization.name for row in rows]
                assert rows == expected
                assert names == [row.organization.name for row in expected]
                answers.append(len(rows))
    assert [bool(rows) for rows in answers[:4]] == [True, False, True, False]
    assert answers[:4] == answers[4:]


@pytest.mark.parametrize(
    "prepared",
    [
        pytest.param(prepared, id=name)
        for module in (roles, queries, notices)
        for name, prepared in vars(module).items()
        if isinstance(prepared, Prepared)
    ],
)
def test_each_that_pages_ask_answers_as_its_queryset(prepared):
    for council in (make_council(), make_commune_council()):
        clerk = make_cast(council, accounts=True).clerk
        with scope(council=council.pk):
            tell(
                council_id=council.pk,
                people=[clerk.id],
                kind="test",
                subject="Tin",
                text="",
                url="/",
                key="1",
            )
            CouncilFunction.objects.get_or_create(
                function=Function.PAPERS, defaults={"council": council}
            )
            member = Membership.objects.latest("pk").person_id  # the clerk is none
        assert clerk.account is not None
        values = {
            "slug": council.slug,
            "council": council.pk,
            "person": member if prepared is roles._MEMBERSHIPS else clerk.id,
            "account": clerk.account.pk,
            "day": timezone.localdate(),
        }
        given = {name: values[name] for name in prepared._takes}
        with scopes_disabled():
            expected = list(prepared._ask(**given))
        assert expected, "nothing to compare"
        assert prepared(**given) == expected


def test_a_value_that_would_be_frozen_is_an_error_at_once():
    begins = Prepared(lambda slug: Council.objects.filter(slug__startswith=slug), slug=CharField())
    with pytest.raises(RuntimeError, match="slug"):
        begins(slug="lao")
    one = Prepared(lambda slug: Council.objects.filter(slug=slug), slug=CharField())
    twice = Prepared(
        lambda slug: Council.objects.filter(Q(slug=slug) | Q(slug__startswith=slug)),
        slug=CharField(),
    )
    with pytest.raises(RuntimeError, match="slug"):
        twice(slug="lao")
    with pytest.raises(TypeError):
        one()
    with pytest.raises(TypeError):
        one(slug="lao-cai", name="x")


@pytest.mark.django_db(transaction=True)
def test_each_thread_asks_on_its_own_connection():
    council = make_council()
    one = Prepared(lambda slug: Council.objects.filter(slug=slug), slug=CharField())
    assert one(slug=council.slug) == [council]
    found = []

    def ask() -> None:
        try:
            found.append(one(slug=council.slug))
        finally:
            connection.close()

    threads = [threading.Thread(target=ask) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [[council]] * 3
