"""Reading the roll and the votes of a poll, and making its record. Reads only; actions write."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import orjson
from django.utils import timezone

from nghitruong.council.councils.models import Membership, MembershipStatus, OrganizationKind
from nghitruong.council.councils.periods import in_force
from nghitruong.lib.canonical import canonical, sha256_hex
from nghitruong.platform.audit.models import Seal
from nghitruong.session.meetings.models import Presence, RollEntry
from nghitruong.session.voting.majority import Counts, Outcome, Rule, outcome
from nghitruong.session.voting.models import Poll, Vote
from nghitruong.session.voting.record import FORMAT, changed_since_voting, count


def roll_rows(poll: Poll, on: date) -> list[dict[str, Any]]:
    """The roll as the record writes it: everybody of the sitting's roll and everybody in office.

    A member who ended since the roll was opened is kept with ``in_office`` false; one who took
    office since is added without presence. Three statements, whatever the number of members.
    """
    office = {
        key: (person, name, seat, status == MembershipStatus.ACTIVE)
        for key, person, name, seat, status in Membership.objects.filter(
            in_force(on),
            organization__kind=OrganizationKind.PLENARY,
            term_id=poll.sitting.session.term_id,
        ).values_list("pk", "person_id", "person__full_name", "seat__number", "status")
    }
    rows = []
    people = set()
    roll = RollEntry.objects.filter(sitting_id=poll.sitting_id).order_by("sort_key", "pk")
    for key, person, name, group, seat, entitled, presence in roll.values_list(
        "membership_id", "person_id", "name", "group", "seat_number", "entitled", "presence"
    ):
        member = office.pop(key, None)
        people.add(person)
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
    for key, (person, name, seat, active) in office.items():
        if person in people:
            continue  # a second post in the plenary, or a post instead of another: one person
        people.add(person)
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
            row["presence"] = Presence.PRESENT if poll.present_only else Presence.UNKNOWN
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
