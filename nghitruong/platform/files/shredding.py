"""Erasing a secret's bytes so that a crash at any point leaves either everything or nothing.

:func:`order` writes the order in the transaction that writes the register's line; the bytes are
written over after its commit (:func:`carry_out`). A crash before the commit: the file is still held
as it was. A crash after it: the line is there, and the worker carries the order out. A disk that
cannot be written to is tried until it can: the job is never given up.
"""

from __future__ import annotations

import logging
import os
import uuid
from collections.abc import Iterable
from pathlib import Path

from django.conf import settings

from nghitruong.platform.files import orphans, partial, store
from nghitruong.platform.files.models import Place, Shredding

logger = logging.getLogger(__name__)
JOB = "files.shred"


def _roots() -> dict[str, Path]:
    return {
        Place.STORE: Path(settings.FILES_DIR),
        Place.UPLOADS: Path(settings.UPLOADS_DIR),
        Place.SCANNER: Path(settings.SCANNER_DIR),
    }


def order(paths: Iterable[Path]) -> list[uuid.UUID]:
    """Have these files of the store, the uploads or the scanner's folder written over: the order,
    in the caller's transaction.

    Returns the orders' keys: the caller gives them to :func:`carry_out` once its transaction has
    committed. Raises ValueError for a path elsewhere.
    """
    wanted: dict[tuple[str, str], Shredding] = {}
    for path in paths:
        for place, root in _roots().items():
            if path.is_relative_to(root):
                name = path.name if place == Place.STORE else str(path.relative_to(root))
                wanted[place, name] = Shredding(place=place, name=name, stamp=_stamp(path))
                break
        else:
            raise ValueError(f"not ours to erase: {path}")
    Shredding.objects.bulk_create(
        wanted.values(),
        update_conflicts=True,
        unique_fields=["place", "name"],
        update_fields=["stamp", "stored_again"],
    )
    keys: list[uuid.UUID] = []
    for place in Place:
        names = [name for there, name in wanted if there == place]
        found = Shredding.objects.filter(place=place, name__in=names)
        keys += found.values_list("pk", flat=True)
    return keys


def ordered(paths: Iterable[Path], place: Place) -> set[Path]:
    """Which of these files of ``place`` are to be written over: they are nobody's any more."""
    root = _roots()[place]
    names = {str(path.relative_to(root)): path for path in paths}
    found = Shredding.objects.filter(place=place, name__in=names)
    return {names[name] for name in found.values_list("name", flat=True)}


def carry_out(keys: Iterable[uuid.UUID]) -> int:
    """Write over and remove the files of these orders; returns how many. Idempotent.

    One that fails (a disk that cannot be written) stays ordered and is tried again, and so does one
    whose file was just stored again by an upload that may still be refused.
    """
    done = 0
    for found in Shredding.objects.filter(pk__in=list(keys)):
        try:
            if _shred(found):
                done += 1
        except StoredAgainError:
            continue
        except OSError:
            logger.exception("chưa ghi đè được %s, sẽ thử lại", found)
            continue
        found.delete()
    return done


class StoredAgainError(Exception):
    """Somebody stored the same bytes since the last look; their rows may not be there yet."""


def _shred(found: Shredding) -> bool:
    """False when it is gone, or somebody stored the same file again since and a row names it.

    Stored again and named nowhere (the upload was refused, or is not finished): looked at once more
    at the next try, and written over when nothing happened in between.
    """
    if found.place != Place.STORE:
        partial.shred(_roots()[found.place] / found.name)
        return True
    path = store.path_of(found.name)
    stamp = _stamp(path)
    touched = stamp != found.stamp
    if (touched or found.stored_again) and (not stamp or found.name in orphans.named()):
        return False
    if touched:
        found.stamp, found.stored_again = stamp, True
        found.save(update_fields=["stamp", "stored_again"])
        raise StoredAgainError
    with store.alone():
        if not path.exists():
            return False
        if _stamp(path) != stamp:
            raise StoredAgainError
        partial.shred(path)
        _sync(path.parent)
    return True


def _stamp(path: Path) -> int:
    """No clock is asked: one that was set back must not keep a secret."""
    try:
        return path.stat().st_mtime_ns
    except FileNotFoundError:
        return 0


def _sync(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def run(key: str) -> None:
    """The job: an order that a crash left. Raises while the file cannot be written over yet."""
    carry_out([uuid.UUID(key)])
    if Shredding.objects.filter(pk=key).exists():
        raise OSError("the file cannot be written over")


def waiting() -> list[tuple[uuid.UUID, None]]:
    """For the sweeper: every order not carried out yet."""
    return [(key, None) for key in Shredding.objects.values_list("pk", flat=True)]
