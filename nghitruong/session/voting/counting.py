"""Reading the roll and the votes of a poll, and making its record. Reads only; actions write."""

from __future__ import annotations

import json
from datetime import date, datetime
from typing import Any

from django.utils import timezone

from nghitruong.council.councils.models import Membership, MembershipStatus, OrganizationKind
from nghitruong.council.councils.periods import in_force
from nghitruong.lib.canonical import canonical
from nghitruong.platform.audit.models import Seal
from nghitruong.session.meetings.models import RollEntry
from nghitruong.session.voting.majority import Counts, Outcome, Rule, outcome
from nghitruong.session.voting.models import Poll, Vote
from nghitruong.session.voting.record import FORMAT, count


def roll_rows(poll: Poll, on: date) -> list[dict[str, Any]]:
    """The roll as the record writes it: everybody of the sitting's roll and everybody in office.

    A member who ended since the roll was opened is kept with ``in_office`` false; one who took
    office since is added without presence. Three statements, whatever the number of members.
    """
    office = {
        membership.pk: membership
        for membership in Membership.objects.filter(
            in_force(on),
            organization__kind=OrganizationKind.PLENARY,
            term_id=poll.sitting.session.term_id,
        ).select_related("person", "seat")
    }
    rows = []
    people = set()
    for entry in RollEntry.objects.filter(sitting_id=poll.sitting_id).order_by("sort_key", "pk"):
        membership = office.pop(entry.membership_id, None)
        people.add(entry.person_id)
        rows.append(
            {
                "membership": str(entry.membership_id),
                "name": entry.name,
                "group": entry.group,
                "seat": entry.seat_number,
                "in_office": membership is not None,
                "entitled": entry.entitled
                and membership is not None
                and membership.status == MembershipStatus.ACTIVE,
                "presence": entry.presence,
            }
        )
    for membership in office.values():
        if membership.person_id in people:
            continue  # a second post in the plenary, or a post instead of another: one person
        people.add(membership.person_id)
        rows.append(
            {
                "membership": str(membership.pk),
                "name": membership.person.full_name,
                "group": "",
                "seat": membership.seat.number if membership.seat else None,
                "in_office": True,
                "entitled": membership.status == MembershipStatus.ACTIVE,
                "presence": "unknown",
            }
        )
    return rows


def vote_rows(poll: Poll) -> list[dict[str, Any]]:
    """Every vote, in the order of membership keys, so that the order says nothing about time."""
    return [
        {
            "membership": str(vote.membership_id),
            "name": vote.person.full_name,
            "choice": vote.choice,
            "cast_at": vote.cast_at,
            "receipt": vote.receipt,
            "changes": vote.changes,
            "assisted_by": vote.assisted_by,
            "assisted_reason": vote.assisted_reason,
        }
        for vote in Vote.objects.filter(poll=poll).select_related("person").order_by("membership")
    ]


def make_record(poll: Poll, *, closed_at: datetime) -> tuple[dict[str, Any], Counts, Outcome]:
    """The legal record of a poll at its close, with its counts and outcome."""
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
        "counts": counts.as_dict(),
        "outcome": result.as_dict(),
        "audit": {"position": seal.position, "hash": seal.hash} if seal else None,
    }
    return json.loads(canonical(record)), counts, result


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
