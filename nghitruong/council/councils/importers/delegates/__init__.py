"""A council's delegates from a spreadsheet: read, check row by row, apply, undo."""

from nghitruong.council.councils.importers.delegates.checking import check
from nghitruong.council.councils.importers.delegates.rows import (
    ALIASES,
    TYPED,
    DelegateRow,
    from_post,
    read,
    sheet,
    template_rows,
)
from nghitruong.council.councils.importers.delegates.taking import apply, undo

__all__ = [
    "ALIASES",
    "TYPED",
    "DelegateRow",
    "apply",
    "check",
    "from_post",
    "read",
    "sheet",
    "template_rows",
    "undo",
]
