"""``nghitruong serve``: one parent that starts live, web and work, keeps them running, stops them.

Run as ``python -m nghitruong.config.serve ROLE …`` it is one of the children.
"""

from __future__ import annotations

import ctypes
import fcntl
import ipaddress
import os
import signal
import socket
import ssl
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from types import FrameType

STOP_SECONDS = 5.0  # then whoever is left is killed
LOOK_SECONDS = 0.1
FIRST_PAUSE, LONGEST_PAUSE = 0.2, 10.0  # before a child that died is started again
HEALTHY_SECONDS = 30.0  # a child that lived so long starts again without a pause
PR_SET_PDEATHSIG = 1


class CannotServe(Exception):
    """The reason, as a sentence for the administrator."""


def is_loopback(host: str) -> bool:
    """Whether only this machine can reach the address."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False


def preflight(host: str) -> None:
    """Refuse to start where starting would be a lie or a danger."""
    from django.conf import settings
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        raise CannotServe(
            "Cơ sở dữ liệu chưa theo kịp phiên bản này: hãy chạy `nghitruong migrate`."
        )
    from nghitruong.council.councils.models import Council
    from nghitruong.platform.storage.guards import assert_guards
    from nghitruong.platform.storage.statistics import refresh_statistics

    assert_guards()
    refresh_statistics()
    if settings.DEMO:
        if not is_loopback(host):
            raise CannotServe(
                f"Chế độ minh họa cho đăng nhập không cần mật khẩu nên chỉ chạy trên máy này"
                f" (127.0.0.1), không chạy trên {host}."
            )
        real = Council.objects.filter(is_demo=False).first()
        if real is not None:
            raise CannotServe(
                f"Chế độ minh họa không chạy trên dữ liệu thật: {real.name}."
                " Hãy bỏ NGHITRUONG_DEMO."
            )
    connection.close()


def check_certificate(certfile: str, keyfile: str) -> None:
    """A certificate that cannot be used is said at once, not by a child that keeps dying."""
    if not certfile:
        return
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    try:
        context.load_cert_chain(certfile, keyfile)
    except FileNotFoundError:
        missing = next(path for path in (certfile, keyfile) if not os.path.exists(path))
        raise CannotServe(f"Không thấy tệp {missing}.") from None
    except (OSError, ValueError) as error:  # ssl.SSLError is an OSError
        raise CannotServe(
            f"Chứng chỉ {certfile} và khóa {keyfile} không dùng được cùng nhau: {error}."
        ) from None


def listen(host: str, port: int) -> socket.socket:
    """The listening socket; it outlives a live process that must be started again."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    sock = socket.socket(family, socket.SOCK_STREAM)
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        sock.bind((host.strip("[]"), port))
    except OSError as error:
        sock.close()
        raise CannotServe(f"Không mở được {host}:{port}: {error.strerror}.") from None
    sock.listen(4096)
    sock.setblocking(False)
    return sock


@dataclass
class Child:
    """One of the processes."""

    role: str
    arguments: list[str] = field(default_factory=list)
    fds: tuple[int, ...] = ()
    process: subprocess.Popen[bytes] | None = None
    started: float = 0.0
    pause: float = FIRST_PAUSE
    again_at: float = 0.0
    restarts: int = 0

    def start(self, environment: dict[str, str]) -> None:
        """Start it in a session of its own: Ctrl-C reaches the parent only, which stops all."""
        self.started = time.monotonic()
        self.process = subprocess.Popen(
            [sys.executable, "-m", "nghitruong.config.serve", self.role, *self.arguments],
            pass_fds=self.fds,
            start_new_session=True,
            env=environment,
        )

    def died(self, now: float) -> int | None:
        """Its exit status once, when it has just died; plans its next start."""
        if self.process is None or self.process.poll() is None:
            return None
        status = self.process.returncode
        self.process = None
        if now - self.started > HEALTHY_SECONDS:
            self.pause = FIRST_PAUSE
        self.again_at = now + self.pause
        self.pause = min(self.pause * 2, LONGEST_PAUSE)
        self.restarts += 1
        return status


class Supervisor:
    """Starts the children, looks after them, ends them."""

    def __init__(
        self,
        host: str,
        port: int,
        *,
        certfile: str = "",
        keyfile: str = "",
        plain_port: int = 0,
        say: Callable[[str], None] = print,
    ) -> None:
        self.host, self.port = host, port
        self.certfile, self.keyfile = certfile, keyfile
        self.plain_port = plain_port
        self.say = say
        self.stopping = False
        self.children: list[Child] = []

    def run(self) -> None:
        """Until SIGTERM or SIGINT. Raises :class:`CannotServe` before anything has started."""
        from django.conf import settings

        from nghitruong.platform.live.paths import run_dir

        if bool(self.certfile) != bool(self.keyfile):
            raise CannotServe("Cần cả --certfile và --keyfile.")
        if self.plain_port and not self.certfile:
            raise CannotServe("--plain-port chỉ dùng khi chạy HTTPS.")
        check_certificate(self.certfile, self.keyfile)
        lock = os.open(run_dir() / "serve.pid", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            pid = os.read(lock, 20).decode().strip()
            raise CannotServe(f"Bản cài đặt này đang chạy rồi (tiến trình {pid}).") from None
        preflight(self.host)
        sock = listen(self.host, self.port)
        plain = listen(self.host, self.plain_port) if self.plain_port else None
        os.ftruncate(lock, 0)
        os.write(lock, f"{os.getpid()}\n".encode())
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._stop)
        environment = dict(os.environ, NGHITRUONG_PARENT=str(os.getpid()))
        scheme = "http"
        if self.certfile:
            environment["NGHITRUONG_HTTPS"] = "true"
            scheme = "https"
        fds = tuple(one.fileno() for one in (sock, plain) if one is not None)
        live = [str(fds[0])]
        if self.certfile:
            live += [self.certfile, self.keyfile, *(str(fd) for fd in fds[1:])]
        self.children = [Child("web"), Child("work"), Child("live", live, fds)]
        url_host = f"[{self.host}]" if ":" in self.host else self.host
        self.say(f"Nghị Trường: {scheme}://{url_host}:{sock.getsockname()[1]}/")
        if plain is not None:
            self.say(f"  cài chứng chỉ: http://{url_host}:{self.plain_port}/cai-chung-chi/")
        self.say(f"  dữ liệu: {settings.VAR_DIR} ({_engine()})")
        web = f"{settings.WEB_PROCESSES} × {settings.WEB_THREADS} luồng"
        self.say(f"  tiến trình: live, web ({web}), work; dừng bằng Ctrl-C")
        if settings.DEMO:
            self.say("  CHẾ ĐỘ MINH HỌA: đăng nhập không cần mật khẩu, chỉ trên máy này")
        try:
            self._watch(environment)
        finally:
            self._end()
            sock.close()
            if plain is not None:
                plain.close()
            os.ftruncate(lock, 0)
            os.close(lock)
            self.say("Nghị Trường đã dừng.")

    def _stop(self, number: int, frame: FrameType | None) -> None:
        self.stopping = True

    def _watch(self, environment: dict[str, str]) -> None:
        while not self.stopping:
            now = time.monotonic()
            for child in self.children:
                status = child.died(now)
                if status is not None:
                    self.say(
                        f"  {child.role} đã dừng (mã {status}); chạy lại sau {child.pause:g} s"
                    )
                if child.process is None and now >= child.again_at:
                    child.start(environment)
            time.sleep(LOOK_SECONDS)

    def _end(self) -> None:
        running = [child.process for child in self.children if child.process is not None]
        for process in running:
            with suppress(ProcessLookupError):
                process.terminate()
        deadline = time.monotonic() + STOP_SECONDS
        for process in running:
            try:
                process.wait(timeout=max(0.0, deadline - time.monotonic()))
            except subprocess.TimeoutExpired:
                # The whole family: gunicorn's worker is a child of a child.
                with suppress(ProcessLookupError):
                    os.killpg(process.pid, signal.SIGKILL)
                process.wait()


def _engine() -> str:
    from django.db import connection

    return {"sqlite": "SQLite", "postgresql": "PostgreSQL"}[connection.vendor]


def _die_with_parent() -> None:
    """A child must not outlive its parent, even one killed with SIGKILL (Linux)."""
    with suppress(OSError, AttributeError):
        ctypes.CDLL(None, use_errno=True).prctl(PR_SET_PDEATHSIG, signal.SIGTERM, 0, 0, 0)
    parent = os.environ.get("NGHITRUONG_PARENT")
    if parent and os.getppid() != int(parent):
        sys.exit("serve: tiến trình cha đã dừng")


def main(arguments: Sequence[str]) -> None:
    """A child: ``live``, ``web`` or ``work``."""
    _die_with_parent()
    role, *rest = arguments
    from nghitruong.config import live, web, work

    {"live": live.main, "web": web.main, "work": work.main}[role](rest)


if __name__ == "__main__":
    main(sys.argv[1:])
