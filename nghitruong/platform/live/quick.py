"""A short way for commands through the server's HTTP protocol.

Two hundred people tap in the same second, and what a tap costs beside its row in the database is
the number of hops it takes: a task, a coroutine chain, three ASGI messages. A command is one
small body and one small answer, so the protocol hands the body to :meth:`LiveApp.take` when it is
complete and writes the answer when the batch is committed. Everything else, also a command that
is long, pipelined or sent with ``Expect``, goes the ordinary ASGI way; the answers are the same.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from uvicorn.protocols.http.httptools_impl import (
    STATUS_LINE,
    HttpToolsProtocol,
    RequestResponseCycle,
)

from nghitruong.platform.live import http
from nghitruong.platform.live.answers import Answer

if TYPE_CHECKING:
    from nghitruong.platform.live.app import LiveApp

SHORT_LIMIT = 16 * 1024  # bytes; longer commands go the ordinary way
_HEADERS = b"".join(name + b": " + value + b"\r\n" for name, value in http.JSON)


class Reply:
    """Where a command's answer goes; asked for like a future."""

    __slots__ = ("_cycle", "_protocol")

    def __init__(self, protocol: HttpToolsProtocol, cycle: RequestResponseCycle) -> None:
        self._protocol, self._cycle = protocol, cycle

    def done(self) -> bool:
        """Whether nobody waits any more.

        A connection may be closing although only a later request of it was broken.
        """
        cycle = self._cycle
        return cycle.disconnected or cycle.response_complete or cycle.transport.is_closing()

    def set_result(self, told: Answer) -> None:
        """Write the whole answer, and let the connection's next request begin."""
        cycle = self._cycle
        parts = [STATUS_LINE[told.status]]
        for name, value in cycle.default_headers:
            parts += (name, b": ", value, b"\r\n")
        parts += (_HEADERS, b"content-length: %d\r\n" % len(told.body))
        if not cycle.keep_alive:
            parts.append(b"connection: close\r\n")
        parts += (b"\r\n", told.body)
        cycle.transport.write(b"".join(parts))
        cycle.response_started = cycle.response_complete = True
        if not cycle.keep_alive:
            cycle.transport.close()
        cycle.on_response()


def protocol_for(app: LiveApp) -> type[HttpToolsProtocol]:
    """The protocol class of a server whose application is ``app``."""

    class Quick(HttpToolsProtocol):
        _command: RequestResponseCycle | None = None  # whose body is being read

        def _start_asgi_task(self, cycle: RequestResponseCycle, asgi: Any) -> None:
            # A complete body here is a pipelined request whose turn has come.
            if asgi is self.app and cycle.more_body and _short(cycle):
                self._command = cycle
            else:
                super()._start_asgi_task(cycle, asgi)

        def on_message_complete(self) -> None:
            super().on_message_complete()
            cycle, self._command = self._command, None
            if cycle is not None and cycle is self.cycle:
                app.take(cast(http.Scope, cycle.scope), bytes(cycle.body), Reply(self, cycle))

    return Quick


def _short(cycle: RequestResponseCycle) -> bool:
    """A command whose body is here at once."""
    scope = cast(http.Scope, cycle.scope)
    if scope["method"] != "POST" or not scope["path"].startswith("/live/"):
        return False
    length = http.header(scope, b"content-length")
    return length.isdigit() and int(length) <= SHORT_LIMIT and not cycle.waiting_for_100_continue
