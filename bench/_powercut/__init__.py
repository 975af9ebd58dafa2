"""A power cut without a power cut: only what a sync has covered survives.

:class:`PowerCut` compiles ``shim.c``, gives the environment that preloads it into an installation,
and :meth:`PowerCut.cut` rebuilds the database's files from the shim's log after every process was
killed. Two kinds of cut are played in turn:

* ``nothing``: of what no sync has covered, nothing is kept;
* ``some``: of what no sync has covered, arbitrary 512-byte sectors are kept, in no order, as a disk
  with a write cache may do.

``-shm`` (the WAL's index in shared memory) never survives: it is not kept on disk by promise.
"""

from __future__ import annotations

import random
import shutil
import struct
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

WRITE, TRUNCATE, SYNC, CREATE, REMOVE, SYNC_FOLDER, UNMODELLED = range(1, 8)
DATABASE, WAL, JOURNAL, FOLDER = range(1, 5)
SUFFIXES = {DATABASE: "", WAL: "-wal", JOURNAL: "-journal"}
HEADER = struct.Struct("<IBBHQQ")
MAGIC = 0x4E545043
SECTOR = 512
SLOW_MICROSECONDS = 30_000  # added to every sync: cuts fall between write and sync


class NoCompiler(Exception):
    """gcc is missing; the sentence says how to install it."""


class Record(NamedTuple):
    """A line of the log; ``at`` is where it begins."""

    at: int
    kind: int
    file: int
    offset: int
    length: int
    content: bytes


def read_log(path: Path) -> Iterator[Record]:
    """Every whole record; the last one may be cut short by the kill."""
    at = 0
    with path.open("rb") as log:
        while len(head := log.read(HEADER.size)) == HEADER.size:
            magic, kind, file, _unused, offset, length = HEADER.unpack(head)
            if magic != MAGIC:
                raise ValueError(f"{path}: no record at {at}")
            size = length if kind == WRITE else 0
            content = log.read(size)
            if len(content) < size:
                return
            yield Record(at, kind, file, offset, length, content)
            at += HEADER.size + size


@dataclass
class Inode:
    """A file's content, whatever its name: what it was at the start, and what was done to it."""

    base: bytes = b""
    steps: list[Record] = field(default_factory=list)
    promised: int = 0  # everything logged before this place is on the disk

    def content(self, luck: random.Random | None) -> bytes:
        """After the cut; with ``luck``, sectors of what was not synced survive or not."""
        data = bytearray(self.base)
        for step in self.steps:
            if step.at < self.promised:
                _apply(data, step)
            elif luck is not None:
                if step.kind == TRUNCATE:
                    if luck.random() < 0.5:
                        _apply(data, step)
                    continue
                for start in range(0, len(step.content), SECTOR):
                    if luck.random() < 0.5:
                        part = step.content[start : start + SECTOR]
                        _apply(data, step._replace(offset=step.offset + start, content=part))
        return bytes(data)


def _apply(data: bytearray, step: Record) -> None:
    if step.kind == TRUNCATE:
        if step.offset < len(data):
            del data[step.offset :]
        else:
            data.extend(bytes(step.offset - len(data)))
        return
    end = step.offset + len(step.content)
    if end > len(data):
        data.extend(bytes(end - len(data)))
    data[step.offset : end] = step.content


class PowerCut:
    """For one SQLite database of one installation, from its first start under the shim."""

    def __init__(self, database: Path, folder: Path) -> None:
        self.database = database
        self.log = folder / "powercut.log"
        self.library = folder / "powercut.so"
        compiler = shutil.which("gcc") or shutil.which("cc")
        if compiler is None:
            raise NoCompiler("Thiếu gcc: hãy chạy `apt-get install -y gcc libc6-dev`.")
        source = Path(__file__).with_name("shim.c")
        subprocess.run(
            [compiler, "-O2", "-Wall", "-shared", "-fPIC", "-o", self.library, source, "-ldl"],
            check=True,
        )
        self.base: dict[int, bytes] = {}
        self.unsynced_bytes = 0  # what the last cut could have lost
        self.remember()

    @property
    def environment(self) -> dict[str, str]:
        """What preloads the shim into an installation's processes."""
        return {
            "LD_PRELOAD": str(self.library),
            "POWERCUT_DB": str(self.database),
            "POWERCUT_LOG": str(self.log),
            "POWERCUT_SLOW": str(SLOW_MICROSECONDS),
        }

    def path(self, file: int) -> Path:
        """The path of the database, its WAL or its journal."""
        return Path(f"{self.database}{SUFFIXES[file]}")

    def remember(self) -> None:
        """Nobody has the database open: what lies there is on the disk; the log begins anew."""
        self.base = {f: self.path(f).read_bytes() for f in SUFFIXES if self.path(f).exists()}
        self.log.unlink(missing_ok=True)

    def cut(self, luck: random.Random | None = None) -> None:
        """Every process is dead: put the files into the state the disk promised."""
        folder: dict[int, Inode] = {file: Inode(content) for file, content in self.base.items()}
        promised, pending = dict(folder), list[tuple[int, dict[int, Inode]]]()
        for record in read_log(self.log) if self.log.exists() else ():
            file = record.file
            if record.kind == UNMODELLED:
                raise ValueError(f"{self.path(file)}: mapped or renamed, which the shim cannot see")
            if record.kind == CREATE:
                folder[file] = Inode()
                pending.append((record.at, dict(folder)))
            elif record.kind == REMOVE:
                folder.pop(file, None)
                pending.append((record.at, dict(folder)))
            elif record.kind == SYNC_FOLDER:
                for at, state in list(pending):
                    if at < record.offset:
                        promised = state
                        pending.remove((at, state))
            elif record.kind == SYNC:
                folder[file].promised = max(folder[file].promised, record.offset)
            else:
                folder[file].steps.append(record)
        if luck is not None and pending:
            promised = luck.choice([promised, *(state for _, state in pending)])
        self.unsynced_bytes = sum(
            len(step.content)
            for inode in folder.values()
            for step in inode.steps
            if step.at >= inode.promised
        )
        for file in SUFFIXES:
            if file in promised:
                self.path(file).write_bytes(promised[file].content(luck))
            else:
                self.path(file).unlink(missing_ok=True)
        Path(f"{self.database}-shm").unlink(missing_ok=True)
        self.remember()
