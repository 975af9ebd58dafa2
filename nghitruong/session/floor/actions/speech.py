"""The chair gives the floor: call, start, finish, take back. One speaks at a time."""

from __future__ import annotations

import uuid
from typing import Any, Final

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from nghitruong.council.councils.roles import Actor
from nghitruong.lib.text import nfc
from nghitruong.platform.errors import Refused
from nghitruong.session.floor import journal, limits, rules, tell
from nghitruong.session.floor.actions.clock import running_speech, seconds_spoken
from nghitruong.session.floor.actions.queue import end_running_speech
from nghitruong.session.floor.models import (
    RequestKind,
    RequestState,
    SpeakerRequest,
    Speech,
    SpeechKind,
)
from nghitruong.session.meetings.models import RollEntry, Sitting
from nghitruong.session.voting.models import Poll, PollState

MISTAKE: Final = 30  # seconds: a call to the wrong person is noticed so soon


def _require_free_floor(sitting: Sitting, *, starting: SpeakerRequest | None = None) -> None:
    """The sitting goes on, no vote runs, nobody speaks and nobody else was called."""
    rules.require_open(sitting)
    if Poll.objects.filter(sitting=sitting, state=PollState.OPEN).exists():
        raise Refused("poll_open", _("Đang biểu quyết. Hãy kết thúc biểu quyết rồi mời phát biểu."))
    speaking = Speech.objects.filter(sitting=sitting, ended_at__isnull=True).first()
    if speaking is not None:
        raise Refused(
            "somebody_speaks",
            _("Đang có người phát biểu: %(name)s. Hãy kết thúc lượt này trước.")
            % {"name": speaking.name},
        )
    called = SpeakerRequest.objects.filter(sitting=sitting, state=RequestState.CALLED)
    if starting is not None:
        called = called.exclude(pk=starting.pk)
    first = called.first()
    if first is not None:
        raise Refused(
            "somebody_called",
            _("Đã mời %(name)s phát biểu. Hãy bắt đầu hoặc hủy lượt mời này trước.")
            % {"name": first.name},
        )


def _require_order(sitting: Sitting, request: SpeakerRequest) -> None:
    """In questioning the order of registration binds (N114/2025 Đ23(2c)).

    Who is not in the room keeps the place and holds up nobody. Questions among questions,
    rebuttals among rebuttals; in the debate the one who asked the question has priority
    (Đ23(2d)). A point of order may be heard at any time.
    """
    if request.kind == RequestKind.ORDER or not limits.is_questioning(
        sitting, sitting.current_item
    ):
        return
    waiting = SpeakerRequest.objects.filter(
        sitting=sitting, state=RequestState.WAITING, kind=request.kind
    ).order_by("position")
    roll = {
        entry.person_id: entry
        for entry in RollEntry.objects.filter(
            sitting=sitting, person_id__in=waiting.order_by().values("person_id")
        )
    }
    first = next((one for one in waiting if not rules.may_not_act(roll.get(one.person_id))), None)
    if first is None or first.pk == request.pk:
        return
    if request.kind == RequestKind.REBUTTAL:
        asked = (
            Speech.objects.filter(
                sitting=sitting, kind=SpeechKind.QUESTION, item=sitting.current_item
            )
            .order_by("-started_at")
            .first()
        )
        if asked is not None and asked.person_id == request.person_id:
            return
    raise Refused(
        "out_of_order",
        _("Phiên chất vấn mời theo thứ tự đăng ký: đến lượt %(name)s (số %(position)d).")
        % {"name": first.name, "position": first.position},
        article=rules.ORDER_ARTICLE,
    )


def _request(sitting: Sitting, request_id: uuid.UUID, *states: str) -> SpeakerRequest:
    found: SpeakerRequest | None = SpeakerRequest.objects.filter(
        sitting=sitting, pk=request_id, state__in=states
    ).first()
    if found is None:
        raise Refused(
            "not_waiting",
            _("Lượt đăng ký này không còn chờ (đã rút, đã mời hoặc đã phát biểu)."),
        )
    return found


def call_speaker(
    sitting: Sitting, request_id: uuid.UUID, *, by: Actor, start: bool = True
) -> SpeakerRequest:
    """Call one who waits; with ``start`` the clock runs at once, else from :func:`start_speech`.

    Two clerks who call different people at once: one succeeds, the other is told who speaks.
    """
    rules.require_lead(by)
    with transaction.atomic():
        sitting = tell.locked(sitting.pk)
        _require_free_floor(sitting)
        request = _request(sitting, request_id, RequestState.WAITING)
        entry = RollEntry.objects.filter(sitting=sitting, person_id=request.person_id).first()
        if rules.may_not_act(entry):
            raise Refused(
                "not_present",
                _("%(name)s không có mặt trong phòng họp. Hãy mời người tiếp theo, hoặc bỏ lượt.")
                % {"name": request.name},
            )
        _require_order(sitting, request)
        SpeakerRequest.objects.filter(pk=request.pk).update(state=RequestState.CALLED)
        request.state = RequestState.CALLED
        journal.record(
            sitting,
            "floor.call_speaker",
            _("Mời %(name)s: %(kind)s.")
            % {"name": request.name, "kind": request.get_kind_display().lower()},
            by=by,
            item=sitting.current_item,
            target=request,
            data={"request": str(request.pk), "position": request.position},
        )
        if start:
            _start(sitting, request, entry, by)
        tell.tell_hall(sitting, tell.queue_changed(sitting), people=[request.person_id])
    return request


def start_speech(sitting: Sitting, request_id: uuid.UUID, *, by: Actor) -> SpeakerRequest:
    """The one who was called is at the rostrum: the clock runs from now."""
    rules.require_lead(by)
    with transaction.atomic():
        sitting = tell.locked(sitting.pk)
        request = _request(sitting, request_id, RequestState.CALLED)
        _require_free_floor(sitting, starting=request)
        entry = RollEntry.objects.filter(sitting=sitting, person_id=request.person_id).first()
        _start(sitting, request, entry, by)
        tell.tell_hall(sitting, tell.queue_changed(sitting), people=[request.person_id])
    return request


def _start(sitting: Sitting, request: SpeakerRequest, entry: RollEntry | None, by: Actor) -> Speech:
    speech: Speech = Speech.objects.create(
        council_id=sitting.council_id,
        sitting=sitting,
        item=sitting.current_item,
        request=request,
        person_id=request.person_id,
        name=request.name,
        title=entry.title if entry else "",
        kind=request.kind,
        limit_seconds=limits.limit_seconds(sitting, sitting.current_item, request.kind),
        started_at=timezone.now(),
    )
    _record_start(sitting, speech, by)
    return speech


def _record_start(sitting: Sitting, speech: Speech, by: Actor) -> None:
    who = f"{speech.name}, {speech.title}" if speech.title else speech.name
    journal.record(
        sitting,
        "floor.start_speech",
        _("%(who)s: %(kind)s.") % {"who": who, "kind": speech.get_kind_display().lower()},
        by=by,
        item=speech.item,
        target=speech,
        data={
            "speech": str(speech.pk),
            "kind": speech.kind,
            "limit_seconds": speech.limit_seconds,
        },
        at=speech.started_at,
    )


def give_floor(
    sitting: Sitting,
    *,
    name: str,
    by: Actor,
    title: str = "",
    kind: str = SpeechKind.PRESENTATION,
    person_id: uuid.UUID | None = None,
    minutes: int | None = None,
) -> Speech:
    """Somebody speaks without having asked: who presents, who answers, a guest."""
    rules.require_lead(by)
    name, title = nfc(name).strip()[:120], nfc(title).strip()[:200]
    if not name:
        raise Refused("name_missing", _("Hãy ghi họ tên người phát biểu."), status=422)
    if kind not in SpeechKind.values:
        raise Refused("unknown_kind", _("Hãy chọn loại phát biểu."), status=422)
    if minutes is not None and not 1 <= minutes <= limits.MOST_MINUTES:
        raise Refused("bad_minutes", _("Hãy chọn từ 1 đến 240 phút."), status=422)
    with transaction.atomic():
        sitting = tell.locked(sitting.pk)
        _require_free_floor(sitting)
        item = sitting.current_item
        speech: Speech = Speech.objects.create(
            council_id=sitting.council_id,
            sitting=sitting,
            item=item,
            person_id=person_id,
            name=name,
            title=title,
            kind=kind,
            limit_seconds=minutes * 60 if minutes else limits.limit_seconds(sitting, item, kind),
            started_at=timezone.now(),
        )
        _record_start(sitting, speech, by)
        tell.tell_hall(sitting, tell.queue_changed(sitting))
    return speech


def finish_speech(sitting: Sitting, speech_id: uuid.UUID, *, by: Actor) -> None:
    """The speaker is done; a second tap is told so and ends nobody else's speech."""
    rules.require_lead(by)
    with transaction.atomic():
        sitting = tell.locked(sitting.pk)
        running_speech(sitting, speech_id)
        people = end_running_speech(sitting, by=by)
        tell.tell_hall(sitting, tell.queue_changed(sitting), people=people)


def call_off(sitting: Sitting, request_id: uuid.UUID, *, by: Actor) -> SpeakerRequest:
    """Take a call back (called by mistake, not at the rostrum): waits again at the old place.

    Where the clock ran for a while the minutes say so: whoever spoke, or was waited for in vain,
    is not left without a trace.
    """
    rules.require_lead(by)
    with transaction.atomic():
        sitting = tell.locked(sitting.pk)
        request = _request(sitting, request_id, RequestState.CALLED)
        running = Speech.objects.filter(request=request, ended_at__isnull=True).first()
        data: dict[str, Any] = {"request": str(request.pk)}
        text = _("Hủy lượt mời %(name)s; đại biểu trở lại hàng chờ.")
        if running is not None:
            ran = seconds_spoken(running, timezone.now())
            if ran > MISTAKE:
                data["after_seconds"] = ran
                text = _(
                    "Hủy lượt mời %(name)s khi đồng hồ đã chạy %(seconds)d giây; đại biểu trở lại "
                    "hàng chờ."
                )
            running.delete()
        SpeakerRequest.objects.filter(pk=request.pk).update(state=RequestState.WAITING)
        request.state = RequestState.WAITING
        journal.record(
            sitting,
            "floor.call_off",
            text % {"name": request.name, "seconds": data.get("after_seconds", 0)},
            by=by,
            item=sitting.current_item,
            target=request,
            data=data,
        )
        tell.tell_hall(sitting, tell.queue_changed(sitting), people=[request.person_id])
    return request


def drop_request(sitting: Sitting, request_id: uuid.UUID, *, by: Actor) -> SpeakerRequest:
    """Take somebody out of the queue who is not there to be called; they may ask again, at the end.

    Not who speaks: that is :func:`finish_speech`.
    """
    rules.require_lead(by)
    with transaction.atomic():
        sitting = tell.locked(sitting.pk)
        request = _request(sitting, request_id, RequestState.WAITING, RequestState.CALLED)
        if Speech.objects.filter(request=request, ended_at__isnull=True).exists():
            raise Refused(
                "somebody_speaks",
                _("Đang có người phát biểu: %(name)s. Hãy kết thúc lượt này trước.")
                % {"name": request.name},
            )
        SpeakerRequest.objects.filter(pk=request.pk).update(state=RequestState.DROPPED)
        request.state = RequestState.DROPPED
        journal.record(
            sitting,
            "floor.drop_request",
            _("Bỏ lượt đăng ký của %(name)s (%(kind)s).")
            % {"name": request.name, "kind": request.get_kind_display().lower()},
            by=by,
            item=sitting.current_item,
            target=request,
            data={"request": str(request.pk), "position": request.position},
        )
        tell.tell_hall(sitting, tell.queue_changed(sitting), people=[request.person_id])
    return request
