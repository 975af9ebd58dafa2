"""The feed: reads new event rows for all open streams and hands them to the hub.

One query at a time, in a thread of its own: woken by the doorbell, and once a second regardless.
An error (database gone, thread broken) is logged and the next second tries again.
"""

from __future__ import annotations

import asyncio
import logging
import os
import socket
import uuid
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TypeVar

from django.conf import settings
from django.db import close_old_connections
from django.utils import timezone

from nghitruong.platform.live import doorbell, progress, sql
from nghitruong.platform.live.hub import TAIL, Hub
from nghitruong.platform.live.sql import EventRow
from nghitruong.platform.live.tickets import LIFETIME

logger = logging.getLogger(__name__)

SWEEP_SECONDS = 1.0
PAUSE_SECONDS = 0.06  # events wait at most so long for the answers of a burst
ROWS = 5_000  # per query

T = TypeVar("T")


def in_database(work: Callable[[], T]) -> T:
    """Run in a thread that keeps its connection; a broken one is dropped and tried once more."""
    try:
        return work()
    except Exception as error:
        connection = sql.database()
        usable = False
        with suppress(Exception):
            usable = connection.connection is not None and connection.is_usable()
        if usable:
            raise
        logger.warning("live reader: %s; connecting again", error)
        with suppress(Exception):
            connection.close()
        connection.connection = None
        close_old_connections()
        return work()


@dataclass
class Reading:
    """What one look at the database brought."""

    epoch: str | None = None
    ended: dict[uuid.UUID | str, float] | None = None
    loads: dict[str, tuple[int, int, list[EventRow]]] = field(default_factory=dict)
    rows: list[EventRow] = field(default_factory=list)


def read(positions: dict[str, int], loads: dict[str, int | None], *, sweep: bool) -> Reading:
    """Rows after each position; the tails of streams somebody has just opened; the epoch."""
    reading = Reading()
    if sweep:
        reading.epoch = sql.current_epoch()
        reading.ended = sql.ended_tickets(timezone.now() - timedelta(seconds=LIFETIME))
    if loads:
        seqs = sql.stream_seqs(loads)
        floors: dict[str, int] = {}
        for key, seq in seqs.items():
            wanted = loads[key]
            if wanted is None:
                floors[key] = seq
            elif wanted < 0:
                floors[key] = max(0, seq + wanted)
            else:
                floors[key] = min(seq, max(wanted, seq - TAIL["me"]))
        tails: dict[str, list[EventRow]] = {}
        after = {key: floor for key, floor in floors.items() if floor < seqs[key]}
        if after:
            for row in sql.events_after(after, limit=1_000_000):
                tails.setdefault(row.stream, []).append(row)
        reading.loads = {key: (seq, floors[key], tails.get(key, [])) for key, seq in seqs.items()}
    if positions:
        reading.rows = sql.events_after(positions, limit=ROWS)
    return reading


class Feed:
    """Runs in the event loop; its queries run in one thread."""

    def __init__(
        self,
        hub: Hub,
        on_progress: Callable[[str], None],
        pause: Callable[[float], Awaitable[None]],
    ) -> None:
        self.hub = hub
        self.on_progress = on_progress
        self.pause = pause
        self.errors = 0
        self._rung: dict[str, int] = {}
        self._event = asyncio.Event()
        self._loaded = asyncio.Event()
        self._thread = ThreadPoolExecutor(1, "live-reader")
        self._task: asyncio.Task[None] | None = None
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self._redis: doorbell.RedisListener | None = None

    # --- doorbell -----------------------------------------------------------------------------

    def _listen(self, loop: asyncio.AbstractEventLoop) -> None:
        path = doorbell.socket_path()
        with suppress(FileNotFoundError):
            path.unlink()
        self._socket.setblocking(False)
        self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1 << 20)
        self._socket.bind(str(path))
        os.chmod(path, 0o600)
        loop.add_reader(self._socket.fileno(), self._on_datagram)
        if settings.REDIS_URL:
            self._redis = doorbell.RedisListener(
                settings.REDIS_URL,
                lambda message: loop.call_soon_threadsafe(self.heard, message),
            )
            self._redis.start()

    def _on_datagram(self) -> None:
        while True:
            try:
                self.heard(self._socket.recv(1 << 18))
            except OSError:
                return

    def heard(self, message: bytes) -> None:
        """A ring."""
        for stream, seq in doorbell.parse(message):
            if stream.startswith(progress.PREFIX):
                self.on_progress(stream[len(progress.PREFIX) :])
                continue
            topic = self.hub.topics.get(stream)
            if topic is not None and topic.loaded and topic.seq < seq:
                self._rung[stream] = seq
                self._event.set()

    # --- reading --------------------------------------------------------------------------------

    async def start(self) -> None:
        """Listen, read the epoch, begin."""
        loop = asyncio.get_running_loop()
        self._listen(loop)
        await self._look(sweep=True)
        self._task = loop.create_task(self._run())

    async def load(self) -> None:
        """Wait until every topic asked for so far is loaded."""
        self._event.set()
        while self.hub.unloaded():
            waiting = self._loaded
            await waiting.wait()

    async def _run(self) -> None:
        loop = asyncio.get_running_loop()
        next_sweep = loop.time() + SWEEP_SECONDS
        while True:
            with suppress(TimeoutError):
                async with asyncio.timeout_at(next_sweep):
                    await self._event.wait()
                    await self.pause(PAUSE_SECONDS)
            self._event.clear()
            sweep = loop.time() >= next_sweep
            try:
                await self._look(sweep=sweep)
            except asyncio.CancelledError:
                raise
            except BaseException:
                # The rows wait in the database; the next second asks for them again.
                self.errors += 1
                logger.exception("live reader")
            if sweep:
                self.hub.forget_idle()
                next_sweep = loop.time() + SWEEP_SECONDS

    async def _look(self, *, sweep: bool) -> None:
        hub, loop = self.hub, asyncio.get_running_loop()
        positions = hub.positions()
        if not sweep:
            positions = {key: positions[key] for key in self._rung if key in positions}
        self._rung.clear()
        loads = hub.unloaded()
        if not (sweep or positions or loads):
            return
        reading = await loop.run_in_executor(
            self._thread, in_database, lambda: read(positions, loads, sweep=sweep)
        )
        if reading.epoch is not None and reading.epoch != hub.epoch:
            hub.new_epoch(reading.epoch)
            positions = {}
        if reading.ended is not None:
            hub.end_tickets(reading.ended)
        for key, (seq, floor, rows) in reading.loads.items():
            hub.load(key, seq, floor, rows)
        if positions:
            hub.publish(reading.rows)
            if len(reading.rows) >= ROWS:  # there is more: look again at the same streams
                self._rung.update(dict.fromkeys(positions.keys() - self._rung.keys(), 0))
                self._event.set()
        if reading.loads:
            self._loaded.set()
            self._loaded = asyncio.Event()

    async def stop(self) -> None:
        """Stop listening; the thread ends with its query."""
        if self._task is not None:
            self._task.cancel()
            with suppress(asyncio.CancelledError):
                await self._task
        asyncio.get_running_loop().remove_reader(self._socket.fileno())
        self._socket.close()
        with suppress(FileNotFoundError):
            doorbell.socket_path().unlink()
        if self._redis is not None:
            self._redis.stop()
        self._thread.shutdown(wait=False, cancel_futures=True)
