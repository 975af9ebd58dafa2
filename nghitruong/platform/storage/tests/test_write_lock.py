"""SQLite's writers queue: no lock is lost, none is kept, none is inherited."""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import signal
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import DatabaseError, IntegrityError, OperationalError, connections, transaction
from django.db.utils import ConnectionHandler
from pytest_django.plugin import DjangoDbBlocker

from nghitruong.platform.storage.checkpointer import Checkpointer
from nghitruong.platform.storage.sqlite3.base import DatabaseWrapper, checkpoint
from nghitruong.platform.storage.sqlite3.lock import WriteLock

pytestmark = [pytest.mark.sqlite]

ENGINE = "nghitruong.platform.storage.sqlite3"


def connect(path: Path) -> DatabaseWrapper:
    return ConnectionHandler({"default": {"ENGINE": ENGINE, "NAME": str(path)}})["default"]


@pytest.fixture(autouse=True)
def _own_databases(django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """These tests make databases of their own; the suite's is not touched."""
    with django_db_blocker.unblock():
        yield


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "a.sqlite3"
    connection = connect(path)
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE row (id integer PRIMARY KEY, who text UNIQUE)")
    connection.close()
    return path


@pytest.fixture
def connection(path: Path) -> Iterator[DatabaseWrapper]:
    """As ``connections["slot"]``, so that ``transaction.atomic(using="slot")`` finds it."""
    wrapper = connect(path)
    wrapper.alias = "slot"
    connections["slot"] = wrapper
    wrapper.inc_thread_sharing()
    yield wrapper
    with contextlib.suppress(DatabaseError):
        wrapper.close()
    del connections["slot"]


def atomic(**options: Any) -> Any:
    return transaction.atomic(using="slot", **options)


def is_free(path: Path) -> bool:
    probe = WriteLock(f"{path}.write.lock")
    try:
        return probe.try_acquire()
    finally:
        probe.close()


def insert(connection: DatabaseWrapper, who: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO row (who) VALUES (%s)", [who])


def count(path: Path) -> int:
    with contextlib.closing(sqlite3.connect(path)) as raw:
        return int(raw.execute("SELECT count(*) FROM row").fetchone()[0])


def test_every_connection_is_durable(connection: DatabaseWrapper) -> None:
    with connection.cursor() as cursor:
        pragmas = {}
        for name in ("journal_mode", "synchronous", "wal_autocheckpoint", "foreign_keys"):
            pragmas[name] = cursor.execute(f"PRAGMA {name}").fetchone()[0]
    assert pragmas == {
        "journal_mode": "wal",
        "synchronous": 2,
        "wal_autocheckpoint": 0,
        "foreign_keys": 1,
    }


def test_a_transaction_holds_the_lock_until_commit(connection: DatabaseWrapper, path: Path) -> None:
    with atomic():
        assert not is_free(path)
        with atomic():
            insert(connection, "in a savepoint")
        assert not is_free(path)
    assert is_free(path)


def test_an_exception_frees_it(connection: DatabaseWrapper, path: Path) -> None:
    with contextlib.suppress(ZeroDivisionError), atomic():
        insert(connection, "lost")
        raise ZeroDivisionError
    assert is_free(path)
    assert count(path) == 0


def test_a_failed_savepoint_keeps_it_for_the_outer_transaction(
    connection: DatabaseWrapper, path: Path
) -> None:
    with atomic():
        insert(connection, "kept")
        with pytest.raises(IntegrityError), atomic():
            insert(connection, "kept")
        assert not is_free(path)
    assert is_free(path)
    assert count(path) == 1


def test_an_abandoned_generator_frees_it(connection: DatabaseWrapper, path: Path) -> None:
    def rows() -> Iterator[int]:
        with atomic():
            insert(connection, "lost")
            yield 1

    generator = rows()
    next(generator)
    assert not is_free(path)
    generator.close()
    assert is_free(path)


def test_closing_inside_a_transaction_frees_it(connection: DatabaseWrapper, path: Path) -> None:
    with contextlib.suppress(DatabaseError), atomic():
        insert(connection, "lost")
        connection.close()
        assert is_free(path)
    assert is_free(path)
    insert(connection, "after")
    assert count(path) == 1


def test_a_begin_that_fails_frees_it(
    connection: DatabaseWrapper, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    connection.ensure_connection()
    connection.connection.execute("PRAGMA busy_timeout=0")
    with contextlib.closing(sqlite3.connect(path, isolation_level=None)) as stranger:
        stranger.execute("BEGIN IMMEDIATE")  # a program that knows nothing of our lock
        with pytest.raises(OperationalError, match="locked"), atomic():
            pass
        stranger.execute("ROLLBACK")
    assert is_free(path)


def test_a_commit_that_fails_frees_it(connection: DatabaseWrapper, path: Path) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE TABLE child (row_id integer REFERENCES row (id) DEFERRABLE INITIALLY DEFERRED)"
        )
    with pytest.raises(IntegrityError), atomic(), connection.cursor() as cursor:
        cursor.execute("INSERT INTO child (row_id) VALUES (99)")
    assert is_free(path)


def test_one_statement_in_autocommit_takes_and_frees_it(
    connection: DatabaseWrapper, path: Path
) -> None:
    holder = WriteLock(f"{path}.write.lock")
    holder.acquire()
    started, done = threading.Event(), threading.Event()

    def write() -> None:
        own = connect(path)
        started.set()
        insert(own, "waits")
        own.close()
        done.set()

    thread = threading.Thread(target=write)
    thread.start()
    started.wait(10)
    assert count(path) == 0
    assert not done.is_set()
    holder.close()
    thread.join(30)
    assert done.is_set()
    assert count(path) == 1
    assert is_free(path)


def test_returning_rows_does_not_keep_it(connection: DatabaseWrapper, path: Path) -> None:
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO row (who) VALUES ('a'), ('b'), ('c') RETURNING who")
        assert is_free(path)
        assert cursor.fetchone() == ("a",)
        assert cursor.fetchmany(1) == [("b",)]
        assert list(cursor) == [("c",)]
        assert cursor.fetchone() is None
        assert cursor.execute("SELECT count(*) FROM row").fetchone() == (3,)


def test_reading_never_waits_for_it(connection: DatabaseWrapper, path: Path) -> None:
    holder = WriteLock(f"{path}.write.lock")
    holder.acquire()
    with connection.cursor() as cursor:
        assert cursor.execute("SELECT count(*) FROM row").fetchone() == (0,)
    holder.close()


def test_without_autocommit_the_lock_lasts_until_commit(
    connection: DatabaseWrapper, path: Path
) -> None:
    connection.set_autocommit(False)
    insert(connection, "a")
    assert not is_free(path)
    connection.commit()
    assert is_free(path)
    insert(connection, "b")
    connection.rollback()
    assert is_free(path)
    connection.set_autocommit(True)
    assert count(path) == 1


def test_a_forked_child_neither_holds_nor_frees_it(connection: DatabaseWrapper, path: Path) -> None:
    with atomic():
        insert(connection, "parent")
        child = os.fork()
        if child == 0:
            # The child: its copy of the lock is gone, the parent's is not.
            free = is_free(path)
            os._exit(7 if free else 0)
        assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
        assert not is_free(path)
    assert is_free(path)
    assert count(path) == 1


def test_a_child_that_outlives_the_holder_does_not_keep_the_lock(path: Path) -> None:
    """The holder forks, then is killed; its child lives on."""
    ready, ready_write = os.pipe()
    stay, stay_write = os.pipe()
    holder = os.fork()
    if holder == 0:
        lock = WriteLock(f"{path}.write.lock")
        lock.acquire()
        if os.fork() == 0:
            os.close(stay_write)
            os.write(ready_write, b"x")
            os.read(stay, 1)  # until the test closes its end
            os._exit(0)
        signal.pause()
    os.read(ready, 1)
    assert not is_free(path)
    os.kill(holder, signal.SIGKILL)
    os.waitpid(holder, 0)
    assert is_free(path)
    for end in (ready, ready_write, stay, stay_write):
        os.close(end)


WRITER = """
import sys, threading
from django.conf import settings
settings.configure(DATABASES={"default": {"ENGINE": sys.argv[4], "NAME": sys.argv[1]}}, USE_TZ=True)
import django; django.setup()
from django.db import connection, transaction
errors = []
def work(name):
    try:
        for n in range(int(sys.argv[3])):
            if n % 2:
                with transaction.atomic(), connection.cursor() as cursor:
                    cursor.execute("SELECT count(*) FROM row")
                    cursor.execute("INSERT INTO row (who) VALUES (%s)", [f"{name}-{n}"])
            else:
                with connection.cursor() as cursor:
                    cursor.execute("INSERT INTO row (who) VALUES (%s)", [f"{name}-{n}"])
    except Exception as error:
        errors.append(repr(error))
    finally:
        connection.close()
threads = [threading.Thread(target=work, args=(f"{sys.argv[2]}.{t}",)) for t in range(4)]
[t.start() for t in threads]; [t.join() for t in threads]
sys.exit("; ".join(errors) if errors else 0)
"""


@pytest.mark.concurrency
def test_two_processes_of_four_threads_write_without_one_error(path: Path) -> None:
    each = 250  # × 4 threads × 2 processes = 2,000 transactions
    processes = [
        subprocess.Popen(
            [sys.executable, "-c", WRITER, str(path), name, str(each), ENGINE],
            stderr=subprocess.PIPE,
        )
        for name in ("p", "q")
    ]
    keeper = connect(path)
    while any(process.poll() is None for process in processes):
        checkpoint(keeper)
    keeper.close()
    errors = [process.communicate()[1].decode() for process in processes]
    assert [process.returncode for process in processes] == [0, 0], errors
    assert count(path) == each * 8


@pytest.mark.concurrency
def test_a_killed_holder_frees_it_and_its_transaction_is_undone(path: Path) -> None:
    def hold(ready: Any) -> None:
        own = connect(path)
        own.alias = "killed"
        connections["killed"] = own
        with transaction.atomic(using="killed"):
            insert(own, "lost")
            ready.set()
            signal.pause()

    context = multiprocessing.get_context("fork")
    ready = context.Event()
    process = context.Process(target=hold, args=(ready,))
    process.start()
    assert ready.wait(30)
    assert not is_free(path)
    process.kill()
    process.join()
    assert is_free(path)
    own = connect(path)
    insert(own, "next")
    own.close()
    assert count(path) == 1


def test_a_checkpoint_empties_the_wal(connection: DatabaseWrapper, path: Path) -> None:
    insert(connection, "a")
    wal = Path(f"{path}-wal")
    assert wal.stat().st_size > 0
    assert checkpoint(connection)[0] == 0
    assert wal.stat().st_size == 0
    assert is_free(path)


def test_a_checkpoint_never_waits_for_a_reader(connection: DatabaseWrapper, path: Path) -> None:
    insert(connection, "a")
    with contextlib.closing(sqlite3.connect(path, isolation_level=None)) as reader:
        reader.execute("BEGIN")
        reader.execute("SELECT count(*) FROM row").fetchone()
        insert(connection, "b")
        _, log, done = checkpoint(connection)
        assert done < log  # the reader still needs the old state; nothing is truncated
        assert is_free(path)
        reader.execute("COMMIT")
    assert checkpoint(connection) == (0, 0, 0)
    assert count(path) == 2


def test_the_checkpointer_works_by_itself_and_stops(
    connection: DatabaseWrapper, path: Path
) -> None:
    insert(connection, "a")
    thread = Checkpointer(alias="slot", wal_limit=1, look_seconds=0.01)
    connections_of_thread: list[str] = []

    def run() -> None:
        connections["slot"] = connect(path)  # connections belong to threads
        Checkpointer.run(thread)
        connections_of_thread.append("ended")

    runner = threading.Thread(target=run)
    runner.start()
    wal = Path(f"{path}-wal")
    for _ in range(1000):
        if wal.stat().st_size == 0:
            break
        threading.Event().wait(0.01)
    assert wal.stat().st_size == 0
    thread._stop_asked.set()
    runner.join(10)
    assert connections_of_thread == ["ended"]
