"""The shapes of the parts of a screen's state, as every screen of the hall receives them."""

from __future__ import annotations

from typing import Any, TypedDict


class SittingSlice(TypedDict):
    """Slice ``sitting``. ``state`` is a :class:`SittingState`; ``presiding`` a name or empty;
    ``functions`` what the council uses: a part of the screen that is not in it is not shown.
    ``rested_at``: the last break's beginning, or the end; results announced before it are over."""

    id: str
    number: int
    session_number: int
    state: str
    title: str
    session_title: str
    kind: str
    presiding: str
    opened_at: str | None
    rested_at: str | None
    roll_open: bool
    closed_doors: bool
    place: str
    functions: list[str]


class PaperLine(TypedDict):
    """A released paper under the current item, at its newest version."""

    id: str
    kind: str
    title: str
    number: str
    version: int
    version_id: str
    url: str


class ItemSlice(TypedDict):
    """Slice ``item``: the current one. ``order`` and ``total`` count within the sitting."""

    id: str
    order: int
    total: int
    kind: str
    title: str
    presenter: str
    minutes: int
    speech_minutes: int | None
    papers: list[PaperLine]


class Counts(TypedDict):
    """How many are there. ``present`` counts members entitled to act only."""

    seats_by_law: int
    in_office: int
    present: int
    absent: int
    excused: int
    unknown: int
    left: int
    quorum_needed: int
    quorum_met: bool


class Member(TypedDict):
    """A member on the roll; ``sort`` orders by given name."""

    name: str
    title: str
    group: str
    seat_number: int | None
    seat_label: str
    entitled: bool
    presence: str
    sort: str


class PresenceSlice(TypedDict):
    """Slice ``presence`` (merged): an event carries the counts and only the changed members."""

    counts: Counts
    members: dict[str, Member]


class WaitingRow(TypedDict):
    """A request in the queue; ``position`` is its number of registration in the sitting."""

    id: str
    membership_id: str
    person_id: str
    name: str
    group: str
    kind: str
    position: int
    requested_at: str


class Speaker(TypedDict):
    """Who speaks now; the screen's clock runs from ``started_at`` to the limit."""

    speech_id: str
    request_id: str | None
    person_id: str | None
    name: str
    title: str
    group: str
    kind: str
    started_at: str
    limit_seconds: int
    paused_at: str | None
    paused_seconds: int
    warned_at: str | None


class QueueSlice(TypedDict):
    """Slice ``queue``. ``calling`` was called to the rostrum and has not begun."""

    speaker: Speaker | None
    waiting: list[WaitingRow]
    calling: WaitingRow | None


class AgendaLine(TypedDict):
    """One line of slice ``agenda``: where whoever leads the sitting may go to."""

    id: str
    order: int
    title: str
    kind: str


class NoticeSlice(TypedDict):
    """Slices ``notice``, words put up for everybody in the hall, and ``news`` of the session."""

    id: str
    text: str
    at: str


class NoteLine(TypedDict):
    """A private note, for the chair's own screens only."""

    id: str
    name: str
    text: str
    at: str
    read_at: str | None


class MyRequest(TypedDict):
    """My own request: ``waiting`` or ``called``."""

    id: str
    position: int
    kind: str
    state: str


class MeSlice(TypedDict):
    """Slice ``me``: one person in this sitting."""

    membership_id: str | None
    person_id: str
    name: str
    presence: str | None
    entitled: bool
    request: MyRequest | None
    vote: dict[str, Any] | None
