"""Opening, resting, closing; who presides; which item the hall is at; the one Next button."""

from __future__ import annotations

import uuid
from typing import Any, Literal

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from nghitruong.council.councils.models import Function, Person
from nghitruong.council.councils.queries import functions_of
from nghitruong.council.councils.roles import Actor
from nghitruong.lib.text import nfc
from nghitruong.platform.errors import Refused
from nghitruong.platform.storage import moves
from nghitruong.platform.storage.db import lock_row
from nghitruong.session.floor import flows, journal, queries, rules, tell
from nghitruong.session.floor.actions.arrivals import come_to_open
from nghitruong.session.floor.actions.queue import (
    end_running_speech,
    lapse_requests,
    restore_requests,
)
from nghitruong.session.meetings.chairing import chair_at, chair_people
from nghitruong.session.meetings.flows import SESSION
from nghitruong.session.meetings.models import (
    AgendaItem,
    Session,
    SessionState,
    Sitting,
    SittingState,
)
from nghitruong.session.meetings.rules import check_may_sit
from nghitruong.session.voting.models import Poll, PollState


def _person_now_presiding(sitting: Sitting, by: Actor) -> Person | None:
    """Who was named before; else the chair who opens; for a clerk, the council's chair.

    Never somebody suspended since, and no chair whom the roll has as away: the clerk names who
    presides first. None where the council has nobody who may, and nobody could be named.
    """
    may = chair_people(sitting)
    if sitting.presiding is not None and sitting.presiding_id in may:
        return sitting.presiding
    if by.is_chair:
        return by.person
    chair = chair_at(sitting)
    if chair is None and may:
        raise Refused(
            "nobody_presides",
            _(
                "Chủ tịch HĐND vắng hoặc không điều hành được phiên họp này. "
                "Hãy chọn người điều hành ở «Giao người khác điều hành» trước."
            ),
        )
    return chair


def open_sitting(sitting: Sitting, *, by: Actor, quorum_reason: str = "") -> Sitting:
    """Begin the sitting, and the session with its first one.

    1. Who opens and presides is here, by that very tap, whether or not they checked in before; on a
       roll that is called only later they stand as present from its beginning.
    2. Counts who is present. Under the quorum of the session's rules it is refused unless the
       chair gives a reason to go on, which is recorded (no text in force fixes a quorum of the
       plenary: a warning, not a bar). A council that does not call the roll here counts on paper.
    3. Moves the state; whoever opens presides until handed over.
    """
    rules.require_lead(by)
    quorum_reason = nfc(quorum_reason).strip()[:300]
    with transaction.atomic():
        # The session before the sitting, as who edits the agenda locks them.
        check_may_sit(
            lock_row(Session.objects.defer("profile").filter(pk=sitting.session_id)).get()
        )
        sitting = tell.locked(sitting.pk)
        if sitting.state != SittingState.PLANNED:
            label = SittingState(sitting.state).label
            raise Refused("already_open", _("Phiên họp %(state)s rồi.") % {"state": label})
        presiding = _person_now_presiding(sitting, by)
        counted = Function.ROLL_CALL in functions_of(sitting.council_id)
        own_hand = counted and presiding is not None and presiding == by.person
        with_chair = own_hand and come_to_open(sitting, by.id)
        counts = queries.presence_counts(sitting)
        if counted and not counts["quorum_met"] and not quorum_reason:
            few = _("Mới có %(present)d đại biểu có mặt, cần %(needed)d.")
            if with_chair:  # who is counted here stands on the roll only when the sitting is open
                few = _("Mới có %(present)d đại biểu có mặt, kể cả Chủ tọa, cần %(needed)d.")
            more = _("Hãy điểm danh tiếp, hoặc ghi lý do nếu Chủ tọa quyết định vẫn họp.")
            numbers = {"present": counts["present"], "needed": counts["quorum_needed"]}
            raise Refused("quorum_not_met", f"{few % numbers} {more}")
        moves.move(
            sitting,
            flows.SITTING,
            SittingState.OPEN,
            opened_at=timezone.now(),
            presiding=presiding,
        )
        Session.objects.filter(
            pk=sitting.session_id, state__in=moves.sources(SESSION, SessionState.IN_SESSION)
        ).update(state=SessionState.IN_SESSION)
        text = _("Bắt đầu phiên họp, %(chair)s chủ tọa; có mặt %(present)d/%(in_office)d đại biểu.")
        data: dict[str, Any] = {"counts": dict(counts)}
        if not counted:  # the office counts on paper: nothing is claimed here
            text, data = _("Bắt đầu phiên họp, %(chair)s chủ tọa."), {}
        elif own_hand:
            data["own_hand"] = str(by.id)  # a roll called only later asks for it
        if counted and not counts["quorum_met"]:
            data["quorum_reason"] = quorum_reason
            text += _(" Chủ tọa quyết định họp khi chưa đủ %(needed)d đại biểu: %(reason)s.")
        journal.record(
            sitting,
            "floor.open_sitting",
            text
            % {
                "chair": presiding.full_name if presiding else "",
                "present": counts["present"],
                "in_office": counts["in_office"],
                "needed": counts["quorum_needed"],
                "reason": quorum_reason,
            },
            by=by,
            data=data,
        )
        # News from before the opening is news no more (queries.news_slice).
        tell.tell_hall(sitting, tell.sitting_changed(sitting), tell.news_changed(sitting))
    return sitting


def suspend_sitting(sitting: Sitting, *, by: Actor) -> Sitting:
    """A rest: nobody speaks or votes until it is resumed. A running vote must end first."""
    rules.require_lead(by)
    with transaction.atomic():
        sitting = tell.locked(sitting.pk)
        _refuse_running_poll(sitting)
        now = timezone.now()
        moves.move(sitting, flows.SITTING, SittingState.SUSPENDED, suspended_at=now)
        spoke = end_running_speech(sitting, by=by)
        journal.record(sitting, "floor.suspend_sitting", _("Tạm nghỉ phiên họp."), by=by)
        tell.tell_hall(
            sitting, tell.sitting_changed(sitting), tell.queue_changed(sitting), people=spoke
        )
    return sitting


def resume_sitting(sitting: Sitting, *, by: Actor) -> Sitting:
    """Go on after a rest."""
    rules.require_lead(by)
    with transaction.atomic():
        sitting = tell.locked(sitting.pk)
        if sitting.state != SittingState.SUSPENDED:
            raise Refused("not_suspended", _("Phiên họp không ở trạng thái tạm nghỉ."))
        moves.move(sitting, flows.SITTING, SittingState.OPEN)
        counts = queries.presence_counts(sitting)
        text = _("Tiếp tục phiên họp; có mặt %(present)d/%(in_office)d đại biểu.")
        data: dict[str, Any] = {"counts": dict(counts)}
        if Function.ROLL_CALL not in functions_of(sitting.council_id):
            text, data = _("Tiếp tục phiên họp."), {}
        journal.record(
            sitting,
            "floor.resume_sitting",
            text % {"present": counts["present"], "in_office": counts["in_office"]},
            by=by,
            data=data,
        )
        tell.tell_hall(sitting, tell.sitting_changed(sitting))
    return sitting


def close_sitting(sitting: Sitting, *, by: Actor) -> Sitting:
    """End the sitting. A running or unannounced vote must be finished first; who still waits is
    named in the journal (an overflow of the debate becomes written opinions)."""
    rules.require_lead(by)
    with transaction.atomic():
        sitting = tell.locked(sitting.pk)
        _refuse_running_poll(sitting, unannounced=True)
        now = timezone.now()
        moves.move(sitting, flows.SITTING, SittingState.CLOSED, closed_at=now, roll_open=False)
        spoke = end_running_speech(sitting, by=by)
        waited = lapse_requests(sitting)
        names = ", ".join(request.name for request in waited)
        text = _("Kết thúc phiên họp.")
        if names:
            text += _(" Chưa đến lượt phát biểu: %(names)s.") % {"names": names}
        journal.record(
            sitting,
            "floor.close_sitting",
            text,
            by=by,
            data={"waiting": [request.name for request in waited]},
            at=now,
        )
        tell.tell_hall(
            sitting,
            tell.sitting_changed(sitting),
            tell.queue_changed(sitting),
            tell.notice_changed(sitting),
            tell.news_changed(sitting),
            tell.poll_shown(sitting),  # one that was prepared does not begin any more
            people=[*spoke, *(request.person_id for request in waited)],
        )
    return sitting


def hand_over(sitting: Sitting, person_id: uuid.UUID, *, by: Actor) -> Sitting:
    """Another of those who may preside takes the chair for the next part; recorded."""
    rules.require_lead(by)
    with transaction.atomic():
        sitting = tell.locked(sitting.pk)
        if sitting.state == SittingState.CLOSED:
            raise Refused("sitting_closed", _("Phiên họp đã kết thúc."))
        if person_id not in chair_people(sitting):
            raise Refused(
                "may_not_preside",
                _("Chỉ Chủ tịch, Phó Chủ tịch HĐND hoặc người được giao chủ tọa mới điều hành."),
                article="Luật 72/2025/QH15 Đ32",
                status=422,
            )
        if sitting.presiding_id == person_id:
            return sitting
        # First in the journal, while the one who hands over still presides.
        person = Person.objects.get(pk=person_id)
        journal.record(
            sitting,
            "floor.hand_over",
            _("%(name)s điều hành phiên họp.") % {"name": person.full_name},
            by=by,
            data={
                "from": sitting.presiding.full_name if sitting.presiding else "",
                "to": person.full_name,
            },
        )
        Sitting.objects.filter(pk=sitting.pk).update(presiding=person)
        sitting.presiding = person
        tell.tell_hall(sitting, tell.sitting_changed(sitting))
        tell.tell_presiding(sitting)
    return sitting


def go_to_item(sitting: Sitting, item_id: uuid.UUID, *, by: Actor) -> AgendaItem:
    """Bring another item to every screen.

    A running vote stops it, and a counted one that nobody announced: its result belongs to its
    item, and would come to no screen once the hall is at another. A running speech ends; requests
    of the item that was left wait no more, but wait again if the hall comes back to it; result and
    words for the hall are cleared.
    """
    rules.require_lead(by)
    with transaction.atomic():
        sitting = tell.locked(sitting.pk)
        item = _item_of(sitting, item_id)
        _move_to(sitting, item, by)
    return item


def next_item(
    sitting: Sitting, *, by: Actor, after: uuid.UUID | Literal[""] | None = None
) -> AgendaItem:
    """The Next button: the item after the current one, or the first.

    ``after`` is the item the presser sees as current ("": none yet): a second tap, or the clerk's
    tap beside the chair's, does not skip an item.
    """
    rules.require_lead(by)
    with transaction.atomic():
        sitting = tell.locked(sitting.pk)
        items = queries.items_of(sitting)
        places = [item.pk for item in items]
        here = sitting.current_item_id
        if after is not None and after != here and sitting.current_item is not None:
            return sitting.current_item
        place = places.index(here) + 1 if here in places else 0
        if place >= len(items):
            raise Refused(
                "no_next_item",
                _("Đã hết nội dung của phiên họp. Chủ tọa có thể kết thúc phiên họp."),
            )
        _move_to(sitting, items[place], by)
    return items[place]


def set_speech_minutes(
    sitting: Sitting, item_id: uuid.UUID, minutes: int | None, *, by: Actor
) -> AgendaItem:
    """How long each may speak on this item; None gives it back to the council's rules."""
    rules.require_lead(by)
    if minutes is not None and not 1 <= minutes <= 60:
        raise Refused("bad_minutes", _("Hãy chọn từ 1 đến 60 phút."), status=422)
    with transaction.atomic():
        sitting = tell.locked(sitting.pk)
        item = _item_of(sitting, item_id)
        item.speech_minutes = minutes
        item.save(update_fields=["speech_minutes"])
        text = (
            _("Mỗi lượt phát biểu %(minutes)d phút: %(item)s.")
            % {"minutes": minutes, "item": item.title}
            if minutes
            else _("Thời gian phát biểu theo quy chế: %(item)s.") % {"item": item.title}
        )
        journal.record(
            sitting,
            "floor.set_speech_minutes",
            text,
            by=by,
            item=item,
            data={"minutes": minutes},
        )
        if sitting.current_item_id == item.pk:
            sitting.current_item = item
            tell.tell_hall(sitting, tell.item_changed(sitting))
    return item


def _item_of(sitting: Sitting, item_id: uuid.UUID) -> AgendaItem:
    item: AgendaItem | None = sitting.items.filter(pk=item_id).first()
    if item is None:
        raise Refused(
            "not_in_sitting",
            _(
                "Nội dung này không còn trong phiên họp đang điều hành. Hãy tải lại trang để xem "
                "chương trình mới."
            ),
            status=422,
        )
    return item


def _move_to(sitting: Sitting, item: AgendaItem, by: Actor) -> None:
    rules.require_open(sitting)
    if sitting.current_item_id == item.pk:
        return
    _refuse_running_poll(sitting, unannounced=True)
    spoke = end_running_speech(sitting, by=by)
    left = lapse_requests(sitting)
    Sitting.objects.filter(pk=sitting.pk).update(current_item=item)
    sitting.current_item = item
    back = restore_requests(sitting)
    if queries.notice_slice(sitting):
        journal.line(sitting, queries.NOTICE_CLEARED, _("Thôi chiếu thông báo."), by_name=by.name)
    journal.record(
        sitting,
        queries.MOVED,
        _("Nội dung: %(title)s") % {"title": item.title},
        by=by,
        item=item,
    )
    tell.tell_hall(
        sitting,
        *tell.item_moved(sitting),
        people={*spoke, *(request.person_id for request in [*left, *back])},
    )


def _refuse_running_poll(sitting: Sitting, *, unannounced: bool = False) -> None:
    states = [PollState.OPEN, PollState.CLOSED] if unannounced else [PollState.OPEN]
    poll = Poll.objects.filter(sitting=sitting, state__in=states).first()
    if poll is None:
        return
    if poll.state == PollState.OPEN:
        raise Refused("poll_open", _("Đang biểu quyết. Hãy kết thúc biểu quyết trước."), status=409)
    raise Refused(
        "poll_not_announced",
        _("Kết quả biểu quyết “%(question)s” chưa công bố. Hãy công bố hoặc hủy kết quả trước.")
        % {"question": poll.question},
    )
