"""The disk fills up in the middle of a vote: nothing acknowledged is lost, everybody is told.

A real installation. Where this user may mount, its folder is a file system of four megabytes;
everywhere, the largest size a file of it may have is limited. Then room is made, and it goes on.
"""

from __future__ import annotations

import asyncio
import json
import resource
import shutil
import subprocess
import tempfile
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import psutil
import pytest

from bench.crash import Database
from tests.support.hall import CHOICES, Hall, fill_installation
from tests.support.installation import Installation
from tests.support.postgres import free_port
from tests.support.tablets import Answer, Tablet

pytestmark = [pytest.mark.concurrency, pytest.mark.sqlite]

NO_ROOM = "Máy chủ không còn chỗ để ghi. Lệnh này CHƯA được ghi; xin báo ngay thư ký kỳ họp."
CHAIR_NO_ROOM = "Máy chủ không còn chỗ để ghi. Việc này CHƯA được ghi; xin báo ngay quản trị viên."


def _may_mount() -> bool:
    probe = ["unshare", "-m", "sh", "-c", "mount -t tmpfs -o size=1m tmpfs /tmp"]
    try:
        return subprocess.run(probe, capture_output=True).returncode == 0
    except FileNotFoundError:
        return False


class Cramped(Installation):
    """An installation with no more room than this."""

    tmpfs = False

    @property
    def seen(self) -> Path:
        """Its folder as this process sees it."""
        if not self.tmpfs:
            return self.var
        assert self.process is not None
        return Path(f"/proc/{self.process.pid}/root{self.var}")

    def start(self) -> None:
        """In a file system of its own, filled with what lies in the folder."""
        if not self.tmpfs:
            super().start()
            return
        copy = Path(f"{self.var}.filled")
        shutil.copytree(self.var, copy)
        program = Path(f"{self.var}.sh")
        program.write_text(
            f"mount -t tmpfs -o size=4m tmpfs {self.var} && cp -a {copy}/. {self.var}/"
            ' && exec "$@"\n'
        )
        start = subprocess.Popen
        try:
            # The same start, in a private mount namespace.
            subprocess.Popen = lambda words, **more: start(  # type: ignore[assignment,misc]
                ["unshare", "-m", "sh", str(program), *words], **more
            )
            super().start()
        finally:
            subprocess.Popen = start  # type: ignore[misc]
            shutil.rmtree(copy)
            program.unlink()

    def squeeze(self) -> None:
        """Leave little room."""
        if not self.tmpfs:
            largest = max(path.stat().st_size for path in self.var.glob("nghitruong.sqlite3*"))
            for process in self.family():
                process.rlimit(psutil.RLIMIT_FSIZE, (largest + 300_000, -1))

    def make_room(self) -> None:
        """As an administrator would."""
        if self.tmpfs:
            assert self.process is not None
            words = ["nsenter", "-t", str(self.process.pid), "-m", "mount", "-o"]
            subprocess.run([*words, "remount,size=64m", str(self.var)], check=True)
        else:
            for process in self.family():
                process.rlimit(psutil.RLIMIT_FSIZE, (resource.RLIM_INFINITY,) * 2)


def chair_closes(installation: Installation, hall: Hall) -> tuple[int, dict[str, str]]:
    """The chair's button «Kết thúc biểu quyết», an ordinary page's."""
    token = "x" * 32
    request = urllib.request.Request(
        f"{installation.url}/{hall.slug}/ky-hop/4/phien/1/bieu-quyet/1/ket-thuc/",
        data=b"",
        headers={
            "Cookie": f"{hall.session}; csrftoken={token}",
            "X-CSRFToken": token,
            "Origin": installation.url,
            "Accept": "application/json",
        },
    )
    try:
        with urllib.request.urlopen(request, timeout=30) as response:
            return response.status, json.loads(response.read())
    except urllib.error.HTTPError as error:
        return error.code, json.loads(error.read())


@contextmanager
def cramped(way: str) -> Iterator[tuple[Cramped, Hall]]:
    with ExitStack() as stack:
        folder = Path(tempfile.mkdtemp(prefix="nt-full-"))
        stack.callback(shutil.rmtree, folder, ignore_errors=True)
        installation = Cramped(
            folder,
            f"sqlite:///{folder}/nghitruong.sqlite3",
            free_port(),
            extra_environment={"NGHITRUONG_DEMO": "false"},
        )
        installation.tmpfs = way == "tmpfs"
        hall = fill_installation(installation.environment(), 15)
        stack.callback(installation.stop)
        installation.start()
        installation.squeeze()
        yield installation, hall


@pytest.mark.parametrize("way", ["limit", *(["tmpfs"] if _may_mount() else [])])
def test_a_full_disk_refuses_with_a_sentence_loses_nothing_and_goes_on_when_there_is_room(way):
    with cramped(way) as (installation, hall):
        people = [
            Tablet(installation.port, hall.slug, hall.sitting, person, ticket)
            for person, ticket in hall.people.items()
        ]
        refused: list[Answer] = []

        async def until_full() -> None:
            for turn in range(400):
                for tablet in people:
                    nonce = f"{turn:04d}-{tablet.person}"
                    answer = await tablet.post(
                        "vote", nonce, poll=hall.poll, choice=CHOICES[turn % 3]
                    )
                    if answer.status != 200:
                        refused.append(answer)
                        return
                    tablet.acknowledged[nonce] = answer.body

        async def at_once() -> None:
            """Everybody taps on the full disk: each is told the truth, whichever it is."""

            async def one(tablet: Tablet) -> None:
                nonce = f"8888-{tablet.person}"
                answer = await tablet.post("vote", nonce, poll=hall.poll, choice="no")
                assert answer.status in {200, 507}
                if answer.status == 200:
                    tablet.acknowledged[nonce] = answer.body

            await asyncio.gather(*map(one, people))

        async def afterwards() -> None:
            for tablet in people:
                nonce = f"9999-{tablet.person}"
                answer = await tablet.tap("vote", nonce, poll=hall.poll, choice="abstain")
                assert answer.status == 200
                await tablet.close()

        def check() -> None:
            # A copy: SQLite would resolve the path to the folder outside the namespace.
            copy = Path(f"{installation.var}.copy")
            copy.mkdir(exist_ok=True)
            for suffix in ("", "-wal"):
                shutil.copy(f"{installation.seen}/nghitruong.sqlite3{suffix}", copy)
            database = Database(f"sqlite:///{copy}/nghitruong.sqlite3")
            stored = database.receipts()
            taps = {n: a for tablet in people for n, a in tablet.acknowledged.items()}
            assert {n: a["receipt"] for n, a in taps.items()} == stored
            votes = database.votes()
            for tablet in people:
                if tablet.acknowledged:
                    last = list(tablet.acknowledged.values())[-1]
                    assert votes[tablet.person][0] == last["receipt"]
            assert database.gaps() == 0
            shutil.rmtree(copy)

        asyncio.run(until_full())
        assert refused, "the disk never filled up"
        assert (refused[0].status, refused[0].body["code"]) == (507, "no_room")
        assert refused[0].body["message"] == NO_ROOM
        for tablet in people:
            tablet._reader = tablet._writer = None  # of the loop that has ended
        asyncio.run(at_once())
        check()
        status, body = chair_closes(installation, hall)
        assert (status, body["code"], body["message"]) == (507, "no_room", CHAIR_NO_ROOM)
        installation.make_room()
        for tablet in people:
            tablet._reader = tablet._writer = None
        asyncio.run(afterwards())
        check()
        assert chair_closes(installation, hall)[0] == 200
