"""A load generator that costs little: raw sockets, request bytes made beforehand, one loop.

What it measures is the server; whatever it spends itself is taken from the same two cores.
"""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Callable
from typing import Any

import uvloop

now = time.perf_counter


def request_bytes(
    method: str, path: str, *, host: str, cookie: str = "", body: bytes = b"", keep: bool = True
) -> bytes:
    """A whole HTTP/1.1 request."""
    lines = [f"{method} {path} HTTP/1.1", f"Host: {host}"]
    if cookie:
        lines.append(f"Cookie: {cookie}")
    if method == "POST":
        lines += [
            f"Origin: http://{host}",
            "Content-Type: application/json",
            f"Content-Length: {len(body)}",
        ]
    return ("\r\n".join(lines) + "\r\n\r\n").encode() + body


class Commands(asyncio.Protocol):
    """A keep-alive connection: one request at a time."""

    def __init__(self) -> None:
        self.sent = self.answered = 0.0
        self.status = 0
        self.body = b""
        self.done: asyncio.Future[None] | None = None
        self._buffer = b""

    def connection_made(self, transport: Any) -> None:
        self.transport = transport

    def connection_lost(self, error: Exception | None) -> None:
        if self.done is not None and not self.done.done():
            self.done.set_exception(ConnectionError("closed"))

    def fire(self, request: bytes) -> asyncio.Future[None]:
        """Send; the future is done when the whole answer is here."""
        self.done = asyncio.get_running_loop().create_future()
        self._buffer = b""
        self.sent = now()
        self.transport.write(request)
        return self.done

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        head, found, rest = self._buffer.partition(b"\r\n\r\n")
        if not found:
            return
        at = head.lower().find(b"content-length:")
        length = int(head[at + 15 : head.find(b"\r\n", at) if b"\r\n" in head[at:] else None])
        if len(rest) < length:
            return
        self.answered = now()
        self.status = int(head[9:12])
        self.body = rest[:length]
        if self.done is not None and not self.done.done():
            self.done.set_result(None)


class Stream(asyncio.Protocol):
    """An open event stream; ``on_message(stream, block, at)`` gets every block with data."""

    def __init__(self, request: bytes, on_message: Callable[[Stream, bytes, float], None]) -> None:
        self.request = request
        self.on_message = on_message
        self.ready: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self.lost: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._buffer = b""

    def connection_made(self, transport: Any) -> None:
        self.transport = transport
        transport.write(self.request)

    def connection_lost(self, error: Exception | None) -> None:
        if not self.ready.done():
            self.ready.set_exception(ConnectionError("closed"))
        if not self.lost.done():
            self.lost.set_result(None)

    def data_received(self, data: bytes) -> None:
        at = now()
        buffer = self._buffer + data
        *blocks, self._buffer = buffer.split(b"\n\n")
        for block in blocks:
            if b"event: ping" in block:
                if not self.ready.done():
                    self.ready.set_result(None)
                continue
            if b"data: " in block:
                self.on_message(self, block, at)


def message(block: bytes) -> dict[str, Any]:
    """The JSON of a block."""
    text = block[block.index(b"data: ") + 6 :]
    value: dict[str, Any] = json.loads(text.split(b"\n")[0])
    return value


def last_id(block: bytes) -> str:
    """The id line of a block, or empty."""
    at = block.find(b"id: ")
    return block[at + 4 : block.index(b"\n", at)].decode() if at >= 0 else ""


async def connect_commands(port: int, count: int) -> list[Commands]:
    """Open keep-alive connections."""
    loop = asyncio.get_running_loop()
    made = []
    for _ in range(count):
        _, protocol = await loop.create_connection(Commands, "127.0.0.1", port)
        made.append(protocol)
    return made


async def get_json(port: int, path: str, cookie: str) -> Any:
    """One GET on a connection of its own."""
    (connection,) = await connect_commands(port, 1)
    await connection.fire(request_bytes("GET", path, host=f"127.0.0.1:{port}", cookie=cookie))
    connection.transport.close()
    if connection.status != 200:
        raise RuntimeError(f"{path}: {connection.status} {connection.body!r}")
    return json.loads(connection.body)


async def open_stream(
    port: int,
    path: str,
    cookie: str,
    on_message: Callable[[Stream, bytes, float], None],
    *,
    wait: bool = True,
) -> Stream:
    """Open a stream and wait for its first ping."""
    request = request_bytes("GET", path, host=f"127.0.0.1:{port}", cookie=cookie)
    _, stream = await asyncio.get_running_loop().create_connection(
        lambda: Stream(request, on_message), "127.0.0.1", port
    )
    if wait:
        await asyncio.wait_for(stream.ready, 30)
    return stream


def percentile(values: list[float], share: float) -> float:
    """The value below which ``share`` of the values lie."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))]


def run(main: Any) -> Any:
    """Run a coroutine on uvloop."""
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        return runner.run(main)
