"""The work process: what happens in the background, each task in a thread of its own."""

from __future__ import annotations

import importlib
import importlib.util
import logging
import os
import signal
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import close_old_connections, connection, connections

from nghitruong.config.web import BEHIND_LIVE

logger = logging.getLogger(__name__)

LOOK_SECONDS = 2.0


class Periodic(threading.Thread):
    """Calls ``work`` every so many seconds; an error is logged and the next turn tries again."""

    def __init__(self, name: str, work: Callable[[], object], seconds: float) -> None:
        super().__init__(name=name, daemon=True)
        self.work = work
        self.seconds = seconds
        self._stop_asked = threading.Event()

    def run(self) -> None:
        """Until :meth:`stop`."""
        while not self._stop_asked.wait(self.seconds):
            try:
                self.work()
            except Exception:
                logger.exception("%s", self.name)
                connections["default"].close()
            close_old_connections()
        connections["default"].close()

    def stop(self) -> None:
        """End after the current turn."""
        self._stop_asked.set()
        if self.is_alive():
            self.join(timeout=10)


@dataclass(frozen=True)
class Task:
    """A task of this process: ``function`` of ``module``, called every ``seconds``; with None it
    returns a thread of its own that has ``is_alive()`` and ``stop()``."""

    module: str
    function: str
    seconds: float | None = None
    engine: str = ""  # of this engine only

    def exists(self) -> bool:
        """Whether this installation has it."""
        if self.engine and connection.vendor != self.engine:
            return False
        try:
            return importlib.util.find_spec(self.module) is not None
        except ModuleNotFoundError:
            return False

    def start(self) -> Any:
        """Its thread, running."""
        work = getattr(importlib.import_module(self.module), self.function)
        if self.seconds is None:
            return work()
        thread = Periodic(self.module, work, self.seconds)
        thread.start()
        return thread


# The checkpointer belongs to the process that lives longest and that nobody waits for.
TASKS = (
    Task("nghitruong.platform.storage.checkpointer", "start", engine="sqlite"),
    Task("nghitruong.platform.audit.sealer", "seal_pending", 0.5),
    Task("nghitruong.platform.jobs.worker", "start"),
)


class Tasks:
    """Starts every task that exists; a thread that died is started again."""

    def __init__(self, tasks: Sequence[Task] = TASKS) -> None:
        self.tasks = [task for task in tasks if task.exists()]
        self.running: dict[Task, Any] = {}

    def look(self) -> None:
        """Start what does not run."""
        for task in self.tasks:
            thread = self.running.get(task)
            if thread is not None and thread.is_alive():
                continue
            if thread is not None:
                logger.error("%s: luồng đã dừng, chạy lại", task.module)
            try:
                self.running[task] = task.start()
            except Exception:
                logger.exception("%s: không chạy được", task.module)

    def stop(self) -> None:
        """End them all."""
        for thread in self.running.values():
            thread.stop()


def main(arguments: Sequence[str]) -> None:
    """``work``: until SIGTERM."""
    os.nice(BEHIND_LIVE)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "nghitruong.config.settings")
    import django

    django.setup()
    from nghitruong.config.warm import load_addresses

    load_addresses()
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    tasks = Tasks()
    while not stop.is_set():
        tasks.look()
        stop.wait(LOOK_SECONDS)
    tasks.stop()
