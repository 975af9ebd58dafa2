"""What the layers above tell the live process: who hears what, and what a fresh screen shows.

``nghitruong.config.live`` (or an app's ``ready``) calls the setters once at start. All callables
run in threads of the live process, inside the council's scope.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from nghitruong.platform.live.commands import Ticket

Slices = dict[str, Any]
SHARED = ("hall", "chair", "named")  # streams of a sitting, the same for all who hear them
AUDIENCES = (*SHARED, "me")


def _nobody(tickets: Sequence[Ticket]) -> dict[Ticket, set[str]]:
    return {}


def _empty(sitting_id: uuid.UUID) -> Slices:
    return {}


def _empty_people(sitting_id: uuid.UUID, person_ids: list[uuid.UUID]) -> dict[uuid.UUID, Slices]:
    return {}


@dataclass
class Registry:
    """The callables in force."""

    audiences: Callable[[Sequence[Ticket]], dict[Ticket, set[str]]] = _nobody
    hall: Callable[[uuid.UUID], Slices] = _empty
    chair: Callable[[uuid.UUID], Slices] = _empty
    named: Callable[[uuid.UUID], Slices] = _empty
    person: Callable[[uuid.UUID, list[uuid.UUID]], dict[uuid.UUID, Slices]] = _empty_people
    progress: Callable[[uuid.UUID], dict[str, Slices]] = field(default=_empty)
    doors: Mapping[str, bool] = field(default_factory=dict)


registry = Registry()


def set_audiences(audiences: Callable[[Sequence[Ticket]], dict[Ticket, set[str]]]) -> None:
    """``audiences(tickets)`` → for each the subset of ``AUDIENCES`` its person may hear now.

    All tickets are of one council. No entry or an empty set: nothing (the stream answers 403).
    ``outside`` in the set is no stream: it marks whom the events of :func:`set_doors` cut off.
    """
    registry.audiences = audiences


def set_doors(doors: Mapping[str, bool]) -> None:
    """Types of events of the hall that say whether outsiders are shut out from now on (True) or let
    in again (False). Their streams end before the first such event is delivered, and what was known
    of their rights is forgotten."""
    registry.doors = dict(doors)


def set_snapshots(
    *,
    hall: Callable[[uuid.UUID], Slices],
    chair: Callable[[uuid.UUID], Slices],
    person: Callable[[uuid.UUID, list[uuid.UUID]], dict[uuid.UUID, Slices]],
    named: Callable[[uuid.UUID], Slices] = _empty,
) -> None:
    """The state of a fresh screen, by slices. ``person`` gets all who wait, in one call."""
    registry.hall, registry.chair, registry.person = hall, chair, person
    registry.named = named


def set_progress(progress: Callable[[uuid.UUID], dict[str, Slices]]) -> None:
    """``progress(sitting_id)`` → ``{"hall": {slice: value}, "chair": {slice: value}}``, sent to
    screens without being journaled, at most 20 times a second."""
    registry.progress = progress
