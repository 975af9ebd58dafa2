"""Reading the roll and the votes of a poll, and making its record. Reads only; actions write."""

from __future__ import annotations

import uuid
from datetime import date, datetime
from typing import Any

import orjson
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from nghitruong.council.councils.models import Membership, MembershipStatus, OrganizationKind
from nghitruong.council.councils.periods import in_force
from nghitruong.lib.canonical import canonical, sha256_hex
from nghitruong.platform.audit.models import Seal
from nghitruong.session.meetings.models import Presence, RollEntry, Sitting, SittingState
from nghitruong.session.voting.majority import Counts, Outcome, Rule, outcome
from nghitruong.session.voting.models import Poll, Vote
from nghitruong.session.voting.record import FORMAT, changed_since_voting, count


def delegates_of(sitting: Sitting) -> QuerySet[Membership]:
    """Memberships of the council itself in the sitting's term, whenever they hold: with
    ``in_force(day)`` the delegates of a sitting. The total, the roll (floor.actions.roll) and who
    may vote (casting._roll, the same in SQL) all ask this, so that nobody votes who is not counted.
    """
    found: QuerySet[Membership] = Membership.objects.filter(
        organization__kind=OrganizationKind.PLENARY, term_id=sitting.session.term_id
    )
    return found


def in_office(sitting: Sitting, on: date, *, poll: Poll | None = None) -> int:
    """«Tổng số đại biểu đương nhiệm» of a sitting on a day: the one total that the hall, a running
    poll, its record and the minutes name. With ``poll``, as its record will count it: whoever
    voted was in office then, also when the membership ended before the close. One statement.
    """
    holds = in_force(on)
    if sitting.state == SittingState.CLOSED:  # what is over keeps its total, whoever leaves since
        holds |= Q(Exists(_entitled(sitting).filter(membership=OuterRef("pk"))))
    if poll is not None:
        holds |= Q(Exists(Vote.objects.filter(poll=poll, membership=OuterRef("pk"))))
    return delegates_of(sitting).filter(holds).order_by().values("person_id").distinct().count()


def _entitled(sitting: Sitting) -> QuerySet[RollEntry]:
    """Who could act in the sitting: kept in step with the memberships until it was closed."""
    found: QuerySet[RollEntry] = RollEntry.objects.filter(sitting=sitting, entitled=True)
    return found


def names_in_office(sitting: Sitting, on: date) -> dict[uuid.UUID, str]:
    """Those :func:`in_office` counts: person → name, by given name."""
    held = delegates_of(sitting).filter(in_force(on)).order_by("person__sort_key", "person_id")
    names = dict(held.values_list("person_id", "person__full_name"))
    if sitting.state == SittingState.CLOSED:
        names |= dict(_entitled(sitting).values_list("person_id", "name"))
    return names


def present_for(poll: Poll) -> int:
    """«Số đại biểu có mặt» of a running poll as its record will count it: those there now who may
    vote, and those who voted while they were."""
    there = RollEntry.objects.filter(
        sitting_id=poll.sitting_id, entitled=True, presence=Presence.PRESENT
    )
    gone = Vote.objects.filter(poll=poll, presence=Presence.PRESENT).exclude(
        membership__in=there.values("membership")
    )
    return there.count() + gone.count()


def roll_rows(poll: Poll, on: date) -> list[dict[str, Any]]:
    """The roll as the record writes it: everybody of the sitting's roll and everybody in office.

    A member who ended since the roll was opened is kept with ``in_office`` false; one who took
    office since is added without presence. Three statements, whatever the number of members.
    """
    office: dict[uuid.UUID, tuple[uuid.UUID, str, int | None, bool]] = {}
    held = delegates_of(poll.sitting).filter(in_force(on)).order_by("starts_on", "pk")
    seat: int | None
    for key, person, name, seat, status in held.values_list(
        "pk", "person_id", "person__full_name", "seat__number", "status"
    ):  # a second post in the plenary, or a post instead of another: one person
        before = office.get(person, (key, name, seat, True))
        active = before[3] and status == MembershipStatus.ACTIVE
        office[person] = (before[0], name, before[2] or seat, active)
    rows = []
    roll = RollEntry.objects.filter(sitting_id=poll.sitting_id).order_by("sort_key", "pk")
    for key, person, name, group, seat, entitled, presence in roll.values_list(
        "membership_id", "person_id", "name", "group", "seat_number", "entitled", "presence"
    ):
        member = office.pop(person, None)
        rows.append(
            {
                "membership": str(key),
                "name": name,
                "group": group,
                "seat": seat,
                "in_office": member is not None,
                "entitled": entitled and member is not None and member[3],
                "presence": presence,
            }
        )
    for key, name, seat, active in office.values():
        rows.append(
            {
                "membership": str(key),
                "name": name,
                "group": "",
                "seat": seat,
                "in_office": True,
                "entitled": active,
                "presence": "unknown",
            }
        )
    return rows


def vote_rows(poll: Poll) -> list[dict[str, Any]]:
    """Every vote, in the order of membership keys, so that the order says nothing about time."""
    columns = {
        "membership": "membership_id",
        "name": "person__full_name",
        "choice": "choice",
        "cast_at": "cast_at",
        "receipt": "receipt",
        "changes": "changes",
        "assisted_by": "assisted_by",
        "assisted_reason": "assisted_reason",
        "presence": "presence",
    }
    votes = Vote.objects.filter(poll=poll).order_by("membership")
    rows = [
        {**dict(zip(columns, row, strict=True)), "membership": str(row[0])}
        for row in votes.values_list(*columns.values())
    ]
    for row in rows:
        if not row["presence"]:  # cast before votes kept it; nobody else was let through then
            was = Presence.PRESENT if poll.present_only else Presence.UNKNOWN
            row["presence"] = was.value
    return rows


def make_record(poll: Poll, *, closed_at: datetime) -> tuple[dict[str, Any], str, Counts, Outcome]:
    """The legal record of a poll at its close, its SHA-256, its counts and its outcome."""
    rule = Rule.from_dict(poll.rule)
    session = poll.sitting.session
    roll = roll_rows(poll, timezone.localdate(closed_at))
    votes = vote_rows(poll)
    seats = session.term.statutory_seats
    counts = count(roll, votes, seats_by_law=seats, present_only=poll.present_only)
    result = outcome(rule, counts)
    council = poll.council
    seal = Seal.objects.filter(council_id=poll.council_id).order_by("-position").first()
    record = {
        "format": FORMAT,
        "council": {"name": council.name, "slug": council.slug, "level": council.level},
        "session": {"number": session.number, "title": session.title},
        "sitting": {
            "id": poll.sitting_id,
            "number": poll.sitting.number,
            "title": poll.sitting.title,
        },
        "poll": {
            "id": poll.pk,
            "number": poll.number,
            "question": poll.question,
            "item": poll.item.title,
            "repeats": poll.repeats_id,
            "open_basis": poll.open_basis,
            "prepared_at": poll.prepared_at,
            "opened_at": poll.opened_at,
            "closed_at": closed_at,
        },
        "text": _text(poll),
        "rule": rule.as_dict(),
        "electorate": {
            "seats_by_law": seats,
            "present_only": poll.present_only,
            "allow_change": poll.allow_change,
        },
        "roll": roll,
        "votes": votes,
        "changed_since_voting": changed_since_voting(roll, votes),
        "counts": counts.as_dict(),
        "outcome": result.as_dict(),
        "audit": {"position": seal.position, "hash": seal.hash} if seal else None,
    }
    text = canonical(record)
    return orjson.loads(text), sha256_hex(text), counts, result


def _text(poll: Poll) -> dict[str, Any] | None:
    if poll.version is None:
        return None
    paper = poll.version.paper
    return {
        "title": paper.title,
        "number": paper.number,
        "version": poll.version.number,
        "file_name": poll.version.file_name,
        "sha256": poll.text_sha256,
    }


def counts_of(poll: Poll) -> Counts:
    """The frozen counts of a closed poll. Raises ValueError for one that was never counted."""
    if poll.record is None:
        raise ValueError("the poll was not counted")
    return Counts(**poll.record["counts"])


def outcome_of(poll: Poll) -> Outcome:
    """The frozen outcome of a closed poll."""
    if poll.record is None:
        raise ValueError("the poll was not counted")
    return Outcome(**poll.record["outcome"])
