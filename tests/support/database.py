"""Test databases: real files on SQLite, a template copied back after every committed test.

Django's own ``TransactionTestCase`` empties every table afterwards. Here rows of the record
cannot be deleted at all (triggers refuse), and rows made by migrations would be lost; so the
database is put back from a copy taken right after the migrations.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection, connections
from django.test import TransactionTestCase
from pytest_django.plugin import DjangoDbBlocker


def template_name() -> str:
    """The copy kept of the migrated database: a file, or a database of the server."""
    name = str(connection.settings_dict["NAME"])
    return f"{name}.template" if connection.vendor == "sqlite" else f"{name}_template"


def _administer(*statements: str) -> None:
    """Run statements on the server's ``postgres`` database, nobody connected to ours."""
    connections.close_all()
    with connection._nodb_cursor() as cursor:  # type: ignore[attr-defined]  # as Django's creation
        for statement in statements:
            cursor.execute(statement)


def save_template() -> None:
    """Keep the database as it is now."""
    name = str(connection.settings_dict["NAME"])
    if connection.vendor == "sqlite":
        with sqlite3.connect(name) as source, sqlite3.connect(template_name()) as target:
            source.backup(target)
        source.close()
        target.close()
    else:
        template = template_name()
        _administer(
            f'DROP DATABASE IF EXISTS "{template}" WITH (FORCE)',
            f'CREATE DATABASE "{template}" TEMPLATE "{name}"',
        )


def restore_template() -> None:
    """Put the database back to what :func:`save_template` kept."""
    name = str(connection.settings_dict["NAME"])
    connections.close_all()
    if connection.vendor == "sqlite":
        with sqlite3.connect(template_name()) as source, sqlite3.connect(name) as target:
            target.execute("PRAGMA busy_timeout=15000")
            source.backup(target)
        source.close()
        target.close()
    else:
        _administer(
            f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)',
            f'CREATE DATABASE "{name}" TEMPLATE "{template_name()}"',
        )


def drop_template() -> None:
    """Remove the copy at the end of the run."""
    if connection.vendor == "sqlite":
        for suffix in ("", "-wal", "-shm"):
            if os.path.exists(template_name() + suffix):
                os.remove(template_name() + suffix)
    else:
        _administer(f'DROP DATABASE IF EXISTS "{template_name()}" WITH (FORCE)')


def _teardown_from_template(self: Any) -> None:
    restore_template()


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """After the migrations, keep a copy; committed tests are undone from it."""
    with django_db_blocker.unblock():
        save_template()
    original = TransactionTestCase._fixture_teardown  # type: ignore[attr-defined]
    TransactionTestCase._fixture_teardown = _teardown_from_template  # type: ignore[attr-defined]
    try:
        yield
    finally:
        TransactionTestCase._fixture_teardown = original  # type: ignore[attr-defined]
        with django_db_blocker.unblock():
            drop_template()


@pytest.fixture
def db_engine() -> str:
    """``sqlite`` or ``postgresql``: the engine this run is on."""
    return str(connection.vendor)
