"""What the layer above knows of a session: its sittings and their items, its last day.

Registered once, in ``AppConfig.ready``, like the binder's door beside which it stands.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from nghitruong.council.councils.roles import Actor


@dataclass(frozen=True)
class Programme:
    """The agenda as a device shows it (see meetings.briefcase_door) and the last day planned."""

    parts: list[dict[str, Any]]
    last_day: date


Ask = Callable[[Actor, uuid.UUID], Programme]
_asked: list[Ask] = []


def register(ask: Ask) -> None:
    """Called once, by the layer that has sessions."""
    _asked[:] = [ask]


def programme(actor: Actor, session_id: uuid.UUID) -> Programme:
    """What this person may see of the session's agenda."""
    if not _asked:
        raise RuntimeError("no app has registered a programme for the briefcase")
    return _asked[0](actor, session_id)
