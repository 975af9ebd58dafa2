"""SQLite as this product needs it: durable, fair between processes, never "database is locked".

* ``synchronous=FULL`` on every connection: an acknowledged commit survives a power cut.
* A transaction takes ``flock(<database>.write.lock)`` before ``BEGIN IMMEDIATE``: writers of all
  threads and processes queue in the kernel instead of polling SQLite's busy handler.
* ``wal_autocheckpoint=0``: only :func:`checkpoint`, holding the same lock, moves the WAL back, so
  a commit in the middle of a vote never pays for it.

Sources: https://www.sqlite.org/wal.html, https://www.sqlite.org/pragma.html, flock(2).
"""

from __future__ import annotations

import fcntl
import os
from typing import Any

from django.db.backends.sqlite3 import base


class WriteLock:
    """An exclusive flock of its own open file description: excludes threads and processes alike.

    The descriptor is opened by the process that uses it and never across a fork: a child that
    inherited it would hold its parent's lock.
    """

    def __init__(self, path: str) -> None:
        self.path = path
        self.fd: int | None = None
        self.pid = 0
        self.held = False

    def acquire(self) -> None:
        """Wait for the lock; the kernel wakes one waiter at each release."""
        if self.held and self.pid == os.getpid():
            return
        if self.fd is None or self.pid != os.getpid():
            self.fd = os.open(self.path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
            self.pid = os.getpid()
        fcntl.flock(self.fd, fcntl.LOCK_EX)
        self.held = True

    def release(self) -> None:
        """Let the next writer in; harmless when not held."""
        if self.held and self.fd is not None and self.pid == os.getpid():
            fcntl.flock(self.fd, fcntl.LOCK_UN)
        self.held = False

    def close(self) -> None:
        """Forget the descriptor (closing it releases the lock)."""
        if self.fd is not None and self.pid == os.getpid():
            os.close(self.fd)
        self.fd, self.held = None, False


class DatabaseWrapper(base.DatabaseWrapper):
    """Django's SQLite backend with the three habits of this module's docstring."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._write_lock: WriteLock | None = None

    @property
    def write_lock(self) -> WriteLock | None:
        """The lock beside the database file; none for a database in memory."""
        if self._write_lock is None and not self.is_in_memory_db():
            self._write_lock = WriteLock(f"{self.settings_dict['NAME']}.write.lock")
        return self._write_lock

    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        """Open and set the pragmas of every connection."""
        conn = super().get_new_connection(conn_params)
        conn.execute("PRAGMA busy_timeout=15000")
        conn.execute("PRAGMA journal_mode=WAL")
        conn.execute("PRAGMA synchronous=FULL")
        conn.execute("PRAGMA wal_autocheckpoint=0")
        conn.execute("PRAGMA cache_size=-32000")
        conn.execute("PRAGMA temp_store=MEMORY")
        return conn

    def _start_transaction_under_autocommit(self) -> None:
        lock = self.write_lock
        if lock is not None:
            lock.acquire()
        try:
            self.cursor().execute("BEGIN IMMEDIATE")
        except BaseException:
            if lock is not None:
                lock.release()
            raise

    def _release(self) -> None:
        if self._write_lock is not None:
            self._write_lock.release()

    def _commit(self) -> None:
        try:
            super()._commit()
        except BaseException:
            # Django rolls back next, which releases; if the transaction is gone, release here.
            if self.connection is None or not self.connection.in_transaction:
                self._release()
            raise
        self._release()

    def _rollback(self) -> None:
        try:
            super()._rollback()
        finally:
            self._release()

    def close(self) -> None:
        """Close; an open transaction is rolled back by SQLite and its lock released."""
        super().close()
        if self._write_lock is not None and not self.in_atomic_block:
            self._write_lock.close()


def checkpoint(connection: base.DatabaseWrapper) -> tuple[int, int, int]:
    """Move the WAL into the database while holding the write lock.

    Returns SQLite's (busy, log frames, checkpointed frames).
    """
    connection.ensure_connection()
    lock = getattr(connection, "write_lock", None)
    if lock is not None:
        lock.acquire()
    try:
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            busy, log, done = cursor.fetchone()
            return int(busy), int(log), int(done)
    finally:
        if lock is not None:
            lock.release()
