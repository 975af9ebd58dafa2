"""Which ways lead to whom, and the work of sending."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Mapping

from nghitruong.platform.notices.models import Channel, Message


def ways_to(
    council_id: uuid.UUID, people: Collection[uuid.UUID]
) -> Mapping[uuid.UUID, list[Channel]]:
    """The ways out of the application that are set up here and that each person agreed to."""
    return {}


def ask_for(message: Message) -> None:
    """Have a message's waiting deliveries sent after the caller's transaction."""
