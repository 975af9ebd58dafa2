"""Fresh states: computed once per version, shared by all who ask, personal parts in one call.

The seqs are read before the state: a state may already contain what an event after its seqs will
say again, and events replace slices, so the screen ends the same; nothing can be missing.
"""

from __future__ import annotations

import asyncio
import logging
import time
import uuid
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import orjson
from django.utils import timezone
from django_scopes import scope

from nghitruong.platform.live import api, sql
from nghitruong.platform.live.commands import Ticket
from nghitruong.platform.live.feed import in_database
from nghitruong.platform.live.hub import Hub
from nghitruong.platform.live.registry import SHARED, registry

logger = logging.getLogger(__name__)

PROGRESS_SECONDS = 0.05  # at most 20 running counts a second
RIGHTS_SECONDS = 20.0  # how long an answer of registry.audiences is believed
SHARED_SECONDS = 30  # a shared part is computed anew after so long even when nothing happened
PEOPLE = 100  # personal parts per call: a long call would hold up the others


def _inner(slices: dict[str, Any]) -> bytes:
    """``"a":1,"b":2``: the inside of a JSON object, to be joined with others."""
    return orjson.dumps(slices, default=str, option=orjson.OPT_NON_STR_KEYS)[1:-1]


class Snapshots:
    """Answers ``snapshot`` requests and says who may hear what. Lives in the event loop."""

    def __init__(self, hub: Hub) -> None:
        self.hub = hub
        self.computed = 0
        self._thread = ThreadPoolExecutor(1, "live-snapshots")
        # One entry per sitting and audience: the version it is of, its inside.
        self._shared: OrderedDict[tuple[uuid.UUID, str], tuple[tuple[int, ...], bytes]] = (
            OrderedDict()
        )
        self._rights: OrderedDict[Ticket, tuple[float, frozenset[str]]] = OrderedDict()
        self._asking: list[tuple[Ticket, asyncio.Future[frozenset[str]]]] = []
        self._waiting: list[tuple[Ticket, frozenset[str], asyncio.Future[bytes]]] = []
        self._running: dict[str, asyncio.Task[None]] = {}
        self._generation = 0  # rights asked for before it moved are not believed afterwards
        hub.on_shut = self.forget_rights

    async def audiences(self, ticket: Ticket) -> frozenset[str]:
        """Who this ticket's person is now: a subset of AUDIENCES; believed for 20 s."""
        known = self._rights.get(ticket)
        if known is not None and known[0] > time.monotonic():
            return known[1]
        future: asyncio.Future[frozenset[str]] = asyncio.get_running_loop().create_future()
        self._asking.append((ticket, future))
        self._start("rights", self._answer_rights)
        return await future

    def forget_rights(self) -> None:
        """Doors were shut, or a person's rights moved: ask again who may hear what."""
        self._generation += 1
        self._rights.clear()

    def forget_one(self, ticket: Ticket) -> None:
        """Ask again what this ticket's person may hear."""
        self._rights.pop(ticket, None)

    async def snapshot(self, ticket: Ticket, audiences: frozenset[str]) -> bytes:
        """The JSON body of the snapshot for this ticket."""
        future: asyncio.Future[bytes] = asyncio.get_running_loop().create_future()
        self._waiting.append((ticket, audiences, future))
        self._start("snapshots", self._answer_snapshots)
        return await future

    def _start(self, name: str, work: Callable[[], Any]) -> None:
        if name not in self._running:
            task = asyncio.get_running_loop().create_task(work())
            self._running[name] = task

    async def _answer_rights(self) -> None:
        loop = asyncio.get_running_loop()
        try:
            while self._asking:
                asked, self._asking = self._asking[:PEOPLE], self._asking[PEOPLE:]
                tickets = list({ticket for ticket, _ in asked})
                generation = self._generation
                try:
                    found = await loop.run_in_executor(
                        self._thread, in_database, lambda ts=tickets: _rights(ts)
                    )
                except Exception as error:
                    logger.exception("live rights")
                    _fail([future for _, future in asked], error)
                    continue
                until = time.monotonic() + RIGHTS_SECONDS
                if generation == self._generation:
                    for ticket, rights in found.items():
                        self._rights[ticket] = (until, rights)
                while len(self._rights) > 8192:
                    self._rights.popitem(last=False)
                for ticket, future in asked:
                    if not future.done():
                        future.set_result(found[ticket])
        finally:
            self._running.pop("rights", None)

    async def _answer_snapshots(self) -> None:
        loop = asyncio.get_running_loop()
        try:
            while self._waiting:
                # All who wait for the sitting of the first one; shared parts once for them all.
                sitting = self._waiting[0][0].sitting_id
                group = [one for one in self._waiting if one[0].sitting_id == sitting][:PEOPLE]
                taken = {id(one) for one in group}
                self._waiting = [one for one in self._waiting if id(one) not in taken]
                moved = self.hub.transient_version.get(sitting.hex, 0)
                try:
                    bodies = await loop.run_in_executor(
                        self._thread,
                        in_database,
                        lambda g=group, m=moved: self._compute(g, m),
                    )
                except Exception as error:
                    logger.exception("live snapshot")
                    _fail([future for _, _, future in group], error)
                    continue
                for (_, _, future), body in zip(group, bodies, strict=True):
                    if not future.done():
                        future.set_result(body)
        finally:
            self._running.pop("snapshots", None)

    # --- in the thread ---------------------------------------------------------------------------

    def _compute(
        self, group: list[tuple[Ticket, frozenset[str], asyncio.Future[bytes]]], moved: int
    ) -> list[bytes]:
        ticket = group[0][0]
        sitting = ticket.sitting_id
        people = list(dict.fromkeys(t.person_id for t, audiences, _ in group if "me" in audiences))
        keys = [api.sitting_stream(sitting, audience) for audience in SHARED]
        epoch = sql.current_epoch()
        seqs = sql.stream_seqs([*keys, *(api.person_stream(person) for person in people)])
        with scope(council=ticket.council_id):
            personal = registry.person(sitting, people) if people else {}
            shared = {
                audience: self._part(
                    sitting, audience, (seqs[key], moved, int(time.time() // SHARED_SECONDS))
                )
                for audience, key in zip(SHARED, keys, strict=True)
                if any(audience in audiences for _, audiences, _ in group)
            }
        now = timezone.now().isoformat()
        bodies: list[bytes] = []
        for one, audiences, _ in group:
            place, parts = [epoch], []
            for audience, key in zip(SHARED, keys, strict=True):
                if audience in audiences:
                    place.append(f"{audience}={seqs[key]}")
                    parts.append(shared[audience])
            if "me" in audiences:
                place.append(f"me={seqs[api.person_stream(one.person_id)]}")
                parts.append(_inner(personal.get(one.person_id, {})))
            head = orjson.dumps({"id": ";".join(place), "now": now})[:-1]
            state = b",".join(part for part in parts if part)
            bodies.append(head + b',"state":{' + state + b"}}")
        return bodies

    def _part(self, sitting: uuid.UUID, audience: str, version: tuple[int, ...]) -> bytes:
        known = self._shared.get((sitting, audience))
        if known is not None and known[0] == version:
            return known[1]
        compute = {"hall": registry.hall, "chair": registry.chair, "named": registry.named}
        part = _inner(compute[audience](sitting))
        self.computed += 1
        self._shared[(sitting, audience)] = (version, part)
        while len(self._shared) > 64:
            self._shared.popitem(last=False)
        return part

    def stop(self) -> None:
        """The thread ends with what it computes."""
        self._thread.shutdown(wait=False, cancel_futures=True)


class Pacer:
    """Sends the running count of a vote: at once, then at most 20 times a second, then the last."""

    def __init__(self, hub: Hub, pause: Callable[[float], Awaitable[None]]) -> None:
        self.hub = hub
        self.pause = pause
        self.councils: dict[str, uuid.UUID] = {}  # sitting → council, learnt from open streams
        self._dirty: set[str] = set()
        self._tasks: dict[str, asyncio.Task[None]] = {}
        self._thread = ThreadPoolExecutor(1, "live-progress")

    def mark(self, sitting: str) -> None:
        """The sitting's progress moved (hexadecimal key)."""
        if sitting not in self.councils:
            return  # no screen of this sitting is open here
        self._dirty.add(sitting)
        if sitting not in self._tasks:
            loop = asyncio.get_running_loop()
            self._tasks[sitting] = loop.create_task(self._run(sitting))

    async def _run(self, sitting: str) -> None:
        loop = asyncio.get_running_loop()
        try:
            while sitting in self._dirty:
                await self.pause(PROGRESS_SECONDS)
                self._dirty.discard(sitting)
                earliest = loop.time() + PROGRESS_SECONDS
                try:
                    parts = await loop.run_in_executor(
                        self._thread, in_database, lambda: self._compute(sitting)
                    )
                    self.hub.push(sitting, parts, timezone.now().isoformat())
                except Exception:
                    logger.exception("live progress")
                await asyncio.sleep(max(0.0, earliest - loop.time()))
        finally:
            self._tasks.pop(sitting, None)

    def _compute(self, sitting: str) -> dict[str, dict[str, Any]]:
        with scope(council=self.councils[sitting]):
            return registry.progress(uuid.UUID(sitting))

    def stop(self) -> None:
        """No more counts."""
        for task in self._tasks.values():
            task.cancel()
        self._thread.shutdown(wait=False, cancel_futures=True)


def _rights(tickets: list[Ticket]) -> dict[Ticket, frozenset[str]]:
    found: dict[Ticket, frozenset[str]] = {}
    for council_id in {ticket.council_id for ticket in tickets}:
        group = [ticket for ticket in tickets if ticket.council_id == council_id]
        with scope(council=council_id):
            heard = registry.audiences(group)
        found.update({ticket: frozenset(heard.get(ticket, ())) for ticket in group})
    return found


def _fail(futures: list[asyncio.Future[Any]], error: Exception) -> None:
    for future in futures:
        if not future.done():
            future.set_exception(error)
