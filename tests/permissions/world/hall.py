"""The sitting itself: roll, floor, an open poll with a vote in it, minutes."""

from __future__ import annotations

from django.utils import timezone

from nghitruong.session.floor.models import JournalEntry, NoteToChair, SpeakerRequest, Speech
from nghitruong.session.meetings.models import RollEntry
from nghitruong.session.minutes.models import MinutesVersion
from nghitruong.session.voting.models import Poll, Vote
from tests.permissions.world.files import PDF
from tests.permissions.world.ground import Ground, Keys

RULE = {
    "numerator": 1,
    "denominator": 2,
    "strict": True,
    "base": "in_office",
    "label": "quá nửa tổng số đại biểu",
    "article": "Luật 72/2025/QH15 Đ35",
}


def rows(ground: Ground) -> Keys:
    """The delegate is present, has asked to speak, has written to the chair, has voted."""
    sitting = ground.sitting
    minutes = MinutesVersion.objects.create(
        council=ground.council,
        sitting=sitting,
        number=1,
        sha256=ground.version.sha256,
        size=len(PDF),
        made_by_name="Trần Thị Bình",
    )
    return {
        ("", "sitting"): sitting.number,
        ("", "sitting_id"): sitting.pk,
        ("minutes", "version"): minutes.number,
        **_floor(ground),
        **_vote(ground),
    }


def _floor(ground: Ground) -> Keys:
    council, delegate, sitting = ground.council, ground.delegate, ground.sitting
    roll = RollEntry.objects.create(
        council=council,
        sitting=sitting,
        membership=ground.membership,
        person=delegate,
        name=delegate.full_name,
        sort_key=delegate.sort_key,
        presence="present",
    )
    request = SpeakerRequest.objects.create(
        council=council,
        sitting=sitting,
        item=ground.item,
        membership=ground.membership,
        person=delegate,
        name=delegate.full_name,
        position=1,
        requested_at=timezone.now(),
    )
    speech = Speech.objects.create(
        council=council,
        sitting=sitting,
        name="Đại biểu",
        limit_seconds=420,
        started_at=timezone.now(),
    )
    note = NoteToChair.objects.create(
        council=council,
        sitting=sitting,
        person=delegate,
        name=delegate.full_name,
        text="Xin phát biểu trước",
        at=timezone.now(),
    )
    JournalEntry.objects.create(
        council=council,
        sitting=sitting,
        at=timezone.now(),
        kind="note",
        text="Diễn biến",
        by_name="Trần Thị Bình",
    )
    return {
        ("", "roll"): roll.pk,
        ("", "request"): request.pk,
        ("", "speech"): speech.pk,
        ("", "note"): note.pk,
    }


def _vote(ground: Ground) -> Keys:
    poll = Poll.objects.create(
        council=ground.council,
        sitting=ground.sitting,
        item=ground.item,
        number=ground.number + 20,
        question="Đồng chí có tán thành không?",
        rule=RULE,
        state="open",
        opened_at=timezone.now(),
    )
    Vote.objects.create(
        council=ground.council,
        poll=poll,
        membership=ground.membership,
        person=ground.delegate,
        choice="yes",
        cast_at=timezone.now(),
        receipt="R",
    )
    return {("", "poll"): poll.number}
