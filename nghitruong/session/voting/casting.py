"""Writing votes, many at once: a few statements per batch, whatever its size, on both engines.

1. Lock the polls' rows in the order of their keys (FOR NO KEY UPDATE; SQLite has one writer).
2. Under the lock read their states, then the roll with the standing of each membership, then the
   votes already there.
3. Judge every ballot in the order of arrival; each has its own refusal. One that says which vote
   it means to replace replaces no other: the order of arrival is not always the order of tapping.
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
    bound_cursor,
    dashed,
    from_sql_time,
    insert_rows,
    overlapping,
    sql_hex,
    sql_in,
    sql_time,
    sql_uuid,
)
from nghitruong.platform.storage.ids import new_key
from nghitruong.session.voting import rules
from nghitruong.session.voting.events import MyVote
from nghitruong.session.voting.models import Choice, Vote


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
    # The receipt of the vote this tap means to replace, "" for none; None: the client does not say.
    seen: str | None = None
    # An earlier tap of this screen was never answered and may still arrive: this one gets a receipt
    # of its own even where the choice is the same, so that the earlier one is known as older.
    anew: bool = False


class Overtaken(Refused):
    """The tap came after a newer choice; ``vote`` is the one that is recorded."""

    def __init__(self, vote: dict[str, Any]) -> None:
        super().__init__(
            "vote_moved",
            _(
                "Phiếu đang ghi nhận: %(choice)s. Lần bấm này gửi khi máy chưa thấy phiếu ấy nên"
                " KHÔNG được ghi. Muốn đổi, hãy chọn lại rồi xác nhận."
            )
            % {"choice": Choice(vote["choice"]).label},
        )
        self.vote = vote


class _Elector(NamedTuple):
    membership: str  # keys here are 32 hexadecimal digits: see storage.db.sql_hex
    name: str
    entitled: bool
    presence: str
    in_office: bool


class _Poll(NamedTuple):
    """What of a poll's row a vote depends on, read under its lock."""

    key: str
    text: str  # the key as UUIDs are written
    sitting: str
    state: str
    present_only: bool
    allow_change: bool
    opened_at: datetime | None


@dataclass(slots=True)
class _Cast:
    """A member's vote as it will be stored."""

    person: str
    choice: str
    cast_at: datetime
    changes: int
    receipt: str
    assisted_by: str
    assisted_reason: str
    presence: str  # as the roll said under this lock; the close judges the vote by it

    def answer(self, poll: str) -> dict[str, Any]:
        """``me.vote``, and what the voter's screen is answered."""
        return {
            "poll_id": poll,
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
        poll_keys = {poll_id: poll_id.hex for poll_id in {ballot.poll_id for ballot in ballots}}
        polls = _lock_polls(poll_keys.values(), council_id)
        people = [ballot.person_id.hex for ballot in ballots]
        electors = _roll({poll.sitting for poll in polls.values()}, set(people))
        votes = _votes(polls, {elector.membership for elector in electors.values()})
        fresh: dict[tuple[str, str], _Cast] = {}
        acts: list[audit.Act] = []
        answers: list[dict[str, Any] | Refused] = []
        told: dict[str, dict[str, Any]] = {}
        secret = secrets.token_bytes(_NONCE * len(ballots))
        for number, (ballot, person) in enumerate(zip(ballots, people, strict=True)):
            poll = polls.get(poll_keys[ballot.poll_id])
            if poll is None or poll.sitting != ballot.sitting_id.hex:
                answers.append(_unknown())
                continue
            elector = electors.get((poll.sitting, person))
            refused = _judge(poll, elector, ballot)
            if refused is not None or elector is None:
                answers.append(refused or _unknown())
                continue
            key = (poll.key, elector.membership)
            before = votes.get(key)
            if before is not None:
                same = _same(before, ballot)
                if same and not (ballot.anew and poll.allow_change):
                    answers.append(before.answer(poll.text))
                    continue
                if not poll.allow_change:
                    answers.append(rules.change_forbidden())
                    continue
                if not same and ballot.seen is not None and ballot.seen != before.receipt:
                    # An older tap that was long on its way, or one from a screen that is behind.
                    answers.append(Overtaken(before.answer(poll.text)))
                    continue
            nonce = secret[_NONCE * number : _NONCE * (number + 1)]
            cast = _cast(poll, elector, ballot, person, before, nonce)
            votes[key] = fresh[key] = cast
            told[person] = cast.answer(poll.text)
            answers.append(told[person])
            acts.append(_act(poll, elector, ballot, person, cast))
        if fresh:
            with overlapping(connections[DEFAULT_DB_ALIAS]):
                live.emit_many(
                    [
                        (live.person_stream(person), MyVote(vote=answer))
                        for person, answer in told.items()
                    ],
                    council_id=council_id,
                )
                _store(fresh, council_id)
                audit.record_many(acts, council_id=council_id)
    return answers


def _unknown() -> Refused:
    return Refused(
        "poll_unknown",
        _("Không có cuộc biểu quyết này trong phiên họp. Hãy tải lại trang."),
        status=404,
    )


def _judge(poll: _Poll, elector: _Elector | None, ballot: Ballot) -> Refused | None:
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


_NONCE = 16  # bytes of a receipt that are never stored: it cannot be guessed from the vote


def _cast(
    poll: _Poll,
    elector: _Elector,
    ballot: Ballot,
    person: str,
    before: _Cast | None,
    nonce: bytes,
) -> _Cast:
    # Arrival is stamped by the receiving process; the poll's own times bound it.
    cast_at = max(ballot.at, poll.opened_at) if poll.opened_at else ballot.at
    text = f"{poll.key}|{elector.membership}|{ballot.choice}|{cast_at.isoformat()}|"
    return _Cast(
        person=person,
        choice=ballot.choice,
        cast_at=cast_at,
        changes=before.changes + 1 if before else 0,
        receipt=hashlib.sha256(text.encode() + nonce).hexdigest()[:12],
        assisted_by=ballot.assisted_by,
        assisted_reason=ballot.assisted_reason,
        presence=elector.presence,
    )


def _act(poll: _Poll, elector: _Elector, ballot: Ballot, person: str, cast: _Cast) -> audit.Act:
    payload: dict[str, Any] = {}
    plain = b""
    if cast.assisted_by:
        payload = {
            "assisted_reason": cast.assisted_reason,
            "changes": cast.changes,
            "choice": cast.choice,
            "membership": dashed(elector.membership),
            "receipt": cast.receipt,
        }
    else:  # canonical as written: keys in order, ASCII, nothing to escape
        plain = (
            f'{{"changes":{cast.changes},"choice":"{cast.choice}",'
            f'"membership":"{dashed(elector.membership)}","receipt":"{cast.receipt}"}}'
        ).encode()
    return audit.Act(
        "voting.cast",
        cast.cast_at,
        actor_id=ballot.assisted_by_id or person,
        actor_name=ballot.assisted_by or elector.name,
        on_behalf=elector.name if ballot.assisted_by else "",
        target_type="voting.poll",
        target_id=poll.key,
        payload=payload,
        plain=plain,
    )


# --- statements ------------------------------------------------------------------------------


def _lock_polls(keys: Collection[str], council_id: uuid.UUID) -> dict[str, _Poll]:
    here = connections[DEFAULT_DB_ALIAS]
    named, listed = sql_in(here, "p.id", keys)
    lock = "" if here.vendor == "sqlite" else " FOR NO KEY UPDATE"
    with bound_cursor(here) as cursor:
        cursor.execute(
            f"SELECT {sql_hex(here, 'p.id')}, {sql_hex(here, 'p.sitting_id')}, p.state,"  # noqa: S608
            " p.present_only, p.allow_change, p.opened_at FROM voting_poll AS p"
            f" WHERE {named} AND p.council_id = %s ORDER BY p.id{lock}",  # our own column names
            [listed, sql_uuid(here, council_id)],
        )
        rows = cursor.fetchall()
    return {
        key: _Poll(
            key,
            dashed(key),
            sitting,
            state,
            bool(present_only),
            bool(allow_change),
            from_sql_time(opened_at) if opened_at else None,
        )
        for key, sitting, state, present_only, allow_change, opened_at in rows
    }


def _roll(sittings: Collection[str], people: Collection[str]) -> dict[tuple[str, str], _Elector]:
    """The roll and today's standing of each membership: rights come from here, never a ticket.

    Who is a delegate of the sitting is what counting.delegates_of says: N has everybody who votes.
    """
    here, today = connections[DEFAULT_DB_ALIAS], timezone.localdate()
    day = here.ops.adapt_datefield_value(today)
    at_sitting, sitting_keys = sql_in(here, "r.sitting_id", sittings)
    of_person, person_keys = sql_in(here, "r.person_id", people)
    keys = ", ".join(
        sql_hex(here, f"r.{column}") for column in ("sitting_id", "person_id", "membership_id")
    )
    with bound_cursor(here) as cursor:
        cursor.execute(
            f"SELECT {keys}, r.name, r.presence,"  # noqa: S608
            " (r.entitled AND m.status = 'active'),"
            " (m.starts_on <= %s AND (m.ends_on IS NULL OR m.ends_on >= %s)"
            " AND m.term_id = e.term_id AND o.kind = 'plenary')"
            " FROM meetings_rollentry AS r JOIN councils_membership AS m ON m.id = r.membership_id"
            " JOIN councils_organization AS o ON o.id = m.organization_id"
            " JOIN meetings_sitting AS s ON s.id = r.sitting_id"
            " JOIN meetings_session AS e ON e.id = s.session_id"
            f" WHERE {at_sitting} AND {of_person}",  # our own column names
            [day, day, sitting_keys, person_keys],
        )
        rows = cursor.fetchall()
    return {
        (sitting, person): _Elector(membership, name, bool(entitled), presence, bool(in_office))
        for sitting, person, membership, name, presence, entitled, in_office in rows
    }


def _votes(polls: Collection[str], members: Collection[str]) -> dict[tuple[str, str], _Cast]:
    here = connections[DEFAULT_DB_ALIAS]
    in_poll, poll_keys = sql_in(here, "v.poll_id", polls)
    of_member, member_keys = sql_in(here, "v.membership_id", members)
    keys = ", ".join(
        sql_hex(here, f"v.{column}") for column in ("poll_id", "membership_id", "person_id")
    )
    with bound_cursor(here) as cursor:
        cursor.execute(
            f"SELECT {keys}, v.choice, v.cast_at, v.changes,"  # noqa: S608
            " v.receipt, v.assisted_by, v.assisted_reason, v.presence FROM voting_vote AS v"
            f" WHERE {in_poll} AND {of_member}",  # our own column names
            [poll_keys, member_keys],
        )
        rows = cursor.fetchall()
    return {
        (row[0], row[1]): _Cast(row[2], row[3], from_sql_time(row[4]), *row[5:]) for row in rows
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
    "presence": "text",
}
_LATEST = (
    "ON CONFLICT (poll_id, membership_id) DO UPDATE SET choice = excluded.choice,"
    " cast_at = excluded.cast_at, changes = excluded.changes, receipt = excluded.receipt,"
    " assisted_by = excluded.assisted_by, assisted_reason = excluded.assisted_reason,"
    " presence = excluded.presence"
)


def _store(fresh: dict[tuple[str, str], _Cast], council_id: uuid.UUID) -> None:
    here = connections[DEFAULT_DB_ALIAS]
    council = council_id.hex
    rows = [
        (
            new_key(),
            council,
            poll,
            membership,
            cast.person,
            cast.choice,
            sql_time(here, cast.cast_at),
            cast.changes,
            cast.receipt,
            cast.assisted_by,
            cast.assisted_reason,
            cast.presence,
        )
        for (poll, membership), cast in sorted(fresh.items(), key=lambda pair: pair[0])
    ]
    insert_rows(here, Vote._meta.db_table, _COLUMNS, rows, suffix=_LATEST)
