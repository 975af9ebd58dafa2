"""The only writers of what happens in the hall, one module per thing that changes."""

from nghitruong.session.floor.actions.clock import (
    extend_speech,
    pause_clock,
    resume_clock,
    warn_speaker,
)
from nghitruong.session.floor.actions.journal import add_line, announce, clear_notice
from nghitruong.session.floor.actions.notes import read_note
from nghitruong.session.floor.actions.presence import present_rest, set_presence
from nghitruong.session.floor.actions.roll import close_roll, open_roll
from nghitruong.session.floor.actions.sitting import (
    close_sitting,
    go_to_item,
    hand_over,
    next_item,
    open_sitting,
    resume_sitting,
    set_speech_minutes,
    suspend_sitting,
)
from nghitruong.session.floor.actions.speech import (
    call_off,
    call_speaker,
    drop_request,
    finish_speech,
    give_floor,
    start_speech,
)

__all__ = [
    "add_line",
    "announce",
    "call_off",
    "call_speaker",
    "clear_notice",
    "close_roll",
    "close_sitting",
    "drop_request",
    "extend_speech",
    "finish_speech",
    "give_floor",
    "go_to_item",
    "hand_over",
    "next_item",
    "open_roll",
    "open_sitting",
    "pause_clock",
    "present_rest",
    "read_note",
    "resume_clock",
    "resume_sitting",
    "set_presence",
    "set_speech_minutes",
    "start_speech",
    "suspend_sitting",
    "warn_speaker",
]
