"""What the stages of the pipeline share: the work at hand, and how a stage is run apart."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from nghitruong.council.intake.pipeline.report import Report
from nghitruong.platform.jobs import apart

STAGES = "nghitruong.council.intake.pipeline."
ROOT = Path(__file__).resolve().parents[4]
STAGE_SECONDS = 600.0

Progress = Callable[[int, int, str], None]


@dataclass
class Work:
    """What is known while a file is being processed."""

    path: Path
    out: Path
    report: Report
    progress: Progress
    deadline: float
    pdf: Path | None = None  # what is drawn and read page by page
    base: bool = False  # whether ``pdf`` was made by us (and is therefore the one to read)
    pages: dict[int, dict[str, Any]] = field(default_factory=dict)
    layers: dict[int, tuple[int, Path]] = field(default_factory=dict)  # degrees turned, words
    quick: int = 0

    def late(self) -> bool:
        """Whether the time for the whole file is over."""
        return time.monotonic() > self.deadline


def stage(
    name: str,
    *arguments: str,
    seconds: float = STAGE_SECONDS,
    memory_mb: int = 3072,
    on_line: Callable[[str], None] | None = None,
) -> apart.Done:
    """Run the module ``name`` of this package in a process of its own, with limits."""
    return apart.run(
        [sys.executable, "-m", STAGES + name, *arguments],
        seconds=seconds,
        memory_mb=memory_mb,
        folder=ROOT,
        environment={"PYTHONPATH": str(ROOT)},
        on_line=on_line,
    )
