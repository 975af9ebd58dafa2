"""What screens are told about a poll. The value of each is a whole slice of the screen's state."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

from nghitruong.platform.live.api import LiveEvent


@dataclass(frozen=True, kw_only=True)
class PollChanged(LiveEvent):
    """The poll that the hall sees now; None: none."""

    type: ClassVar[str] = "voting.poll"
    slice: ClassVar[str] = "poll"
    poll: dict[str, Any] | None

    def value(self) -> dict[str, Any] | None:
        """The slice ``poll``."""
        return self.poll


@dataclass(frozen=True, kw_only=True)
class ResultChanged(LiveEvent):
    """A published result in numbers, shown until the next poll or item begins; None: no longer."""

    type: ClassVar[str] = "voting.result"
    slice: ClassVar[str] = "result"
    result: dict[str, Any] | None

    def value(self) -> dict[str, Any] | None:
        """The slice ``result``."""
        return self.result


@dataclass(frozen=True, kw_only=True)
class AnnulledChanged(LiveEvent):
    """The vote opened last was annulled, told until the next poll or item begins; None: it was not,
    or no longer."""

    type: ClassVar[str] = "voting.annulled"
    slice: ClassVar[str] = "annulled"
    annulled: dict[str, Any] | None

    def value(self) -> dict[str, Any] | None:
        """The slice ``annulled``."""
        return self.annulled


@dataclass(frozen=True, kw_only=True)
class AnnulReasonChanged(LiveEvent):
    """Why: for the audience ``named`` only, who may open the page of an annulled poll."""

    type: ClassVar[str] = "voting.annul_reason"
    slice: ClassVar[str] = "annul_reason"
    annul_reason: dict[str, Any] | None

    def value(self) -> dict[str, Any] | None:
        """The slice ``annul_reason``."""
        return self.annul_reason


@dataclass(frozen=True, kw_only=True)
class SeatsChanged(LiveEvent):
    """Who voted what in the published poll: for the audience ``named`` only."""

    type: ClassVar[str] = "voting.seats"
    slice: ClassVar[str] = "seats"
    seats: dict[str, Any] | None

    def value(self) -> dict[str, Any] | None:
        """The slice ``seats``."""
        return self.seats


@dataclass(frozen=True, kw_only=True)
class OutcomeChanged(LiveEvent):
    """The counted result before its announcement: for the chair's people only."""

    type: ClassVar[str] = "voting.outcome"
    slice: ClassVar[str] = "outcome"
    outcome: dict[str, Any] | None

    def value(self) -> dict[str, Any] | None:
        """The slice ``outcome``."""
        return self.outcome


@dataclass(frozen=True, kw_only=True)
class TallyChanged(LiveEvent):
    """The tally at opening, close and announcement; in between it is transient progress."""

    type: ClassVar[str] = "voting.tally"
    slice: ClassVar[str] = "tally"
    tally: dict[str, Any] | None

    def value(self) -> dict[str, Any] | None:
        """The slice ``tally``."""
        return self.tally


@dataclass(frozen=True, kw_only=True)
class ProgressChanged(LiveEvent):
    """How many have voted, at opening and close; in between it is transient."""

    type: ClassVar[str] = "voting.progress"
    slice: ClassVar[str] = "progress"
    progress: dict[str, Any] | None

    def value(self) -> dict[str, Any] | None:
        """The slice ``progress``."""
        return self.progress


@dataclass(frozen=True, kw_only=True)
class MyVote(LiveEvent):
    """A person's own recorded vote; merges into the slice ``me``."""

    type: ClassVar[str] = "voting.my_vote"
    slice: ClassVar[str] = "me"
    vote: dict[str, Any] | None

    def value(self) -> dict[str, Any]:
        """The part of ``me`` that changed."""
        return {"vote": self.vote}
