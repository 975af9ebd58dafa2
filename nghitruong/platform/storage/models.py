"""Base rows of this product."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, ClassVar, Self

from django.db import models
from django_scopes import ScopedManager

from nghitruong.platform.storage.ids import new_id


class TimeOrdered(models.Model):
    """A row with a UUIDv7 key, so that keys made here never clash with another installation's."""

    id = models.UUIDField("mã", primary_key=True, default=new_id, editable=False)

    class Meta:
        abstract = True


class CouncilOwned(TimeOrdered):
    """A row of one council, reachable only inside that council's scope.

    The platform knows nothing of councils, so the wall is a plain UUID here; layers above
    use :class:`nghitruong.council.councils.models.CouncilRow` with a real foreign key.
    """

    council_id = models.UUIDField("hội đồng", db_index=True)

    if TYPE_CHECKING:  # to the type checker it is an ordinary manager
        objects: ClassVar[models.Manager[Self]]
    else:
        objects = ScopedManager(council="council_id")

    class Meta:
        abstract = True


def uuid_hex(value: uuid.UUID | str) -> str:
    """The 32 hexadecimal digits of a key, however it is written."""
    return uuid.UUID(str(value)).hex
