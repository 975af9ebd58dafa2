"""What screens are told about sessions. Only actions call these, inside their transaction."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Collection, Sequence
from typing import Final

from nghitruong.council.papers.events import Notice
from nghitruong.council.papers.models import Paper
from nghitruong.platform.live.api import emit_many, sitting_stream
from nghitruong.platform.storage.db import lock_row
from nghitruong.session.meetings.models import (
    AgendaPaper,
    Session,
    SessionNotice,
    Sitting,
    SittingState,
)

# Called with the sittings whose agenda changed: the conduct of sittings re-emits its slices.
AgendaListener = Callable[[Collection[uuid.UUID]], None]
_listeners: list[AgendaListener] = []


def register_agenda_listener(listener: AgendaListener) -> None:
    """Once, from the app that shows the current item on screens."""
    if listener not in _listeners:
        _listeners.append(listener)


def agenda_changed(sitting_ids: Collection[uuid.UUID]) -> None:
    """Items of these sittings were added, changed, moved or removed."""
    if sitting_ids:
        for listener in _listeners:
            listener(sitting_ids)


HOURS_MOVED: Final = "Giờ họp trong chương trình kỳ họp vừa thay đổi; xin xem lại chương trình."
DEADLINES_MOVED: Final = "mọi hạn chuẩn bị đã tính lại."


def forget_hours(session: Session, title: str) -> None:
    """The doors of this sitting are to be closed: news already kept names it and its hours no more,
    only that hours changed. News tells sittings by their titles: what may be of an open one with
    the same title stays."""
    if Sitting.objects.filter(session=session, title=title, closed_doors=False).count() > 1:
        return
    for notice in SessionNotice.objects.filter(session=session, text__contains=title):
        head, mark, tail = notice.text.partition(DEADLINES_MOVED)
        if notice.text.startswith(f"{title} chuyển sang "):
            notice.text = HOURS_MOVED
        elif mark and f" {title}: " in tail:
            notice.text = head + mark
        notice.save(update_fields=["text"])


def tell(session: Session, text: str, *, by_name: str = "") -> SessionNotice:
    """A line of news: kept with the session, and at once on the screens of its sittings.

    The caller holds the session's row: the streams of several sittings are taken here, and of two
    who take several, each could wait for the other. It comes after :func:`agenda_changed`, which
    takes rows of a running vote: whoever ends that vote holds them and waits for the stream.
    """
    notice = SessionNotice(
        council_id=session.council_id, session=session, text=text[:500], by_name=by_name[:200]
    )
    notice.save(force_insert=True)
    sittings = Sitting.objects.filter(session=session).exclude(state=SittingState.CLOSED)
    event = Notice(id=str(notice.pk), text=notice.text, at=notice.at.isoformat())
    streams = [sitting_stream(key, "hall") for key in sittings.values_list("pk", flat=True)]
    if streams:
        emit_many([(stream, event) for stream in streams], council_id=session.council_id)
    return notice


def tell_of_papers(papers: Sequence[Paper], text: str) -> None:
    """News about papers, for the sessions they were sent for or stand on the agenda of; screens
    that show them now are drawn anew, also without news (an empty text).

    News reaches guests and the press: where papers stand only behind closed doors there is none.
    Sessions, then sittings, then their streams are taken, as everywhere.
    """
    keys = [paper.pk for paper in papers]
    under = AgendaPaper.objects.filter(paper__in=keys)
    closed: dict[tuple[uuid.UUID, uuid.UUID], bool] = {}  # by paper and session: all its places
    for paper, where, item, whole in under.values_list(
        "paper", "item__session", "item__closed_doors", "item__sitting__closed_doors"
    ):
        closed[paper, where] = closed.get((paper, where), True) and bool(item or whole)
    for sent in papers:
        if sent.session_id is not None:
            closed.setdefault((sent.pk, sent.session_id), False)
    sessions = {where for (_paper, where), hidden in closed.items() if not hidden}
    sittings = set(under.exclude(item__sitting=None).values_list("item__sitting", flat=True))
    told = list(lock_row(Session.objects.filter(pk__in=sessions).order_by("pk"))) if text else []
    list(lock_row(Sitting.objects.filter(pk__in=sittings).order_by("pk")))
    agenda_changed(sittings)
    for session in told:
        tell(session, text)
