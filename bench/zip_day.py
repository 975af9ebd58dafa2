"""The day the papers come: a zip of 120 papers and 600 MB, from the clerk's browser to 60 tablets.

A real server; the clerk's browser and the tablets are protocol clients. Sent in pieces of 4 MB as
the page does it, the connection cut in the middle of one; opened and looked at; confirmed as
proposed; the whole set bound for print; every scan read (``read_s``: until then nobody but the
office may see it); sent to the delegates. ``notice_s`` is from the tap on «Gửi đại biểu» until the
last of the 60 screens in the hall shows the notice, ``bell_s`` until the last page outside it has
heard that something came.
``stored_equals_sent``: the SHA-256 of all 120 files, read back from the store, are those sent; so
are those a delegate's tablet is given (``given_equals_sent``).

``PAPERS=12 MB=60 python -m bench.zip_day`` for a small one; ``postgresql`` for the other engine.
"""

from __future__ import annotations

import asyncio
import base64
import contextlib
import hashlib
import http.client
import json
import os
import socket
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import psutil

from bench import _client as client
from bench._installation import ENGINES, Server, on_engines, prepare, serving, show
from bench.vote_burst import Hall, open_streams, until

PAPERS = int(os.environ.get("PAPERS", "120"))
MB = int(os.environ.get("MB", "600"))
TABLETS = int(os.environ.get("TABLETS", "60"))
PIECE = 4 << 20  # islands/lib/upload.ts
WHOLE = PAPERS == 120 and MB == 600  # the bounds are those of the whole


class Browser:
    """Somebody signed in: requests with their cookie and the form's token."""

    def __init__(self, server: Server, session: str, slug: str) -> None:
        self.port, self.slug = server.port, slug
        token = "zipday" * 5 + "xy"
        self.headers = {
            "Host": f"127.0.0.1:{server.port}",
            "Origin": f"http://127.0.0.1:{server.port}",
            "Cookie": f"{session}; csrftoken={token}",
            "X-CSRFToken": token,
            "Accept": "application/json",
        }

    def ask(
        self, method: str, path: str, body: bytes = b"", wanted: int = 200, **more: str
    ) -> http.client.HTTPResponse:
        """One request; its answer, read by the caller. Raises for another status."""
        line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=600)
        headers = self.headers | {name.replace("_", "-"): value for name, value in more.items()}
        line.request(method, path, body, headers)
        answer = line.getresponse()
        if answer.status != wanted:
            raise RuntimeError(f"{method} {path}: {answer.status} {answer.read()[:600]!r}")
        return answer

    def form(self, path: str, fields: list[tuple[str, str]], wanted: int = 302) -> str:
        """Post a form; where it leads."""
        kind = "application/x-www-form-urlencoded"
        answer = self.ask("POST", path, urlencode(fields).encode(), wanted, Content_Type=kind)
        answer.read()
        return str(answer.getheader("Location", ""))

    def json(self, path: str) -> Any:
        """A page's state."""
        return json.loads(self.ask("GET", path).read())


class Memory(threading.Thread):
    """The most memory each kind of process had, sampled five times a second."""

    def __init__(self, server: Server) -> None:
        super().__init__(daemon=True)
        assert server.process is not None
        self.parent = psutil.Process(server.process.pid)
        self.peak: dict[str, int] = {}
        self.over = threading.Event()

    def run(self) -> None:
        while not self.over.wait(0.2):
            with contextlib.suppress(psutil.Error):
                self.look()

    def look(self) -> None:
        """One sample. ``stages``: what runs apart for work (conversion, OCR, binding), together."""
        now: dict[str, int] = {}
        for child in self.parent.children():
            words = child.cmdline()[-4:]
            role = next((r for r in ("live", "web", "work") if r in words), "other")
            below = child.children(recursive=True)
            now[role] = now.get(role, 0) + child.memory_info().rss
            for one in below:
                with contextlib.suppress(psutil.Error):
                    where = "stages" if role == "work" else role
                    now[where] = now.get(where, 0) + one.memory_info().rss
        for role, rss in now.items():
            self.peak[role] = max(self.peak.get(role, 0), rss)

    def mb(self, role: str) -> float:
        """The peak in megabytes."""
        return self.peak.get(role, 0) / 1e6


def send(clerk: Browser, path: Path, batch: str) -> int:
    """The upload's protocol, cut in the middle of a piece; how much of that piece was kept."""
    length = path.stat().st_size
    said = {"filename": path.name, "into": f"binder:{batch}"}
    pairs = ",".join(f"{k} {base64.b64encode(v.encode()).decode()}" for k, v in said.items())
    begun = clerk.ask(
        "POST",
        f"/{clerk.slug}/tai-lieu/tai-len/",
        wanted=201,
        Upload_Length=str(length),
        Upload_Metadata=pairs,
    )
    begun.read()
    where = str(begun.getheader("Location"))
    offset, cut_at, kept = 0, length // 2, -1
    with path.open("rb") as file:
        while offset < length:
            file.seek(offset)
            piece = file.read(PIECE)
            if kept < 0 and offset + len(piece) > cut_at:
                _cut(clerk, where, offset, piece)
                answer = clerk.ask("HEAD", where)
                kept = int(answer.getheader("Upload-Offset", "0")) - offset
                offset += kept
                continue
            answer = clerk.ask(
                "PATCH",
                where,
                piece,
                wanted=200 if offset + len(piece) == length else 204,
                Content_Type="application/offset+octet-stream",
                Upload_Offset=str(offset),
            )
            answer.read()
            offset = int(answer.getheader("Upload-Offset", "0"))
    return kept


def _cut(clerk: Browser, where: str, offset: int, piece: bytes) -> None:
    """Two thirds of a piece, then the network is gone; until the server has noticed."""
    with socket.create_connection(("127.0.0.1", clerk.port)) as line:
        head = clerk.headers | {
            "Content-Type": "application/offset+octet-stream",
            "Upload-Offset": str(offset),
            "Content-Length": str(len(piece)),
        }
        lines = [f"PATCH {where} HTTP/1.1", *(f"{name}: {value}" for name, value in head.items())]
        line.sendall(("\r\n".join(lines) + "\r\n\r\n").encode())
        line.sendall(piece[: len(piece) * 2 // 3])
    for _ in range(100):
        time.sleep(0.1)
        answer = clerk.ask("HEAD", where)
        if int(answer.getheader("Upload-Offset", "0")) != offset:
            return


def wait(state: Callable[[], Any], done: Callable[[Any], bool], seconds: float = 1800) -> Any:
    """Ask once a second, as the page does, until it is done."""
    deadline = time.monotonic() + seconds
    while True:
        found = state()
        if done(found):
            return found
        if time.monotonic() > deadline:
            raise RuntimeError(f"not done after {seconds} s: {str(found)[:500]}")
        time.sleep(1)


class Screens(Hall):
    """Who has shown the notice, in the hall and outside it."""

    def __init__(self) -> None:
        super().__init__()
        self.shown: dict[client.Stream, float] = {}
        self.rung: dict[client.Stream, float] = {}

    def heard(self, stream: client.Stream, block: bytes, at: float) -> None:
        """The hall's streams."""
        if b'"slice":"news"' in block:
            value = client.message(block)["data"]
            if value and f"{PAPERS} tài liệu" in value.get("text", ""):
                self.shown.setdefault(stream, at)

    def bell(self, stream: client.Stream, _block: bytes, at: float) -> None:
        """The streams of pages outside it."""
        self.rung.setdefault(stream, at)


async def outside(server: Server, world: Any, count: int, screens: Screens) -> list[Any]:
    """A page outside the hall for each of ``count`` people."""
    from nghitruong.platform.live import tickets
    from nghitruong.platform.live.commands import Ticket

    found = []
    for person in world.people[1 : count + 1]:
        ticket = Ticket(
            world.council.pk, person, tickets.NO_SITTING, "bench", "Đại biểu", world.slug
        )
        cookie = f"{tickets.PERSONAL_COOKIE}={tickets.make(ticket, salt=tickets.PERSONAL_SALT)}"
        path = f"/live/{world.slug}/mine"
        found.append(await client.open_stream(server.port, path, cookie, screens.bell))
    return found


def given(delegate: Browser, papers: list[Any]) -> set[str]:
    """The SHA-256 of every paper as a delegate's tablet gets it."""
    found = set()
    for paper in papers:
        answer = delegate.ask("GET", f"/{delegate.slug}/tai-lieu/{paper}/ban/1/tep")
        digest = hashlib.sha256()
        while piece := answer.read(1 << 20):
            digest.update(piece)
        found.add(digest.hexdigest())
    return found


def take_in(clerk: Browser, path: Path, took: dict[str, Any], step: Callable[..., None]) -> None:
    """From the zip on the clerk's disk to a binder bound for print."""
    base = f"/{clerk.slug}/ky-hop/1/tap-tai-lieu/"
    importing = clerk.form(f"{base}nhap/", [])
    batch = importing.rstrip("/").rpartition("/")[2]
    step("start_s")
    took["kept_of_the_cut_kb"] = send(clerk, path, batch) // 1024
    step("upload_s")
    state = wait(lambda: clerk.json(importing), lambda s: not s["waiting"])
    step("open_s")
    files = state["files"]
    took["files"] = len(files)
    took["refused"] = sum(bool(file["refused"]) for file in files) + len(state["unopened"])
    took["numbers_right"] = sum(
        file["number"] == file["name"].removesuffix(".pdf").replace("-", "/", 1) for file in files
    )
    took["incomplete"] = sum(not (file["kind"] and file["title"]) for file in files)
    step("")
    clerk.ask("POST", f"{importing}ghi/").read()
    step("confirm_s")
    packet = clerk.form(f"{base}in/", [("dividers", "1")])
    took["bound"] = wait(lambda: clerk.json(packet), lambda s: s["state"] != "waiting")["state"]
    step("bind_s")


async def _main(engine: str) -> None:
    from django_scopes import scope

    from bench import _papers, _world
    from nghitruong.council.intake.models import Intake, IntakeState
    from nghitruong.council.papers.models import PaperVersion
    from nghitruong.platform.files import store

    world = await asyncio.to_thread(_world.build, TABLETS + 5)
    path = Path(os.environ["NGHITRUONG_VAR"]) / "tai-lieu-ky-hop.zip"
    sent = await asyncio.to_thread(_papers.make_zip, path, PAPERS, MB * 1_000_000)
    took: dict[str, Any] = {"name": "zip_day", "engine": engine, "papers": PAPERS}
    took["mb"] = path.stat().st_size / 1e6
    with serving() as server:
        memory = Memory(server)
        memory.start()
        clock = time.perf_counter()

        def step(name: str) -> None:
            nonlocal clock
            now = time.perf_counter()
            if name:
                took[name] = now - clock
                print(f"{name} {took[name]:.1f}", file=sys.stderr, flush=True)
            clock = now

        clerk = Browser(server, await asyncio.to_thread(_world.login, world.clerk), world.slug)
        cookie = await asyncio.to_thread(_world.login, world.delegates[0])
        delegate = Browser(server, cookie, world.slug)
        await asyncio.to_thread(take_in, clerk, path, took, step)
        screens = Screens()
        halls = await open_streams(server, world, TABLETS, screens)
        pages = await outside(server, world, TABLETS, screens)

        def versions() -> list[tuple[Any, str]]:
            with scope(council=world.council.pk):
                rows = PaperVersion.objects.filter(paper__import_file__isnull=False)
                return list(rows.values_list("paper_id", "sha256"))

        def unread() -> int:
            with scope(council=world.council.pk):
                return PaperVersion.objects.filter(unread=True).count()

        # A scan goes to nobody before its words were looked through for marks of secrecy.
        await asyncio.to_thread(wait, unread, lambda left: left == 0)
        step("read_s")
        stored = await asyncio.to_thread(versions)
        fields = [("paper", str(paper)) for paper, _digest in stored]
        late = [("late_approved_by", "Nguyễn Văn An"), ("late_reason", "đo tốc độ")]
        started = client.now()
        await asyncio.to_thread(clerk.form, f"/{world.slug}/tai-lieu/gui-dai-bieu/", fields + late)
        took["release_s"] = client.now() - started
        await until(lambda: len(screens.shown) == TABLETS and len(screens.rung) == TABLETS)
        took["tablets"] = min(len(screens.shown), len(screens.rung))
        took["notice_s"] = max(screens.shown.values(), default=0.0) - started
        took["bell_s"] = max(screens.rung.values(), default=0.0) - started
        for stream in (*halls, *pages):
            stream.transport.close()
        step("")
        got = await asyncio.to_thread(given, delegate, [paper for paper, _ in stored])
        step("delegate_takes_all_s")

        def read() -> dict[str, int]:
            with scope(council=world.council.pk):
                rows = list(Intake.objects.values_list("state", flat=True))
            return {state: rows.count(state) for state in set(rows)}

        waiting = IntakeState.WAITING
        states = await asyncio.to_thread(wait, read, lambda found: waiting not in found, 3600)
        step("background_s")
        memory.over.set()
        held = {digest for _, digest in stored}
        whole = await asyncio.to_thread(lambda: all(store.verify(digest) for digest in held))
        took |= {"states": states, "given_equals_sent": got == sent}
        took["stored_equals_sent"] = held == sent and len(stored) == PAPERS and whole
        took |= {f"{role}_mb": memory.mb(role) for role in ("live", "web", "work", "stages")}
    seconds = {"upload_s": 60, "open_s": 420, "confirm_s": 30, "bind_s": 180}
    show(
        at_most={"notice_s": 3, "bell_s": 3, "release_s": 3, "refused": 0, "incomplete": 0}
        | {"live_mb": 300, "web_mb": 600, "work_mb": 300}
        | (seconds if WHOLE else {}),
        at_least={"tablets": TABLETS, "files": PAPERS, "numbers_right": PAPERS * 0.95},
        true=("stored_equals_sent", "given_equals_sent"),
        **took,
    )


def cases(engine: str) -> None:
    """The case on one engine."""
    prepare()
    client.run(_main(engine))


if __name__ == "__main__":
    wanted = tuple(name for name in ENGINES if name in sys.argv[1:]) or ("sqlite",)
    sys.exit(on_engines("bench.zip_day", cases, engines=wanted))
