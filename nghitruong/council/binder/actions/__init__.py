"""The only writers of the binder."""

from nghitruong.council.binder.actions.imports import (
    confirm_import,
    drop_import,
    edit_files,
    start_import,
    undo_import,
)
from nghitruong.council.binder.actions.packets import bind_packet, order_packet
from nghitruong.council.binder.actions.places import fill_places, move_paper
from nghitruong.council.binder.actions.receiving import open_arrival, take_upload

__all__ = [
    "bind_packet",
    "confirm_import",
    "drop_import",
    "edit_files",
    "fill_places",
    "move_paper",
    "open_arrival",
    "order_packet",
    "start_import",
    "take_upload",
    "undo_import",
]
