"""The roll of a sitting: who is on it, and when it is called."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from typing import Final

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from nghitruong.council.councils.models import (
    Membership,
    MembershipStatus,
    OrganizationKind,
)
from nghitruong.council.councils.periods import in_force
from nghitruong.council.councils.roles import CHAIR_POSTS, Actor
from nghitruong.platform.errors import Refused
from nghitruong.platform.storage.db import lock_row
from nghitruong.session.floor import journal, queries, rules, tell
from nghitruong.session.floor.models import JournalEntry, SpeakerRequest
from nghitruong.session.meetings.models import (
    Presence,
    Reply,
    RollEntry,
    Sitting,
    SittingState,
    Summons,
)
from nghitruong.session.voting.counting import delegates_of
from nghitruong.session.voting.models import Poll, PollState

COMMITTEE_POSTS: Final = ("committee_chair", "committee_vice_chair")


def _members_in_office(sitting: Sitting) -> list[RollEntry]:
    """Unsaved roll entries of everybody in office today, with names and titles of this moment.

    Who that is, the total of the hall and of every result says: counting.delegates_of.
    """
    today = timezone.localdate()
    delegates = set(delegates_of(sitting).filter(in_force(today)).values_list("pk", flat=True))
    memberships = list(
        Membership.objects.filter(in_force(today), council_id=sitting.council_id)
        .select_related("person", "organization", "seat")
        .order_by("organization__sort_order", "starts_on", "pk")
    )
    titles: dict[uuid.UUID, str] = {}
    groups: dict[uuid.UUID, str] = {}
    seats: dict[uuid.UUID, Membership] = {}
    for membership in memberships:
        person, kind = membership.person_id, membership.organization.kind
        if membership.post in CHAIR_POSTS:
            titles[person] = membership.post_label
        if membership.pk in delegates:
            if person not in seats or membership.seat_id:
                seats[person] = membership
        elif kind == OrganizationKind.GROUP:
            groups[person] = membership.organization.name
        elif kind == OrganizationKind.COMMITTEE and membership.post in COMMITTEE_POSTS:
            titles.setdefault(person, membership.post_label)
    excused = dict(
        Summons.objects.filter(session=sitting.session, reply=Reply.ABSENT).values_list(
            "person_id", "reason"
        )
    )
    return [
        RollEntry(
            council_id=sitting.council_id,
            sitting=sitting,
            membership=seat,
            person_id=person_id,
            name=seat.person.full_name,
            sort_key=seat.person.sort_key,
            title=(titles.get(person_id) or seat.person.title)[:200],
            group=groups.get(person_id, "")[:120],
            seat_number=seat.seat.number if seat.seat else None,
            seat_label=seat.seat.label if seat.seat else "",
            entitled=seat.status != MembershipStatus.SUSPENDED,
            presence=Presence.EXCUSED if person_id in excused else Presence.UNKNOWN,
            reason=excused.get(person_id, ""),
        )
        for person_id, seat in seats.items()
    ]


def open_roll(sitting: Sitting, *, by: Actor) -> None:
    """Begin the roll call: everybody in office is on it, delegates may check in themselves.

    Opening it again (after a rest) keeps who is present and adds who took office meanwhile.
    A member temporarily suspended is listed but not entitled (L72/2025 Đ38); an absence excused in
    answer to the summons is carried over with its reason.
    """
    rules.require_roll(by)
    with transaction.atomic():
        sitting = tell.locked(sitting.pk)
        if sitting.state == SittingState.CLOSED:
            raise Refused("sitting_closed", _("Phiên họp đã kết thúc, không điểm danh được nữa."))
        if sitting.roll_open:
            raise Refused("roll_already_open", _("Đang điểm danh rồi."))
        known = set(RollEntry.objects.filter(sitting=sitting).values_list("person_id", flat=True))
        refresh_entitled(sitting, by=by, people=sorted(known))
        added = [row for row in _members_in_office(sitting) if row.person_id not in known]
        _stand_who_opened(sitting, added)
        RollEntry.objects.bulk_create(added)
        Sitting.objects.filter(pk=sitting.pk).update(roll_open=True)
        sitting.roll_open = True
        journal.record(
            sitting,
            "floor.open_roll",
            _("Bắt đầu điểm danh: %(number)d đại biểu đương nhiệm.")
            % {"number": len(known) + len(added)},
            by=by,
            in_chairs_name=False,
        )
        tell.tell_hall(
            sitting,
            tell.sitting_changed(sitting),
            *tell.presence_moved(sitting, added),
            people=[row.person_id for row in added],
        )


def _stand_who_opened(sitting: Sitting, added: Sequence[RollEntry]) -> None:
    """Who opened the sitting with their own hand before its roll was called is on it as present."""
    line = JournalEntry.objects.filter(sitting=sitting, kind="floor.open_sitting").last()
    if line is None:
        return
    for row in added:
        if str(row.person_id) == line.data.get("own_hand") and row.entitled:
            row.presence, row.reason = Presence.PRESENT, ""
            row.checked_in_at, row.checked_in_by = line.at, row.name


def refresh_entitled(sitting: Sitting, *, by: Actor, people: Sequence[uuid.UUID]) -> None:
    """The roll follows what the memberships say now: who is suspended or no longer in office may
    not act, who was restored may again (L72/2025 Đ38(1), (2)). Presence stays as entered. Whose
    membership ended and who holds another (ended by mistake, entered again) goes on with that one.

    In the caller's transaction, before it tells anything to screens.
    """
    sitting = tell.locked(sitting.pk)
    today = timezone.localdate()
    wanted = RollEntry.objects.filter(sitting=sitting, person_id__in=people).order_by("pk")
    entries: list[RollEntry] = list(lock_row(wanted))
    held: dict[uuid.UUID, list[Membership]] = {}
    delegates = delegates_of(sitting).filter(in_force(today), person_id__in=people)
    for membership in delegates.select_related("seat").order_by("starts_on", "pk"):
        held.setdefault(membership.person_id, []).append(membership)
    standing = {row.pk: row.status for rows in held.values() for row in rows}
    former = _rebind([entry for entry in entries if entry.membership_id not in standing], held)
    changed = [
        entry
        for entry in entries
        if entry.pk in former
        or entry.entitled != (standing.get(entry.membership_id) == MembershipStatus.ACTIVE)
    ]
    for entry in changed:
        entry.entitled = standing.get(entry.membership_id) == MembershipStatus.ACTIVE
        entry.save(update_fields=["entitled", "membership", "seat_number", "seat_label"])
        words = _("%(name)s thôi làm nhiệm vụ đại biểu, không còn biểu quyết.")
        if entry.entitled:
            words = _("%(name)s được tiếp tục thực hiện nhiệm vụ đại biểu.")
        elif entry.membership_id in standing:
            words = _("%(name)s bị tạm đình chỉ thực hiện nhiệm vụ đại biểu, không biểu quyết.")
        _record_standing(sitting, entry, words % {"name": entry.name}, by)
    if changed:
        tell.tell_hall(
            sitting,
            *tell.presence_moved(sitting, changed, gone=former.values()),
            *([tell.queue_changed(sitting)] if former else []),
            people=[entry.person_id for entry in changed],
        )


def _rebind(
    lapsed: list[RollEntry], held: Mapping[uuid.UUID, list[Membership]]
) -> dict[uuid.UUID, uuid.UUID]:
    """Put entries whose membership ended on another one that the person holds; not saved. Which
    they were on before, by entry.

    Not while a poll is open: a vote is one by membership, the same person would have two. Under
    the sitting's lock none opens meanwhile.
    """
    wanted = [entry for entry in lapsed if entry.person_id in held]
    if not wanted or Poll.objects.filter(sitting=wanted[0].sitting_id, state=PollState.OPEN):
        return {}
    former = {}
    for entry in wanted:
        rows = held[entry.person_id]
        new = next((row for row in rows if row.seat_id), rows[0])
        former[entry.pk] = entry.membership_id
        entry.membership = new
        if new.seat is not None:
            entry.seat_number, entry.seat_label = new.seat.number, new.seat.label
        SpeakerRequest.objects.filter(
            sitting=entry.sitting_id, person=entry.person_id, state__in=queries.ACTIVE
        ).update(membership=new)
    return former


def _record_standing(sitting: Sitting, entry: RollEntry, text: str, by: Actor) -> None:
    """The audit entry always; a line of the journal once the sitting has begun."""
    data = {"member": str(entry.membership_id), "entitled": entry.entitled}
    kind = "floor.standing"
    if sitting.state == SittingState.PLANNED:
        journal.audit_only(sitting, kind, by=by, target=entry, data=data)
        return
    journal.record(sitting, kind, text, by=by, target=entry, data=data, in_chairs_name=False)


def close_roll(sitting: Sitting, *, by: Actor) -> None:
    """End the roll call; who comes later is entered by the clerk."""
    rules.require_roll(by)
    with transaction.atomic():
        sitting = tell.locked(sitting.pk)
        if not sitting.roll_open:
            raise Refused("roll_not_open", _("Chưa bắt đầu điểm danh."))
        Sitting.objects.filter(pk=sitting.pk).update(roll_open=False)
        sitting.roll_open = False
        counts = queries.presence_counts(sitting)
        journal.record(
            sitting,
            "floor.close_roll",
            _("Kết thúc điểm danh: có mặt %(present)d/%(in_office)d đại biểu.")
            % {"present": counts["present"], "in_office": counts["in_office"]},
            by=by,
            data={"counts": dict(counts)},
            in_chairs_name=False,
        )
        tell.tell_hall(sitting, tell.sitting_changed(sitting))
