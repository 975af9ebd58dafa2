"""Lists from a spreadsheet for a session: its agenda, its guests. Preview, correct, write, undo."""

from __future__ import annotations

from typing import Final

from nghitruong.session.meetings.importers.agenda import AgendaList
from nghitruong.session.meetings.importers.guests import GuestList
from nghitruong.session.meetings.importers.lists import SessionList

LISTS: Final[dict[str, SessionList]] = {
    "chuong-trinh": AgendaList(),
    "khach-moi": GuestList(),
}

__all__ = ["LISTS", "SessionList"]
