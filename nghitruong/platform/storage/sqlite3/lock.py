"""The queue of writers: an exclusive flock on a file beside the database.

The threads of one process stand in a line of their own before it, so that a process has one place
in the kernel's queue: a vote in the live process waits for at most one page of each web process,
not for all their threads.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import threading
import weakref

_all: weakref.WeakSet[WriteLock] = weakref.WeakSet()
_lines: dict[str, threading.Lock] = {}  # path → the line of this process's threads


class WriteLock:
    """An exclusive flock of its own open file description: excludes threads and processes alike.

    One belongs to one connection and is used by one thread at a time. A killed holder frees it:
    the kernel closes its descriptor. A forked child closes what it inherited (it would otherwise
    keep its parent's lock alive after the parent's death).
    """

    def __init__(self, path: str) -> None:
        self.path = path
        self.fd: int | None = None
        self.held = False
        self._line = _lines.setdefault(path, threading.Lock())
        _all.add(self)

    def acquire(self) -> None:
        """Wait for the lock; harmless when this connection already holds it."""
        if self.held:
            return
        self._line.acquire()
        try:
            fcntl.flock(self._open(), fcntl.LOCK_EX)
        except BaseException:
            self._line.release()
            raise
        self.held = True

    def try_acquire(self) -> bool:
        """Take the lock if nobody has it."""
        if self.held:
            return True
        if not self._line.acquire(blocking=False):
            return False
        try:
            fcntl.flock(self._open(), fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BaseException as error:
            self._line.release()
            if isinstance(error, BlockingIOError):
                return False
            raise
        self.held = True
        return True

    def _open(self) -> int:
        if self.fd is None:
            self.fd = os.open(self.path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        return self.fd

    def release(self) -> None:
        """Let the next writer in; harmless when not held."""
        if self.held and self.fd is not None:
            self.held = False
            fcntl.flock(self.fd, fcntl.LOCK_UN)
            self._line.release()

    def close(self) -> None:
        """Close the descriptor, which releases the lock."""
        fd, held = self.fd, self.held
        self.fd, self.held = None, False
        if fd is not None:
            with contextlib.suppress(OSError):
                os.close(fd)
        if held:
            self._line.release()

    def __del__(self) -> None:
        self.close()


def _forget_in_child() -> None:
    _lines.clear()
    for lock in list(_all):
        lock.close()
        # A thread that is not here may have stood first in the line: begin a new one.
        lock._line = _lines.setdefault(lock.path, threading.Lock())


os.register_at_fork(after_in_child=_forget_in_child)
