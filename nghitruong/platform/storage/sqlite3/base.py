"""SQLite as this product needs it: durable, fair between processes, never "database is locked".

* ``synchronous=FULL`` on every connection: an acknowledged commit survives a power cut.
* Whoever writes takes ``flock(<database>.write.lock)`` first, before ``BEGIN IMMEDIATE`` or
  before a single statement in autocommit: writers of all threads and processes queue in the
  kernel instead of polling SQLite's busy handler.
* ``wal_autocheckpoint=0``: only :func:`checkpoint`, holding the same lock, moves the WAL back, so
  a commit in the middle of a vote never pays for it.

Sources: https://www.sqlite.org/wal.html, https://www.sqlite.org/pragma.html, flock(2).
"""

from __future__ import annotations

import os
import re
import sqlite3
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Self

from django.db import NotSupportedError
from django.db.backends.sqlite3 import base
from django.db.backends.sqlite3.creation import DatabaseCreation as DjangoCreation

from nghitruong.platform.storage.sqlite3.lock import WriteLock

if TYPE_CHECKING:
    # Private parts of Django's backend that its type stubs leave out.
    class _CreationParts(DjangoCreation):
        def _get_test_db_name(self) -> str: ...
        def _create_test_db(self, verbosity: int, autoclobber: bool, keepdb: bool) -> str: ...
        def _destroy_test_db(self, test_database_name: str, verbosity: int) -> None: ...

    class _WrapperParts(base.DatabaseWrapper):
        def _commit(self) -> None: ...
        def _rollback(self) -> None: ...
        def _close(self) -> None: ...
else:
    _CreationParts, _WrapperParts = DjangoCreation, base.DatabaseWrapper

# Statements that cannot write. Anything else in autocommit takes the lock: taking it once too
# often costs microseconds, once too seldom costs a "database is locked" in the middle of a vote.
_READS = re.compile(
    r"\s*(?:SELECT|EXPLAIN|PRAGMA|BEGIN|COMMIT|END|ROLLBACK|SAVEPOINT|RELEASE|ATTACH|DETACH)\b",
    re.IGNORECASE,
)


# Connections a forked child found in its memory. They are kept, not closed: closing one would
# run SQLite's clean-up on a database its parent still uses.
_inherited: list[Any] = []


class Cursor(base.SQLiteCursorWrapper):
    """Takes the write lock around a writing statement in autocommit.

    Such a statement commits only when its last row is read (``INSERT … RETURNING``), so its rows
    are read at once and handed out from memory: the lock is never held by a forgotten cursor.
    """

    wrapper: DatabaseWrapper
    _rows: list[Any] | None = None

    def execute(self, query: str, params: Any = None) -> Any:
        """Run one statement."""
        return self._run(super().execute, query, params)

    def executemany(self, query: str, param_list: Any) -> Any:
        """Run one statement for many rows."""
        return self._run(super().executemany, query, param_list)

    def _run(self, method: Callable[..., Any], query: str, params: Any) -> Any:
        self._rows = None
        connection = self.connection
        lock = self.wrapper.write_lock
        if lock is None or connection.in_transaction or _READS.match(query):
            return method(query, params)
        if connection.isolation_level is not None:
            # set_autocommit(False): sqlite3 begins a transaction by itself before this
            # statement; commit() or rollback() gives the lock back.
            lock.acquire()
            try:
                return method(query, params)
            finally:
                if not connection.in_transaction:
                    lock.release()
        mine = not lock.held  # a checkpoint or a backup may already hold it on this connection
        lock.acquire()
        try:
            result = method(query, params)
            if self.description is not None:
                self._rows = super().fetchall()
            return result
        finally:
            if mine:
                lock.release()

    def convert_query(self, query: str, *, param_names: list[str] | None = None) -> str:
        """``%s`` as ``?``. Django's regular expression takes milliseconds on a burst's INSERT."""
        if param_names is None and "%%" not in query:
            return query.replace("%s", "?")
        return str(super().convert_query(query, param_names=param_names))

    def fetchone(self) -> Any:
        """The next row or None."""
        if self._rows is None:
            return super().fetchone()
        return self._rows.pop(0) if self._rows else None

    def fetchmany(self, size: int | None = None) -> list[Any]:
        """Up to ``size`` rows."""
        size = self.arraysize if size is None else size
        if self._rows is None:
            return super().fetchmany(size)
        taken, self._rows = self._rows[:size], self._rows[size:]
        return taken

    def fetchall(self) -> list[Any]:
        """All remaining rows."""
        if self._rows is None:
            return super().fetchall()
        taken, self._rows = self._rows, []
        return taken

    def __iter__(self) -> Self:
        return self

    def __next__(self) -> Any:
        if self._rows is None:
            return super().__next__()
        if not self._rows:
            raise StopIteration
        return self._rows.pop(0)


class DatabaseCreation(_CreationParts):
    """Test databases in files: a WAL left by a killed run must not be replayed into a new one."""

    def _create_test_db(self, verbosity: int, autoclobber: bool, keepdb: bool = False) -> str:
        name = str(self._get_test_db_name())
        if not keepdb and not self.is_in_memory_db(name):
            _remove_companions(name)
        return str(super()._create_test_db(verbosity, autoclobber, keepdb))

    def _destroy_test_db(self, test_database_name: str, verbosity: int) -> None:
        super()._destroy_test_db(test_database_name, verbosity)
        _remove_companions(test_database_name)


def _remove_companions(name: str) -> None:
    for suffix in ("-wal", "-shm", ".write.lock"):
        if os.path.exists(name + suffix):
            os.remove(name + suffix)


class DatabaseWrapper(_WrapperParts):
    """Django's SQLite backend with the three habits of this module's docstring."""

    creation_class = DatabaseCreation

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._write_lock: WriteLock | None = None
        self._pid = os.getpid()

    @property
    def write_lock(self) -> WriteLock | None:
        """The lock beside the database file; none for a database in memory."""
        if self.is_in_memory_db():
            return None
        path = f"{self.settings_dict['NAME']}.write.lock"
        if self._write_lock is None or self._write_lock.path != path:
            self._write_lock = WriteLock(path)
        return self._write_lock

    # --- connecting -----------------------------------------------------------------------

    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        """Open and set the pragmas of every connection."""
        self._pid = os.getpid()
        conn = super().get_new_connection(conn_params)
        try:
            conn.execute("PRAGMA busy_timeout=15000")
            self._use_wal(conn)
            conn.execute("PRAGMA synchronous=FULL")
            conn.execute("PRAGMA wal_autocheckpoint=0")
            conn.execute("PRAGMA cache_size=-32000")
            conn.execute("PRAGMA temp_store=MEMORY")
        except BaseException:
            conn.close()
            raise
        return conn

    def _use_wal(self, conn: sqlite3.Connection) -> None:
        """Switch a new database to WAL, once: the switch itself ignores the busy handler."""
        if conn.execute("PRAGMA journal_mode").fetchone()[0] == "wal":
            return
        lock = self.write_lock
        if lock is not None:
            lock.acquire()
        try:
            conn.execute("PRAGMA journal_mode=WAL")
        finally:
            if lock is not None:
                lock.release()

    def ensure_connection(self) -> None:
        """Connect; a forked child leaves its parent's connection alone and opens its own."""
        if self._pid != os.getpid():
            self._pid = os.getpid()
            if self.connection is not None:
                _inherited.append(self.connection)
                self.connection = None
            self.in_atomic_block = self.closed_in_transaction = False
        super().ensure_connection()

    def create_cursor(self, name: str | None = None) -> Any:
        """A cursor that knows its wrapper, to find the write lock."""
        cursor = self.connection.cursor(factory=Cursor)
        cursor.wrapper = self
        return cursor

    # --- transactions ---------------------------------------------------------------------

    def _start_transaction_under_autocommit(self) -> None:
        lock = self.write_lock
        if lock is not None:
            lock.acquire()
        try:
            self.cursor().execute("BEGIN IMMEDIATE")
        except BaseException:
            self._release()
            raise

    def _release(self) -> None:
        """Let the next writer in, unless a transaction is still open on this connection."""
        if self._write_lock is None:
            return
        if self.connection is not None:
            try:
                if self.connection.in_transaction:
                    return
            except sqlite3.ProgrammingError:
                pass  # closed: nothing is open
        self._write_lock.release()

    def _commit(self) -> None:
        try:
            super()._commit()
        finally:
            # After a failed commit that left the transaction open, Django rolls back next.
            self._release()

    def _rollback(self) -> None:
        try:
            super()._rollback()
        finally:
            self._release()

    def _close(self) -> None:
        """SQLite rolls back what was open; the lock goes with it, also inside ``atomic``."""
        try:
            super()._close()
        finally:
            if self._write_lock is not None:
                self._write_lock.close()


def checkpoint(connection: base.DatabaseWrapper) -> tuple[int, int, int]:
    """Move the WAL into the database, holding the write lock for as short as possible.

    1. From SQLite 3.51.3 on, a passive checkpoint runs first without the lock: writers go on.
       Older versions can lose a commit when a writer restarts the WAL beside a checkpoint
       (the WAL-reset bug), so there everything happens under the lock.
    2. Under the lock: a passive checkpoint of the rest, then, if no reader needs the WAL any
       more, its truncation. Nothing here waits for a reader.

    Returns SQLite's (busy, frames in the WAL, frames checkpointed) of the last step.
    """
    connection.ensure_connection()
    if connection.in_atomic_block:
        raise NotSupportedError("checkpoint inside a transaction")
    raw = connection.connection
    lock: WriteLock | None = getattr(connection, "write_lock", None)
    if sqlite3.sqlite_version_info >= (3, 51, 3):
        raw.execute("PRAGMA wal_checkpoint(PASSIVE)").fetchone()
    raw.execute("PRAGMA busy_timeout=0")
    try:
        if lock is not None:
            lock.acquire()
        try:
            busy, log, done = raw.execute("PRAGMA wal_checkpoint(PASSIVE)").fetchone()
            if not busy and log == done:
                busy, log, done = raw.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        finally:
            if lock is not None:
                lock.release()
    finally:
        raw.execute("PRAGMA busy_timeout=15000")
    return int(busy), int(log), int(done)
