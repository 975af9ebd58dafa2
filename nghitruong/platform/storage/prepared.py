"""Questions that every page asks, put into SQL once.

To build a statement costs Django ten times what the database needs to answer one by key, and a page
asks half a dozen such before its own work begins. A :class:`Prepared` builds its statement at the
first call and afterwards only puts the values in; the rows are made by Django as ever.
"""

from __future__ import annotations

import copy
import secrets
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final, Generic, TypeVar

from django.db import DEFAULT_DB_ALIAS, connections, models
from django_scopes import scopes_disabled

Row = TypeVar("Row")


def _unlikely(field: models.Field[Any, Any]) -> Any:
    """A value of the field's kind that stands nowhere in a statement by chance."""
    if isinstance(field, models.UUIDField):
        return uuid.uuid4()
    if isinstance(field, models.DateField):
        return date(3000, 1, 1) + timedelta(days=secrets.randbelow(1_000_000))
    return secrets.token_hex(16)


class _Query:
    """Stands in for the query of a queryset: its compiler has the statement already."""

    def __init__(self, compiler: Any, sql: str, params: tuple[Any, ...]) -> None:
        self._compiler, self._sql, self._params = compiler, sql, params

    def get_compiler(self, using: str, connection: Any = None, elide_empty: bool = True) -> Any:
        """One for this thread's connection."""
        compiler = copy.copy(self._compiler)
        compiler.connection = connections[using]
        compiler.as_sql = lambda *_args, **_kwargs: (self._sql, self._params)
        return compiler

    def __getattr__(self, name: str) -> Any:
        return getattr(self._compiler.query, name)


class Prepared(Generic[Row]):
    """``Prepared(lambda council: Duty.objects.filter(council=council), council=UUIDField())``.

    ``ask`` gets a value for every name of ``takes`` and returns a queryset; calling the object with
    the same names returns its rows as a list. Everything else in the statement stays as it was at
    the first call, so ``ask`` must not look at the clock or at anything that changes. The
    statement is built outside any scope: ask for the council yourself.
    """

    def __init__(
        self, ask: Callable[..., models.QuerySet[Any, Row]], **takes: models.Field[Any, Any]
    ) -> None:
        self._ask: Final = ask
        self._takes: Final[Mapping[str, models.Field[Any, Any]]] = takes
        self._built: tuple[models.QuerySet[Any, Row], Any, str, list[Any]] | None = None

    def __call__(self, **given: Any) -> list[Row]:
        """The rows for these values. TypeError when a name is missing or too many."""
        if given.keys() != self._takes.keys():
            raise TypeError(f"takes {sorted(self._takes)}, got {sorted(given)}")
        rows, compiler, sql, places = self._built or self._build()
        connection = connections[DEFAULT_DB_ALIAS]
        values = {
            name: field.get_db_prep_value(given[name], connection)
            for name, field in self._takes.items()
        }
        params = tuple(values[p.name] if isinstance(p, _Place) else p for p in places)
        query: Any = _Query(compiler, sql, params)
        found = rows.__class__(model=rows.model, query=query, using=DEFAULT_DB_ALIAS)
        found._iterable_class = rows._iterable_class
        found._fields = rows._fields  # type: ignore[attr-defined]
        return list(found)

    def _build(self) -> tuple[models.QuerySet[Any, Row], Any, str, list[Any]]:
        connection = connections[DEFAULT_DB_ALIAS]
        chosen = {name: _unlikely(field) for name, field in self._takes.items()}
        with scopes_disabled():
            rows = self._ask(**chosen).using(DEFAULT_DB_ALIAS)
        compiler: Any = rows.query.get_compiler(using=DEFAULT_DB_ALIAS)
        sql, params = compiler.as_sql()
        names = {
            field.get_db_prep_value(chosen[name], connection): name
            for name, field in self._takes.items()
        }
        places = [
            _Place(names[value]) if isinstance(value, _KINDS) and value in names else value
            for value in params
        ]
        lost = self._takes.keys() - {p.name for p in places if isinstance(p, _Place)}
        within = any(
            isinstance(p, str) and isinstance(v, str) and v in p for p in places for v in names
        )
        if lost or within:  # it would ask for the same forever
            raise RuntimeError(f"{sorted(lost or names.values())} not found as such in: {sql}")
        compiler.connection = None  # each call has its own; that of this thread may end
        self._built = rows, compiler, sql, places
        return self._built


@dataclass(frozen=True)
class _Place:
    """Where a value goes."""

    name: str


_KINDS: Final = (str, uuid.UUID, date)
