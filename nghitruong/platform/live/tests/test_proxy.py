"""What is not ours goes to web, in pieces, and stops when nobody waits for it."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager, suppress

import aiohttp
import pytest

from nghitruong.platform.live.proxy import Proxy
from nghitruong.platform.live.tests.browser import call, scope_of


@asynccontextmanager
async def web(folder, answer):
    """A web process that answers by hand: ``answer(head, reader, writer)``."""
    heads = []

    async def serve(reader, writer):
        with suppress(asyncio.IncompleteReadError, ConnectionError):
            while True:
                head = (await reader.readuntil(b"\r\n\r\n")).decode()
                heads.append(head)
                await answer(head, reader, writer)
                await writer.drain()
        writer.close()

    path = folder / "web.sock"
    server = await asyncio.start_unix_server(serve, path)
    proxy = Proxy([path])
    try:
        yield proxy, heads
    finally:
        await proxy.close()
        server.close()


OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: keep-alive\r\nX-A: b\r\n\r\nok"


def play(scenario):
    asyncio.run(asyncio.wait_for(scenario(), 30))


def test_a_page_passes_with_its_query_and_without_hop_by_hop_headers(tmp_path):
    async def answer(head, reader, writer):
        writer.write(OK)

    async def scenario():
        async with web(tmp_path, answer) as (proxy, heads):
            reply = await call(
                proxy,
                "GET",
                "/lao-cai/?tim=c%C3%A1%2F%20b&x=1",
                headers={
                    "host": "hdnd.lan",
                    "connection": "keep-alive, x-secret",
                    "x-secret": "1",
                    "cookie": "sessionid=1",
                    "x-forwarded-proto": "https",
                },
            )
            assert (reply.status, reply.content) == (200, b"ok")
            assert reply.headers["x-a"] == "b"
            assert "connection" not in reply.headers
            lines = heads[0].lower().split("\r\n")
            assert lines[0] == "get /lao-cai/?tim=c%c3%a1%2f%20b&x=1 http/1.1"
            assert "host: hdnd.lan" in lines
            assert "cookie: sessionid=1" in lines
            assert "x-secret: 1" not in lines
            assert "x-forwarded-proto: http" in lines
            assert "x-forwarded-for: 127.0.0.1" in lines
            assert "x-forwarded-host: hdnd.lan" in lines

    play(scenario)


def test_an_address_is_believed_only_from_a_proxy_on_this_machine(tmp_path):
    async def answer(head, reader, writer):
        writer.write(OK)

    async def scenario():
        async with web(tmp_path, answer) as (proxy, heads):
            for client in ("127.0.0.1", "10.0.0.9"):
                scope = scope_of("GET", "/", {"host": "a", "x-forwarded-for": "10.1.1.1"})
                scope["client"] = (client, 1)
                await proxy(scope, _receive(), _ignore)
            assert "X-Forwarded-For: 10.1.1.1\r\n" in heads[0]
            assert "X-Forwarded-For: 10.0.0.9\r\n" in heads[1]

    play(scenario)


async def _ignore(message):
    pass


def _receive(*messages):
    waiting = [{"type": "http.request", "body": b"", "more_body": False}, *messages]

    async def receive():
        if waiting:
            return waiting.pop(0)
        return await asyncio.Event().wait()

    return receive


def test_an_upload_passes_in_pieces_and_is_never_held_whole(tmp_path):
    arrived = []

    async def answer(head, reader, writer):
        left = 5 * 100_000
        while left:
            piece = await reader.read(65536)
            left -= len(piece)
            arrived.append(len(piece))
        writer.write(OK)

    async def scenario():
        async with web(tmp_path, answer) as (proxy, heads):
            sent = []
            count = 0

            async def receive():
                nonlocal count
                if count == 5:
                    return await asyncio.Event().wait()
                count += 1
                if count == 5:
                    # The last piece leaves only after the first ones have reached web.
                    while sum(arrived) < 4 * 100_000:
                        await asyncio.sleep(0.01)
                return {"type": "http.request", "body": b"x" * 100_000, "more_body": count < 5}

            async def send(message):
                sent.append(message)

            headers = {"host": "a", "content-length": "500000", "expect": "100-continue"}
            await proxy(scope_of("POST", "/len", headers), receive, send)
            assert sent[0]["status"] == 200
            assert sum(arrived) == 500_000
            assert "content-length: 500000" in heads[0].lower()
            assert "transfer-encoding" not in heads[0].lower()
            assert "expect" not in heads[0].lower()

    play(scenario)


def test_a_long_answer_passes_in_pieces(tmp_path):
    go_on = asyncio.Event()

    async def answer(head, reader, writer):
        writer.write(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nfirst\r\n")
        await writer.drain()
        await go_on.wait()
        writer.write(b"4\r\nlast\r\n0\r\n\r\n")

    async def scenario():
        async with web(tmp_path, answer) as (proxy, _):
            bodies = []

            async def send(message):
                if message.get("body"):
                    bodies.append(message["body"])
                    go_on.set()  # the rest comes only when the first piece is out

            await proxy(scope_of("GET", "/", {"host": "a"}), _receive(), send)
            assert bodies == [b"first", b"last"]

    play(scenario)


def test_a_client_that_goes_away_stops_the_request(tmp_path):
    dropped = asyncio.Event()

    async def answer(head, reader, writer):
        if await reader.read() == b"":
            dropped.set()

    async def scenario():
        async with web(tmp_path, answer) as (proxy, heads):

            async def receive():
                while not heads:
                    await asyncio.sleep(0.01)
                return {"type": "http.disconnect"}

            await proxy(scope_of("GET", "/", {"host": "a"}), receive, _ignore)
            await asyncio.wait_for(dropped.wait(), 10)

    play(scenario)


def test_a_client_that_goes_away_in_the_middle_of_an_upload_stops_it(tmp_path):
    dropped = asyncio.Event()

    async def answer(head, reader, writer):
        while await reader.read(65536):
            pass
        dropped.set()

    async def scenario():
        async with web(tmp_path, answer) as (proxy, _):
            messages = [
                {"type": "http.request", "body": b"x" * 1000, "more_body": True},
                {"type": "http.disconnect"},
            ]

            async def receive():
                return messages.pop(0) if messages else await asyncio.Event().wait()

            headers = {"host": "a", "content-length": "5000"}
            await proxy(scope_of("POST", "/", headers), receive, _ignore)
            await asyncio.wait_for(dropped.wait(), 10)

    play(scenario)


def test_web_that_does_not_answer_is_told_in_words(tmp_path):
    async def scenario():
        proxy = Proxy([tmp_path / "nothing.sock"])
        try:
            assert not await proxy.alive()
            reply = await call(proxy, "GET", "/", headers={"host": "a"})
            assert reply.status == 503
            assert "đang khởi động lại" in reply.content.decode()
        finally:
            await proxy.close()

    play(scenario)


def test_a_form_sent_while_web_is_away_is_not_followed_by_another_page(tmp_path):
    """A refresh would GET an address that only takes a POST, and the words would be gone."""

    async def scenario():
        proxy = Proxy([tmp_path / "nothing.sock"])
        try:
            page = await call(proxy, "GET", "/", headers={"host": "a", "accept": "text/html"})
            assert b"http-equiv=refresh" in page.content
            form = await call(
                proxy, "POST", "/gui/", headers={"host": "a", "accept": "text/html"}, content=b"a=b"
            )
            assert form.status == 503
            assert b"refresh" not in form.content
            assert "có thể CHƯA được ghi nhận" in form.content.decode()
            assert "Quay lại" in form.content.decode()
            for asked in ({"accept": "application/json"}, {"hx-request": "true"}):
                told = await call(proxy, "POST", "/gui/", headers={"host": "a", **asked})
                assert told.status == 503
                assert told.json()["code"] == "away"
                assert "có thể CHƯA được ghi nhận" in told.json()["message"]
                read = await call(proxy, "GET", "/gui/", headers={"host": "a", **asked})
                assert "ghi nhận" not in read.json()["message"]
        finally:
            await proxy.close()

    play(scenario)


def test_half_an_answer_is_not_passed_off_as_a_whole_one(tmp_path):
    async def answer(head, reader, writer):
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf")
        await writer.drain()
        writer.close()

    async def scenario():
        async with web(tmp_path, answer) as (proxy, _):
            ended = []

            async def send(message):
                ended.append(message.get("more_body"))

            with pytest.raises(aiohttp.ClientPayloadError):
                await proxy(scope_of("GET", "/", {"host": "a"}), _receive(), send)
            assert ended[-1] is not False
            assert ended[-1] is True

    play(scenario)


def test_the_web_process_with_fewer_requests_gets_the_next(tmp_path):
    """One that is held up by a slow page does not get more while another has none."""
    release = asyncio.Event()

    async def held(head, reader, writer):
        await release.wait()
        writer.write(OK)

    async def at_once(head, reader, writer):
        writer.write(OK)

    async def scenario():
        folders = [tmp_path / "a", tmp_path / "b"]
        for folder in folders:
            folder.mkdir()
        async with web(folders[0], held) as (_, slow), web(folders[1], at_once) as (_, quick):
            proxy = Proxy([folder / "web.sock" for folder in folders])
            try:
                first = asyncio.create_task(call(proxy, "GET", "/0", headers={"host": "a"}))
                while not slow:
                    await asyncio.sleep(0.01)
                for number in range(1, 5):
                    reply = await call(proxy, "GET", f"/{number}", headers={"host": "a"})
                    assert reply.status == 200
                assert (len(slow), len(quick)) == (1, 4)
                release.set()
                assert (await first).status == 200
                for number in range(5, 9):  # of two that have none, in turn
                    await call(proxy, "GET", f"/{number}", headers={"host": "a"})
                assert (len(slow), len(quick)) == (3, 6)
            finally:
                await proxy.close()

    play(scenario)
