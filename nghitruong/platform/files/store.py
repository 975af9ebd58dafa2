"""The content-addressed store: ``<FILES_DIR>/ab/cd/<sha256>``, written once, read many times."""

from __future__ import annotations

import fcntl
import hashlib
import os
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from django.conf import settings

CHUNK = 1 << 20


def path_of(sha256: str) -> Path:
    """Where the file with this digest lies, whether or not it exists."""
    if len(sha256) != 64 or not all(c in "0123456789abcdef" for c in sha256):
        raise ValueError("not a SHA-256 digest")
    return Path(settings.FILES_DIR) / sha256[:2] / sha256[2:4] / sha256


@contextmanager
def _lock(kind: int) -> Iterator[None]:
    root = Path(settings.FILES_DIR)
    root.mkdir(parents=True, exist_ok=True)
    handle = os.open(root, os.O_RDONLY | os.O_DIRECTORY)
    try:
        fcntl.flock(handle, kind)
        yield
    finally:
        os.close(handle)


@contextmanager
def alone() -> Iterator[None]:
    """While this is held no file gets a place in the store: for whoever looks and then removes.

    Keep it short: who stores a file waits.
    """
    with _lock(fcntl.LOCK_EX):
        yield


def put(chunks: Iterable[bytes]) -> tuple[str, int]:
    """Store the bytes durably (fsync of file and folder); returns (sha256, size)."""
    root = Path(settings.FILES_DIR)
    root.mkdir(parents=True, exist_ok=True)
    digest, size = hashlib.sha256(), 0
    fd, temporary = tempfile.mkstemp(dir=root, prefix=".in-")
    try:
        with os.fdopen(fd, "wb") as file:
            for chunk in chunks:
                digest.update(chunk)
                size += len(chunk)
                file.write(chunk)
            file.flush()
            os.fsync(file.fileno())
        target = path_of(digest.hexdigest())
        with _lock(fcntl.LOCK_SH):
            target.parent.mkdir(parents=True, exist_ok=True)
            os.replace(temporary, target)
            _sync_folders(target)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise
    return digest.hexdigest(), size


def put_file(path: Path) -> tuple[str, int]:
    """Store a copy of the file at ``path``."""
    with path.open("rb") as file:
        return put(iter(lambda: file.read(CHUNK), b""))


def adopt(path: Path) -> tuple[str, int]:
    """Give the file at ``path`` a place in the store, durably; returns (sha256, size).

    On the same disk it is a second name of the same bytes: 300 MB are read once and not copied.
    The caller removes ``path`` after its commit, so that a crash in between loses nothing; nobody
    may write to it any more.
    """
    digest, size = hashlib.sha256(), 0
    with path.open("rb") as file:
        while chunk := file.read(CHUNK):
            digest.update(chunk)
            size += len(chunk)
        os.fsync(file.fileno())
    target = path_of(digest.hexdigest())
    with _lock(fcntl.LOCK_SH):
        target.parent.mkdir(parents=True, exist_ok=True)
        try:
            if not target.exists():
                os.link(path, target)
                _sync_folders(target)
        except FileExistsError:
            pass
        except OSError:  # another disk, or one without hard links
            return put_file(path)
        os.utime(target)  # young again: the sweeper leaves alone what was stored just now
    return digest.hexdigest(), size


def _sync_folders(target: Path) -> None:
    """Make the name durable, and the names of the folders that may have been made for it."""
    for path in (target.parent, target.parent.parent, target.parent.parent.parent):
        folder = os.open(path, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)


def open_file(sha256: str) -> IO[bytes]:
    """The stored bytes; FileNotFoundError when they are not here."""
    return path_of(sha256).open("rb")


def verify(sha256: str) -> bool:
    """Whether the stored bytes still have their digest."""
    digest = hashlib.sha256()
    try:
        with open_file(sha256) as file:
            for chunk in iter(lambda: file.read(CHUNK), b""):
                digest.update(chunk)
    except FileNotFoundError:
        return False
    return digest.hexdigest() == sha256


def erase(sha256: str) -> None:
    """Remove the bytes for good (a secret paper must not stay anywhere)."""
    path_of(sha256).unlink(missing_ok=True)
