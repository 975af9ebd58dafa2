"""A real installation under test: ``nghitruong serve`` with all its processes.

The demo database is built once per run and copied for every test, on the engine that
``DATABASE_URL`` names (SQLite when it is not set).
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import shutil
import signal
import ssl
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.parse
import urllib.request
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import psutil
import psycopg
import pytest

from tests.support.postgres import free_port

ROOT = Path(__file__).resolve().parent.parent.parent
STARTED = "/healthz"


def _environment(var: Path, database_url: str) -> dict[str, str]:
    environment = {key: value for key, value in os.environ.items() if not key.startswith("PYTEST_")}
    environment.update(
        NGHITRUONG_VAR=str(var),
        DATABASE_URL=database_url,
        NGHITRUONG_DEMO="true",
        PYTHONPATH=str(ROOT),
        CI=os.environ.get("CI", ""),
    )
    return environment


def _postgres_url() -> str | None:
    url = os.environ.get("DATABASE_URL", "")
    return url if url.startswith("postgres") else None


def _with_database(url: str, name: str) -> str:
    return urllib.parse.urlsplit(url)._replace(path=f"/{name}").geturl()


def _sql(url: str, statement: str) -> None:
    with psycopg.connect(_with_database(url, "postgres"), autocommit=True) as connection:
        connection.execute(statement)  # type: ignore[arg-type]  # names are our own


def die_with_parent() -> None:
    """In a new process: a test run or benchmark that is killed leaves no server behind."""
    ctypes.CDLL(None).prctl(1, signal.SIGTERM)  # PR_SET_PDEATHSIG


@dataclass
class Installation:
    """A running installation of its own: a var folder, a database, a port."""

    var: Path
    database_url: str
    port: int
    process: subprocess.Popen[bytes] | None = None
    extra_environment: dict[str, str] = field(default_factory=dict)
    origin: str = "http://127.0.0.1"  # scheme and name, where they are others
    serve_options: tuple[str, ...] = ()

    @property
    def url(self) -> str:
        """Where a browser finds it."""
        return f"{self.origin}:{self.port}"

    @property
    def log_path(self) -> Path:
        """What all its processes wrote."""
        return self.var / "serve.log"

    def environment(self) -> dict[str, str]:
        """For running management commands against this installation."""
        return {**_environment(self.var, self.database_url), **self.extra_environment}

    def manage(self, *arguments: str) -> str:
        """Run a management command in it; its output, or an error with everything it said."""
        done = subprocess.run(
            [sys.executable, str(ROOT / "manage.py"), *arguments],
            env=self.environment(),
            cwd=ROOT,
            capture_output=True,
            text=True,
            timeout=600,
        )
        if done.returncode:
            raise RuntimeError(f"{arguments} → {done.returncode}\n{done.stdout}\n{done.stderr}")
        return done.stdout

    def start(self) -> None:
        """Start every process and wait until the whole answers."""
        with self.log_path.open("ab") as log:
            self.process = subprocess.Popen(
                [
                    sys.executable,
                    str(ROOT / "manage.py"),
                    "serve",
                    "--bind",
                    f"127.0.0.1:{self.port}",
                    *self.serve_options,
                ],
                env=self.environment(),
                cwd=ROOT,
                stdout=log,
                stderr=log,
                start_new_session=True,
                preexec_fn=die_with_parent,
            )
        deadline = time.monotonic() + 60
        while True:
            if self.process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError("nghitruong serve did not start:\n" + self.log())
            try:
                scheme = self.origin.partition(":")[0]
                address = f"{scheme}://127.0.0.1:{self.port}{STARTED}"
                anything = ssl._create_unverified_context()  # a name is checked by who asks for it
                with urllib.request.urlopen(address, timeout=5, context=anything):
                    return
            except (urllib.error.URLError, ConnectionError, TimeoutError):
                time.sleep(0.1)

    def family(self) -> list[psutil.Process]:
        """Its processes, the youngest first."""
        if self.process is None:
            return []
        with contextlib.suppress(psutil.NoSuchProcess):
            parent = psutil.Process(self.process.pid)
            return [*reversed(parent.children(recursive=True)), parent]
        return []

    def kill(self) -> None:
        """SIGKILL all its processes at once, as a power cut would."""
        family = self.family()
        for one in family:
            with contextlib.suppress(psutil.NoSuchProcess):
                one.kill()
        psutil.wait_procs(family, timeout=10)
        self._gone()

    def stop(self) -> None:
        """Stop as an administrator does (SIGTERM); whoever stays longer than 10 s is killed."""
        family = self.family()
        if self.process is not None and self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            with contextlib.suppress(subprocess.TimeoutExpired):
                self.process.wait(timeout=10)
        for one in family:
            with contextlib.suppress(psutil.NoSuchProcess):
                if one.is_running():
                    one.kill()
        self._gone()

    def _gone(self) -> None:
        if self.process is not None:
            self.process.wait()
            self.process = None

    def log(self) -> str:
        """Everything its processes wrote."""
        return self.log_path.read_text(errors="replace") if self.log_path.exists() else ""


class InstallationFactory:
    """Builds the demo once, hands out copies."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.template = folder / "template"
        self.postgres = _postgres_url()
        self.template_database = f"demo_{uuid.uuid4().hex[:12]}"
        self.databases: list[str] = []

    def build(self) -> None:
        """Migrate and fill the template."""
        self.template.mkdir(parents=True)
        installation = Installation(self.template, self._database_url(self.template, True), 0)
        installation.manage("migrate", "--verbosity", "0")
        installation.manage("demo")

    def _database_url(self, var: Path, template: bool = False) -> str:
        if self.postgres is None:
            return f"sqlite:///{var / 'nghitruong.sqlite3'}"
        if template:
            name, copy = self.template_database, ""
        else:
            name = f"live_{uuid.uuid4().hex[:12]}"
            copy = f' TEMPLATE "{self.template_database}"'
        _sql(self.postgres, f'CREATE DATABASE "{name}"{copy}')
        self.databases.append(name)
        return _with_database(self.postgres, name)

    def make(self, **environment: str) -> Installation:
        """A fresh copy of the demo, not started."""
        if not self.template.exists():
            self.build()
        # A Unix socket's path may have 107 characters: keep the folder's short.
        var = Path(tempfile.mkdtemp(prefix="nt-"))
        # SQLite's -wal belongs to its database: both are copied, nobody writes the template.
        shutil.copytree(
            self.template, var, dirs_exist_ok=True, ignore=shutil.ignore_patterns("run", "*.lock")
        )
        return Installation(
            var, self._database_url(var), free_port(), extra_environment=environment
        )

    def discard(self, installation: Installation) -> None:
        """Stop it and remove its files and database."""
        installation.stop()
        shutil.rmtree(installation.var, ignore_errors=True)
        if self.postgres is not None:
            name = urllib.parse.urlsplit(installation.database_url).path[1:]
            _sql(self.postgres, f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')

    def close(self) -> None:
        """Remove the template."""
        if self.postgres is not None:
            for name in self.databases:
                _sql(self.postgres, f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
        shutil.rmtree(self.folder, ignore_errors=True)


@pytest.fixture(scope="session")
def installations() -> Iterator[InstallationFactory]:
    """The demo template of this run."""
    factory = InstallationFactory(Path(tempfile.mkdtemp(prefix="nt-demo-")))
    try:
        yield factory
    finally:
        factory.close()


@pytest.fixture
def live_installation(
    installations: InstallationFactory, request: pytest.FixtureRequest
) -> Iterator[Installation]:
    """A started installation with a fresh demo; its log is kept when the test fails."""
    installation = installations.make()
    try:
        installation.start()
        yield installation
    finally:
        from tests.support.browser import PASSED, RESULTS

        if not request.node.stash.get(PASSED, False) and installation.log():
            RESULTS.mkdir(exist_ok=True)
            (RESULTS / f"{request.node.name}.serve.log").write_text(installation.log())
        installations.discard(installation)


def empty_installation(request: pytest.FixtureRequest) -> Iterator[Installation]:
    """Migrated and started, nobody in it: what an office has after the first start."""
    from tests.support.browser import PASSED, RESULTS

    var = Path(tempfile.mkdtemp(prefix="nt-empty-"))
    server, name = _postgres_url(), f"empty_{uuid.uuid4().hex[:12]}"
    url = f"sqlite:///{var / 'nghitruong.sqlite3'}"
    if server is not None:
        _sql(server, f'CREATE DATABASE "{name}"')
        url = _with_database(server, name)
    installation = Installation(
        var, url, free_port(), extra_environment={"NGHITRUONG_DEMO": "false"}
    )
    try:
        installation.manage("migrate", "--verbosity", "0")
        installation.start()
        yield installation
    finally:
        installation.stop()
        if not request.node.stash.get(PASSED, False) and installation.log():
            RESULTS.mkdir(exist_ok=True)
            (RESULTS / f"{request.node.name}.serve.log").write_text(installation.log())
        shutil.rmtree(var, ignore_errors=True)
        if server is not None:
            _sql(server, f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
