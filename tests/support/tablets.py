"""Tablets without a browser: they tap, retry the same tap until it is answered, and watch.

Small raw-socket HTTP/1.1, because what is tested is the server at the other end.
"""

from __future__ import annotations

import asyncio
import json
import uuid
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

RETRIED = {500, 502, 503, 504, 507}  # "not written, send again"
PAUSE = 0.05  # seconds before a tablet tries again


@dataclass
class Answer:
    """Status and JSON body."""

    status: int
    body: dict[str, Any]


class Tablet:
    """One delegate's device: a connection kept alive, one tap at a time."""

    def __init__(self, port: int, slug: str, sitting: str, person: str, ticket: str) -> None:
        self.port, self.slug, self.sitting = port, slug, sitting
        self.person, self.ticket = person, ticket
        self.acknowledged: dict[str, dict[str, Any]] = {}  # nonce → answer, in order
        self.statuses: Counter[int] = Counter()
        self.lost = 0  # connections that broke before an answer
        self._reader: asyncio.StreamReader | None = None
        self._writer: asyncio.StreamWriter | None = None

    @property
    def host(self) -> str:
        """As the address bar shows it."""
        return f"127.0.0.1:{self.port}"

    async def post(self, command: str, nonce: str, **body: Any) -> Answer:
        """One attempt; ``ConnectionError`` when the server is not there or goes away."""
        content = json.dumps({"nonce": nonce, "sitting": self.sitting, **body}).encode()
        head = (
            f"POST /live/{self.slug}/{command} HTTP/1.1\r\nHost: {self.host}\r\n"
            f"Origin: http://{self.host}\r\nCookie: nt_ticket={self.ticket}\r\n"
            f"Content-Type: application/json\r\nContent-Length: {len(content)}\r\n\r\n"
        )
        try:
            if self._writer is None:
                self._reader, self._writer = await asyncio.open_connection("127.0.0.1", self.port)
            assert self._reader is not None
            self._writer.write(head.encode() + content)
            status, length = await read_head(self._reader)
            answer = Answer(status, json.loads(await self._reader.readexactly(length)))
        except (OSError, EOFError, asyncio.IncompleteReadError, ValueError) as error:
            self.lost += 1
            await self.close()
            raise ConnectionError(str(error)) from error
        self.statuses[answer.status] += 1
        return answer

    async def tap(self, command: str, nonce: str = "", **body: Any) -> Answer:
        """Until answered: the same nonce again after a lost connection or a «send again»."""
        nonce = nonce or uuid.uuid4().hex
        while True:
            try:
                answer = await self.post(command, nonce, **body)
            except ConnectionError:
                await asyncio.sleep(PAUSE)
                continue
            if answer.status in RETRIED:
                await asyncio.sleep(PAUSE)
                continue
            if answer.status == 200:
                self.acknowledged[nonce] = answer.body
            return answer

    async def close(self) -> None:
        """Hang up."""
        if self._writer is not None:
            self._writer.close()
            with suppress(OSError):
                await self._writer.wait_closed()
        self._reader = self._writer = None


async def read_head(reader: asyncio.StreamReader) -> tuple[int, int]:
    """Status and content length (0 when there is none) of an answer."""
    lines = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
    length = 0
    for line in lines[1:]:
        name, _, value = line.partition(":")
        if name.lower() == "content-length":
            length = int(value)
    return int(lines[0].split()[1]), length


@dataclass
class Screen:
    """An open stream that comes back by itself, as an island's does; keeps what it was told."""

    tablet: Tablet
    seqs: dict[str, list[int]] = field(default_factory=dict)  # audience → seqs in order
    slices: dict[str, Any] = field(default_factory=dict)
    position: str = ""
    resets: int = 0
    reconnects: int = 0
    opened: asyncio.Event = field(default_factory=asyncio.Event)

    async def _get(self, path: str) -> tuple[int, int, asyncio.StreamReader, asyncio.StreamWriter]:
        reader, writer = await asyncio.open_connection("127.0.0.1", self.tablet.port)
        writer.write(
            f"GET /live/{self.tablet.slug}/{path} HTTP/1.1\r\nHost: {self.tablet.host}\r\n"
            f"Cookie: nt_ticket={self.tablet.ticket}\r\n\r\n".encode()
        )
        status, length = await read_head(reader)
        return status, length, reader, writer

    async def snapshot(self) -> dict[str, Any]:
        """A fresh state; where the stream goes on from."""
        status, length, reader, writer = await self._get(f"snapshot?sitting={self.tablet.sitting}")
        content = await reader.readexactly(length)
        writer.close()
        if status != 200:
            raise ConnectionError(f"snapshot: {status} {content!r}")
        found: dict[str, Any] = json.loads(content)
        return found

    async def run(self) -> None:
        """Until cancelled."""
        while True:
            try:
                if not self.position:
                    fresh = await self.snapshot()
                    self.position, self.slices = fresh["id"], fresh["state"]
                    self.seqs = {audience: [seq] for audience, seq in places(self.position).items()}
                await self._listen()
            except (OSError, EOFError, asyncio.IncompleteReadError, ValueError):
                pass
            self.reconnects += 1
            await asyncio.sleep(PAUSE)

    async def _listen(self) -> None:
        path = f"stream?sitting={self.tablet.sitting}&since={self.position}"
        status, _, reader, writer = await self._get(path)
        try:
            if status != 200:
                return
            self.opened.set()
            block: dict[str, str] = {}
            # Chunked transfer encoding: its size lines hold no ": " and are passed over.
            while line := await reader.readline():
                text = line.decode().rstrip("\r\n")
                if text:
                    name, found, value = text.partition(": ")
                    if found:
                        block[name] = value
                elif "data" in block:
                    if self._took(block):
                        return
                    block = {}
        finally:
            writer.close()

    def _took(self, block: dict[str, str]) -> bool:
        """Keep a message; True when the server says: start afresh."""
        if block.get("event") == "reset":
            self.resets += 1
            self.position = ""
            return True
        if "event" in block:
            return False
        message = json.loads(block["data"])
        self.slices[message["slice"]] = message["data"]
        if message["seq"] is not None:
            self.seqs.setdefault(message["stream"], []).append(message["seq"])
            self.position = block["id"]
        return False

    def broken(self) -> list[str]:
        """Audiences whose events did not come one after the other, each once."""
        return [
            audience
            for audience, seqs in self.seqs.items()
            if seqs != list(range(seqs[0], seqs[0] + len(seqs)))
        ]


def places(position: str) -> dict[str, int]:
    """``epoch;hall=5;me=2`` → where the screen stands."""
    return {
        name: int(value)
        for name, _, value in (part.partition("=") for part in position.split(";")[1:])
    }


async def until(condition: Callable[[], bool], seconds: float, what: str) -> None:
    """Wait for something that must happen."""
    deadline = asyncio.get_running_loop().time() + seconds
    while not condition():
        if asyncio.get_running_loop().time() > deadline:
            raise TimeoutError(what)
        await asyncio.sleep(0.02)
