"""Which web process answers a request, and when: in the order of arrival, a few at a time.

A process that works at many pages in turns finishes all of them late: of twenty people who open a
page at once each waits for all the others. So a process gets two, one to work at while the other
waits for the database, and who came first is served first. A request that takes long (a download,
an export) does not hold a place for longer than a second, an upload takes none.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Generic, TypeVar

AT_ONCE = 2  # pages a process works at
LONG_SECONDS = 1.0  # then a request holds no place any more

Web = TypeVar("Web")


class _Load:
    """What one process has to do at this moment."""

    def __init__(self) -> None:
        self.requests = 0
        self.places = 0  # of them, those that hold a place


class Turns(Generic[Web]):
    """Shares requests out among web processes. Belongs to one event loop."""

    def __init__(self, webs: Sequence[Web]) -> None:
        self._loads = [(web, _Load()) for web in webs]
        self._waiting: deque[asyncio.Future[tuple[Web, _Load]]] = deque()

    @asynccontextmanager
    async def turn(self, *, waits: bool = True) -> AsyncIterator[Web]:
        """The process with the fewest requests, once it has a place; at once without ``waits``,
        and then no place is taken."""
        web, load = await self._place() if waits else self._least_busy(self._loads)
        load.requests += 1
        held = waits

        def give_back() -> None:
            nonlocal held
            if held:
                held = False
                self._give_back(load)

        timer = asyncio.get_running_loop().call_later(LONG_SECONDS, give_back)
        try:
            yield web
        finally:
            timer.cancel()
            load.requests -= 1
            give_back()

    def _least_busy(self, among: list[tuple[Web, _Load]]) -> tuple[Web, _Load]:
        pair = min(among, key=lambda one: one[1].requests)
        self._loads.remove(pair)  # of equals the one that waited longest is next
        self._loads.append(pair)
        return pair

    def _free(self) -> tuple[Web, _Load] | None:
        """A process with a place, which is taken now."""
        free = [pair for pair in self._loads if pair[1].places < AT_ONCE]
        if not free:
            return None
        pair = self._least_busy(free)
        pair[1].places += 1
        return pair

    async def _place(self) -> tuple[Web, _Load]:
        if not self._waiting and (pair := self._free()):
            return pair
        turn: asyncio.Future[tuple[Web, _Load]] = asyncio.get_running_loop().create_future()
        self._waiting.append(turn)
        try:
            return await turn
        except asyncio.CancelledError:
            if not turn.cancelled():  # given in the same moment as its client went away
                self._give_back(turn.result()[1])
            raise

    def _give_back(self, load: _Load) -> None:
        load.places -= 1
        while self._waiting:
            if self._waiting[0].cancelled():
                self._waiting.popleft()
            elif pair := self._free():
                self._waiting.popleft().set_result(pair)
            else:
                return
