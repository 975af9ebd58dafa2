"""The raw statements of the live path: few per batch, one text each, on both engines.

Lists travel as one parameter (a JSON text), so a batch of one
and a batch of two hundred cost the same number of statements.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import Any, NamedTuple

import orjson
from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper

from nghitruong.platform.storage.db import bound_cursor, insert_rows, sql_hex


def database() -> BaseDatabaseWrapper:
    """This thread's connection."""
    return connections["default"]


def is_sqlite() -> bool:
    """Whether the statements of SQLite apply."""
    return database().vendor == "sqlite"


def as_time(value: datetime) -> Any:
    """A moment as a parameter."""
    return database().ops.adapt_datetimefield_value(value)


def from_time(value: Any) -> datetime:
    """A moment as raw SQL returns it."""
    if isinstance(value, str):
        return datetime.fromisoformat(value).replace(tzinfo=UTC)
    moment: datetime = value
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def as_json(value: Any) -> str:
    """A JSON text; keys of any kind the model can hold (dates, UUIDs) become strings."""
    return orjson.dumps(value, default=str, option=orjson.OPT_NON_STR_KEYS).decode()


_EVENT = {"stream": "text", "seq": "bigint", "type": "text", "data": "jsonb", "at": "timestamptz"}
_RECEIPT = {
    "actor_id": "uuid",
    "nonce": "text",
    "command": "text",
    "outcome": "jsonb",
    "at": "timestamptz",
}

# --- streams and events -------------------------------------------------------------------------


def advance(counts: dict[str, int], council_id: uuid.UUID) -> dict[str, int]:
    """Add to each stream's seq and lock its row until the transaction ends; the new seqs.

    Rows are taken in the order of their keys, so two writers never wait for each other in a ring.
    """
    keys = sorted(counts)
    with bound_cursor(database()) as cursor:
        if is_sqlite():
            cursor.execute(
                "INSERT INTO live_stream (key, council_id, seq)"
                " SELECT json_extract(value, '$[0]'), %s, json_extract(value, '$[1]')"
                " FROM json_each(%s) WHERE true"
                " ON CONFLICT (key) DO UPDATE SET seq = live_stream.seq + excluded.seq"
                " RETURNING key, seq",
                [council_id.hex, orjson.dumps([[key, counts[key]] for key in keys]).decode()],
            )
        else:
            cursor.execute(
                "INSERT INTO live_stream (key, council_id, seq)"
                " SELECT value->>0, %s, (value->>1)::bigint"
                ' FROM jsonb_array_elements(%s::jsonb) ORDER BY (value->>0) COLLATE "C"'
                " ON CONFLICT (key) DO UPDATE SET seq = live_stream.seq + excluded.seq"
                " RETURNING key, seq",
                [council_id, orjson.dumps([[key, counts[key]] for key in keys]).decode()],
            )
        return dict(cursor.fetchall())


def insert_events(rows: Sequence[tuple[str, int, str, str]], at: datetime) -> None:
    """Insert ``(stream, seq, type, data as JSON text)``."""
    moment = as_time(at)
    insert_rows(database(), "live_event", _EVENT, [(*row, moment) for row in rows])


class EventRow(NamedTuple):
    """An event as the reader hands it on; ``data`` is JSON text."""

    stream: str
    seq: int
    type: str
    data: str
    at: datetime


def events_after(last: dict[str, int], *, limit: int) -> list[EventRow]:
    """Events of many streams after each one's last seq, in order; at most ``limit`` rows."""
    with bound_cursor(database()) as cursor:
        if is_sqlite():
            cursor.execute(
                "SELECT e.stream, e.seq, e.type, e.data, e.at FROM json_each(%s) AS q"
                " CROSS JOIN live_event AS e ON e.stream = json_extract(q.value, '$[0]')"
                " AND e.seq > json_extract(q.value, '$[1]')"
                " ORDER BY e.stream, e.seq LIMIT %s",
                [orjson.dumps(list(last.items())).decode(), limit],
            )
        else:
            cursor.execute(
                "SELECT e.stream, e.seq, e.type, e.data::text, e.at"
                " FROM jsonb_array_elements(%s::jsonb) AS q(value)"
                " CROSS JOIN LATERAL (SELECT * FROM live_event AS x"
                "  WHERE x.stream = q.value->>0 AND x.seq > (q.value->>1)::bigint"
                "  ORDER BY x.seq LIMIT %s) AS e"
                " ORDER BY e.stream, e.seq LIMIT %s",
                [orjson.dumps(list(last.items())).decode(), limit, limit],
            )
        return [EventRow(s, n, t, d, from_time(at)) for s, n, t, d, at in cursor.fetchall()]


def stream_seqs(keys: Iterable[str]) -> dict[str, int]:
    """Each stream's last seq; 0 for one that has never had an event."""
    keys = list(keys)
    with bound_cursor(database()) as cursor:
        if is_sqlite():
            cursor.execute(
                "SELECT s.key, s.seq FROM json_each(%s) AS q"
                " CROSS JOIN live_stream AS s ON s.key = q.value",
                [orjson.dumps(keys).decode()],
            )
        else:
            cursor.execute(
                "SELECT s.key, s.seq FROM json_array_elements_text(%s::json) AS q(key)"
                " JOIN live_stream AS s ON s.key = q.key",
                [orjson.dumps(keys).decode()],
            )
        found = dict(cursor.fetchall())
    return {key: found.get(key, 0) for key in keys}


def current_epoch() -> str:
    """The newest epoch's id in hexadecimal; empty before the first start."""
    with bound_cursor(database()) as cursor:
        cursor.execute("SELECT id FROM live_epoch ORDER BY started_at DESC, id DESC LIMIT 1")
        row = cursor.fetchone()
    return uuid.UUID(str(row[0])).hex if row else ""


def ended_tickets(since: datetime) -> dict[uuid.UUID | str, float]:
    """Person, or device (a sign-in) → up to which moment (Unix seconds) tickets are worth nothing.

    Only ends after ``since``: older tickets have expired by themselves.
    """
    after = [as_time(since)]
    with bound_cursor(database()) as cursor:
        cursor.execute("SELECT person_id, at FROM live_ticketend WHERE at > %s", after)
        people = cursor.fetchall()
        cursor.execute("SELECT device, at FROM live_deviceend WHERE at > %s", after)
        devices = cursor.fetchall()
    ended: dict[uuid.UUID | str, float] = {
        uuid.UUID(str(person)): from_time(at).timestamp() for person, at in people
    }
    return ended | {device: from_time(at).timestamp() for device, at in devices}


# --- receipts -----------------------------------------------------------------------------------


def find_receipts(pairs: Sequence[tuple[str, str]]) -> dict[tuple[str, str], tuple[str, str]]:
    """Of each ``(person, nonce)`` known: its command and stored outcome (JSON text).

    Persons are keys of 32 hexadecimal digits, here and in :func:`insert_receipts`.
    """
    here = database()
    with bound_cursor(here) as cursor:
        if is_sqlite():
            cursor.execute(
                "SELECT r.actor_id, r.nonce, r.command, r.outcome FROM json_each(%s) AS q"
                " CROSS JOIN live_receipt AS r ON r.actor_id = json_extract(q.value, '$[0]')"
                " AND r.nonce = json_extract(q.value, '$[1]')",
                [orjson.dumps(pairs).decode()],
            )
        else:
            cursor.execute(
                f"SELECT {sql_hex(here, 'r.actor_id')}, r.nonce, r.command,"  # noqa: S608
                " r.outcome::text"
                " FROM jsonb_array_elements(%s::jsonb) AS q(value)"
                " JOIN live_receipt AS r ON r.actor_id = (q.value->>0)::uuid"
                " AND r.nonce = q.value->>1",
                [orjson.dumps(pairs).decode()],
            )
        return {(actor, nonce): (name, outcome) for actor, nonce, name, outcome in cursor}


def insert_receipts(rows: Sequence[tuple[str, str, str, str]], at: datetime) -> None:
    """Insert ``(person, nonce, command, outcome as JSON text)``."""
    here, moment = database(), as_time(at)
    insert_rows(here, "live_receipt", _RECEIPT, [(*row, moment) for row in rows])
