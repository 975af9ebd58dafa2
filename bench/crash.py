"""Killed in the middle of votes, and its power cut: what was acknowledged is there afterwards.

Tablets vote without pause (each tap another choice than the one before), screens watch. Then

* ``kill``: SIGKILL to the whole installation, or only to its live process (the rest starts it
  again), on both engines; on PostgreSQL in some rounds to the database server, alone or together;
* ``power_cut``: SIGKILL to everything, then the database's files are put into the state the disk
  had promised (bench/_powercut). First with ``synchronous=NORMAL``, which must lose
  acknowledged votes, or the shim proves nothing; then as shipped.

Tablets that got no answer send the same tap again, as real ones do. After each round:

* ``acknowledged_lost``: answers that the database does not have, or a vote that is not the last one
  acknowledged;
* ``counted_twice``: more acts in the audit log, changes on the vote or events than taps accepted;
* ``seq_gaps``: streams whose events are not 1…n;
* ``receipts_wrong``: an old tap sent once more that is answered otherwise than the first time, or
  that changes anything;
* ``screens_wrong``: screens that missed or repeated an event, or do not show the last vote.

``python -m bench.crash [kill|power_cut] [sqlite|postgresql] [--rounds N]``
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import shutil
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psutil

from bench._crash import VOTERS, Case, Database, Result
from bench._powercut import NoCompiler, PowerCut
from tests.support.hall import fill_installation
from tests.support.installation import Installation
from tests.support.postgres import PostgresServer, free_port, postgres_server

__all__ = ["Case", "Database", "Result", "kill", "power_cut"]

ROUNDS = 20
UNSAFE_ROUNDS = 5


@contextlib.contextmanager
def installed(database_url: str = "", **environment: str) -> Iterator[Installation]:
    """An empty installation in a temporary folder, filled by the caller."""
    folder = Path(tempfile.mkdtemp(prefix="nt-crash-"))
    installation = Installation(
        folder,
        database_url or f"sqlite:///{folder}/nghitruong.sqlite3",
        free_port(),
        extra_environment={
            "NGHITRUONG_DEMO": "false",
            "NGHITRUONG_LOG_LEVEL": "CRITICAL",
            **environment,
        },
    )
    try:
        yield installation
    except BaseException:
        sys.stderr.write(installation.log()[-4000:])
        raise
    finally:
        installation.stop()
        shutil.rmtree(folder, ignore_errors=True)


def _kill_only(installation: Installation, role: str) -> None:
    """SIGKILL one of the three processes (with its children); the parent starts it again."""
    for process in installation.family():
        with contextlib.suppress(psutil.NoSuchProcess):
            words = process.cmdline()
            if "nghitruong.config.serve" in words and role in words:
                for child in process.children(recursive=True):
                    child.kill()
                process.kill()


def kill(engine: str, rounds: int, server: PostgresServer | None = None) -> Result:
    """SIGKILL in the middle of votes."""
    url = server.create_database("nghitruong") if server else ""
    with installed(url) as installation:
        hall = fill_installation(installation.environment(), VOTERS)
        installation.start()
        case = Case(installation, hall, Result("crash", "kill", engine))
        if not server:
            case.result.synchronous = "FULL"

        async def disaster(number: int) -> None:
            what = number % (4 if server else 2)
            if what == 0:
                installation.kill()
                await asyncio.to_thread(installation.start)
            elif what == 1:
                _kill_only(installation, "live")
            elif server is not None and what == 2:
                server.kill()
                await asyncio.to_thread(server.start)
            elif server is not None:
                server.kill()
                installation.kill()
                await asyncio.to_thread(server.start)
                await asyncio.to_thread(installation.start)

        asyncio.run(case.run(rounds, disaster))
        return case.result


def power_cut(rounds: int, *, unsafe: bool) -> Result:
    """Everything dies and only what was synced is there."""
    settings = {"DJANGO_SETTINGS_MODULE": "bench._powercut.settings_normal"} if unsafe else {}
    with installed(**settings) as installation:
        hall = fill_installation(installation.environment(), VOTERS)
        database = Path(installation.database_url.removeprefix("sqlite:///"))
        shim = PowerCut(database, installation.var)
        installation.extra_environment.update(shim.environment)
        installation.start()
        mode = "NORMAL" if unsafe else "FULL"
        case = Case(installation, hall, Result("crash", "power_cut", "sqlite", mode))

        async def disaster(number: int) -> None:
            installation.kill()
            await asyncio.to_thread(shim.cut, case.luck if number % 2 else None)
            case.result.unsynced_bytes += shim.unsynced_bytes
            await asyncio.to_thread(installation.start)

        asyncio.run(case.run(rounds, disaster))
        return case.result


def main() -> int:
    """All cases, or those named."""
    words = sys.argv[1:]
    rounds = int(words[words.index("--rounds") + 1]) if "--rounds" in words else ROUNDS
    cases = {"kill", "power_cut"} & set(words) or {"kill", "power_cut"}
    engines = {"sqlite", "postgresql"} & set(words) or {"sqlite", "postgresql"}
    os.environ.pop("DATABASE_URL", None)
    bad = 0
    if "kill" in cases:
        if "sqlite" in engines:
            result = kill("sqlite", rounds)
            result.show()
            bad += result.bad
        if "postgresql" in engines:
            with postgres_server() as server:
                result = kill("postgresql", rounds, server)
                result.show()
                bad += result.bad
    if "power_cut" in cases and "sqlite" in engines:
        try:
            unsafe = power_cut(min(rounds, UNSAFE_ROUNDS), unsafe=True)
        except NoCompiler as missing:
            print(missing, file=sys.stderr)
            return 1
        unsafe.show()
        if not unsafe.acknowledged_lost:
            print("Phép thử không bắt được mất mát nào với synchronous=NORMAL.", file=sys.stderr)
            bad += 1
        result = power_cut(rounds, unsafe=False)
        result.show()
        bad += result.bad
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
