"""Writing votes, many at once: a few statements per batch, whatever its size, on both engines.

1. Lock the polls' rows in the order of their keys (FOR NO KEY UPDATE; SQLite has one writer).
2. Under the lock read their states, then the roll with the standing of each membership, then the
   votes already there.
3. Judge every ballot in the order of arrival; each has its own refusal.
4. Write the last choice of each member, one audit row per accepted ballot, one event per person.

A vote in a named poll is no secret, but its choice goes to no log; the audit row carries it because
the chain must show who voted what.
"""

from __future__ import annotations

import hashlib
import secrets
import uuid
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from django.db import DEFAULT_DB_ALIAS, connections, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from nghitruong.platform.audit import api as audit
from nghitruong.platform.errors import Refused
from nghitruong.platform.live import api as live
from nghitruong.platform.storage.db import (
    from_sql_time,
    from_sql_uuid,
    insert_rows,
    lock_row,
    sql_in,
)
from nghitruong.platform.storage.ids import new_id
from nghitruong.session.voting import rules
from nghitruong.session.voting.events import MyVote
from nghitruong.session.voting.models import Poll, Vote


@dataclass(frozen=True, slots=True)
class Ballot:
    """One tap: who, in which poll, what, when it came; ``assisted_*`` when a clerk entered it."""

    poll_id: uuid.UUID
    sitting_id: uuid.UUID
    person_id: uuid.UUID
    choice: Any
    at: datetime
    assisted_by: str = ""
    assisted_by_id: uuid.UUID | None = None
    assisted_reason: str = ""


class _Elector(NamedTuple):
    membership_id: uuid.UUID
    name: str
    entitled: bool
    presence: str
    in_office: bool


@dataclass(slots=True)
class _Cast:
    """A member's vote as it will be stored."""

    person_id: uuid.UUID
    choice: str
    cast_at: datetime
    changes: int
    receipt: str
    assisted_by: str
    assisted_reason: str

    def answer(self, poll_key: str) -> dict[str, Any]:
        """``me.vote``, and what the voter's screen is answered."""
        return {
            "poll_id": poll_key,
            "choice": self.choice,
            "receipt": self.receipt,
            "cast_at": self.cast_at.isoformat(),
            "changes": self.changes,
        }


def cast_votes(
    ballots: Sequence[Ballot], *, council_id: uuid.UUID
) -> list[dict[str, Any] | Refused]:
    """Write ballots of one council in the order given; one answer for each.

    An answer is ``{poll_id, choice, receipt, cast_at, changes}`` or the :class:`Refused` that says
    why not. The same choice tapped twice is one vote: it keeps its receipt and its time.
    """
    with transaction.atomic(savepoint=False):
        polls = _lock_polls({ballot.poll_id for ballot in ballots}, council_id)
        people = {ballot.person_id for ballot in ballots}
        electors = _roll({poll.sitting_id for poll in polls.values()}, people)
        members = {elector.membership_id for elector in electors.values()}
        votes = _votes(set(polls), members)
        fresh: dict[tuple[uuid.UUID, uuid.UUID], _Cast] = {}
        acts: list[audit.Act] = []
        answers: list[dict[str, Any] | Refused] = []
        told: dict[uuid.UUID, dict[str, Any]] = {}
        poll_keys = {pk: str(pk) for pk in polls}
        for ballot in ballots:
            poll = polls.get(ballot.poll_id)
            if poll is None or poll.sitting_id != ballot.sitting_id:
                answers.append(_unknown())
                continue
            elector = electors.get((poll.sitting_id, ballot.person_id))
            refused = _judge(poll, elector, ballot)
            if refused is not None or elector is None:
                answers.append(refused or _unknown())
                continue
            key = (poll.pk, elector.membership_id)
            before = votes.get(key)
            if before is not None and _same(before, ballot):
                answers.append(before.answer(poll_keys[poll.pk]))
                continue
            if before is not None and not poll.allow_change:
                answers.append(rules.change_forbidden())
                continue
            cast = _cast(poll, elector, ballot, before)
            votes[key] = fresh[key] = cast
            told[ballot.person_id] = cast.answer(poll_keys[poll.pk])
            answers.append(told[ballot.person_id])
            acts.append(_act(poll, elector, ballot, cast))
        if fresh:
            _store(fresh, council_id)
            live.emit_many(
                [
                    (live.person_stream(person), MyVote(vote=answer))
                    for person, answer in told.items()
                ],
                council_id=council_id,
            )
            audit.record_many(acts, council_id=council_id)
    return answers


def _unknown() -> Refused:
    return Refused(
        "poll_unknown",
        _("Không có cuộc biểu quyết này trong phiên họp. Hãy tải lại trang."),
        status=404,
    )


def _judge(poll: Poll, elector: _Elector | None, ballot: Ballot) -> Refused | None:
    if elector is None or not elector.in_office:
        return rules.not_on_roll()
    return (
        rules.may_vote(poll.state)
        or rules.known_choice(ballot.choice)
        or rules.may_elect(
            entitled=elector.entitled,
            presence=elector.presence,
            present_only=poll.present_only,
        )
    )


def _same(before: _Cast, ballot: Ballot) -> bool:
    return (
        before.choice == ballot.choice
        and before.assisted_by == ballot.assisted_by
        and before.assisted_reason == ballot.assisted_reason
    )


def _cast(poll: Poll, elector: _Elector, ballot: Ballot, before: _Cast | None) -> _Cast:
    # Arrival is stamped by the receiving process; the poll's own times bound it.
    cast_at = max(ballot.at, poll.opened_at) if poll.opened_at else ballot.at
    nonce = secrets.token_bytes(16)  # never stored: a receipt cannot be guessed from the vote
    text = f"{poll.pk}|{elector.membership_id}|{ballot.choice}|{cast_at.isoformat()}|"
    return _Cast(
        person_id=ballot.person_id,
        choice=ballot.choice,
        cast_at=cast_at,
        changes=before.changes + 1 if before else 0,
        receipt=hashlib.sha256(text.encode() + nonce).hexdigest()[:12],
        assisted_by=ballot.assisted_by,
        assisted_reason=ballot.assisted_reason,
    )


def _act(poll: Poll, elector: _Elector, ballot: Ballot, cast: _Cast) -> audit.Act:
    payload: dict[str, Any] = {}
    plain = b""
    if cast.assisted_by:
        payload = {
            "assisted_reason": cast.assisted_reason,
            "changes": cast.changes,
            "choice": cast.choice,
            "membership": str(elector.membership_id),
            "receipt": cast.receipt,
        }
    else:  # canonical as written: keys in order, ASCII, nothing to escape
        plain = (
            f'{{"changes":{cast.changes},"choice":"{cast.choice}",'
            f'"membership":"{elector.membership_id}","receipt":"{cast.receipt}"}}'
        ).encode()
    return audit.Act(
        "voting.cast",
        cast.cast_at,
        actor_id=ballot.assisted_by_id or ballot.person_id,
        actor_name=ballot.assisted_by or elector.name,
        on_behalf=elector.name if ballot.assisted_by else "",
        target_type="voting.poll",
        target_id=poll.pk,
        payload=payload,
        plain=plain,
    )


# --- statements ------------------------------------------------------------------------------


def _lock_polls(ids: Collection[uuid.UUID], council_id: uuid.UUID) -> dict[uuid.UUID, Poll]:
    polls = lock_row(Poll.objects.filter(pk__in=ids, council_id=council_id).order_by("pk"))
    fields = ("state", "sitting_id", "present_only", "allow_change", "opened_at")
    return {poll.pk: poll for poll in polls.only(*fields)}


def _roll(
    sittings: Collection[uuid.UUID], people: Collection[uuid.UUID]
) -> dict[tuple[uuid.UUID, uuid.UUID], _Elector]:
    """The roll and today's standing of each membership: rights come from here, never a ticket."""
    here, today = connections[DEFAULT_DB_ALIAS], timezone.localdate()
    day = here.ops.adapt_datefield_value(today)
    at_sitting, sitting_keys = sql_in(here, "r.sitting_id", sittings)
    of_person, person_keys = sql_in(here, "r.person_id", people)
    with here.cursor() as cursor:
        cursor.execute(
            "SELECT r.sitting_id, r.person_id, r.membership_id, r.name, r.presence,"  # noqa: S608
            " (r.entitled AND m.status = 'active'),"
            " (m.starts_on <= %s AND (m.ends_on IS NULL OR m.ends_on >= %s))"
            " FROM meetings_rollentry AS r JOIN councils_membership AS m ON m.id = r.membership_id"
            f" WHERE {at_sitting} AND {of_person}",  # our own column names
            [day, day, sitting_keys, person_keys],
        )
        rows = cursor.fetchall()
    places = {sitting: from_sql_uuid(sitting) for sitting in {row[0] for row in rows}}
    return {
        (places[sitting], from_sql_uuid(person)): _Elector(
            from_sql_uuid(membership), name, bool(entitled), presence, bool(in_office)
        )
        for sitting, person, membership, name, presence, entitled, in_office in rows
    }


def _votes(
    polls: Collection[uuid.UUID], members: Collection[uuid.UUID]
) -> dict[tuple[uuid.UUID, uuid.UUID], _Cast]:
    here = connections[DEFAULT_DB_ALIAS]
    in_poll, poll_keys = sql_in(here, "v.poll_id", polls)
    of_member, member_keys = sql_in(here, "v.membership_id", members)
    with here.cursor() as cursor:
        cursor.execute(
            "SELECT v.poll_id, v.membership_id, v.person_id, v.choice, v.cast_at,"  # noqa: S608
            " v.changes,"
            " v.receipt, v.assisted_by, v.assisted_reason FROM voting_vote AS v"
            f" WHERE {in_poll} AND {of_member}",  # our own column names
            [poll_keys, member_keys],
        )
        rows = cursor.fetchall()
    keys = {poll: from_sql_uuid(poll) for poll in {row[0] for row in rows}}
    return {
        (keys[row[0]], from_sql_uuid(row[1])): _Cast(
            from_sql_uuid(row[2]), row[3], from_sql_time(row[4]), *row[5:]
        )
        for row in rows
    }


_COLUMNS = {
    "id": "uuid",
    "council_id": "uuid",
    "poll_id": "uuid",
    "membership_id": "uuid",
    "person_id": "uuid",
    "choice": "text",
    "cast_at": "timestamptz",
    "changes": "int",
    "receipt": "text",
    "assisted_by": "text",
    "assisted_reason": "text",
}
_LATEST = (
    "ON CONFLICT (poll_id, membership_id) DO UPDATE SET choice = excluded.choice,"
    " cast_at = excluded.cast_at, changes = excluded.changes, receipt = excluded.receipt,"
    " assisted_by = excluded.assisted_by, assisted_reason = excluded.assisted_reason"
)


def _store(fresh: dict[tuple[uuid.UUID, uuid.UUID], _Cast], council_id: uuid.UUID) -> None:
    here = connections[DEFAULT_DB_ALIAS]
    adapt, native = here.ops.adapt_datetimefield_value, here.features.has_native_uuid_field

    def key(value: uuid.UUID) -> Any:
        return value if native else value.hex

    council = key(council_id)
    rows = [
        (
            key(new_id()),
            council,
            key(poll_id),
            key(membership_id),
            key(cast.person_id),
            cast.choice,
            adapt(cast.cast_at),
            cast.changes,
            cast.receipt,
            cast.assisted_by,
            cast.assisted_reason,
        )
        for (poll_id, membership_id), cast in sorted(fresh.items(), key=lambda pair: pair[0])
    ]
    insert_rows(here, Vote._meta.db_table, _COLUMNS, rows, suffix=_LATEST)
