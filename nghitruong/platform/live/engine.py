"""The engine: one writer thread, everything that waits in one transaction, answers after it.

A batch costs a fixed handful of statements (begin, receipts read, receipts written, commit) and
one fsync, whether it carries one command or two hundred.
"""

from __future__ import annotations

import asyncio
import logging
import threading
import time
import uuid
from collections import deque
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import DatabaseError, transaction
from django.utils import timezone
from django_scopes import scope

from nghitruong.platform.errors import Refused
from nghitruong.platform.live import sql
from nghitruong.platform.live.answers import (
    BROKEN,
    BUSY,
    NO_ROOM,
    NONCE_REUSED,
    STOPPING,
    UNKNOWN,
    Answer,
    answer,
    replayed,
    stored,
)
from nghitruong.platform.live.commands import Command, Refusal, Request, find
from nghitruong.platform.live.faults import StorageFailure, failure, lost_out

logger = logging.getLogger(__name__)

QUEUE_LIMIT = 5_000  # commands waiting; at a few kilobytes each this is all the memory they take
PAUSE_STEP = 0.004  # seconds between two looks of :meth:`Engine.pause`
GATHER_STEP = 0.005  # seconds; while commands keep arriving, the batch waits for the next look
GATHER_MOST = 0.03  # but never longer than this
BATCH_LIMIT = 256  # commands in one transaction: keeps it short for the other writers
TRIES = 4  # of a batch that collided with another process's transaction


@dataclass(slots=True)
class Waiting:
    """A request and where its answer goes (``done`` is given back untouched)."""

    request: Request
    done: Any
    answer: Answer | None = None
    stored: bool = False  # the answer is to be kept as a receipt
    same: list[Waiting] = field(default_factory=list)  # the same nonce again, in the same batch


@dataclass
class Counters:
    """What the engine did since it started."""

    commands: int = 0
    batches: int = 0
    replays: int = 0
    refused: int = 0
    failed: int = 0
    retries: int = 0
    largest_batch: int = 0
    seconds: float = 0.0


class Engine(threading.Thread):
    """The writer thread. ``deliver`` is called from it, once per batch, with what is answered."""

    def __init__(
        self,
        deliver: Callable[[list[tuple[Any, Answer]]], None],
        *,
        queue_limit: int = QUEUE_LIMIT,
        batch_limit: int = BATCH_LIMIT,
    ) -> None:
        super().__init__(name="live-writer", daemon=True)
        self.deliver = deliver
        self.queue_limit = queue_limit
        self.batch_limit = batch_limit
        self.counters = Counters()
        self._waiting: deque[Waiting] = deque()
        self._wake = threading.Condition()
        self._stopping = False
        self.working = False

    # --- the queue -------------------------------------------------------------------------------

    def submit(self, request: Request, done: Any) -> Refusal | None:
        """Queue a request; a refusal when it cannot wait here. Never blocks."""
        with self._wake:
            if self._stopping:
                return STOPPING
            if len(self._waiting) >= self.queue_limit:
                return BUSY
            self._waiting.append(Waiting(request, done))
            self._wake.notify()
        return None

    @property
    def depth(self) -> int:
        """Commands waiting now."""
        return len(self._waiting)

    async def pause(self, seconds: float) -> None:
        """Let people's answers go first: wait while commands do, at most ``seconds``.

        Screens may hear of a burst when it is over; who tapped is waiting now, and both are the
        same processor's work.
        """
        deadline = time.monotonic() + seconds
        while (self.working or self._waiting) and time.monotonic() < deadline:
            await asyncio.sleep(PAUSE_STEP)

    def stop(self) -> None:
        """Finish what waits, refuse what comes; the thread ends."""
        with self._wake:
            self._stopping = True
            self._wake.notify()

    def run(self) -> None:
        """Take all that waits, again and again."""
        try:
            while True:
                with self._wake:
                    while not self._waiting and not self._stopping:
                        self._wake.wait()
                    if not self._waiting:
                        return
                self._gather()
                with self._wake:
                    count = min(len(self._waiting), self.batch_limit)
                    batch = [self._waiting.popleft() for _ in range(count)]
                self.working = True
                self.deliver(self.process(batch))
                self.working = False
        finally:
            sql.database().close()

    def _gather(self) -> None:
        """Let a burst come in before its transaction begins.

        A batch costs the same handful of statements and one fsync whatever its size, and while it
        is written the loop can hardly read the next taps: ten small batches would take twice as
        long as two large ones. Somebody who taps alone waits one step more.
        """
        seen, deadline = 0, time.monotonic() + GATHER_MOST
        while seen < len(self._waiting) < self.batch_limit and not self._stopping:
            if time.monotonic() >= deadline:
                return
            seen = len(self._waiting)
            time.sleep(GATHER_STEP)

    # --- a batch ---------------------------------------------------------------------------------

    def process(self, batch: Sequence[Waiting]) -> list[tuple[Any, Answer]]:
        """Apply a batch durably; every ``done`` comes back with its answer."""
        started = time.perf_counter()
        try:
            self._apply_with_retry(batch)
        except StorageFailure as fault:
            logger.error("live batch of %d not stored: %s", len(batch), fault.refusal.code)
            self.counters.failed += len(batch)
            told = answer(fault.refusal)
            return [(one.done, told) for one in batch]
        except Exception:
            logger.exception("live batch of %d failed", len(batch))
            self.counters.failed += len(batch)
            self._disconnect()
            told = answer(BROKEN)
            return [(one.done, told) for one in batch]
        finally:
            counters = self.counters
            counters.seconds += time.perf_counter() - started
            counters.batches += 1
            counters.commands += len(batch)
            counters.largest_batch = max(counters.largest_batch, len(batch))
        broken = answer(BROKEN)
        return [(one.done, one.answer or broken) for one in batch]

    def _apply_with_retry(self, batch: Sequence[Waiting]) -> None:
        """Apply; on a lost connection connect again and apply once more, after a collision too.

        If the connection was lost after the commit reached the database, the second try finds the
        receipts of the first and gives its answers: nothing is done twice.
        """
        lost = 0
        for attempt in range(1, TRIES + 1):
            for one in batch:
                one.answer, one.stored, one.same = None, False, []
            try:
                self._apply(batch)
                return
            except Exception as error:
                if lost_out(error) and attempt < TRIES:
                    self.counters.retries += 1
                    continue
                refusal = failure(error)
                if refusal is None:
                    raise
                self._disconnect()
                lost += 1
                if refusal is NO_ROOM or lost == 2 or attempt == TRIES:
                    raise StorageFailure(refusal) from error
                logger.warning("live batch: connection lost, trying again: %s", error)
                self.counters.retries += 1

    def _apply(self, batch: Sequence[Waiting]) -> None:
        with transaction.atomic():
            fresh = self._without_replays(batch)
            councils: dict[uuid.UUID, list[Waiting]] = {}
            for one in fresh:
                councils.setdefault(one.request.ticket.council_id, []).append(one)
            for council_id, group in sorted(councils.items()):
                with scope(council=council_id):
                    _lock(group)
                    for run in _runs(group):
                        self._run(run)
            receipts = [
                (
                    one.request.ticket.person_id.hex,
                    one.request.nonce,
                    one.request.command,
                    stored(one.answer),
                )
                for one in fresh
                if one.stored and one.answer is not None
            ]
            if receipts:
                sql.insert_receipts(receipts, timezone.now())
        for one in fresh:
            for again in one.same:
                again.answer = one.answer
                self.counters.replays += 1

    def _without_replays(self, batch: Sequence[Waiting]) -> list[Waiting]:
        """Answer what was answered before; of the same nonce twice in a batch only the first."""
        first: dict[tuple[str, str], Waiting] = {}
        fresh: list[Waiting] = []
        for one in batch:
            key = (one.request.ticket.person_id.hex, one.request.nonce)
            earlier = first.setdefault(key, one)
            if earlier is one:
                fresh.append(one)
            elif earlier.request.command == one.request.command:
                earlier.same.append(one)
            else:
                one.answer = answer(NONCE_REUSED)
        known = sql.find_receipts(list(first))
        if not known:
            return fresh
        left: list[Waiting] = []
        for one in fresh:
            receipt = known.get((one.request.ticket.person_id.hex, one.request.nonce))
            if receipt is None:
                left.append(one)
                continue
            command, outcome = receipt
            if command == one.request.command:
                self.counters.replays += 1 + len(one.same)
                one.answer = replayed(outcome)
            else:
                one.answer = answer(NONCE_REUSED)
            for again in one.same:
                again.answer = one.answer
        return left

    # --- a run of the same command ---------------------------------------------------------------

    def _run(self, run: Sequence[Waiting]) -> None:
        command = find(run[0].request.command)
        if command is None:
            for one in run:
                one.answer = answer(UNKNOWN)
            return
        try:
            self._handle(command, run)
        except Exception as error:
            if failure(error) is not None or lost_out(error):
                raise
            if len(run) == 1:
                self._fail(run[0], error)
                return
            logger.warning("live %s: a run of %d is tried one by one", command.name, len(run))
            for one in run:
                try:
                    self._handle(command, [one])
                except Exception as alone:
                    if failure(alone) is not None or lost_out(alone):
                        raise
                    self._fail(one, alone)

    def _handle(self, command: Command, run: Sequence[Waiting]) -> None:
        with transaction.atomic():
            outcomes = command.handler([one.request for one in run])
            if len(outcomes) != len(run):
                raise ValueError(f"{command.name}: {len(outcomes)} kết quả cho {len(run)} lệnh")
            answers = [answer(outcome) for outcome in outcomes]
        for one, outcome, told in zip(run, outcomes, answers, strict=True):
            one.answer, one.stored = told, True
            self.counters.refused += isinstance(outcome, Refusal)

    def _fail(self, one: Waiting, error: Exception) -> None:
        if isinstance(error, Refused):
            refusal = Refusal(error.code, error.sentence, error.article, error.status)
            one.answer, one.stored = answer(refusal), True
            self.counters.refused += 1
            return
        logger.error("live command %s failed", one.request.command, exc_info=error)
        self.counters.failed += 1
        one.answer = answer(BROKEN)

    def _disconnect(self) -> None:
        connection = sql.database()
        try:
            connection.close()
        except DatabaseError:
            connection.connection = None
        connection.needs_rollback = False


def _lock(group: Sequence[Waiting]) -> None:
    """Before a batch of several kinds of commands: all their rows, in the product's lock order.

    A run alone locks as its handler does. Several runs in one transaction would otherwise take,
    say, a poll before the sitting, while the chair's step takes the sitting before the poll.
    """
    locks: dict[int, tuple[Callable[[Sequence[Request]], None], list[Request]]] = {}
    for one in group:
        command = find(one.request.command)
        if command is not None and command.lock is not None:
            locks.setdefault(command.lock_order, (command.lock, []))[1].append(one.request)
    if len(locks) > 1:
        for _, (lock, requests) in sorted(locks.items(), key=lambda pair: pair[0]):
            lock(requests)


def _runs(group: Iterable[Waiting]) -> Iterable[list[Waiting]]:
    """Consecutive requests of one command; a barrier is a run of its own."""
    run: list[Waiting] = []
    for one in group:
        name = one.request.command
        command = find(name)
        barrier = command is not None and command.barrier
        if run and (barrier or run[0].request.command != name):
            yield run
            run = []
        run.append(one)
        if barrier:
            yield run
            run = []
    if run:
        yield run
