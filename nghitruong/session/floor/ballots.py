"""What the hall shows of votes: the slices that the voting app computes."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from typing import Any


def _ask(name: str, *args: Any) -> Any:
    try:
        from nghitruong.session.voting import queries
    except ImportError:
        return None
    return getattr(queries, name)(*args)


def poll_slice(sitting_id: uuid.UUID) -> dict[str, Any] | None:
    """The poll on the screens."""
    found: dict[str, Any] | None = _ask("poll_slice", sitting_id)
    return found


def result_slice(sitting_id: uuid.UUID) -> dict[str, Any] | None:
    """The published result on the screens."""
    found: dict[str, Any] | None = _ask("result_slice", sitting_id)
    return found


def outcome_slice(sitting_id: uuid.UUID) -> dict[str, Any] | None:
    """The result before its announcement, for the chair."""
    found: dict[str, Any] | None = _ask("outcome_slice", sitting_id)
    return found


def tally(sitting_id: uuid.UUID) -> dict[str, Any] | None:
    """The running count, for the chair."""
    found: dict[str, Any] | None = _ask("tally", sitting_id)
    return found


def progress(sitting_id: uuid.UUID) -> dict[str, Any] | None:
    """How many have voted, for everybody."""
    found: dict[str, Any] | None = _ask("progress", sitting_id)
    return found


def my_votes(
    sitting_id: uuid.UUID, person_ids: Iterable[uuid.UUID]
) -> dict[uuid.UUID, dict[str, Any]]:
    """Person → their vote in the poll on the screens, those who voted only."""
    return _ask("my_votes", sitting_id, list(person_ids)) or {}
