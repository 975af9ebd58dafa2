"""Commands by the short way through the HTTP protocol: the same answers, whatever the bytes' order.

The application here answers ``short`` or ``asgi``, so that a test sees which way was taken.
"""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
import uvicorn

from nghitruong.platform.live import http
from nghitruong.platform.live.answers import Answer
from nghitruong.platform.live.app import _resolve
from nghitruong.platform.live.quick import SHORT_LIMIT, protocol_for


class Way:
    """Tells which way a request came; what comes the short way is answered when asked."""

    def __init__(self) -> None:
        self.taken: list[tuple[bytes, Any]] = []
        self.at_once = True

    def take(self, scope: Any, content: bytes, done: Any) -> None:
        self.taken.append((content, done))
        if self.at_once:
            done.set_result(Answer(200, b"short:" + content))

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        content = await http.body(receive, 10**9)
        await http.respond(send, 200, b"asgi:%d" % len(content))


def served(
    story: Callable[[Way, Callable[[], Awaitable[Any]]], Awaitable[None]],
) -> None:
    """Run a story against a real server on a socket pair's address."""

    async def main() -> None:
        way = Way()
        sock = socket.socket()
        sock.bind(("127.0.0.1", 0))
        config = uvicorn.Config(
            way, http=protocol_for(way), ws="none", lifespan="off", log_config=None
        )
        server = uvicorn.Server(config)
        running = asyncio.create_task(server.serve([sock]))
        try:
            async with asyncio.timeout(30):
                while not server.started:
                    await asyncio.sleep(0.005)
                await story(way, lambda: asyncio.open_connection(*sock.getsockname()))
        finally:
            server.should_exit = True
            await running

    asyncio.run(main())


def post(body: bytes, *headers: str, path: str = "/live/lao-cai/vote") -> bytes:
    lines = [f"POST {path} HTTP/1.1", "Host: x", f"Content-Length: {len(body)}", *headers]
    return ("\r\n".join(lines) + "\r\n\r\n").encode() + body


async def answer(reader: asyncio.StreamReader) -> tuple[bytes, bytes]:
    head = await reader.readuntil(b"\r\n\r\n")
    if head.startswith(b"HTTP/1.1 100 "):
        head = await reader.readuntil(b"\r\n\r\n")
    length = int(head.lower().split(b"content-length:")[1].split(b"\r\n")[0])
    return head, await reader.readexactly(length)


def test_a_command_goes_the_short_way_and_the_connection_stays() -> None:
    async def story(way: Way, connect: Any) -> None:
        reader, writer = await connect()
        for body in (b"mot", b"hai", b""):
            writer.write(post(body))
            head, content = await answer(reader)
            assert head.startswith(b"HTTP/1.1 200 OK")
            assert b"cache-control: no-store" in head
            assert b"content-type: application/json" in head
            assert content == b"short:" + body
        writer.close()

    served(story)


def test_a_body_in_pieces_is_taken_once_and_whole() -> None:
    async def story(way: Way, connect: Any) -> None:
        reader, writer = await connect()
        whole = post(b"x" * 3000)
        for start in range(0, len(whole), 700):
            writer.write(whole[start : start + 700])
            await asyncio.sleep(0.005)
        assert (await answer(reader))[1] == b"short:" + b"x" * 3000
        assert [content for content, _ in way.taken] == [b"x" * 3000]
        writer.close()

    served(story)


def test_pipelined_requests_are_answered_in_their_order() -> None:
    async def story(way: Way, connect: Any) -> None:
        reader, writer = await connect()
        way.at_once = False
        writer.write(post(b"mot") + post(b"hai!") + post(b"ba"))
        while not way.taken:
            await asyncio.sleep(0.005)
        way.at_once = True
        way.taken[0][1].set_result(Answer(200, b"first"))
        said = [(await answer(reader))[1] for _ in range(3)]
        assert said == [b"first", b"asgi:4", b"asgi:2"]
        writer.write(post(b"lai"))
        assert (await answer(reader))[1] == b"short:lai"
        writer.close()

    served(story)


@pytest.mark.parametrize(
    "request_bytes",
    [
        post(b"x" * (SHORT_LIMIT + 1)),
        post(b"xin", "Expect: 100-continue"),
        post(b"xin", path="/lao-cai/ky-hop/"),
        b"POST /live/a/vote HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n"
        b"3\r\nxin\r\n0\r\n\r\n",
    ],
    ids=["long", "expect", "page", "chunked"],
)
def test_what_is_not_a_short_command_goes_the_ordinary_way(request_bytes: bytes) -> None:
    async def story(way: Way, connect: Any) -> None:
        reader, writer = await connect()
        writer.write(request_bytes)
        assert (await answer(reader))[1].startswith(b"asgi:")
        assert way.taken == []
        writer.close()

    served(story)


def test_who_asked_to_close_is_answered_and_closed() -> None:
    async def story(way: Way, connect: Any) -> None:
        reader, writer = await connect()
        writer.write(post(b"het", "Connection: close"))
        head, content = await answer(reader)
        assert b"connection: close" in head
        assert content == b"short:het"
        assert await reader.read() == b""

    served(story)


def test_who_has_gone_is_not_waited_for() -> None:
    async def story(way: Way, connect: Any) -> None:
        way.at_once = False
        _, writer = await connect()
        writer.write(post(b"di"))
        while not way.taken:
            await asyncio.sleep(0.005)
        done = way.taken[0][1]
        assert not done.done()
        writer.transport.abort()
        while not done.done():
            await asyncio.sleep(0.005)

    served(story)


def test_a_broken_request_behind_a_command_harms_nobody_else() -> None:
    async def story(way: Way, connect: Any) -> None:
        way.at_once = False
        bad_reader, bad_writer = await connect()
        reader, writer = await connect()
        bad_writer.write(
            post(b"mot") + b"POST /live/a/vote HTTP/1.1\r\nHost: x\r\n\x00\xff\r\n\r\n"
        )
        writer.write(post(b"hai"))
        while len(way.taken) < 2:
            await asyncio.sleep(0.005)
        await bad_reader.read()  # refused and closed while its first command waits
        told = [(done, Answer(200, b"ghi " + content)) for content, done in way.taken]
        _resolve(sorted(told, key=lambda pair: pair[1].body, reverse=True))
        assert way.taken[0][1].done()
        assert (await answer(reader))[1] == b"ghi hai"
        writer.close()

    served(story)


def test_an_answer_that_cannot_be_given_does_not_stop_the_others() -> None:
    class Broken:
        def done(self) -> bool:
            return False

        def set_result(self, told: Answer) -> None:
            raise RuntimeError("the handler is closed")

    async def main() -> None:
        other: asyncio.Future[Answer] = asyncio.get_running_loop().create_future()
        _resolve([(Broken(), Answer(200, b"")), (other, Answer(200, b"x"))])
        assert other.result().body == b"x"

    asyncio.run(main())
