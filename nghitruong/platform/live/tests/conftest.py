"""Commands and events of the tests; registered for one test only."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any, ClassVar

import pytest
from django.utils import timezone

from nghitruong.platform.live import api, commands
from nghitruong.platform.live import registry as registry_module
from nghitruong.platform.live.answers import Answer
from nghitruong.platform.live.commands import Request, Ticket
from nghitruong.platform.live.engine import Engine, Waiting

COUNCIL = uuid.UUID(int=1)
SITTING = uuid.UUID(int=2)


@dataclass(frozen=True, kw_only=True)
class Said(api.LiveEvent):
    type: ClassVar[str] = "test.said"
    slice: ClassVar[str] = "said"
    text: str


def person(number: int) -> uuid.UUID:
    return uuid.UUID(int=1000 + number)


def ticket(number: int = 1, **changes: Any) -> Ticket:
    fields = {
        "council_id": COUNCIL,
        "person_id": person(number),
        "sitting_id": SITTING,
        "device": "máy 1",
        "name": f"Đại biểu {number}",
        "slug": "lao-cai",
    }
    return Ticket(**{**fields, **changes})


def request_of(command: str, nonce: str, number: int = 1, **body: Any) -> Request:
    return Request(command, ticket(number), nonce, body, timezone.now())


def hall() -> str:
    return api.sitting_stream(SITTING, "hall")


def say(*texts: str) -> list[int]:
    return api.emit_many([(hall(), Said(text=text)) for text in texts], council_id=COUNCIL)


@pytest.fixture
def command() -> Iterator[Callable[..., None]]:
    """Register commands for the length of the test."""
    names: list[str] = []

    def register(name: str, handler: Any, **options: Any) -> None:
        names.append(name)
        commands.register(name, handler, **options)

    yield register
    for name in names:
        commands.unregister(name)


@pytest.fixture
def process() -> Callable[..., list[Answer]]:
    """Apply requests as one batch, in this thread."""
    engine = Engine(lambda answers: None)

    def apply(*requests: Request) -> list[Answer]:
        batch = [Waiting(request, number) for number, request in enumerate(requests)]
        answers = engine.process(batch)
        assert [done for done, _ in answers] == list(range(len(requests)))
        return [told for _, told in answers]

    apply.engine = engine  # type: ignore[attr-defined]
    return apply


@dataclass
class Log:
    """What a handler saw."""

    runs: list[list[str]] = field(default_factory=list)

    def echo(self, requests: list[Request]) -> list[dict[str, Any]]:
        self.runs.append([request.nonce for request in requests])
        return [{"echo": request.body.get("text", "")} for request in requests]


@pytest.fixture
def log() -> Log:
    return Log()


@pytest.fixture
def registry(monkeypatch: pytest.MonkeyPatch) -> registry_module.Registry:
    """A registry of the test's own: everybody hears hall and me."""
    fresh = registry_module.Registry(
        audiences=lambda tickets: {one: {"hall", "me"} for one in tickets},
        hall=lambda sitting: {"said": None},
        person=lambda sitting, people: {one: {"me": {"person_id": str(one)}} for one in people},
    )
    for name in ("audiences", "hall", "chair", "person", "progress", "doors"):
        monkeypatch.setattr(registry_module.registry, name, getattr(fresh, name))
    return registry_module.registry
