"""An open event stream: one request of a screen, from its first message to its end."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from typing import Any

from nghitruong.platform.live.http import Receive, Send
from nghitruong.platform.live.hub import Hub, Screen, Topic

SLOW_SECONDS = 30.0  # a screen that takes nothing for so long is let go
RESET = b"event: reset\ndata: {}\n\n"


def chunk(content: bytes, *, more: bool = True) -> dict[str, Any]:
    return {"type": "http.response.body", "body": content, "more_body": more}


def parse_id(text: str) -> tuple[str, dict[str, int]]:
    """``epoch;hall=512;me=7`` → its parts; a broken id is an unknown epoch."""
    epoch, *parts = text.split(";")
    seqs: dict[str, int] = {}
    for part in parts:
        name, _, value = part.partition("=")
        if not value.isdecimal() or len(value) > 18:
            return "", {}
        seqs[name] = int(value)
    return epoch, seqs


class Line:
    """One open stream, from its first message to its end."""

    def __init__(
        self, hub: Hub, topics: dict[str, Topic], seqs: dict[str, int], send: Send
    ) -> None:
        self.hub = hub
        self.send = send
        self.screen = Screen(topics, seqs, self._write, self._wake, lagging=True)
        self.task: asyncio.Task[Any] | None = None
        self._catching_up: asyncio.Task[None] | None = None

    def _write(self, content: bytes) -> bool:
        """Write now, without a task switch: a thousand screens are one loop.

        The server's ``send`` waits only when the client reads too slowly, and before it writes;
        then nothing was written and the screen is set aside.
        """
        step = self.send(chunk(content)).__await__()
        try:
            next(step)
        except StopIteration:
            return True
        step.close()
        return False

    def _wake(self) -> None:
        if self.screen.closed:
            if self.task is not None:
                self.task.cancel()
        elif self._catching_up is None:
            self._catching_up = asyncio.get_running_loop().create_task(self._catch_up())

    async def run(self, receive: Receive) -> None:
        """Until the client goes, falls too far behind, or the process stops."""
        self.task = asyncio.current_task()
        self.hub.attach(self.screen)
        try:
            self._wake()
            while (await receive())["type"] != "http.disconnect":
                pass
        except asyncio.CancelledError:
            pass  # the hub or the catching up asked for the end
        finally:
            self.hub.detach(self.screen)
            if self._catching_up is not None:
                self._catching_up.cancel()
        with suppress(asyncio.CancelledError, TimeoutError):
            async with asyncio.timeout(1):
                if self.screen.reset:
                    await self.send(chunk(RESET))
                await self.send(chunk(b"", more=False))

    async def _catch_up(self) -> None:
        screen = self.screen
        try:
            while not screen.closed:
                chunks = None if screen.reset else self.hub.missed(screen)
                if chunks is None:
                    self.hub.resets += not screen.reset
                    screen.reset = screen.closed = True
                elif not chunks:
                    screen.lagging = False  # nothing awaited since: the hub goes on from here
                    return
                else:
                    async with asyncio.timeout(SLOW_SECONDS):
                        await self.send(chunk(b"".join(chunks)))
        except TimeoutError:
            screen.closed = True
        finally:
            self._catching_up = None
            if screen.closed and self.task is not None:
                self.task.cancel()
