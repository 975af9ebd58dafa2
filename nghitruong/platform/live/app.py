"""The live process's ASGI application: ``/live/…`` itself, ``/static/…``, the rest to web."""

from __future__ import annotations

import asyncio
import logging
import re
import uuid
from contextlib import suppress
from typing import Any

import orjson
from django.conf import settings
from django.http.request import split_domain_port, validate_host
from django.utils import timezone

from nghitruong.platform.live import api, commands, epoch, http
from nghitruong.platform.live.answers import BROKEN, STOPPING, UNAVAILABLE, UNKNOWN, Answer, answer
from nghitruong.platform.live.commands import Refusal, Ticket
from nghitruong.platform.live.engine import Engine
from nghitruong.platform.live.feed import Feed
from nghitruong.platform.live.http import Receive, Scope, Send
from nghitruong.platform.live.hub import Hub, Topic
from nghitruong.platform.live.line import RESET, Line, chunk, parse_id
from nghitruong.platform.live.metrics import metrics
from nghitruong.platform.live.registry import AUDIENCES
from nghitruong.platform.live.snapshots import Pacer, Snapshots
from nghitruong.platform.live.tickets import (
    COOKIE,
    PERSONAL_COOKIE,
    PERSONAL_SALT,
    BadTicket,
    Verifier,
)

logger = logging.getLogger(__name__)

BODY_LIMIT = 64 * 1024  # bytes of a command
PING_SECONDS = 10.0
SCREENS = frozenset({"stream", "snapshot", "mine"})  # asked with GET; the rest are commands
NONCE = re.compile(r"[0-9A-Za-z_-]{8,64}")

NO_TICKET = Refusal(
    "no_ticket", "Máy này chưa vào phiên họp. Xin mở lại trang từ mục Kỳ họp.", status=401
)
EXPIRED = Refusal(
    "ticket_expired", "Phiên làm việc của máy này đã hết hạn; xin mở lại trang.", status=401
)
OTHER_SITTING = Refusal(
    "other_sitting",
    "Trang này thuộc phiên họp khác với phiên đang mở trên máy. Xin mở lại trang.",
    status=403,
)
OTHER_PERSON = Refusal(
    "other_person",
    "Máy này vừa đăng nhập người khác. Lệnh này CHƯA được ghi; xin tải lại trang.",
    status=403,
)
FOREIGN = Refusal(
    "foreign_origin", "Lệnh không đến từ trang của hệ thống này nên không được nhận.", status=403
)
NOT_HERE = Refusal(
    "not_in_sitting", "Quý vị không có trong phiên họp này nên không xem được.", status=403
)
BAD_REQUEST = Refusal(
    "bad_request", "Máy chủ không đọc được lệnh này. Xin tải lại trang.", status=400
)
TOO_LARGE = Refusal("too_large", "Nội dung gửi quá dài. Xin rút ngắn rồi gửi lại.", status=413)
WRONG_METHOD = Refusal("method", "Cách gọi không đúng. Xin tải lại trang.", status=405)

STREAM_HEADERS: http.Headers = [
    (b"content-type", b"text/event-stream; charset=utf-8"),
    (b"cache-control", b"no-store"),
    (b"x-accel-buffering", b"no"),
]


def _time_message() -> bytes:
    now = orjson.dumps({"now": timezone.now().isoformat()})
    return b"event: ping\ndata: " + now + b"\n\n"


_NO_LOOP: asyncio.AbstractEventLoop = None  # type: ignore[assignment]  # before start()


class LiveApp:
    """One per process. ``proxy`` and ``static`` are ASGI applications for what is not ours."""

    def __init__(self, *, proxy: Any = None, static: Any = None) -> None:
        self.proxy = proxy
        self.static = static
        self.hub = Hub()
        self.verify = Verifier(ended=self.hub.ended)
        self.verify_person = Verifier(salt=PERSONAL_SALT, ended=self.hub.ended)
        self.snapshots = Snapshots(self.hub)
        self.engine = Engine(self._deliver)
        self.pacer = Pacer(self.hub, self.engine.pause)
        self.feed = Feed(self.hub, self.pacer.mark, self.engine.pause)
        self.stopping = False
        self.loop = _NO_LOOP
        self._origins: dict[tuple[bytes, bytes], bool] = {}
        self._pinging: asyncio.Task[None] | None = None

    # --- life ------------------------------------------------------------------------------------

    async def start(self) -> None:
        """Start the threads and the feed."""
        self.loop = asyncio.get_running_loop()
        await asyncio.to_thread(epoch.ensure)
        self.engine.start()
        await self.feed.start()
        self._pinging = self.loop.create_task(self._ping())

    def closing(self) -> None:
        """The process is asked to stop: end every stream now, refuse new ones."""
        self.stopping = True
        self.hub.close_all()

    async def stop(self) -> None:
        """Write what waits, then end the threads."""
        self.closing()
        self.engine.stop()
        while self.engine.is_alive():
            await asyncio.sleep(0.01)
        if self._pinging is not None:
            self._pinging.cancel()
        await self.feed.stop()
        self.pacer.stop()
        self.snapshots.stop()
        if self.proxy is not None:
            await self.proxy.close()

    async def _ping(self) -> None:
        while True:
            await asyncio.sleep(PING_SECONDS)
            self.hub.ping(_time_message())

    # --- routing ---------------------------------------------------------------------------------

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """ASGI."""
        if scope["type"] == "lifespan":
            await self._lifespan(receive, send)
            return
        if scope["type"] != "http":
            return
        path: str = scope["path"]
        if path.startswith("/live/"):
            await self._live(path, scope, receive, send)
        elif path.startswith("/static/") and self.static is not None:
            await self.static(scope, receive, send)
        elif path == "/healthz":
            await self._health(send)
        elif path == "/metrics":
            await metrics(self, scope, send)
        elif self.proxy is not None:
            await self.proxy(scope, receive, send)
        else:
            await http.respond(send, 404)

    async def _lifespan(self, receive: Receive, send: Send) -> None:
        while True:
            message = await receive()
            if message["type"] == "lifespan.startup":
                await self.start()
                await send({"type": "lifespan.startup.complete"})
            elif message["type"] == "lifespan.shutdown":
                await self.stop()
                await send({"type": "lifespan.shutdown.complete"})
                return

    async def _live(self, path: str, scope: Scope, receive: Receive, send: Send) -> None:
        parts = path.split("/")  # ["", "live", slug, what]
        if len(parts) != 4:
            await _refuse(send, UNKNOWN)
            return
        slug, what = parts[2], parts[3]
        method = scope["method"]
        try:
            if what in {"stream", "snapshot"}:
                if method != "GET":
                    await _refuse(send, WRONG_METHOD)
                    return
                parameters = http.query(scope)
                ticket = self._ticket(
                    scope, slug, parameters.get("sitting"), parameters.get("person")
                )
                if what == "stream":
                    await self._stream(ticket, parameters, scope, receive, send)
                else:
                    await self._snapshot(ticket, send)
            elif what == "mine":
                if method != "GET":
                    await _refuse(send, WRONG_METHOD)
                    return
                await self._doorbell(self._person_ticket(scope, slug), receive, send)
            elif method != "POST":
                await _refuse(send, WRONG_METHOD)
            else:
                told = await self._command(slug, what, scope, receive)
                await http.respond(send, told.status, told.body, http.JSON)
        except _Refused as refused:
            await _refuse(send, refused.refusal)
        except http.Gone:
            return
        except http.TooLarge:
            await _refuse(send, TOO_LARGE)

    # --- who asks --------------------------------------------------------------------------------

    def _ticket(self, scope: Scope, slug: str, sitting: Any, person: Any = None) -> Ticket:
        """Whose command or stream this is. ``person``: whose the screen says it is, if it says so:
        the cookie is the browser's, and another page may have been opened by somebody else."""
        if not self._own_host(http.header(scope, b"host")):
            raise _Refused(FOREIGN)
        value = http.cookie(scope, COOKIE)
        if not value:
            raise _Refused(NO_TICKET)
        try:
            ticket = self.verify(value)
        except BadTicket as bad:
            raise _Refused(EXPIRED if bad.expired else NO_TICKET) from None
        try:
            same = ticket.slug == slug and uuid.UUID(str(sitting)) == ticket.sitting_id
        except ValueError:
            same = False
        if not same:
            raise _Refused(OTHER_SITTING)
        if person is not None and person != str(ticket.person_id):
            raise _Refused(OTHER_PERSON)
        return ticket

    def _person_ticket(self, scope: Scope, slug: str) -> Ticket:
        if not self._own_host(http.header(scope, b"host")):
            raise _Refused(FOREIGN)
        try:
            ticket = self.verify_person(http.cookie(scope, PERSONAL_COOKIE))
        except BadTicket as bad:
            raise _Refused(EXPIRED if bad.expired else NO_TICKET) from None
        if ticket.slug != slug:
            raise _Refused(OTHER_SITTING)
        return ticket

    def _own_host(self, host: bytes) -> bool:
        return self._own_origin(host, b"")

    def _own_origin(self, host: bytes, origin: bytes) -> bool:
        """The host is ours and, if given, the origin is this host's or a trusted one."""
        known = self._origins.get((host, origin))
        if known is None:
            domain, _ = split_domain_port(host.decode("latin-1"))
            known = validate_host(domain, settings.ALLOWED_HOSTS or ["localhost", "127.0.0.1"])
            if known and origin:
                text = origin.decode("latin-1")
                netloc = text.partition("://")[2]
                known = netloc == host.decode("latin-1") or text in settings.CSRF_TRUSTED_ORIGINS
            if len(self._origins) < 1000:
                self._origins[(host, origin)] = known
        return known

    # --- commands --------------------------------------------------------------------------------

    async def _command(self, slug: str, name: str, scope: Scope, receive: Receive) -> Answer:
        content = await http.body(receive, BODY_LIMIT)
        done: asyncio.Future[Answer] = asyncio.get_running_loop().create_future()
        self._submit(slug, name, scope, content, done)
        return await done

    def take(self, scope: Scope, content: bytes, done: Any) -> None:
        """A command by the short way (:mod:`.quick`): ``done.set_result`` gets its answer."""
        try:
            parts = scope["path"].split("/")
            if len(parts) != 4:
                raise _Refused(UNKNOWN)
            if parts[3] in SCREENS:
                raise _Refused(WRONG_METHOD)
            self._submit(parts[2], parts[3], scope, content, done)
        except _Refused as refused:
            done.set_result(answer(refused.refusal))
        except Exception:
            logger.exception("live command not read")
            done.set_result(answer(BROKEN))

    def _submit(self, slug: str, name: str, scope: Scope, content: bytes, done: Any) -> None:
        """Read a command and queue it; its answer goes to ``done``."""
        origin = http.header(scope, b"origin")
        if not origin or not self._own_origin(http.header(scope, b"host"), origin):
            raise _Refused(FOREIGN)
        if not http.header(scope, b"content-type").startswith(b"application/json"):
            raise _Refused(BAD_REQUEST)
        if b"\\u0000" in content:  # no text of ours holds it, and PostgreSQL cannot
            raise _Refused(BAD_REQUEST)
        try:
            fields = orjson.loads(content)
        except orjson.JSONDecodeError:
            raise _Refused(BAD_REQUEST) from None
        if not isinstance(fields, dict):
            raise _Refused(BAD_REQUEST)
        ticket = self._ticket(scope, slug, fields.pop("sitting", None), fields.pop("person", None))
        nonce = fields.pop("nonce", None)
        if not isinstance(nonce, str) or not NONCE.fullmatch(nonce):
            raise _Refused(BAD_REQUEST)
        if commands.find(name) is None:
            raise _Refused(UNKNOWN)
        refusal = self.engine.submit(
            commands.Request(name, ticket, nonce, fields, timezone.now()), done
        )
        if refusal is not None:
            raise _Refused(refusal)

    def _deliver(self, answers: list[tuple[Any, Answer]]) -> None:
        """From the writer thread: one hop into the loop for the whole batch."""
        with suppress(RuntimeError):  # the loop has ended: nobody waits any more
            self.loop.call_soon_threadsafe(_resolve, answers)

    # --- screens ---------------------------------------------------------------------------------

    async def _audiences(self, ticket: Ticket) -> frozenset[str]:
        try:
            audiences = await self.snapshots.audiences(ticket)
        except Exception:
            raise _Refused(UNAVAILABLE) from None
        if not audiences:
            raise _Refused(NOT_HERE)
        return audiences

    async def _snapshot(self, ticket: Ticket, send: Send) -> None:
        audiences = await self._audiences(ticket)
        try:
            content = await self.snapshots.snapshot(ticket, audiences)
        except Exception:
            raise _Refused(UNAVAILABLE) from None
        await http.respond(send, 200, content, http.JSON)

    async def _stream(
        self, ticket: Ticket, parameters: dict[str, str], scope: Scope, receive: Receive, send: Send
    ) -> None:
        if self.stopping:
            raise _Refused(STOPPING)
        audiences = await self._audiences(ticket)
        # A browser that reconnects by itself sends the id of the last message it got.
        since = http.header(scope, b"last-event-id").decode("latin-1") or parameters.get("since")
        since_epoch, seqs = parse_id(since or "")
        topics: dict[str, Topic] = {}
        sitting = ticket.sitting_id
        for audience in AUDIENCES:
            if audience in audiences:
                key = (
                    api.person_stream(ticket.person_id)
                    if audience == "me"
                    else api.sitting_stream(sitting, audience)
                )
                topics[audience] = self.hub.topic(key, audience, seqs.get(audience))
        self.pacer.councils[sitting.hex] = ticket.council_id
        await self.feed.load()
        if "outside" in audiences:
            # A guest may have been sent away before this process listened to their stream.
            self.snapshots.forget_one(ticket)
            if not topics.keys() <= await self._audiences(ticket):
                raise _Refused(NOT_HERE)
        await send({"type": "http.response.start", "status": 200, "headers": STREAM_HEADERS})
        await send(chunk(b"retry: 1000\n\n" + _time_message()))
        if since_epoch != self.hub.epoch or not topics.keys() <= seqs.keys():
            self.hub.resets += 1
            await send(chunk(RESET, more=False))
            return
        line = Line(self.hub, topics, {a: seqs[a] for a in topics}, send)
        line.screen.outside = "outside" in audiences
        line.screen.device = ticket.device
        await line.run(receive)

    async def _doorbell(self, ticket: Ticket, receive: Receive, send: Send) -> None:
        """A person's screens outside the hall: «look again», and nothing more.

        It starts at the stream's end, without a past: whoever connects asks the pages anyway, and
        there every right is checked. So no rights are asked here, and no reset is ever needed.
        """
        if self.stopping:
            raise _Refused(STOPPING)
        topic = self.hub.topic(api.doorbell_stream(ticket.person_id), "me")
        await self.feed.load()
        await send({"type": "http.response.start", "status": 200, "headers": STREAM_HEADERS})
        await send(chunk(b"retry: 1000\n\n" + _time_message()))
        line = Line(self.hub, {"me": topic}, {"me": topic.seq}, send)
        line.screen.device = ticket.device
        await line.run(receive)

    # --- for those who watch ---------------------------------------------------------------------

    async def _health(self, send: Send) -> None:
        state = {"live": "ok" if self.engine.is_alive() and not self.stopping else "stopping"}
        if self.proxy is not None:
            state["web"] = "ok" if await self.proxy.alive() else "starting"
        good = all(value == "ok" for value in state.values())
        await http.respond_json(send, 200 if good else 503, state)


class _Refused(Exception):
    def __init__(self, refusal: Refusal) -> None:
        super().__init__(refusal.code)
        self.refusal = refusal


async def _refuse(send: Send, refusal: Refusal) -> None:
    await http.respond_json(send, refusal.status, refusal.as_dict())


def _resolve(answers: list[tuple[Any, Answer]]) -> None:
    for done, told in answers:
        try:
            if not done.done():
                done.set_result(told)
        except Exception:  # one connection's trouble must not silence the rest of the batch
            logger.exception("an answer could not be given")
