"""The threads of the work process that do jobs: one for each lane, some for heavy work, and one
sweeper."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable

from django.conf import settings
from django.db import close_old_connections, connection

from nghitruong.platform.jobs import bell, sweeper
from nghitruong.platform.jobs.bell import Lane

logger = logging.getLogger(__name__)

SHORTEST, LONGEST = 0.1, 1.0  # seconds between two looks into an empty queue
DUE_SECONDS, ASK_SECONDS, FORGET_SECONDS = 5.0, 60.0, 3600.0


class _Hand(threading.Thread):
    """Takes tasks of one queue and does them, until stopped."""

    def __init__(self, lane: Lane, number: int, stop: threading.Event) -> None:
        super().__init__(name=f"jobs {lane} {number}", daemon=True)
        self.lane = lane
        self.over = stop

    def run(self) -> None:
        pause = SHORTEST
        while not self.over.is_set():
            try:
                queue = bell.queue(self.lane)
                task = queue.dequeue()
                if task is not None:
                    pause = SHORTEST
                    queue.execute(task)
                    close_old_connections()
                    continue
            except Exception:
                logger.exception("%s: lượt này hỏng", self.name)
                connection.close()
            self.over.wait(pause)
            pause = min(pause * 1.5, LONGEST)
        connection.close()


class _Sweeper(threading.Thread):
    """Looks at the rows: due jobs every few seconds, apps every minute."""

    def __init__(self, stop: threading.Event) -> None:
        super().__init__(name="jobs sweeper", daemon=True)
        self.over = stop

    def run(self) -> None:
        turns: tuple[tuple[Callable[[], object], float], ...] = (
            (sweeper.take_back, DUE_SECONDS),
            (sweeper.ask_apps, ASK_SECONDS),
            (sweeper.ring_due, DUE_SECONDS),
            (sweeper.forget_old, FORGET_SECONDS),
        )
        passed = 0.0
        while not self.over.is_set():
            for work, seconds in turns:
                if passed % seconds:
                    continue
                try:
                    work()
                except Exception:
                    logger.exception("bộ rà việc nền hỏng")
                    connection.close()
            close_old_connections()
            self.over.wait(DUE_SECONDS)
            passed += DUE_SECONDS
        connection.close()


class Worker:
    """All of them; what the work process keeps alive."""

    def __init__(self) -> None:
        self.over = threading.Event()
        hands = {Lane.LIGHT: 1, Lane.DESK: 1, Lane.HEAVY: settings.HEAVY_JOBS}
        self.threads: list[threading.Thread] = [_Sweeper(self.over)]
        self.threads += [
            _Hand(lane, number + 1, self.over)
            for lane, count in hands.items()
            for number in range(count)
        ]

    def start(self) -> None:
        """Begin."""
        for thread in self.threads:
            thread.start()

    def is_alive(self) -> bool:
        """False when any of them died, so that all start anew."""
        return all(thread.is_alive() for thread in self.threads)

    def stop(self) -> None:
        """Take nothing new. A job still at work ends with the process and is done again later."""
        self.over.set()
        for thread in self.threads:
            thread.join(timeout=1)


def start() -> Worker:
    """For :mod:`nghitruong.config.work`."""
    worker = Worker()
    worker.start()
    return worker
