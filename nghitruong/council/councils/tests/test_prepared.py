"""A question put into SQL once answers as its queryset does."""

from __future__ import annotations

import threading
import uuid

import pytest
from django.db import connection
from django.db.models import CharField, DateField, UUIDField
from django_scopes import scope

from nghitruong.council.councils.models import Council, Duty, Membership
from nghitruong.council.councils.periods import in_force
from nghitruong.council.councils.tests.factories import (
    make_cast,
    make_commune_council,
    make_council,
)
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


def test_columns_alone_and_annotations_come_as_they_do_from_a_queryset():
    council = make_council()
    make_cast(council)
    kinds = Prepared(
        lambda council: (
            Duty.objects.filter(council=council).order_by("kind").values_list("kind", flat=True)
        ),
        council=UUIDField(),
    )
    with scope(council=council.pk):
        assert kinds(council=council.pk) == list(
            Duty.objects.order_by("kind").values_list("kind", flat=True)
        )
    assert kinds(council=uuid.uuid4()) == []


def test_a_value_that_would_be_frozen_is_an_error_at_once():
    begins = Prepared(lambda slug: Council.objects.filter(slug__startswith=slug), slug=CharField())
    with pytest.raises(RuntimeError, match="slug"):
        begins(slug="lao")
    one = Prepared(lambda slug: Council.objects.filter(slug=slug), slug=CharField())
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
