"""Rooms of papers between sessions."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Sequence

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from nghitruong.council.councils.models import Organization, Person
from nghitruong.council.councils.roles import Actor
from nghitruong.council.papers.models import Paper, PaperState
from nghitruong.lib.text import fold, nfc
from nghitruong.platform.audit import api as audit
from nghitruong.platform.errors import Refused
from nghitruong.platform.storage.db import lock_row
from nghitruong.session.submissions import rules
from nghitruong.session.submissions.models import Room, RoomPaper, RoomReader


def _record(act: str, room: Room, by: Actor, **facts: object) -> None:
    payload = {"name": room.name, **facts}
    audit.record(act, **by.audit(), target=room, payload=payload)


def _described(name: str, purpose: str) -> dict[str, str]:
    name = " ".join(nfc(name).split())[:200]
    if not name:
        raise Refused("name_missing", _("Hãy ghi tên phòng tài liệu."), status=422)
    return {
        "name": name,
        "fold": fold(name)[:200],
        "purpose": " ".join(nfc(purpose).split())[:500],
    }


def open_room(
    *,
    name: str,
    purpose: str,
    bodies: Sequence[Organization],
    people: Sequence[Person],
    by: Actor,
) -> Room:
    """Open a room and say who reads in it."""
    rules.may_keep_rooms(by)
    with transaction.atomic():
        room = Room.objects.create(
            council=by.council, opened_by_name=by.name[:200], **_described(name, purpose)
        )
        _set_readers(room, bodies, people)
        _record(
            "submissions.open_room", room, by, bodies=[b.name for b in bodies], people=len(people)
        )
    return room


def edit_room(
    room: Room,
    *,
    name: str,
    purpose: str,
    bodies: Sequence[Organization],
    people: Sequence[Person],
    by: Actor,
) -> Room:
    """Change the name, the purpose or who reads."""
    rules.may_keep_rooms(by)
    with transaction.atomic():
        found: Room = lock_row(Room.objects.filter(pk=room.pk)).get()
        rules.check_room_open(found)
        for field, value in _described(name, purpose).items():
            setattr(found, field, value)
        found.save(update_fields=["name", "fold", "purpose"])
        RoomReader.objects.filter(room=found).delete()
        _set_readers(found, bodies, people)
        _record(
            "submissions.edit_room", found, by, bodies=[b.name for b in bodies], people=len(people)
        )
    return found


def _set_readers(room: Room, bodies: Sequence[Organization], people: Sequence[Person]) -> None:
    readers = [RoomReader(council_id=room.council_id, room=room, body=body) for body in bodies]
    readers += [RoomReader(council_id=room.council_id, room=room, person=one) for one in people]
    RoomReader.objects.bulk_create(readers)


def change_room_papers(
    room: Room, *, by: Actor, more: Sequence[Paper] = (), less: Collection[uuid.UUID] = ()
) -> bool:
    """Take papers out of a room, then put others in, the last in this order; the rest keep their
    place, also those that came since the caller's screen was drawn. Nothing to change is no act:
    False."""
    rules.may_keep_rooms(by)
    with transaction.atomic():
        found: Room = lock_row(Room.objects.filter(pk=room.pk)).get()
        rules.check_room_open(found)
        inside = RoomPaper.objects.filter(room=found).order_by("order", "pk")
        there = dict(inside.values_list("paper_id", "order"))
        gone = {key for key in less if key in there}
        fresh = [paper for paper in dict.fromkeys(more) if paper.pk not in there]
        for paper in fresh:
            if paper.state == PaperState.WITHDRAWN:
                raise Refused(
                    "withdrawn",
                    _("«%(title)s» đã rút nên không đưa vào phòng được.") % {"title": paper.title},
                )
        if not gone and not fresh:
            return False
        inside.filter(paper__in=gone).delete()
        RoomPaper.objects.bulk_create(
            RoomPaper(council_id=found.council_id, room=found, paper=paper, order=order)
            for order, paper in enumerate(fresh, start=max(there.values(), default=0) + 1)
        )
        titles = list(inside.values_list("paper__title", flat=True))
        _record("submissions.set_room_papers", found, by, papers=titles)
    return True


def close_room(room: Room, *, by: Actor) -> Room:
    """Nobody but the office reads in it any more; twice is once."""
    rules.may_keep_rooms(by)
    with transaction.atomic():
        closed = Room.objects.filter(pk=room.pk, closed_at__isnull=True).update(
            closed_at=timezone.now()
        )
        if closed == 1:
            _record("submissions.close_room", room, by)
    room.refresh_from_db()
    return room
