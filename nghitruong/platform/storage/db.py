"""The few places where the two engines differ, so that nothing else has to ask."""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from itertools import chain
from typing import Any, TypeVar

import orjson
from django.db import DatabaseError, models
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.utils import CursorWrapper

M = TypeVar("M", bound=models.Model)
SQLITE_VARIABLES = 30_000  # in a statement; SQLite's own default limit is 32,766


def sql_uuid(connection: BaseDatabaseWrapper, value: uuid.UUID) -> uuid.UUID | str:
    """A UUID as a parameter of raw SQL: native on PostgreSQL, 32 hex digits on SQLite."""
    return value if connection.features.has_native_uuid_field else value.hex


def lock_row(queryset: models.QuerySet[M]) -> models.QuerySet[M]:
    """Lock the rows until the transaction ends; call it inside ``atomic``.

    PostgreSQL takes FOR NO KEY UPDATE: rows pointing at the locked one may still be written.
    On SQLite ``atomic`` already holds the only write lock.
    """
    from django.db import connections

    if connections[queryset.db].vendor == "postgresql":
        return queryset.select_for_update(no_key=True)
    return queryset


def sql_in(connection: BaseDatabaseWrapper, column: str, values: Iterable[str]) -> tuple[str, Any]:
    """A condition «column is one of these keys» with one parameter, however many there are.

    Keys are 32 hexadecimal digits. ``column`` is written into the statement: never anything a
    person typed.
    """
    keys = json.dumps(list(values))
    if connection.vendor == "sqlite":
        return f"{column} IN (SELECT value FROM json_each(%s))", keys  # noqa: S608  # see above
    listed = "SELECT value::uuid FROM json_array_elements_text(%s::json)"
    return f"{column} = ANY(ARRAY({listed}))", keys


def sql_hex(connection: BaseDatabaseWrapper, column: str) -> str:
    """An expression that reads a key as 32 hexadecimal digits, as raw SQL of bursts uses them.

    A ``uuid.UUID`` costs a microsecond each time it is made, hashed or written; a burst handles
    dozens per command, and a text of the same digits is a parameter of both engines.
    """
    if connection.vendor == "sqlite":
        return column
    return f"replace({column}::text, '-', '')"


def dashed(key: str) -> str:
    """32 hexadecimal digits as a UUID is written: ``str(uuid.UUID(key))``."""
    return f"{key[:8]}-{key[8:12]}-{key[12:16]}-{key[16:20]}-{key[20:]}"


def sql_time(connection: BaseDatabaseWrapper, moment: datetime) -> str:
    """A moment in UTC as the text both engines store; Django's own adapter costs ten times it."""
    if moment.tzinfo is not UTC:
        moment = moment.astimezone(UTC)
    if connection.vendor == "sqlite":
        return moment.isoformat(" ")[:-6]
    return moment.isoformat()


def from_sql_time(value: Any) -> datetime:
    """A moment as raw SQL returns it, in UTC."""
    moment = datetime.fromisoformat(value) if isinstance(value, str) else value
    assert isinstance(moment, datetime)  # noqa: S101  # a DateTimeField's column
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


@contextmanager
def bound_cursor(connection: BaseDatabaseWrapper) -> Iterator[CursorWrapper]:
    """A cursor for the statements of a burst: the same short text each time, its values beside it.

    Django writes the values into the statement, and PostgreSQL reads two hundred rows as part of
    its language before it reads them as data. Counted and logged like any other cursor.
    """
    if connection.vendor == "sqlite":
        cursor = connection.cursor()  # binds values by itself
    else:
        import psycopg

        with connection.wrap_database_errors:
            connection.ensure_connection()
            raw: Any = psycopg.Cursor(connection.connection)
        wrap = connection.make_debug_cursor if connection.queries_logged else connection.make_cursor
        cursor = wrap(raw)
    with cursor:
        yield cursor


@contextmanager
def overlapping(connection: BaseDatabaseWrapper) -> Iterator[None]:
    """Statements in here are sent without waiting for one another, so PostgreSQL writes the rows of
    one while Python makes those of the next (pipeline mode of libpq). All have been carried out,
    or the first error is raised, when the block ends. Inside ``atomic``; a fetch waits as always.
    """
    if connection.vendor == "sqlite":
        yield
        return
    with connection.wrap_database_errors:
        connection.ensure_connection()
        with connection.connection.pipeline():
            yield


def insert_rows(
    connection: BaseDatabaseWrapper,
    table: str,
    columns: Mapping[str, str],
    rows: Sequence[Sequence[Any]],
    *,
    suffix: str = "",
) -> None:
    """Insert many rows in one statement.

    ``columns`` maps each column to its PostgreSQL type (``jsonb`` takes JSON text); values are what
    the database stores (:func:`sql_uuid`, ``adapt_datetimefield_value``). ``suffix`` is an
    ``ON CONFLICT`` clause. Names and suffix are written into the statement: never anything a
    person typed.

    Not ``executemany``: it gives the interpreter away at every row, and a busy event loop in the
    same process then takes milliseconds to give it back, hundreds of times in a vote.
    """
    if not rows:
        return
    names = ", ".join(columns)
    if connection.vendor == "sqlite":
        row = "(" + ", ".join(["%s"] * len(columns)) + ")"
        per_statement = SQLITE_VARIABLES // len(columns)
        with bound_cursor(connection) as cursor:
            for start in range(0, len(rows), per_statement):
                some = rows[start : start + per_statement]
                cursor.execute(
                    f"INSERT INTO {table} ({names}) VALUES "  # noqa: S608
                    f"{', '.join([row] * len(some))} {suffix}",
                    list(chain.from_iterable(some)),
                )
        return
    # One JSON text, not arrays: the driver writes an array's elements one by one in Python.
    values = ", ".join(f"(value->>{n})::{kind}" for n, kind in enumerate(columns.values()))
    with bound_cursor(connection) as cursor:
        cursor.execute(
            f"INSERT INTO {table} ({names}) SELECT {values}"  # noqa: S608
            f" FROM jsonb_array_elements(%s::jsonb) {suffix}",
            [orjson.dumps(rows).decode()],
        )


_FULL = ("disk is full", "readonly database", "disk i/o error", "no space left", "read-only")


def no_room(error: BaseException) -> bool:
    """Whether the database could not write because its disk is full or read-only."""
    if not isinstance(error, DatabaseError):
        return False
    code = str(getattr(error.__cause__, "sqlstate", "") or "")
    text = str(error).lower()
    return code in {"53100", "25006", "58030"} or any(words in text for words in _FULL)


def collided(error: BaseException) -> bool:
    """Whether PostgreSQL gave this transaction up for another one (deadlock, serialization)."""
    code = str(getattr(error.__cause__, "sqlstate", "") or "")
    return isinstance(error, DatabaseError) and code in {"40001", "40P01"}
