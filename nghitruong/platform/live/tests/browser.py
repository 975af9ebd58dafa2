"""A protocol client without a network: calls the ASGI application as a server would."""

from __future__ import annotations

import asyncio
import json
from typing import Any

from nghitruong.platform.live import tickets
from nghitruong.platform.live.app import LiveApp
from nghitruong.platform.live.commands import Ticket
from nghitruong.platform.live.tests.conftest import ticket

HOST = b"localhost"


class Reply:
    """What came back."""

    def __init__(self, status: int, headers: dict[str, str], content: bytes) -> None:
        self.status, self.headers, self.content = status, headers, content

    def json(self) -> Any:
        return json.loads(self.content)


def scope_of(method: str, path: str, headers: dict[str, str]) -> dict[str, Any]:
    path, _, query = path.partition("?")
    return {
        "type": "http",
        "method": method,
        "path": path,
        "raw_path": path.encode(),
        "query_string": query.encode(),
        "scheme": "http",
        "client": ("127.0.0.1", 1),
        "headers": [(k.lower().encode(), v.encode("latin-1")) for k, v in headers.items()],
    }


def headers_for(who: Ticket | str | None, **more: str) -> dict[str, str]:
    headers = {"host": "localhost", "origin": "http://localhost"}
    headers["content-type"] = "application/json"
    if who is not None:
        value = who if isinstance(who, str) else tickets.make(who)
        headers["cookie"] = f"a=b; {tickets.COOKIE}={value}"
    return {**headers, **{k.replace("_", "-"): v for k, v in more.items()}}


async def call(
    app: Any, method: str, path: str, *, headers: dict[str, str], content: bytes = b""
) -> Reply:
    sent: list[Any] = []
    messages = [{"type": "http.request", "body": content, "more_body": False}]

    async def receive() -> Any:
        if messages:
            return messages.pop()
        return await asyncio.Event().wait()

    async def send(message: Any) -> None:
        sent.append(message)

    await app(scope_of(method, path, headers), receive, send)
    start, *bodies = sent
    return Reply(
        start["status"],
        {k.decode(): v.decode("latin-1") for k, v in start["headers"]},
        b"".join(one.get("body", b"") for one in bodies),
    )


async def post(
    app: LiveApp,
    name: str,
    nonce: str = "nonce-12345",
    who: Any = ...,
    slug: str = "lao-cai",
    headers: dict[str, str] | None = None,
    **body: Any,
) -> Reply:
    who = ticket() if who is ... else who
    sitting = str(ticket().sitting_id)
    content = json.dumps({"nonce": nonce, "sitting": sitting, **body}).encode()
    return await call(
        app,
        "POST",
        f"/live/{slug}/{name}",
        headers={**headers_for(who), **(headers or {})},
        content=content,
    )


async def snapshot(app: LiveApp, who: Ticket | None = None) -> Any:
    who = who or ticket()
    path = f"/live/lao-cai/snapshot?sitting={who.sitting_id}"
    return (await call(app, "GET", path, headers=headers_for(who))).json()


class Stream:
    """An open stream; ``slow`` makes the client take nothing until it is set to False."""

    def __init__(self, app: LiveApp, who: Ticket, since: str, last_event_id: str = "") -> None:
        self.app, self.who, self.since = app, who, since
        self.last_event_id = last_event_id
        self.status: int | None = None
        self.ended = False
        self.messages: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
        self._gone = asyncio.Event()
        self._fast = asyncio.Event()
        self._fast.set()
        self._text = ""

    @property
    def slow(self) -> bool:
        return not self._fast.is_set()

    @slow.setter
    def slow(self, value: bool) -> None:
        self._fast.clear() if value else self._fast.set()

    async def __aenter__(self) -> Stream:
        self.task = asyncio.create_task(self._run())
        return self

    async def __aexit__(self, *error: object) -> None:
        self._gone.set()
        self._fast.set()
        await self.task

    def _asked(self) -> tuple[str, dict[str, str]]:
        path = f"/live/lao-cai/stream?sitting={self.who.sitting_id}&since={self.since}"
        return path, headers_for(self.who)

    async def _run(self) -> None:
        path, headers = self._asked()
        if self.last_event_id:
            headers["last-event-id"] = self.last_event_id
        await self.app(scope_of("GET", path, headers), self._receive, self._send)
        self.ended = True

    async def _receive(self) -> Any:
        await self._gone.wait()
        return {"type": "http.disconnect"}

    async def _send(self, message: Any) -> None:
        await self._fast.wait()
        if message["type"] == "http.response.start":
            self.status = message["status"]
            return
        self._text += message.get("body", b"").decode()
        *blocks, self._text = self._text.split("\n\n")
        for block in blocks:
            fields = dict(line.split(": ", 1) for line in block.split("\n") if ": " in line)
            if "data" in fields:
                self.messages.put_nowait(fields)

    async def next(self, kind: str = "") -> dict[str, Any]:
        """The next message that is not the clock; waits at most 10 s."""
        while True:
            fields = await asyncio.wait_for(self.messages.get(), 10)
            if fields.get("event") == "ping" and kind != "ping":
                continue
            return {**fields, **json.loads(fields["data"])}

    async def texts(self, count: int) -> list[str]:
        return [(await self.next())["data"]["text"] for _ in range(count)]


class Bell(Stream):
    """A person's doorbell outside the hall."""

    def __init__(self, app: LiveApp, who: Ticket) -> None:
        super().__init__(app, who, "")

    def _asked(self) -> tuple[str, dict[str, str]]:
        value = tickets.make(self.who, salt=tickets.PERSONAL_SALT)
        headers = {"host": "localhost", "cookie": f"{tickets.PERSONAL_COOKIE}={value}"}
        return "/live/lao-cai/mine", headers
