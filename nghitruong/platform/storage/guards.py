"""Append-only rows, held by triggers in the database itself.

An app declares in its ``models.py`` or ``apps.py``::

    append_only(Entry)
    append_only(Payload, allow_update_of={"body", "erased_at"})
    append_only(JournalEntry, erasable={"text": "(đã xóa theo luật)"})   # to this, nothing else

The triggers are put in place after every ``migrate`` (Django's table rebuild on SQLite drops them
silently) and :func:`assert_guards` says whether each is there, in the form this version wants.
``serve`` and ``doctor`` call it: an installation whose records can be changed must not start.

On PostgreSQL TRUNCATE is refused too; the production role may not drop a trigger at all
(deploy/postgresql-roles.sql).
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import ImproperlyConfigured
from django.db import connections, models
from django.db.backends.base.base import BaseDatabaseWrapper

REFUSAL = "append-only"


@dataclass(frozen=True)
class Guard:
    """What of a model may change after it is written: nothing but ``allow_update_of``."""

    model: type[models.Model]
    allow_update_of: frozenset[str]
    allow_delete: bool = False
    erasable: Mapping[str, Any] = field(default_factory=dict)  # column → what it may become

    @property
    def table(self) -> str:
        """The table's name."""
        return self.model._meta.db_table

    def fixed_columns(self) -> list[str]:
        """Columns nobody may change."""
        names = {field.name for field in self.model._meta.concrete_fields}
        unknown = self.allow_update_of - names
        if unknown:
            raise ImproperlyConfigured(f"{self.model}: không có trường {sorted(unknown)}")
        return [
            str(field.column)
            for field in self.model._meta.concrete_fields
            if field.name not in self.allow_update_of
        ]


_guards: dict[str, Guard] = {}


def append_only(
    model: type[models.Model],
    *,
    allow_update_of: Iterable[str] = (),
    allow_delete: bool = False,
    erasable: Mapping[str, Any] | None = None,
) -> None:
    """Declare that rows of ``model`` are never deleted, nor changed outside the named fields.

    A field of ``erasable`` may become that one value and no other: a law can take words away, and
    nobody can put others in their place.
    """
    _guards[model._meta.label] = Guard(
        model, frozenset(allow_update_of), allow_delete, dict(erasable or {})
    )


def columns_held(model: type[models.Model]) -> tuple[set[str], Mapping[str, Any]]:
    """(fields nobody may change, fields that may only be erased → what they become)."""
    guard = _guards.get(model._meta.label)
    if guard is None:
        return set(), {}
    names = {column.name for column in model._meta.concrete_fields}
    return names - guard.allow_update_of - set(guard.erasable), guard.erasable


@dataclass(frozen=True)
class Trigger:
    """A guard that depends on more than the row: its text on both engines, after the name.

    ``function`` is what the PostgreSQL trigger runs, as ``CREATE OR REPLACE FUNCTION``.
    """

    model: type[models.Model]
    kind: str
    sqlite: str
    postgresql: str
    function: str = ""


_triggers: list[Trigger] = []


def guard_with(trigger: Trigger) -> None:
    """Declare a trigger of an app's own; put in place and asserted like every other guard."""
    _triggers.append(trigger)


def declared() -> list[Guard]:
    """Every declared guard, by table."""
    return sorted(_guards.values(), key=lambda guard: guard.table)


# --- SQL -------------------------------------------------------------------------------------


def _statements(guard: Guard, connection: BaseDatabaseWrapper) -> dict[str, str]:
    """Trigger name → CREATE statement(s). The name carries a digest of what it does."""
    quote = connection.ops.quote_name
    columns = guard.fixed_columns()
    text = f"{guard.table}: {REFUSAL}"
    differs = "IS NOT" if connection.vendor == "sqlite" else "IS DISTINCT FROM"
    erased = {c: f" AND {_as_text(quote(c), v, connection)}" for c, v in guard.erasable.items()}
    changed = " OR ".join(
        f"(OLD.{quote(c)} {differs} NEW.{quote(c)}{erased[c]})"
        if c in erased
        else f"OLD.{quote(c)} {differs} NEW.{quote(c)}"
        for c in columns
    )
    if connection.vendor == "sqlite":
        bodies = {
            "update": f"BEFORE UPDATE ON {quote(guard.table)} WHEN {changed} "
            f"BEGIN SELECT RAISE(ABORT, '{text}'); END",
            "delete": f"BEFORE DELETE ON {quote(guard.table)} "
            f"BEGIN SELECT RAISE(ABORT, '{text}'); END",
        }
    else:
        run = f"EXECUTE FUNCTION nghitruong_refuse('{text}')"
        bodies = {
            "update": f"BEFORE UPDATE ON {quote(guard.table)} FOR EACH ROW WHEN ({changed}) {run}",
            "delete": f"BEFORE DELETE ON {quote(guard.table)} FOR EACH ROW {run}",
            "truncate": f"BEFORE TRUNCATE ON {quote(guard.table)} FOR EACH STATEMENT {run}",
        }
    if guard.allow_delete:
        bodies.pop("delete")
    result = {}
    for kind, body in bodies.items():
        digest = hashlib.sha256(body.encode()).hexdigest()[:8]
        name = f"guard_{guard.table[:38]}_{kind}_{digest}"
        result[name] = f"CREATE TRIGGER {quote(name)} {body}"
    return result


def _as_text(column: str, value: Any, connection: BaseDatabaseWrapper) -> str:
    """«It becomes something else than ``value``», in SQL; a JSON column by its text."""
    plain = value if isinstance(value, str) else json.dumps(value)
    literal = "'" + plain.replace("'", "''") + "'"
    if connection.vendor == "sqlite":
        return f"NEW.{column} IS NOT {literal}"
    return f"NEW.{column}::text IS DISTINCT FROM {literal}"


def _trigger_statement(trigger: Trigger, connection: BaseDatabaseWrapper) -> tuple[str, str]:
    """Name → CREATE statement of a declared trigger, for this engine."""
    body = trigger.sqlite if connection.vendor == "sqlite" else trigger.postgresql
    digest = hashlib.sha256((body + trigger.function).encode()).hexdigest()[:8]
    name = f"guard_{trigger.model._meta.db_table[:28]}_{trigger.kind}_{digest}"
    return name, f"CREATE TRIGGER {connection.ops.quote_name(name)} {body}"


_FUNCTION = """
CREATE OR REPLACE FUNCTION nghitruong_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION '%', TG_ARGV[0] USING ERRCODE = 'integrity_constraint_violation';
END $$
"""


def _present(connection: BaseDatabaseWrapper) -> dict[str, str]:
    """Our triggers that are there and switched on: name → table."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute(
                "SELECT name, tbl_name FROM sqlite_master"
                " WHERE type = 'trigger' AND substr(name, 1, 6) = 'guard_'"
            )
        else:
            cursor.execute(
                "SELECT t.tgname, c.relname FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid"
                " JOIN pg_namespace n ON n.oid = c.relnamespace"
                " WHERE n.nspname = current_schema() AND NOT t.tgisinternal"
                " AND t.tgenabled IN ('O', 'A') AND left(t.tgname, 6) = 'guard_'"
            )
        return {str(name): str(table) for name, table in cursor.fetchall()}


def remove_guards(using: str = "default") -> None:
    """Drop every guard: neither engine alters a column that a trigger names. ``migrate`` only."""
    connection = connections[using]
    quote = connection.ops.quote_name
    present = _present(connection)
    with connection.cursor() as cursor:
        for name, table in present.items():
            on = f" ON {quote(table)}" if connection.vendor == "postgresql" else ""
            cursor.execute(f"DROP TRIGGER {quote(name)}{on}")


def install_guards(using: str = "default", **_: Any) -> None:
    """Create what is missing, drop what is out of date. Called after every ``migrate``."""
    connection = connections[using]
    with connection.cursor() as cursor:
        tables = set(connection.introspection.table_names(cursor))
    wanted: dict[str, str] = {}
    for guard in declared():
        if guard.table in tables and _columns_exist(guard, connection):
            wanted.update(_statements(guard, connection))
    functions = []
    for trigger in _triggers:
        if trigger.model._meta.db_table in tables:
            name, statement = _trigger_statement(trigger, connection)
            wanted[name] = statement
            functions.append(trigger.function)
    present = _present(connection)
    if set(present) == set(wanted):
        return
    quote = connection.ops.quote_name
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            for function in (_FUNCTION, *filter(None, functions)):
                cursor.execute(function)
        for name in set(present) - set(wanted):
            on = f" ON {quote(present[name])}" if connection.vendor == "postgresql" else ""
            cursor.execute(f"DROP TRIGGER {quote(name)}{on}")
        for name in sorted(set(wanted) - set(present)):
            cursor.execute(wanted[name])


def _columns_exist(guard: Guard, connection: BaseDatabaseWrapper) -> bool:
    """False in the middle of a chain of migrations, when the model is ahead of its table."""
    with connection.cursor() as cursor:
        columns = connection.introspection.get_table_description(cursor, guard.table)
    return set(guard.fixed_columns()) <= {column.name for column in columns}


def missing_guards(using: str = "default") -> list[str]:
    """Tables whose guard is absent, switched off or out of date."""
    connection = connections[using]
    present = _present(connection)
    missing = {
        guard.table
        for guard in declared()
        if not set(_statements(guard, connection)) <= set(present)
    }
    missing |= {
        trigger.model._meta.db_table
        for trigger in _triggers
        if _trigger_statement(trigger, connection)[0] not in present
    }
    return sorted(missing)


def assert_guards(using: str = "default") -> None:
    """Raise ``ImproperlyConfigured`` naming every table that is not protected."""
    missing = missing_guards(using)
    if missing:
        raise ImproperlyConfigured(
            "Bảng chưa được bảo vệ chống sửa, xóa: "
            + ", ".join(missing)
            + ". Hãy chạy: nghitruong migrate"
        )
