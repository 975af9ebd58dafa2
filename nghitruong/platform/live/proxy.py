"""Everything that is not ours goes to the web processes over Unix sockets, streamed both ways.

Each of them has a socket of its own and :mod:`turns` says which gets the next request: on a shared
one a process that is awake takes nearly all connections, and they stay with it.

Nothing is buffered whole: a 300 MB upload passes in pieces. When the client goes away the request
to web is dropped with it.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Sequence
from contextlib import suppress
from pathlib import Path

import aiohttp
import orjson
from django.conf import settings
from yarl import URL

from nghitruong.platform.live import http
from nghitruong.platform.live.http import Receive, Scope, Send
from nghitruong.platform.live.turns import Turns

logger = logging.getLogger(__name__)

HOP_BY_HOP = {
    b"connection",
    b"keep-alive",
    b"proxy-authenticate",
    b"proxy-authorization",
    b"proxy-connection",
    b"te",
    b"trailer",
    b"transfer-encoding",
    b"upgrade",
}
OURS = {b"x-forwarded-for", b"x-forwarded-proto", b"x-forwarded-host", b"forwarded", b"expect"}
PIECE = 64 * 1024  # bytes

AWAY = (
    "<!doctype html><html lang=vi><meta charset=utf-8><title>Đang khởi động lại</title>"
    "<meta http-equiv=refresh content=3><body style='font:18px sans-serif;margin:3rem'>"
    "<h1>Hệ thống đang khởi động lại</h1><p>Trang này tự mở lại sau vài giây."
    " Nếu quá một phút vẫn vậy, xin báo thư ký kỳ họp.</p>"
).encode()
# To what was sent there is no page that opens by itself: a refresh would GET an address that only
# takes a POST, and the typed words would be gone. The browser's Back has them still.
SENT = (
    "<!doctype html><html lang=vi><meta charset=utf-8><title>Có thể chưa được ghi nhận</title>"
    "<body style='font:18px sans-serif;margin:3rem'>"
    "<h1>Hệ thống đang khởi động lại</h1>"
    "<p><b>Việc vừa gửi có thể CHƯA được ghi nhận.</b></p><ol>"
    "<li>Đợi chừng một phút.</li>"
    "<li>Bấm nút Quay lại của trình duyệt: những gì vừa gõ thường còn nguyên, nên chép lại trước."
    "</li><li>Tải lại trang đó, xem việc này đã được ghi chưa rồi hãy gửi lại.</li></ol>"
    "<p>Nếu quá vài phút vẫn vậy, xin báo thư ký kỳ họp.</p>"
).encode()
SENT_WORDS = (
    "Hệ thống đang khởi động lại; việc vừa gửi có thể CHƯA được ghi nhận. Đừng rời trang này: đợi "
    "chừng một phút, xem việc này đã được ghi chưa rồi hãy gửi lại."
)
AWAY_WORDS = "Hệ thống đang khởi động lại. Đợi chừng một phút rồi thử lại."
RETRY = (b"retry-after", b"3")
PAGE: http.Headers = [
    (b"content-type", b"text/html; charset=utf-8"),
    (b"cache-control", b"no-store"),
]


class ClientGone(Exception):
    """The browser closed the connection."""


class _Web:
    """One web process."""

    def __init__(self, socket_path: Path) -> None:
        self.socket_path = socket_path
        self._session: aiohttp.ClientSession | None = None

    def client(self) -> aiohttp.ClientSession:
        """The connections to it."""
        if self._session is None:
            self._session = aiohttp.ClientSession(
                connector=aiohttp.UnixConnector(
                    str(self.socket_path), limit=200, keepalive_timeout=20
                ),
                auto_decompress=False,
                cookie_jar=aiohttp.DummyCookieJar(),
                timeout=aiohttp.ClientTimeout(total=None, sock_connect=5),
                skip_auto_headers={"User-Agent", "Accept", "Accept-Encoding", "Content-Type"},
                read_bufsize=PIECE,
            )
        return self._session

    async def alive(self) -> bool:
        """Whether web accepts connections."""
        try:
            async with asyncio.timeout(1):
                _, writer = await asyncio.open_unix_connection(str(self.socket_path))
        except (OSError, TimeoutError):
            return False
        writer.close()
        with suppress(OSError):
            await writer.wait_closed()
        return True

    async def close(self) -> None:
        """Close the connections."""
        if self._session is not None:
            await self._session.close()


class Proxy:
    """An ASGI application that forwards to the processes listening at ``socket_paths``."""

    def __init__(self, socket_paths: Sequence[Path]) -> None:
        self._webs = [_Web(path) for path in socket_paths]
        self._turns = Turns(self._webs)

    async def alive(self) -> bool:
        """Whether web accepts connections."""
        return all([await web.alive() for web in self._webs])

    async def close(self) -> None:
        """Close the connections to web."""
        for web in self._webs:
            await web.close()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Forward one request."""
        started = False
        gone: asyncio.Task[None] | None = None
        body_done = asyncio.Event()
        has_body = _has_body(scope)

        async def pieces() -> AsyncIterator[bytes]:
            while True:
                message = await receive()
                if message["type"] != "http.request":
                    raise ClientGone
                if message.get("body"):
                    yield message["body"]
                if not message.get("more_body"):
                    body_done.set()
                    return

        async def watch(request: asyncio.Task[None]) -> None:
            if has_body:
                await body_done.wait()
            while (await receive())["type"] != "http.disconnect":
                pass
            request.cancel()

        async def forward() -> None:
            async with self._turns.turn(waits=not _is_upload(scope)) as web:
                await ask(web)

        async def ask(web: _Web) -> None:
            nonlocal started
            path = scope.get("raw_path") or scope["path"].encode()
            query = scope["query_string"]
            url = URL(
                "http://web" + (path + (b"?" + query if query else b"")).decode("latin-1"),
                encoded=True,
            )
            async with web.client().request(
                scope["method"],
                url,
                headers=_request_headers(scope),
                data=pieces() if has_body else None,
                allow_redirects=False,
            ) as response:
                headers = [
                    (name.lower(), value)
                    for name, value in response.raw_headers
                    if name.lower() not in HOP_BY_HOP and name.lower() not in {b"date", b"server"}
                ]
                started = True
                await send(
                    {
                        "type": "http.response.start",
                        "status": response.status,
                        "headers": headers,
                    }
                )
                if scope["method"] != "HEAD":
                    async for piece in response.content.iter_chunked(PIECE):
                        await send({"type": "http.response.body", "body": piece, "more_body": True})
            await send({"type": "http.response.body", "body": b""})

        request = asyncio.get_running_loop().create_task(forward())
        gone = asyncio.get_running_loop().create_task(watch(request))
        try:
            await request
        except asyncio.CancelledError:
            if not request.cancelled():
                request.cancel()
                raise
        except ClientGone:
            pass
        except (aiohttp.ClientError, OSError, TimeoutError) as error:
            if isinstance(error.__cause__, ClientGone):
                return
            logger.warning("web does not answer: %s", type(error).__name__)
            if started:
                raise  # half an answer must not look like a whole one
            await _away(scope, send)
        finally:
            gone.cancel()


async def _away(scope: Scope, send: Send) -> None:
    """Web is not there: a page for a person, a sentence for the page's own script."""
    reads = scope["method"] in {"GET", "HEAD"}
    accept = http.header(scope, b"accept")
    by_script = b"application/json" in accept and b"text/html" not in accept
    if by_script or http.header(scope, b"hx-request") == b"true":
        message = AWAY_WORDS if reads else SENT_WORDS
        answer = orjson.dumps({"code": "away", "message": message})
        await http.respond(send, 503, answer, [*http.JSON, RETRY])
        return
    await http.respond(send, 503, AWAY if reads else SENT, [*PAGE, RETRY])


def _has_body(scope: Scope) -> bool:
    length = http.header(scope, b"content-length")
    return (length not in {b"", b"0"}) or bool(http.header(scope, b"transfer-encoding"))


def _is_upload(scope: Scope) -> bool:
    """A body that its sender may take long to give; a form's is here at once."""
    length = http.header(scope, b"content-length")
    return _has_body(scope) and (not length.isdigit() or int(length) > PIECE)


def _request_headers(scope: Scope) -> list[tuple[str, str]]:
    named = http.header(scope, b"connection").lower()
    dropped = {name.strip() for name in named.split(b",")} | HOP_BY_HOP | OURS
    headers = [
        (name.decode("latin-1"), value.decode("latin-1"))
        for name, value in scope["headers"]
        if name not in dropped
    ]
    client = (scope.get("client") or ("",))[0]
    chain = http.header(scope, b"x-forwarded-for").decode("latin-1")
    # Only a proxy on this machine is believed about whom it speaks for: its last entry.
    trusted = client in {"127.0.0.1", "::1", ""} and bool(chain)
    https = scope["scheme"] == "https" or settings.HTTPS
    headers += [
        ("X-Forwarded-For", chain if trusted else client),
        ("X-Forwarded-Proto", "https" if https else "http"),
        ("X-Forwarded-Host", http.header(scope, b"host").decode("latin-1")),
    ]
    return headers
