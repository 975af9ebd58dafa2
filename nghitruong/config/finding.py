"""One thing an examination found, with what to do about it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Level = Literal["ok", "warn", "fail"]
SIGNS: dict[Level, str] = {"ok": "✓", "warn": "!", "fail": "✗"}


@dataclass(frozen=True)
class Finding:
    """One line of the doctor's report."""

    level: Level
    subject: str
    sentence: str

    def __str__(self) -> str:
        return f"{SIGNS[self.level]} {self.subject}: {self.sentence}"
