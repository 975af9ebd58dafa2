"""The few places where the two engines differ, so that nothing else has to ask."""

from __future__ import annotations

import uuid
from typing import TypeVar

from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper

M = TypeVar("M", bound=models.Model)


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
