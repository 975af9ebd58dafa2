"""Pages and answers of the binder."""

from nghitruong.council.binder.views.arranging import binder, move
from nghitruong.council.binder.views.importing import confirm, drop, edit, importing, start, undo
from nghitruong.council.binder.views.printing import order_packet, packet, packet_file
from nghitruong.council.binder.views.sheets import sheet, take_sheet

__all__ = [
    "binder",
    "confirm",
    "drop",
    "edit",
    "importing",
    "move",
    "order_packet",
    "packet",
    "packet_file",
    "sheet",
    "start",
    "take_sheet",
    "undo",
]
