"""The clock of who speaks: more time, stand, run on, remind."""

from __future__ import annotations

import uuid
from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from nghitruong.council.councils.roles import Actor
from nghitruong.platform.errors import Refused
from nghitruong.session.floor import journal, limits, rules, tell
from nghitruong.session.floor.models import Speech
from nghitruong.session.meetings.models import Sitting


def running_speech(sitting: Sitting, speech_id: uuid.UUID) -> Speech:
    """The speech that runs now; refused when it has ended."""
    speech: Speech | None = (
        Speech.objects.filter(sitting=sitting, pk=speech_id, ended_at__isnull=True)
        .select_related("item", "request")
        .first()
    )
    if speech is None:
        raise Refused("speech_ended", _("Lượt phát biểu này đã kết thúc."))
    return speech


def seconds_spoken(speech: Speech, now: datetime) -> int:
    """What the clock shows: while it stands, and as long as it stood, does not count."""
    until = speech.paused_at or now
    return round((until - speech.started_at).total_seconds()) - speech.paused_seconds


def extend_speech(sitting: Sitting, speech_id: uuid.UUID, *, seconds: int, by: Actor) -> Speech:
    """The chair gives more time (at most 30 minutes at once)."""
    rules.require_lead(by)
    if not 1 <= seconds <= 1800:
        raise Refused("bad_minutes", _("Mỗi lần thêm tối đa 30 phút."), status=422)
    with transaction.atomic():
        sitting = tell.locked(sitting.pk)
        speech = running_speech(sitting, speech_id)
        if speech.limit_seconds + seconds > limits.MOST_MINUTES * 60:
            raise Refused(
                "speech_too_long",
                _(
                    "Một lượt phát biểu dài nhất 240 phút. Hãy kết thúc lượt này rồi mời phát biểu "
                    "lượt mới."
                ),
                status=422,
            )
        speech.limit_seconds += seconds
        speech.warned_at = None  # there is time again
        speech.save(update_fields=["limit_seconds", "warned_at"])
        journal.record(
            sitting,
            "floor.extend_speech",
            _("Thêm %(seconds)d giây cho %(name)s.") % {"seconds": seconds, "name": speech.name},
            by=by,
            item=speech.item,
            target=speech,
            data={"speech": str(speech.pk), "limit_seconds": speech.limit_seconds},
        )
        tell.tell_hall(sitting, tell.queue_changed(sitting))
    return speech


def pause_clock(sitting: Sitting, speech_id: uuid.UUID, *, by: Actor) -> Speech:
    """The clock stands: the hall is interrupted, the speaker loses no time."""
    rules.require_lead(by)
    with transaction.atomic():
        sitting = tell.locked(sitting.pk)
        speech = running_speech(sitting, speech_id)
        if speech.paused_at is not None:
            raise Refused("clock_stands", _("Đồng hồ đang dừng rồi."))
        speech.paused_at = timezone.now()
        speech.save(update_fields=["paused_at"])
        _record_clock(sitting, "floor.pause_clock", speech, _("Dừng đồng hồ của %(name)s."), by)
    return speech


def resume_clock(sitting: Sitting, speech_id: uuid.UUID, *, by: Actor) -> Speech:
    """The clock runs on from where it stood."""
    rules.require_lead(by)
    with transaction.atomic():
        sitting = tell.locked(sitting.pk)
        speech = running_speech(sitting, speech_id)
        if speech.paused_at is None:
            raise Refused("clock_runs", _("Đồng hồ đang chạy."))
        speech.paused_seconds += round((timezone.now() - speech.paused_at).total_seconds())
        speech.paused_at = None
        speech.save(update_fields=["paused_at", "paused_seconds"])
        text = _("Chạy tiếp đồng hồ của %(name)s.")
        _record_clock(sitting, "floor.resume_clock", speech, text, by)
    return speech


def warn_speaker(sitting: Sitting, speech_id: uuid.UUID, *, by: Actor) -> Speech:
    """The chair reminds the speaker of the time: their own screen and the hall's say so."""
    rules.require_lead(by)
    with transaction.atomic():
        sitting = tell.locked(sitting.pk)
        speech = running_speech(sitting, speech_id)
        speech.warned_at = timezone.now()
        speech.save(update_fields=["warned_at"])
        text = _("Nhắc %(name)s về thời gian phát biểu.")
        _record_clock(sitting, "floor.warn_speaker", speech, text, by)
    return speech


def _record_clock(sitting: Sitting, kind: str, speech: Speech, text: str, by: Actor) -> None:
    journal.record(
        sitting,
        kind,
        text % {"name": speech.name},
        by=by,
        item=speech.item,
        target=speech,
        data={"speech": str(speech.pk), "paused_seconds": speech.paused_seconds},
    )
    tell.tell_hall(sitting, tell.queue_changed(sitting))
