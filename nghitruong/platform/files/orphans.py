"""Files in the store that no row names: left by a crash between storing and the row, or by rows
that went (an import given up, a draft removed).

A file goes only when all of this holds, looked at while nobody can store anything: it is older than
``SAFE_SECONDS`` (storing it again makes it young), and no row of any model names its digest. What
an upload or a running job needs is therefore safe twice: uploads and working files are not in the
store, and what they have just stored is young.
"""

from __future__ import annotations

import logging
import re
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from django.apps import apps
from django.conf import settings
from django.db import models
from django.db.models.functions import Cast

from nghitruong.platform.files import partial, store

logger = logging.getLogger(__name__)

JOB: Final = "files.sweep"
SAFE_SECONDS: Final = 3 * 24 * 3600
# These remember digests of files that went long ago: they do not keep a file.
_REMEMBER_ONLY: Final = frozenset({"audit", "live", "jobs", "sessions", "admin", "contenttypes"})
_DIGEST: Final = re.compile(r"(?<![0-9a-f])[0-9a-f]{64}(?![0-9a-f])")


@dataclass
class Report:
    """What a sweep saw; ``size`` in bytes of what nobody names."""

    files: int = 0
    young: int = 0
    orphans: list[str] = field(default_factory=list)
    size: int = 0
    removed: int = 0

    def __str__(self) -> str:
        return (
            f"Kho có {self.files} tệp; {len(self.orphans)} tệp không dòng nào nhắc đến "
            f"({self.size / 1e6:.1f} MB), đã xóa {self.removed}; {self.young} tệp mới, chưa xét."
        )


_forgotten: dict[str, models.Q] = {}


def forget(model: type[models.Model], rows: models.Q) -> None:
    """Rows of ``model`` that name a file which had to go: they do not keep it."""
    _forgotten[model._meta.label] = rows


def named() -> set[str]:
    """Every digest that a row of any model names: in a column of 64 characters, or inside JSON."""
    found: set[str] = set()
    for model in apps.get_models():
        if model._meta.app_label in _REMEMBER_ONLY or model._meta.proxy:
            continue
        rows = model._base_manager.all()
        if (gone := _forgotten.get(model._meta.label)) is not None:
            rows = rows.exclude(gone)
        for column in model._meta.concrete_fields:
            if isinstance(column, models.CharField) and column.max_length == 64:
                found.update(rows.exclude(**{column.name: ""}).values_list(column.name, flat=True))
            elif isinstance(column, models.JSONField):
                texts = rows.annotate(as_text=Cast(column.name, models.TextField()))
                for text in texts.values_list("as_text", flat=True).iterator():
                    found.update(_DIGEST.findall(text or ""))
    return found


def _stored(root: Path) -> Iterator[Path]:
    for path in root.glob("[0-9a-f][0-9a-f]/[0-9a-f][0-9a-f]/*"):
        if path.is_file() and _DIGEST.fullmatch(path.name):
            yield path


def sweep(*, remove: bool, safe_seconds: float = SAFE_SECONDS) -> Report:
    """Look at the whole store; with ``remove`` take away what nobody names.

    1. Names are collected; what is old and unnamed is a candidate. 2. Names are collected again,
    for what was named during the look. 3. One by one, while nobody can store anything, the age is
    looked at again (storing makes young). It is then written over: it may have been a secret.
    """
    report = Report()
    root = Path(settings.FILES_DIR)
    edge = time.time() - safe_seconds
    names = named()
    candidates: list[Path] = []
    for path in _stored(root):
        report.files += 1
        try:
            stat = path.stat()
        except FileNotFoundError:
            continue
        if path.name in names:
            continue
        if stat.st_mtime >= edge:
            report.young += 1
            continue
        candidates.append(path)
        report.orphans.append(path.name)
        report.size += stat.st_size
    for path in root.glob(".in-*"):  # a write that was cut off
        if path.stat().st_mtime < edge:
            candidates.append(path)
            report.orphans.append(path.name)
            report.size += path.stat().st_size
    if not remove or not candidates:
        return report
    names = named()  # what was stored and named while the store was being looked at
    for path in candidates:
        with store.alone():
            if path.name in names or not path.exists() or path.stat().st_mtime >= edge:
                continue
            going = root / f".in-{path.name.removeprefix('.in-')}"  # a crash: swept the next night
            path.rename(going)
        partial.shred(going)
        report.removed += 1
    return report


def nightly(_key: str = "") -> Report:
    """The job: sweep, and say in the log what was seen."""
    report = sweep(remove=True)
    logger.info("%s", report)
    return report
