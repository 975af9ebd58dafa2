"""Pages of sessions: preparation, agenda, papers, summons."""

from nghitruong.session.meetings.views.agenda import (
    add_item,
    add_sitting,
    agenda,
    edit_item,
    edit_sitting,
    move_item,
    remove_item,
    remove_sitting,
)
from nghitruong.session.meetings.views.lists import choose_list, list_done, model_sheet
from nghitruong.session.meetings.views.lists import undo as undo_list
from nghitruong.session.meetings.views.lists import write as write_list
from nghitruong.session.meetings.views.papers import add_papers, papers, punctuality
from nghitruong.session.meetings.views.plan import (
    add_task,
    change_task,
    fill_plan,
    move_opening,
    plan,
)
from nghitruong.session.meetings.views.sessions import (
    add_session,
    change_state,
    edit_session,
    session_list,
    session_page,
)
from nghitruong.session.meetings.views.summons import (
    badges_file,
    invite,
    issue,
    list_file,
    my_summons,
    one_file,
    plates_file,
    reply,
    summons,
    summons_file,
)

__all__ = [
    "add_item",
    "add_papers",
    "add_session",
    "add_sitting",
    "add_task",
    "agenda",
    "badges_file",
    "change_state",
    "change_task",
    "choose_list",
    "edit_item",
    "edit_session",
    "edit_sitting",
    "fill_plan",
    "invite",
    "issue",
    "list_done",
    "list_file",
    "model_sheet",
    "move_item",
    "move_opening",
    "my_summons",
    "one_file",
    "papers",
    "plan",
    "plates_file",
    "punctuality",
    "remove_item",
    "remove_sitting",
    "reply",
    "session_list",
    "session_page",
    "summons",
    "summons_file",
    "undo_list",
    "write_list",
]
