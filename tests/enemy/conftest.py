"""The whole live application in this process, and short ways to harm it.

``room`` is a full hall with an open poll and the real application in front of the database: its
event loop, its writer thread, every command the product registers. Whoever posts gets what a
tablet gets: a status and the sentence on its screen.
"""

from __future__ import annotations

import asyncio
import json
import threading
import uuid
from collections.abc import Coroutine, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import pytest
from django_scopes import scope

from nghitruong.config.demo.people import Built
from nghitruong.config.live import register_apps
from nghitruong.council.councils.roles import Actor
from nghitruong.platform.audit.models import Entry
from nghitruong.platform.live import commands
from nghitruong.platform.live.app import LiveApp
from nghitruong.platform.live.commands import Request, Ticket
from nghitruong.platform.live.engine import Waiting
from nghitruong.platform.live.models import Event
from nghitruong.platform.live.registry import registry
from nghitruong.platform.live.tests.browser import Reply, call, headers_for
from nghitruong.session.meetings.models import RollEntry, Sitting
from nghitruong.session.voting.models import Poll, Vote
from tests.support.hall import Hall, fill_council


@dataclass
class Room:
    """A hall under attack."""

    built: Built
    hall: Hall
    app: LiveApp
    loop: asyncio.AbstractEventLoop

    # --- who is here -----------------------------------------------------------------------------

    def person(self, username: str) -> Any:
        """A member of the cast."""
        return self.built.people[username]

    def ticket(self, username: str) -> str:
        """The cookie on that person's tablet."""
        return self.hall.people[self.person(username).pk.hex]

    def entry(self, username: str) -> Any:
        """Their row on the roll, to be changed by an UPDATE."""
        return RollEntry.objects.filter(sitting_id=self.hall.sitting, person=self.person(username))

    @property
    def poll(self) -> Poll:
        """As it is stored now."""
        return Poll.objects.get(pk=self.hall.poll)

    @property
    def sitting(self) -> Sitting:
        """As it is stored now."""
        return Sitting.objects.get(pk=self.hall.sitting)

    # --- over HTTP -------------------------------------------------------------------------------

    def run(self, work: Coroutine[Any, Any, Any]) -> Any:
        """In the application's own loop."""
        return asyncio.run_coroutine_threadsafe(work, self.loop).result(60)

    async def send(
        self,
        command: str,
        who: str | None,
        *,
        nonce: str = "",
        slug: str = "",
        headers: dict[str, str] | None = None,
        content: bytes | None = None,
        **body: Any,
    ) -> Reply:
        """One command; ``who`` is a user name of the cast, a raw cookie value, or nobody."""
        if who is not None and who in self.built.people:
            who = self.ticket(who)
        text = {"nonce": nonce or uuid.uuid4().hex, "sitting": self.hall.sitting, **body}
        return await call(
            self.app,
            "POST",
            f"/live/{slug or self.hall.slug}/{command}",
            headers={**headers_for(who), **(headers or {})},
            content=json.dumps(text).encode() if content is None else content,
        )

    def post(self, command: str, who: str | None, **options: Any) -> Reply:
        """Send and wait for the answer."""
        return self.run(self.send(command, who, **options))

    def vote(self, who: str | None, choice: Any = "yes", **options: Any) -> Reply:
        """A tap on the open poll."""
        return self.post("vote", who, **{"poll": self.hall.poll, "choice": choice, **options})

    def at_once(self, *sends: Coroutine[Any, Any, Reply]) -> list[Reply]:
        """All at the same time."""

        async def together() -> list[Reply]:
            return list(await asyncio.gather(*sends))

        return self.run(together())

    def sending(self, who: str, choice: str = "yes", **options: Any) -> Coroutine[Any, Any, Reply]:
        """A vote for :meth:`at_once`."""
        return self.send("vote", who, **{"poll": self.hall.poll, "choice": choice, **options})

    def closing(self, who: str) -> Coroutine[Any, Any, Reply]:
        """The end of the vote for :meth:`at_once`."""
        return self.send("close-poll", who, poll=self.hall.poll)

    # --- one batch, made by hand -----------------------------------------------------------------

    def request(
        self, command: str, username: str, at: datetime | None = None, nonce: str = "", **body: Any
    ) -> Request:
        """As it waits in the queue."""
        person, council = self.person(username), self.built.council
        ticket = Ticket(
            council.pk, person.pk, uuid.UUID(self.hall.sitting), "máy thử", "", council.slug
        )
        body.setdefault("poll", self.hall.poll)
        return Request(command, ticket, nonce or uuid.uuid4().hex, body, at or datetime.now(UTC))

    def batch(self, *requests: Request) -> list[tuple[int, dict[str, Any]]]:
        """Apply in one transaction, as the writer thread does; status and body of each."""
        told = self.app.engine.process([Waiting(one, n) for n, one in enumerate(requests)])
        return [(answer.status, json.loads(answer.body)) for _, answer in told]

    # --- what is stored --------------------------------------------------------------------------

    def votes(self) -> dict[Any, str]:
        """person → choice."""
        return dict(Vote.objects.filter(poll_id=self.hall.poll).values_list("person_id", "choice"))

    def vote_of(self, username: str) -> Vote | None:
        """Their stored vote."""
        return Vote.objects.filter(poll_id=self.hall.poll, person=self.person(username)).first()

    def acts(self, action: str = "voting.cast") -> int:
        """Rows of the audit log."""
        return Entry.objects.filter(action=action).count()

    def gapless(self) -> bool:
        """Every stream's events are 1…n."""
        streams: dict[str, list[int]] = {}
        for stream, seq in Event.objects.order_by("stream", "seq").values_list("stream", "seq"):
            streams.setdefault(stream, []).append(seq)
        return all(seqs == list(range(1, len(seqs) + 1)) for seqs in streams.values())


def told(reply: Reply, status: int, code: str) -> str:
    """It is this refusal; the sentence the person sees."""
    body = reply.json()
    assert (reply.status, body.get("code")) == (status, code), body
    return str(body["message"])


@pytest.fixture
def room(transactional_db: Any, province: Built) -> Iterator[Room]:
    """A hall of 15 with an open poll; the application is running."""
    before = dict(commands._commands)
    heard = dict(vars(registry))
    register_apps()
    hall = fill_council(province)
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, name="room", daemon=True)
    thread.start()
    app = asyncio.run_coroutine_threadsafe(_started(), loop).result(30)
    try:
        with scope(council=province.council.pk):
            yield Room(province, hall, app, loop)
    finally:
        asyncio.run_coroutine_threadsafe(app.stop(), loop).result(30)
        loop.call_soon_threadsafe(loop.stop)
        thread.join(10)
        loop.close()
        commands._commands.clear()
        commands._commands.update(before)
        vars(registry).update(heard)


async def _started() -> LiveApp:
    app = LiveApp()
    await app.start()
    return app


@pytest.fixture
def chair_of_room(room: Room) -> Actor:
    """An, who presides."""
    from nghitruong.council.councils.roles import actor_of_person

    actor = actor_of_person(room.person("an"))
    assert actor is not None
    return actor


@pytest.fixture
def clerk_of_room(room: Room) -> Actor:
    """Bình, the clerk."""
    from nghitruong.council.councils.roles import actor_of_person

    actor = actor_of_person(room.person("binh"))
    assert actor is not None
    return actor
