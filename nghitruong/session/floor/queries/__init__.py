"""The only door to what happens in a sitting, and the state of its screens.

``hall_state``, ``chair_state`` and ``person_state`` give whole states: a bounded number of
statements, whatever the number of members, requests or papers. Events carry the same values.
"""

from __future__ import annotations

from nghitruong.session.floor.queries.hall import (
    ACTIVE,
    MOVED,
    NOTICE,
    NOTICE_CLEARED,
    agenda_slice,
    item_slice,
    member_slice,
    news_slice,
    notice_slice,
    presence_counts,
    presence_slice,
    queue_slice,
    sitting_slice,
)
from nghitruong.session.floor.queries.sittings import (
    audiences_of_people,
    by_name,
    items_of,
    journal_of,
    sitting_by_id,
    sitting_for,
)
from nghitruong.session.floor.queries.states import (
    chair_state,
    first_screen,
    hall_state,
    me_slices,
    named_state,
    notes_slice,
    person_state,
)
from nghitruong.session.meetings.queries import may_be_inside, shut

__all__ = [
    "ACTIVE",
    "MOVED",
    "NOTICE",
    "NOTICE_CLEARED",
    "agenda_slice",
    "audiences_of_people",
    "by_name",
    "chair_state",
    "first_screen",
    "hall_state",
    "item_slice",
    "items_of",
    "journal_of",
    "may_be_inside",
    "me_slices",
    "member_slice",
    "named_state",
    "news_slice",
    "notes_slice",
    "notice_slice",
    "person_state",
    "presence_counts",
    "presence_slice",
    "queue_slice",
    "shut",
    "sitting_by_id",
    "sitting_for",
    "sitting_slice",
]
