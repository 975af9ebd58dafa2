"""What the screens of a sitting know about its polls: plain functions, one per slice.

The live process computes them once per version and shares them; the events of :mod:`.actions` carry
the very same values, so a stale screen plus the events equals a fresh screen.
"""

from __future__ import annotations

import uuid
from collections.abc import Collection
from functools import cached_property
from typing import Any

from django.db.models import Count, Max, Q, QuerySet
from django.urls import NoReverseMatch, reverse
from django.utils import timezone

from nghitruong.session.meetings.models import RollEntry, Sitting, SittingState
from nghitruong.session.voting.counting import counts_of, in_office, outcome_of, present_for
from nghitruong.session.voting.majority import Rule, missing
from nghitruong.session.voting.models import Choice, Poll, PollState, Vote
from nghitruong.session.voting.record import absent, not_there
from nghitruong.session.voting.sentence import is_whole, reading

OPTIONS = [{"code": choice.value, "label": choice.label} for choice in Choice]


class Moment:
    """The polls a sitting's screens are about now, and every slice they make.

    ``current`` is the poll of the moment: the open one, else the counted one that waits for its
    announcement, else the one prepared for the current item. ``last`` is the one opened last: its
    result, once published, stays until another poll or another item begins, and so does the word
    that it was annulled: whoever voted must learn that the vote does not count. One light statement
    finds them, one loads them; ``known`` is a poll at hand that need not be loaded again, and
    ``sitting`` the sitting as it stands now.
    """

    def __init__(
        self, sitting_id: uuid.UUID, *, known: Poll | None = None, sitting: Sitting | None = None
    ) -> None:
        if sitting is None:
            sitting = Sitting.objects.only("current_item", "state").filter(pk=sitting_id).first()
        self.item: uuid.UUID | None = sitting.current_item_id if sitting else None
        over = sitting is not None and sitting.state == SittingState.CLOSED
        polls = list(
            Poll.objects.filter(sitting_id=sitting_id)
            .order_by("number")
            .values_list("pk", "state", "item_id", "opened_at")
        )
        found: uuid.UUID | None = None
        for state in (PollState.OPEN, PollState.CLOSED):
            if found is None:
                found = next((pk for pk, is_in, *_ in reversed(polls) if is_in == state), None)
        if found is None and self.item is not None and not over:  # afterwards none begins
            prepared = (
                pk
                for pk, is_in, item, _ in polls
                if (is_in, item) == (PollState.PREPARED, self.item)
            )
            found = next(prepared, None)
        opened = [(at, pk, is_in, item) for pk, is_in, item, at in polls if at is not None]
        last: uuid.UUID | None = None
        ended: PollState | str = ""
        if opened:
            _, pk, is_in, item = max(opened)
            over_with = is_in in (PollState.PUBLISHED, PollState.ANNULLED)
            if over_with and self.item in (None, item):
                last, ended = pk, is_in
        wanted = {pk for pk in (found, last) if pk is not None}
        loaded = {known.pk: known} if known is not None and known.pk in wanted else {}
        if wanted - loaded.keys():
            loaded |= {poll.pk: poll for poll in _polls(wanted - loaded.keys())}
        self.current = loaded[found] if found else None
        self.published = loaded[last] if last and ended == PollState.PUBLISHED else None
        self._annulled = loaded[last] if last and ended == PollState.ANNULLED else None

    @cached_property
    def _electors(self) -> int:
        assert self.current is not None  # noqa: S101  # the callers looked
        return _electors_shown(self.current)

    @property
    def poll(self) -> dict[str, Any] | None:
        """Hall ``poll``."""
        return poll_value(self.current, electors=self._electors) if self.current else None

    @property
    def result(self) -> dict[str, Any] | None:
        """Hall ``result``: the last published poll of the current item, in numbers."""
        return _numbers(self.published) if self.published else None

    @property
    def annulled(self) -> dict[str, Any] | None:
        """Hall ``annulled``: the vote opened last at the current item, which does not count."""
        if self._annulled is None:
            return None
        return {
            "poll_id": str(self._annulled.pk),
            "number": self._annulled.number,
            "question": self._annulled.question,
        }

    @property
    def annul_reason(self) -> dict[str, Any] | None:
        """Named ``annul_reason``: why it does not count, for those who may open its page."""
        if self._annulled is None:
            return None
        return {"poll_id": str(self._annulled.pk), "reason": self._annulled.annul_reason}

    @property
    def seats(self) -> dict[str, Any] | None:
        """Named ``seats``: who voted what in that poll."""
        if self.published is None:
            return None
        return {"poll_id": str(self.published.pk), "seats": seats_value(self.published)}

    @property
    def outcome(self) -> dict[str, Any] | None:
        """Chair ``outcome``: counted, not yet announced."""
        if self.current is None or self.current.state != PollState.CLOSED:
            return None
        return result_value(self.current)

    @cached_property
    def tally(self) -> dict[str, Any] | None:
        """Chair ``tally``: the running count and «còn thiếu 3 phiếu»; None: nothing is counted."""
        if self.current is None or self.current.state == PollState.PREPARED:
            return None
        return _tally_value(self.current, self._electors)

    @property
    def progress(self) -> dict[str, Any] | None:
        """Hall ``progress``: how many have voted, never how."""
        if self.tally is None:
            return None
        return {key: self.tally[key] for key in ("poll_id", "cast", "electors")}


def _polls(keys: Collection[uuid.UUID]) -> QuerySet[Poll]:
    return (
        Poll.objects.filter(pk__in=keys)
        .select_related("version__paper", "sitting__session__term", "council")
        .defer("sitting__session__profile")  # a hundred rules, none of them needed here
    )


def electors(poll: Poll) -> int:
    """How many may vote now."""
    roll = RollEntry.objects.filter(sitting_id=poll.sitting_id, entitled=True)
    return roll.filter(presence="present").count() if poll.present_only else roll.count()


def _electors_shown(poll: Poll) -> int:
    if poll.record is None:
        return electors(poll)
    counts = counts_of(poll)
    return counts.cast + counts.not_voting


def poll_value(poll: Poll, *, electors: int | None = None) -> dict[str, Any]:
    """The slice ``poll`` of one poll; ``electors`` when they were counted already."""
    rule = Rule.from_dict(poll.rule)
    version = None
    if poll.version is not None:
        version = {
            "id": str(poll.version_id),
            "number": poll.version.number,
            "paper_id": str(poll.version.paper_id),
            "title": poll.version.paper.title,
            "url": _paper_url(poll),
        }
    return {
        "id": str(poll.pk),
        "number": poll.number,
        "question": poll.question,
        "item_id": str(poll.item_id),
        "state": poll.state,
        "options": OPTIONS,
        "rule": {"label": rule.label, "article": rule.article},
        "version": version,
        "text_sha256": poll.text_sha256,
        "opened_at": _iso(poll.opened_at),
        "closed_at": _iso(poll.closed_at),
        "electors": _electors_shown(poll) if electors is None else electors,
        "present_only": poll.present_only,
        "allow_change": poll.allow_change,
    }


def _paper_url(poll: Poll) -> str:
    assert poll.version is not None  # noqa: S101  # the caller looked
    try:
        return reverse("papers:paper", args=[poll.council.slug, poll.version.paper_id])
    except NoReverseMatch:  # a council without the function «Tài liệu»
        return ""


def _iso(moment: Any) -> str | None:
    return moment.isoformat() if moment else None


def poll_slice(sitting_id: uuid.UUID) -> dict[str, Any] | None:
    """Hall ``poll``."""
    return Moment(sitting_id).poll


def result_value(poll: Poll) -> dict[str, Any]:
    """The slice ``outcome``: the numbers and every seat."""
    return {**_numbers(poll), "seats": seats_value(poll)}


def _numbers(poll: Poll) -> dict[str, Any]:
    assert poll.record is not None  # noqa: S101  # a CHECK constraint says so
    rule, counts, result = Rule.from_dict(poll.rule), counts_of(poll), outcome_of(poll)
    away, suspended = not_there(poll.record)
    return {
        "poll_id": str(poll.pk),
        "number": poll.number,
        "question": poll.question,
        "counts": counts.as_dict(),
        "absent": away,
        "suspended": suspended,
        "base": result.base_total,
        "base_name": result.base,
        "total": counts.total(rule),
        "total_name": rule.total,
        "needed": result.needed,
        "passed": result.passed,
        "rule": {"label": rule.label, "article": rule.article},
        "sentence": sentence_of(poll),
        "published_at": _iso(poll.published_at),
        "record_sha256": poll.record_sha256,
    }


def seats_value(poll: Poll) -> list[dict[str, Any]]:
    """Every member in office with the choice of each: for those who may know it."""
    assert poll.record is not None  # noqa: S101  # a CHECK constraint says so
    chosen = {vote["membership"]: vote["choice"] for vote in poll.record["votes"]}
    seats = [
        {
            "seat_number": row["seat"],
            "name": row["name"],
            "group": row["group"],
            "choice": chosen.get(row["membership"]),
            "presence": row["presence"],
            "absent": absent(row, present_only=poll.present_only),
            "entitled": row["entitled"],
        }
        for row in poll.record["roll"]
        if row["in_office"] or row["membership"] in chosen
    ]
    seats.sort(key=lambda seat: (seat["seat_number"] is None, seat["seat_number"] or 0))
    return seats


def sentence_of(poll: Poll) -> str:
    """What the chair reads out."""
    subject = "Nội dung này"
    assert poll.record is not None  # noqa: S101  # a CHECK constraint says so
    paper = poll.version.paper if poll.version is not None else None
    titles = [poll.record["poll"]["item"], paper.title if paper is not None else ""]
    draft = paper is not None and paper.kind == "draft_resolution"
    if draft and is_whole(poll.question, *titles):
        subject = "Nghị quyết"
    return reading(
        Rule.from_dict(poll.rule),
        counts_of(poll),
        outcome_of(poll),
        subject=subject,
        present_only=poll.present_only,
    )


def result_slice(sitting_id: uuid.UUID) -> dict[str, Any] | None:
    """Hall ``result``: the last published poll of the current item, until another poll begins."""
    return Moment(sitting_id).result


def outcome_slice(sitting_id: uuid.UUID) -> dict[str, Any] | None:
    """Chair ``outcome``: counted, not yet announced."""
    return Moment(sitting_id).outcome


def _tally_value(poll: Poll, electors: int) -> dict[str, Any]:
    if poll.record is not None:
        counts = counts_of(poll)
        yes, no, abstain = counts.yes, counts.no, counts.abstain
        total = outcome_of(poll).base_total
    else:
        numbers = Vote.objects.filter(poll_id=poll.pk).aggregate(
            **{choice.value: Count("pk", filter=Q(choice=choice.value)) for choice in Choice}
        )
        yes, no, abstain = numbers["yes"], numbers["no"], numbers["abstain"]
        total = base_total(poll)
    rule = Rule.from_dict(poll.rule)
    return {
        "poll_id": str(poll.pk),
        "yes": yes,
        "no": no,
        "abstain": abstain,
        "cast": yes + no + abstain,
        "electors": electors,
        "needed": rule.needed(total),
        "missing": missing(rule, total, yes),
    }


def base_total(poll: Poll) -> int:
    """The total the rule is taken of, as it stands while the poll is open (frozen at its close)."""
    base = Rule.from_dict(poll.rule).base
    if base == "seats_by_law":
        return int(poll.sitting.session.term.statutory_seats)
    if base == "present":
        return present_for(poll)
    return in_office(poll.sitting, timezone.localdate(), poll=poll)


def tally(sitting_id: uuid.UUID) -> dict[str, Any] | None:
    """Chair ``tally``: the running count and «còn thiếu 3 phiếu»; None when nothing is counted."""
    return Moment(sitting_id).tally


def progress(sitting_id: uuid.UUID) -> dict[str, Any] | None:
    """Hall ``progress``: how many have voted, never how."""
    return Moment(sitting_id).progress


def live_progress(sitting_id: uuid.UUID) -> dict[str, dict[str, Any]]:
    """What the live process pushes while a poll runs, ≤ 20 times a second."""
    now = Moment(sitting_id)
    return {"hall": {"progress": now.progress}, "chair": {"tally": now.tally}}


def vote_value(vote: Vote) -> dict[str, Any]:
    """``me.vote``."""
    return {
        "poll_id": str(vote.poll_id),
        "choice": vote.choice,
        "receipt": vote.receipt,
        "cast_at": vote.cast_at.isoformat(),
        "changes": vote.changes,
    }


def my_votes(
    sitting_id: uuid.UUID, person_ids: Collection[uuid.UUID]
) -> dict[uuid.UUID, dict[str, Any]]:
    """``me.vote`` of each person who voted: their last vote in this sitting, in whichever poll.

    A screen compares its ``poll_id`` with the running poll. Two statements for any number.
    """
    votes = Vote.objects.filter(poll__sitting_id=sitting_id, person_id__in=list(person_ids))
    last = dict(votes.values_list("person_id").annotate(Max("cast_at")).order_by())
    values: dict[uuid.UUID, dict[str, Any]] = {}
    for vote in votes.filter(cast_at__in=set(last.values())).order_by("poll__number"):
        if vote.cast_at == last[vote.person_id]:
            values[vote.person_id] = vote_value(vote)
    return values
