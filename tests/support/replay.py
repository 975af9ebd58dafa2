"""The same world for many tests, built once: its statements are kept and run again.

Building the cast through the product's own actions takes a tenth of a second, mostly in making
the statements; running them again takes a few milliseconds. :func:`replayed` builds for real the
first time in each process, remembers every statement that wrote, and for the next test, whose
database is as empty again, runs just those. What was built comes back as a fresh copy.

Only for what depends on nothing but its key: the rows it starts from must be the same each time.
"""

from __future__ import annotations

import pickle
import re
from collections.abc import Callable, Hashable
from typing import Any, TypeVar

from django.db import connection, transaction

T = TypeVar("T")
WRITES = re.compile(r"\s*(INSERT|UPDATE|DELETE|WITH\b.*\b(INSERT|UPDATE|DELETE)\b)", re.S | re.I)

_kept: dict[Hashable, tuple[list[tuple[str, Any, bool]], bytes]] = {}


def replayed(key: Hashable, build: Callable[[], T]) -> T:
    """What ``build`` makes, with its rows in the database; ``build`` runs once per process."""
    if key not in _kept:
        statements: list[tuple[str, Any, bool]] = []

        def note(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
            if WRITES.match(sql):
                statements.append((sql, list(params) if many else params, many))
            return execute(sql, params, many, context)

        with connection.execute_wrapper(note):
            made = build()
        _kept[key] = (statements, pickle.dumps(made))
        return made
    statements, packed = _kept[key]
    with transaction.atomic(), connection.cursor() as cursor:
        for sql, params, many in statements:
            (cursor.executemany if many else cursor.execute)(sql, params)
    return pickle.loads(packed)  # type: ignore[no-any-return]  # of our own making
