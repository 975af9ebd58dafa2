"""A line of «Việc hôm nay», and the list of those who yield such lines."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from enum import IntEnum

from django.urls import reverse

from nghitruong.council.councils.models import Function
from nghitruong.council.councils.roles import Actor
from nghitruong.session.meetings.models import Session, SessionState, Sitting, SittingState

UPCOMING = (SessionState.PREPARING, SessionState.CONVENED, SessionState.IN_SESSION)
RUNNING = (SittingState.OPEN, SittingState.SUSPENDED)


class Urgency(IntEnum):
    """The order of the page."""

    NOW = 0  # the hall is waiting
    TODAY = 1
    SOON = 2
    WHEN_POSSIBLE = 3


@dataclass(frozen=True, kw_only=True)
class Task:
    """A line of the page: what, why, and the one button."""

    urgency: Urgency
    title: str
    text: str = ""
    icon: str = "checkbox"
    button: str
    url: str


Provider = Callable[[Actor], Iterable[Task]]
_providers: list[tuple[Provider, Function | None]] = []


def provider(ask: Provider) -> Provider:
    """Add a provider; it yields nothing for people it does not concern."""
    _providers.append((ask, None))
    return ask


def provider_of(function: Function) -> Callable[[Provider], Provider]:
    """Add a provider of a function: silent in a council that does not use it."""

    def add(ask: Provider) -> Provider:
        _providers.append((ask, function))
        return ask

    return add


def tasks_for(actor: Actor, functions: Collection[str]) -> list[Task]:
    """Everything that waits for this person, the most urgent first."""
    found = [
        task
        for ask, function in _providers
        if function is None or function in functions
        for task in ask(actor)
    ]
    return sorted(found, key=lambda task: task.urgency)


def sitting_url(name: str, actor: Actor, sitting: Sitting) -> str:
    return reverse(name, args=[actor.council.slug, sitting.session.address, sitting.number])


def session_url(name: str, actor: Actor, session: Session) -> str:
    return reverse(name, args=[actor.council.slug, session.address])
