"""Files on their way in: ``<UPLOADS_DIR>/<id>.part`` grows chunk by chunk, never in memory.

Beside it ``<id>.json`` keeps what the person wrote about the file (its name, its title). Nothing
of that goes to the database before the file has been looked at: a paper that turns out to be a
state secret must leave no byte behind, and a deleted row lives on in free pages and logs.
"""

from __future__ import annotations

import errno
import fcntl
import hashlib
import json
import os
import shutil
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Protocol

from django.conf import settings
from django.utils.translation import gettext as _

from nghitruong.platform.errors import Refused

CHUNK = 1 << 18


class Readable(Protocol):
    """A request body, an open file: whatever gives bytes piece by piece."""

    def read(self, size: int, /) -> bytes:
        """At most ``size`` bytes; empty at the end."""
        ...


def root() -> Path:
    """The folder of unfinished files, made when missing, readable by nobody else."""
    folder = Path(settings.UPLOADS_DIR)
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    return folder


def path_of(key: uuid.UUID) -> Path:
    """Where the bytes received so far lie."""
    return root() / f"{key}.part"


def _about_path(key: uuid.UUID) -> Path:
    return root() / f"{key}.json"


def files_of(key: uuid.UUID) -> list[Path]:
    """Everything kept of one file on its way in."""
    return [path_of(key), _about_path(key)]


def _disk_full(error: OSError) -> Refused:
    return Refused(
        "disk_full",
        _(
            "Máy chủ hết chỗ chứa nên chưa nhận thêm được tệp. Phần đã tải lên vẫn "
            "được giữ; hãy báo quản trị viên giải phóng ổ đĩa rồi bấm «Tải tiếp»."
        ),
        status=507,
    )


@contextmanager
def _full_disk_is_refused() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        if error.errno in {errno.ENOSPC, errno.EDQUOT}:
            raise _disk_full(error) from error
        raise


def create(key: uuid.UUID, about: dict[str, Any]) -> None:
    """Begin an empty file and keep what is said about it."""
    with _full_disk_is_refused():
        path_of(key).touch(mode=0o600)
        _about_path(key).write_text(json.dumps(about, ensure_ascii=False))


def about(key: uuid.UUID) -> dict[str, Any]:
    """What :func:`create` kept; empty when it is gone."""
    try:
        found: dict[str, Any] = json.loads(_about_path(key).read_text())
    except FileNotFoundError:
        return {}
    return found


def gone() -> Refused:
    """What was received is no longer here."""
    return Refused(
        "upload_gone",
        _("Phần đã tải lên không còn trên máy chủ. Hãy chọn lại tệp và tải từ đầu."),
        status=410,
    )


@contextmanager
def hold(key: uuid.UUID) -> Iterator[int]:
    """The file's descriptor, held alone: a second sender of the same file is refused at once."""
    try:
        fd = os.open(path_of(key), os.O_RDWR)
    except FileNotFoundError:
        raise gone() from None
    try:
        try:
            fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise Refused(
                "upload_busy",
                _("Tệp này đang được tải ở một cửa sổ khác. Hãy đợi hoặc đóng cửa sổ kia."),
                status=423,
            ) from None
        yield fd
    finally:
        os.close(fd)


def append(
    fd: int,
    body: Readable,
    *,
    offset: int,
    limit: int,
    checksum: tuple[str, bytes] | None = None,
) -> tuple[int, bool]:
    """Write what comes from ``body`` at ``offset`` of a file in :func:`hold`; returns (new offset,
    whether the body was cut). ``offset`` is read, and the new one kept, while the file is held.

    1. Bytes after ``offset`` (of a try whose offset was never recorded) are dropped.
    2. At most ``limit`` bytes are taken, 256 KB at a time.
    3. A connection that breaks keeps what has arrived, unless a ``checksum`` (name, digest) was
       promised: then only whole, right pieces count.
    4. The bytes are on the disk (fsync) before the new offset is told.

    Raises :class:`Refused` ``disk_full``, ``checksum_mismatch``, ``upload_too_long``.
    """
    cut = False
    digest = hashlib.new(checksum[0]) if checksum else None
    os.ftruncate(fd, offset)
    at = offset
    try:
        with _full_disk_is_refused():
            while at <= offset + limit:
                try:
                    piece = body.read(CHUNK)
                except OSError as error:
                    if error.errno in {errno.ENOSPC, errno.EDQUOT}:
                        raise
                    cut = True
                    break
                if not piece:
                    break
                if at + len(piece) > offset + limit:
                    raise Refused(
                        "upload_too_long",
                        _("Tệp gửi lên dài hơn dung lượng đã báo. Hãy chọn lại tệp."),
                        status=413,
                    )
                view = memoryview(piece)
                while view:
                    written = os.pwrite(fd, view, at)
                    at += written
                    view = view[written:]
                if digest is not None:
                    digest.update(piece)
            os.fsync(fd)
    except BaseException:
        os.ftruncate(fd, offset)
        raise
    wrong = digest is not None and checksum is not None and digest.digest() != checksum[1]
    if wrong:
        os.ftruncate(fd, offset)
        if cut:
            return offset, True
        raise Refused(
            "checksum_mismatch",
            _("Một đoạn của tệp bị sai trên đường truyền và đã được bỏ; tệp sẽ được gửi lại."),
            status=460,
        )
    return at, cut


def second_name(path: Path, target: Path) -> None:
    """Give the file at ``path`` another name, durably: the same bytes, not copied where the disk
    knows links. What stood at ``target`` goes. Whoever removes one name later leaves the other."""
    with _full_disk_is_refused():
        target.unlink(missing_ok=True)
        try:
            os.link(path, target)
        except OSError as error:
            if error.errno in {errno.ENOSPC, errno.EDQUOT}:
                raise
            with path.open("rb") as source, target.open("wb") as copy:
                os.fchmod(copy.fileno(), 0o600)
                shutil.copyfileobj(source, copy, CHUNK)
                copy.flush()
                os.fsync(copy.fileno())
        folder = os.open(target.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)


def erase(key: uuid.UUID, *, overwrite: bool = False) -> None:
    """Remove the bytes and what was said about them; a secret's are written over first."""
    for path in files_of(key):
        if overwrite:
            shred(path)
        path.unlink(missing_ok=True)


def shred(path: Path) -> None:
    """Write zeros over a file, on the disk, and remove it."""
    try:
        size = path.stat().st_size
    except FileNotFoundError:
        return
    with path.open("r+b") as file:
        left = size
        zeros = bytes(1 << 20)
        while left > 0:
            left -= file.write(zeros[: min(left, len(zeros))])
        file.flush()
        os.fsync(file.fileno())
    path.unlink(missing_ok=True)


def sweep(*, older_than: float) -> int:
    """Remove files that nobody touched for ``older_than`` seconds; returns how many."""
    removed = 0
    edge = time.time() - older_than
    for path in root().glob("*-*-*-*-*.*"):
        try:
            if path.stat().st_mtime < edge:
                path.unlink()
                removed += 1
        except FileNotFoundError:
            continue
    return removed
