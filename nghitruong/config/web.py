"""The web processes: Django as WSGI in a few threads each, on Unix sockets only live can reach."""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any

GRACE_SECONDS = 2
# Where there are fewer cores than work, the live process goes first: a vote waits for no page and
# for nobody's password. Of a contended core web and work still get a quarter.
BEHIND_LIVE = 5
# A thread that writes holds the database's write lock while it waits for its turn among the others
# of its process; a vote waits with it. So the turns are short, and the threads few.
SWITCH_SECONDS = 0.001
GC_THRESHOLDS = (20_000, 10, 10)  # new objects before a look at the young; looks before the older


def socket_paths() -> list[Path]:
    """Where web listens: a socket for each process, so that live can share the work out."""
    from django.conf import settings

    from nghitruong.platform.live.paths import run_dir

    return [run_dir() / f"web-{number}.sock" for number in range(settings.WEB_PROCESSES)]


def _give_socket(arbiter: Any, worker: Any) -> None:
    """Which of the sockets a new process listens at: the first that nobody has, so that who
    replaces one that died takes its place. Runs in the parent."""
    taken = {other.nt_socket for other in arbiter.WORKERS.values()}
    worker.nt_socket = next(n for n in range(len(worker.sockets) + 1) if n not in taken)


def _keep_own_socket(_arbiter: Any, worker: Any) -> None:
    """Runs in the new process. One too many (while another is being replaced) takes any."""
    own = worker.nt_socket % len(worker.sockets)
    worker.sockets = [worker.sockets[own]]


def leave_what_stays(_worker: Any = None) -> None:
    """What is loaded stays: the collector need not look at it again for every page, and looks for
    what a page left behind (most of it is gone by itself) less often."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(*GC_THRESHOLDS)


def with_client_address(application: Callable[..., Iterable[bytes]]) -> Callable[..., Any]:
    """On a Unix socket the peer has no address: take the one live wrote down."""

    def wrapped(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        chain = environ.get("HTTP_X_FORWARDED_FOR", "")
        environ["REMOTE_ADDR"] = chain.rpartition(",")[2].strip() or "127.0.0.1"
        return application(environ, start_response)

    return wrapped


def main(arguments: Sequence[str]) -> None:
    """``web``: gunicorn with ``WEB_PROCESSES`` processes of ``WEB_THREADS`` threads each."""
    os.nice(BEHIND_LIVE)
    sys.setswitchinterval(SWITCH_SECONDS)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "nghitruong.config.settings")
    import django
    from gunicorn.app.base import BaseApplication  # type: ignore[import-untyped]

    django.setup()
    from django.conf import settings

    class Web(BaseApplication):  # type: ignore[misc]
        def load_config(self) -> None:
            options = {
                "bind": [f"unix:{path}" for path in socket_paths()],
                "pre_fork": _give_socket,
                "post_fork": _keep_own_socket,
                "post_worker_init": leave_what_stays,
                "umask": 0o077,
                "workers": settings.WEB_PROCESSES,
                "worker_class": "gthread",
                "threads": settings.WEB_THREADS,
                "timeout": 120,
                "graceful_timeout": GRACE_SECONDS,
                "keepalive": 60,
                "limit_request_line": 8190,
                "forwarded_allow_ips": "*",
                "loglevel": "warning",
                "proc_name": "nghitruong-web",
                "worker_tmp_dir": "/dev/shm" if os.access("/dev/shm", os.W_OK) else None,  # noqa: S108
                "control_socket_disable": True,
            }
            for name, value in options.items():
                if name in self.cfg.settings:
                    self.cfg.set(name, value)

        def load(self) -> Callable[..., Any]:
            from nghitruong.config.warm import load_addresses
            from nghitruong.config.wsgi import application

            load_addresses()
            return with_client_address(application)

    Web().run()
