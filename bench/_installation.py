"""A real ``nghitruong serve`` on a temporary folder, for each engine; results as JSON lines."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import psutil

from tests.support.installation import die_with_parent
from tests.support.postgres import PostgresServer, free_port, postgres_server

ROOT = Path(__file__).resolve().parent.parent
ENGINES = ("sqlite", "postgresql")
CHILD = "NGHITRUONG_BENCH_ENGINE"


_missed: list[str] = []  # of this process: its exit status tells


def show(
    at_most: Mapping[str, float] | None = None,
    at_least: Mapping[str, float] | None = None,
    true: Sequence[str] = (),
    **result: Any,
) -> None:
    """One JSON object on a line of its own; ``missed`` names the bounds it broke.

    A key that was not measured (None) breaks its bound.
    """
    missed = [
        f"{key} {result[key]} > {bound}"
        for key, bound in (at_most or {}).items()
        if result[key] is None or result[key] > bound
    ]
    missed += [
        f"{key} {result[key]} < {bound}"
        for key, bound in (at_least or {}).items()
        if result[key] is None or result[key] < bound
    ]
    missed += [f"{key}: {result[key]}" for key in true if result[key] is not True]
    rounded = {k: round(v, 2) if isinstance(v, float) else v for k, v in result.items()}
    print(json.dumps(rounded | {"missed": missed}, ensure_ascii=False), flush=True)
    _missed.extend(missed)


def status() -> int:
    """What this process exits with: 1 when a bound was broken."""
    return 1 if _missed else 0


def on_engines(
    module: str, cases: Callable[[str], None], engines: tuple[str, ...] = ENGINES
) -> int:
    """Run ``cases(engine)`` once per engine, each in a process and an installation of its own.

    ``python -m bench.NAME [sqlite|postgresql] [case …]`` limits it.
    """
    engine = os.environ.get(CHILD)
    if engine:
        cases(engine)
        return status()
    wanted = [name for name in engines if name in sys.argv[1:]] or list(engines)
    failed = 0
    for name in wanted:
        folder = Path(tempfile.mkdtemp(prefix="nt-bench-"))
        with contextlib.ExitStack() as stack:
            stack.callback(shutil.rmtree, folder, ignore_errors=True)
            url = f"sqlite:///{folder}/nghitruong.sqlite3"
            environment = dict(os.environ)
            if name == "postgresql":
                server: PostgresServer = stack.enter_context(postgres_server())
                url = server.create_database("nghitruong")
                environment["NGHITRUONG_BENCH_PG"] = str(server.port)
            environment.update(
                {
                    CHILD: name,
                    "NGHITRUONG_VAR": str(folder),
                    "DATABASE_URL": url,
                    "DJANGO_SETTINGS_MODULE": "nghitruong.config.settings",
                    "PYTHONPATH": os.pathsep.join(
                        filter(None, [str(ROOT), os.environ.get("PYTHONPATH")])
                    ),
                    "NGHITRUONG_DEMO": "false",
                    "NGHITRUONG_LOG_LEVEL": "ERROR",
                }
            )
            done = subprocess.run(
                [sys.executable, "-m", module, *sys.argv[1:]], env=environment, cwd=ROOT
            )
            failed = failed or done.returncode
    return failed


def chosen(case: str) -> bool:
    """Whether the case was named on the command line, or none was."""
    named = [word for word in sys.argv[1:] if word not in ENGINES]
    return not named or case in named


def prepare() -> None:
    """Migrate the empty database and load Django into this process."""
    subprocess.run(
        [sys.executable, "manage.py", "migrate", "-v0"],
        check=True,
        cwd=ROOT,
        stderr=subprocess.DEVNULL,
    )
    import django

    django.setup()


class Server:
    """``nghitruong serve``."""

    def __init__(self) -> None:
        self.port = free_port()
        self.process: subprocess.Popen[bytes] | None = None
        self.log = Path(os.environ["NGHITRUONG_VAR"]) / "serve.log"

    def start(self) -> None:
        """Start and wait until it answers."""
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, "manage.py", "serve", "--bind", f"127.0.0.1:{self.port}"],
                cwd=ROOT,
                stdout=log,
                stderr=log,
                start_new_session=True,
                preexec_fn=die_with_parent,
            )
        self.wait()

    def wait(self) -> None:
        """Until it answers that it is well."""
        deadline = time.monotonic() + 60
        while True:
            try:
                urllib.request.urlopen(f"http://127.0.0.1:{self.port}/healthz", timeout=5).close()
                return
            except OSError:
                pass
            if time.monotonic() > deadline or (self.process and self.process.poll() is not None):
                raise RuntimeError("serve: " + self.log.read_text())
            time.sleep(0.05)

    @property
    def live(self) -> psutil.Process:
        """The live process."""
        assert self.process is not None
        for child in psutil.Process(self.process.pid).children():
            words = child.cmdline()
            if "live" in words[-3:]:
                return child
        raise RuntimeError("no live process")

    def stop(self) -> None:
        """SIGTERM."""
        if self.process is not None and self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            self.process.wait(timeout=20)
        self.process = None

    def kill(self) -> None:
        """SIGKILL to all of it at once."""
        assert self.process is not None
        parent = psutil.Process(self.process.pid)
        family = [*parent.children(recursive=True), parent]
        parent.kill()
        for one in family:
            with contextlib.suppress(psutil.NoSuchProcess):
                one.kill()
        psutil.wait_procs(family, timeout=10)
        self.process.wait()
        self.process = None


@contextlib.contextmanager
def serving() -> Iterator[Server]:
    """A started server for the length of a ``with`` block."""
    server = Server()
    try:
        server.start()
        yield server
    finally:
        server.stop()


def cpu_seconds(process: psutil.Process) -> float:
    """Processor time spent so far by all threads, from the scheduler's own nanoseconds."""
    return sum(thread_seconds(process).values())


def thread_seconds(process: psutil.Process) -> dict[int, float]:
    """Processor time of each thread."""
    found = {}
    for task in Path(f"/proc/{process.pid}/task").iterdir():
        with contextlib.suppress(OSError):
            found[int(task.name)] = int((task / "schedstat").read_text().split()[0]) / 1e9
    return found


def fsync_p50_ms(folder: Path, count: int = 60) -> float:
    """How long the disk of ``folder`` takes to make 4 kB durable."""
    taken = []
    path = folder / "fsync.probe"
    with path.open("wb") as file:
        for _ in range(count):
            file.write(b"x" * 4096)
            file.flush()
            started = time.perf_counter()
            os.fdatasync(file.fileno())
            taken.append(time.perf_counter() - started)
    path.unlink()
    return sorted(taken)[count // 2] * 1000
