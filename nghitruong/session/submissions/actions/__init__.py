"""The only writers of asks, decisions and rooms."""

from nghitruong.session.submissions.actions.asks import (
    Wanted,
    ask_papers,
    cancel_ask,
    circulate,
    give_back_papers,
    name_version,
    pass_on,
    return_ask,
    take_in,
    take_in_paper,
)
from nghitruong.session.submissions.actions.decisions import allow_late, set_publicity
from nghitruong.session.submissions.actions.rooms import (
    change_room_papers,
    close_room,
    edit_room,
    open_room,
)

__all__ = [
    "Wanted",
    "allow_late",
    "ask_papers",
    "cancel_ask",
    "change_room_papers",
    "circulate",
    "close_room",
    "edit_room",
    "give_back_papers",
    "name_version",
    "open_room",
    "pass_on",
    "return_ask",
    "set_publicity",
    "take_in",
    "take_in_paper",
]
