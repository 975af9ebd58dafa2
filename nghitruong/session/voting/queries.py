"""The only door to polls and votes. The slices of a sitting's screens are computed in
:mod:`.slices` and offered here."""

from __future__ import annotations

import uuid
from typing import Any, Final

from django.db.models import Case, QuerySet, When
from django.http import Http404

from nghitruong.council.councils.models import DutyKind
from nghitruong.council.councils.roles import Actor, Role
from nghitruong.council.papers.models import PaperState, PaperVersion
from nghitruong.session.meetings.models import AgendaItem, Sitting
from nghitruong.session.meetings.queries import sitting_at
from nghitruong.session.voting.counting import in_office
from nghitruong.session.voting.models import Poll, PollState, Vote
from nghitruong.session.voting.rules import runs_polls
from nghitruong.session.voting.slices import (
    Moment,
    live_progress,
    my_votes,
    poll_slice,
    result_slice,
)

__all__ = [
    "COUNT_DUTIES",
    "Moment",
    "counted",
    "hears_count",
    "in_office",
    "live_progress",
    "may_export",
    "my_vote_by_receipt",
    "my_votes",
    "newest_draft",
    "poll_by_id",
    "poll_for",
    "poll_slice",
    "polls_for",
    "result_slice",
    "runs_polls",
    "sees_names",
    "sitting_for",
    "votes_of",
]

# Besides those who preside: who runs the vote, writes the minutes, leads the chair's screen.
COUNT_DUTIES: Final = frozenset(
    {DutyKind.CLERK_VOTING, DutyKind.CLERK_MINUTES, DutyKind.CLERK_SCREEN}
)
_HALL = (Role.DELEGATE, Role.SUSPENDED, Role.CHAIR, Role.CLERK)


def hears_count(actor: Actor) -> bool:
    """Whether the numbers are shown before the announcement, on pages as on the stream ``chair``
    (``floor.queries.audiences_of_people``)."""
    return actor.is_chair or actor.has(*COUNT_DUTIES)


def polls_for(actor: Actor) -> QuerySet[Poll]:
    """Polls this person may know of: all for the chair's people; from their opening for delegates;
    published ones, of public items in public sittings, for everybody else in the hall."""
    polls: QuerySet[Poll] = (
        Poll.objects.select_related("sitting__session", "item", "version__paper", "council")
        .defer("sitting__session__profile")  # the frozen rules are long, the poll has its own
        .order_by("number")
    )
    if hears_count(actor):
        return polls
    if actor.has(*_HALL):
        return polls.exclude(state=PollState.PREPARED)
    if actor.has(Role.SUPPORT, Role.ADMIN):
        return polls.none()
    published = polls.filter(state=PollState.PUBLISHED)
    return published.filter(sitting__closed_doors=False, item__closed_doors=False)


def sitting_for(actor: Actor, address: int, sitting_number: int) -> Sitting:
    """A sitting by its address; 404 when there is none, and behind closed doors for outsiders."""
    return sitting_at(actor, address, sitting_number)


def poll_for(actor: Actor, sitting: Sitting, number: int) -> Poll:
    """A poll by its number in the sitting; 404 for what this person may not know."""
    poll = polls_for(actor).filter(sitting=sitting, number=number).first()
    if poll is None:
        raise Http404
    return poll


def counted(actor: Actor, poll: Poll) -> bool:
    """Whether this person may see the numbers of the poll now."""
    if poll.record is None:
        return False
    return poll.state == PollState.PUBLISHED or hears_count(actor)


def sees_names(actor: Actor) -> bool:
    """Who voted what is for delegates and the secretariat; whether it is published is the council's
    decision (law.md 3.9)."""
    return actor.has(*_HALL)


def may_export(actor: Actor, poll: Poll) -> bool:
    """Exports carry names; of a closed sitting only the chair, and those whose work it is to keep
    the votes and the minutes, have any (L117 Đ5)."""
    if poll.sitting.closed_doors or poll.item.closed_doors:
        return actor.is_chair or actor.has(DutyKind.CLERK_VOTING, DutyKind.CLERK_MINUTES)
    return sees_names(actor)


def votes_of(actor: Actor) -> QuerySet[Vote]:
    """A delegate's own votes, newest first, for «Phiếu của tôi»."""
    return (
        Vote.objects.filter(person_id=actor.id)
        .select_related("poll")
        .only(*(f.name for f in Vote._meta.concrete_fields), "poll__question", "poll__state")
        .order_by("-cast_at", "-pk")
    )


def my_vote_by_receipt(actor: Actor, receipt: str) -> Vote | None:
    """One's own vote by its receipt, however it was typed; never another person's."""
    wanted = "".join(receipt.lower().split()).replace("-", "")
    found: Any = votes_of(actor).filter(receipt=wanted).first() if wanted else None
    return found  # type: ignore[no-any-return]


def newest_draft(item: AgendaItem) -> PaperVersion | None:
    """The newest version of the item's first draft resolution that the delegates have.

    Where they have none of its drafts, one they have not: preparing refuses it and says why. A vote
    without a text is for whoever asks for it, or for an item that has no draft.
    """
    with_delegates = Case(When(paper__state=PaperState.RELEASED, then=0), default=1)
    version: PaperVersion | None = (
        PaperVersion.objects.filter(paper__kind="draft_resolution", paper__item_papers__item=item)
        .order_by(with_delegates, "paper__item_papers__order", "paper_id", "-number")
        .first()
    )
    return version


def poll_by_id(poll_id: uuid.UUID) -> Poll:
    """A poll for an action; 404 when it is not in this council."""
    poll = (
        Poll.objects.select_related(
            "sitting__session__term", "sitting__presiding", "item", "version__paper", "council"
        )
        .filter(pk=poll_id)
        .first()
    )
    if poll is None:
        raise Http404
    return poll
