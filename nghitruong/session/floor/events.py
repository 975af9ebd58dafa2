"""What screens of a sitting are told. Each event carries the whole new value of its slice."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

from nghitruong.platform.live.api import LiveEvent
from nghitruong.session.floor.slices import (
    AgendaLine,
    Counts,
    ItemSlice,
    Member,
    MeSlice,
    NoteLine,
    NoticeSlice,
    QueueSlice,
    SittingSlice,
)


@dataclass(frozen=True, kw_only=True)
class SittingChanged(LiveEvent):
    """Opened, suspended, resumed, closed, roll opened or ended, presiding handed over."""

    type: ClassVar[str] = "sitting.changed"
    slice: ClassVar[str] = "sitting"
    sitting: SittingSlice

    def value(self) -> dict[str, Any] | None:
        return dict(self.sitting)


@dataclass(frozen=True, kw_only=True)
class DoorsShut(SittingChanged):
    """The same while the hall is closed to guests and the press: whoever of them still listens is
    cut off before they get this (``registry.set_doors``)."""

    type: ClassVar[str] = "sitting.doors_shut"


@dataclass(frozen=True, kw_only=True)
class ItemChanged(LiveEvent):
    """Another agenda item is current, or the current one has other papers or times."""

    type: ClassVar[str] = "item.changed"
    slice: ClassVar[str] = "item"
    item: ItemSlice | None

    def value(self) -> dict[str, Any] | None:
        return dict(self.item) if self.item else None


@dataclass(frozen=True, kw_only=True)
class AgendaChanged(LiveEvent):
    """An item was added, renamed, moved or taken out; for the audience ``chair``, whose screens go
    from item to item. The delegates' tablets have the current one only."""

    type: ClassVar[str] = "agenda.changed"
    slice: ClassVar[str] = "agenda"
    agenda: list[AgendaLine]

    def value(self) -> Any:
        return self.agenda


@dataclass(frozen=True, kw_only=True)
class PresenceChanged(LiveEvent):
    """Some members came or went; merged into the slice, member by member (None: not there)."""

    type: ClassVar[str] = "presence.changed"
    slice: ClassVar[str] = "presence"
    counts: Counts
    members: dict[str, Member | None]


@dataclass(frozen=True, kw_only=True)
class QueueChanged(LiveEvent):
    """Somebody asked, withdrew, was called, began or ended."""

    type: ClassVar[str] = "queue.changed"
    slice: ClassVar[str] = "queue"
    queue: QueueSlice

    def value(self) -> dict[str, Any] | None:
        return dict(self.queue)


@dataclass(frozen=True, kw_only=True)
class PollShown(LiveEvent):
    """The item moved, so the poll on the screens is another one or none."""

    type: ClassVar[str] = "poll.shown"
    slice: ClassVar[str] = "poll"
    poll: dict[str, Any] | None

    def value(self) -> dict[str, Any] | None:
        return self.poll


@dataclass(frozen=True, kw_only=True)
class ResultShown(LiveEvent):
    """The item moved, so the published result on the screens is cleared (or another's)."""

    type: ClassVar[str] = "result.shown"
    slice: ClassVar[str] = "result"
    result: dict[str, Any] | None

    def value(self) -> dict[str, Any] | None:
        return self.result


@dataclass(frozen=True, kw_only=True)
class AnnulledShown(LiveEvent):
    """The item moved, so what is told of an annulled vote is cleared (or another's)."""

    type: ClassVar[str] = "annulled.shown"
    slice: ClassVar[str] = "annulled"
    annulled: dict[str, Any] | None

    def value(self) -> dict[str, Any] | None:
        return self.annulled


@dataclass(frozen=True, kw_only=True)
class AnnulReasonShown(LiveEvent):
    """The same for its reason: for the audience ``named`` only."""

    type: ClassVar[str] = "annul_reason.shown"
    slice: ClassVar[str] = "annul_reason"
    annul_reason: dict[str, Any] | None

    def value(self) -> dict[str, Any] | None:
        return self.annul_reason


@dataclass(frozen=True, kw_only=True)
class SeatsShown(LiveEvent):
    """The same for who voted what: for the audience ``named`` only."""

    type: ClassVar[str] = "seats.shown"
    slice: ClassVar[str] = "seats"
    seats: dict[str, Any] | None

    def value(self) -> dict[str, Any] | None:
        return self.seats


@dataclass(frozen=True, kw_only=True)
class NoticeChanged(LiveEvent):
    """Words for the hall were put up or taken down."""

    type: ClassVar[str] = "notice.changed"
    slice: ClassVar[str] = "notice"
    notice: NoticeSlice | None

    def value(self) -> dict[str, Any] | None:
        return dict(self.notice) if self.notice else None


@dataclass(frozen=True, kw_only=True)
class NewsChanged(LiveEvent):
    """The sitting began, ended or moved on, so what was news is news no more."""

    type: ClassVar[str] = "news.changed"
    slice: ClassVar[str] = "news"
    news: NoticeSlice | None

    def value(self) -> dict[str, Any] | None:
        return dict(self.news) if self.news else None


@dataclass(frozen=True, kw_only=True)
class NotesChanged(LiveEvent):
    """The chair's private notes; goes to the own streams of those who preside, nobody else's."""

    type: ClassVar[str] = "notes.changed"
    slice: ClassVar[str] = "notes"
    notes: list[NoteLine]

    def value(self) -> Any:
        return self.notes


@dataclass(frozen=True, kw_only=True)
class MeChanged(LiveEvent):
    """My presence, request or vote changed."""

    type: ClassVar[str] = "me.changed"
    slice: ClassVar[str] = "me"
    me: MeSlice

    def value(self) -> dict[str, Any] | None:
        return dict(self.me)
