"""The only writers of what was found in files."""

from nghitruong.council.intake.actions.integrity import check_integrity
from nghitruong.council.intake.actions.processing import (
    begin,
    clear_hold,
    erase_made,
    give_up,
    keep_prepared,
    process,
    retry,
)
from nghitruong.council.intake.actions.scanner import set_scanner, take_scanned

__all__ = [
    "begin",
    "check_integrity",
    "clear_hold",
    "erase_made",
    "give_up",
    "keep_prepared",
    "process",
    "retry",
    "set_scanner",
    "take_scanned",
]
