"""Keeps SQLite's WAL short, from a thread of the serve processes; does nothing on PostgreSQL.

A long WAL makes every read slower and every start longer. The thread checkpoints when the WAL
passes 16 MB, or once a minute when there is anything in it, and never waits for readers.
"""

from __future__ import annotations

import logging
import os
import threading

from django.db import DatabaseError, connections

from nghitruong.platform.storage.sqlite3.base import checkpoint

logger = logging.getLogger(__name__)

WAL_LIMIT = 16 * 1024 * 1024  # bytes
IDLE_SECONDS = 60.0
LOOK_SECONDS = 1.0


class Checkpointer(threading.Thread):
    """A daemon thread; :meth:`stop` ends it within a second and checkpoints a last time."""

    def __init__(
        self,
        *,
        alias: str = "default",
        wal_limit: int = WAL_LIMIT,
        idle_seconds: float = IDLE_SECONDS,
        look_seconds: float = LOOK_SECONDS,
    ) -> None:
        super().__init__(name="checkpointer", daemon=True)
        self.alias = alias
        self.wal_limit = wal_limit
        self.looks_per_idle = max(1, round(idle_seconds / look_seconds))
        self.look_seconds = look_seconds
        self.done = 0  # checkpoints that ran
        self._stop_asked = threading.Event()

    @property
    def wal_bytes(self) -> int:
        """The WAL's size now."""
        name = str(connections[self.alias].settings_dict["NAME"])
        try:
            return os.path.getsize(f"{name}-wal")
        except FileNotFoundError:
            return 0

    def run(self) -> None:
        """Look once a second until stopped."""
        connection = connections[self.alias]
        if connection.vendor != "sqlite":
            return
        looks = 0
        try:
            while not self._stop_asked.wait(self.look_seconds):
                looks += 1
                size = self.wal_bytes
                if size > self.wal_limit or (size and looks >= self.looks_per_idle):
                    looks = 0
                    self.checkpoint_once()
            self.checkpoint_once()
        finally:
            connection.close()

    def checkpoint_once(self) -> None:
        """One checkpoint; a failure is logged and tried again later, the WAL keeps everything."""
        try:
            checkpoint(connections[self.alias])  # type: ignore[arg-type]  # SQLite, see run()
            self.done += 1
        except DatabaseError:
            logger.exception("checkpoint")
            connections[self.alias].close()

    def stop(self) -> None:
        """Ask the thread to end and wait for it."""
        self._stop_asked.set()
        if self.is_alive():
            self.join(timeout=10)


def start() -> Checkpointer:
    """Start the thread; call it once per installation, from the process that lives longest."""
    thread = Checkpointer()
    thread.start()
    return thread
