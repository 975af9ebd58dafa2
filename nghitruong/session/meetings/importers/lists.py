"""What every list shares: rows of typed text with their faults, from a sheet and back to one."""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, ClassVar

from django.utils.translation import gettext as _

from nghitruong.council.councils.importers.spreadsheet import FAULTS, grid, table, workbook
from nghitruong.council.councils.models import ImportBatch
from nghitruong.council.councils.roles import Actor
from nghitruong.lib.text import nfc
from nghitruong.platform.errors import Refused
from nghitruong.session.meetings.models import Session


@dataclass
class Row:
    """A line as typed; ``errors`` are field → what to do about it."""

    line: int
    typed: dict[str, str]
    errors: dict[str, str] = field(default_factory=dict)

    def __getitem__(self, name: str) -> str:
        return self.typed.get(name, "")


class SessionList(ABC):
    """A kind of list. ``columns``: field → headings that mean it, the first one is ours."""

    title: ClassVar[str]
    noun: ClassVar[str]
    key: ClassVar[str]
    columns: ClassVar[Mapping[str, Sequence[str]]]
    example: ClassVar[Sequence[Sequence[str]]]
    back: ClassVar[str]  # the page of the list itself, as a URL's name

    @abstractmethod
    def may(self, by: Actor) -> None:
        """Refuses who may not write this list."""

    @abstractmethod
    def check(self, rows: Sequence[Row], session: Session, *, by: Actor) -> int:
        """Write every fault into its row; returns how many rows have some."""

    @abstractmethod
    def write(self, rows: Sequence[Row], session: Session, *, by: Actor) -> dict[str, list[str]]:
        """Make everything in the caller's transaction; returns what was made, for the undo."""

    @abstractmethod
    def take_back(self, made: Mapping[str, Sequence[str]], session: Session, *, by: Actor) -> None:
        """Undo in the caller's transaction; Refused when it was already used."""

    def read(self, data: bytes, file_name: str) -> list[Row]:
        """The lines of a sheet. Refused when it is none, or has no such column."""
        rows = [
            Row(line, typed) for line, typed in table(grid(data, file_name), self.columns, self.key)
        ]
        if not rows:
            raise Refused("list_empty", _("Bảng không có dòng nào dưới tiêu đề."), status=422)
        return rows

    def from_post(self, post: Mapping[str, Any]) -> list[Row]:
        """The lines as corrected on the preview: fields named «3.title»; skipped ones left out."""
        found = {int(m[1]) for name in post if (m := re.fullmatch(rf"(\d+)\.{self.key}", name))}
        return [
            Row(n, {name: nfc(post.get(f"{n}.{name}", "")).strip() for name in self.columns})
            for n in sorted(found)
            if post.get(f"{n}.skip") != "1"
        ]

    def sheet(self, rows: Sequence[Row] | None = None) -> bytes:
        """The model sheet, or these rows with their faults in a last column."""
        heads = [names[0] for names in self.columns.values()]
        if rows is None:
            return workbook(heads, self.example)
        lines = [
            [*(row[name] for name in self.columns), "; ".join(
                f"{self.columns[name][0]}: {text}" for name, text in row.errors.items())]
            for row in rows
        ]  # fmt: skip
        return workbook([*heads, FAULTS], lines, faults=True)


def day(text: str) -> date:
    """31/12/2026 (or with dots or hyphens). Raises ValueError."""
    found = re.fullmatch(r"(\d{1,2})[/.\-](\d{1,2})[/.\-](\d{4})", text)
    if not found:
        raise ValueError(text)
    number, month, year = (int(part) for part in found.groups())
    return date(year, month, number)


def start_batch(by: Actor, file_name: str, made: Mapping[str, Sequence[str]]) -> ImportBatch:
    """What was made, so that all of it can be taken back."""
    batch: ImportBatch = ImportBatch.objects.create(
        council=by.council,
        file_name=nfc(file_name)[:255],
        created_by_name=by.name,
        made={name: list(keys) for name, keys in made.items()},
    )
    return batch
