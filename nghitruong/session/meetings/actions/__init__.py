"""The office's writers: sessions, plan, agenda, planned sittings, summons."""

from nghitruong.session.meetings.actions.agenda import (
    add_item,
    change_item_papers,
    edit_item,
    move_item,
    register_attaching,
    remove_item,
)
from nghitruong.session.meetings.actions.opening import (
    Circulation,
    Late,
    Shift,
    becoming_late,
    move_opening,
    register_circulation,
    shifts,
)
from nghitruong.session.meetings.actions.planned import (
    add_sitting,
    edit_sitting,
    remove_sitting,
)
from nghitruong.session.meetings.actions.sessions import (
    add_task,
    create_session,
    edit_session,
    fill_plan,
    move_session,
    set_task_due,
    tick_task,
    untick_task,
    write_plan,
)
from nghitruong.session.meetings.actions.summons import invite, issue_summons, reply

__all__ = [
    "Circulation",
    "Late",
    "Shift",
    "add_item",
    "add_sitting",
    "add_task",
    "becoming_late",
    "change_item_papers",
    "create_session",
    "edit_item",
    "edit_session",
    "edit_sitting",
    "fill_plan",
    "invite",
    "issue_summons",
    "move_item",
    "move_opening",
    "move_session",
    "register_attaching",
    "register_circulation",
    "remove_item",
    "remove_sitting",
    "reply",
    "set_task_due",
    "shifts",
    "tick_task",
    "untick_task",
    "write_plan",
]
