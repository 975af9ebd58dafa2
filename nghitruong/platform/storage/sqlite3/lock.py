"""The queue of writers: an exclusive flock on a file beside the database."""

from __future__ import annotations

import contextlib
import fcntl
import os
import weakref

_all: weakref.WeakSet[WriteLock] = weakref.WeakSet()


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
        _all.add(self)

    def acquire(self) -> None:
        """Wait for the lock; harmless when this connection already holds it."""
        if self.held:
            return
        fcntl.flock(self._open(), fcntl.LOCK_EX)
        self.held = True

    def try_acquire(self) -> bool:
        """Take the lock if nobody has it."""
        if self.held:
            return True
        try:
            fcntl.flock(self._open(), fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
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

    def close(self) -> None:
        """Close the descriptor, which releases the lock."""
        fd, self.fd, self.held = self.fd, None, False
        if fd is not None:
            with contextlib.suppress(OSError):
                os.close(fd)

    def __del__(self) -> None:
        self.close()


def _forget_in_child() -> None:
    for lock in list(_all):
        lock.close()


os.register_at_fork(after_in_child=_forget_in_child)
