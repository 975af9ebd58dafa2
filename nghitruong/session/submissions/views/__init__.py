"""Pages of asks, decisions and rooms."""

from nghitruong.session.submissions.views.asking import asking, propose
from nghitruong.session.submissions.views.asks import (
    ask,
    asks,
    cancel,
    circulate,
    name_version,
    pass_on,
    return_ask,
    take_in,
)
from nghitruong.session.submissions.views.decisions import allow_late, decisions, set_publicity
from nghitruong.session.submissions.views.rooms import (
    close_room,
    edit_room,
    open_room,
    room,
    room_papers,
    rooms,
)

__all__ = [
    "allow_late",
    "ask",
    "asking",
    "asks",
    "cancel",
    "circulate",
    "close_room",
    "decisions",
    "edit_room",
    "name_version",
    "open_room",
    "pass_on",
    "propose",
    "return_ask",
    "room",
    "room_papers",
    "rooms",
    "set_publicity",
    "take_in",
]
