"""A database is made from the migrations, on whichever engine this run is on."""

import pytest
from django.db import connection


@pytest.mark.django_db
def test_a_query_is_answered(db_engine: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
        assert cursor.fetchone() == (1,)
    assert db_engine in {"sqlite", "postgresql"}


@pytest.mark.django_db(transaction=True)
def test_a_committed_test_is_undone_from_the_template() -> None:
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE left_over (id integer)")


@pytest.mark.django_db(transaction=True)
def test_and_leaves_nothing_behind() -> None:
    assert "left_over" not in connection.introspection.table_names()
