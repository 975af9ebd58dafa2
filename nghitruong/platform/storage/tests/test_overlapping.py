"""Statements sent without waiting: all of them carried out, or the first fault told as ever."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, connection, transaction

from nghitruong.platform.live.models import Stream
from nghitruong.platform.storage.db import bound_cursor, insert_rows, overlapping
from nghitruong.platform.storage.ids import new_id

pytestmark = pytest.mark.django_db
COLUMNS = {"key": "text", "council_id": "uuid", "seq": "bigint"}


def put(*keys):
    insert_rows(connection, "live_stream", COLUMNS, [(key, new_id().hex, 1) for key in keys])


@transaction.atomic
def put_twice(key):
    with overlapping(connection):
        put(key)
        put(key)
        put("never")


def keys():
    return sorted(Stream.objects.values_list("key", flat=True))


def test_all_is_written_when_the_block_ends():
    with transaction.atomic(), overlapping(connection):
        put("a", "b")
        put("c")
    assert keys() == ["a", "b", "c"]


def test_what_is_fetched_inside_knows_what_was_sent_before():
    with transaction.atomic(), overlapping(connection):
        put("a", "b")
        with bound_cursor(connection) as cursor:
            cursor.execute("UPDATE live_stream SET seq = seq + %s RETURNING key", [2])
            assert sorted(key for (key,) in cursor.fetchall()) == ["a", "b"]
        put("c")
    assert sorted(Stream.objects.values_list("seq", flat=True)) == [1, 3, 3]


def test_a_fault_is_djangos_own_and_undoes_the_block_alone():
    with transaction.atomic():
        put("before")
        with pytest.raises(IntegrityError):
            put_twice("a")
        put("after")
    assert keys() == ["after", "before"]


def test_statements_are_counted(django_assert_num_queries):
    with transaction.atomic(), django_assert_num_queries(2), overlapping(connection):
        put("a")
        put("b")
