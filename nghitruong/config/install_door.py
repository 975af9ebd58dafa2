"""Plain http beside https: where a device that does not trust us yet gets the certificate.

Nothing else is answered there: a password must never cross the air in clear. Everything but the
installing page is sent on to https.
"""

from __future__ import annotations

import asyncio
import contextlib
import socket
from collections.abc import Iterator

import uvicorn
import uvloop
from django.conf import settings
from django.http.request import split_domain_port, validate_host

from nghitruong.platform.live import http
from nghitruong.platform.live.app import LiveApp
from nghitruong.platform.live.http import Receive, Scope, Send

OPEN = ("/cai-chung-chi/", "/static/", "/healthz")


class InstallDoor:
    """An ASGI application in front of live's own; `port` is where https listens."""

    def __init__(self, app: LiveApp, port: int) -> None:
        self.app, self.port = app, port

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """ASGI."""
        if scope["type"] != "http":
            return
        if scope["path"].startswith(OPEN):
            await self.app(scope, receive, send)
            return
        host, _port = split_domain_port(http.header(scope, b"host").decode("latin-1"))
        if not validate_host(host, settings.ALLOWED_HOSTS):
            await http.respond(send, 400)
            return
        path = (scope.get("raw_path") or b"/").partition(b"?")[0]
        port = b"" if self.port == 443 else b":%d" % self.port
        query = b"?" + scope["query_string"] if scope.get("query_string") else b""
        target = b"https://" + host.encode("latin-1") + port + path + query
        await http.respond(send, 307, b"", [(b"location", target), (b"cache-control", b"no-store")])


class _Beside(uvicorn.Server):
    """A second server of one process: signals belong to the first."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


def run_both(
    server: uvicorn.Server, sock: socket.socket, app: LiveApp, plain: socket.socket
) -> None:
    """Serve https on `sock` and the door on `plain` until the first is told to stop."""
    door = _Beside(
        uvicorn.Config(
            InstallDoor(app, sock.getsockname()[1]),
            http="httptools",
            ws="none",
            lifespan="off",
            log_config=None,
            access_log=False,
            proxy_headers=False,
            server_header=False,
            timeout_graceful_shutdown=1,
        )
    )

    async def both() -> None:
        beside = asyncio.ensure_future(door.serve([plain]))
        await server.serve([sock])
        door.should_exit = True
        await beside

    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(both())
