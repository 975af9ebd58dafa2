"""The way of a paper that was asked for, as a table: who holds it, where it goes, who sees it.

A council's way is this table without the stops its rules leave out (``submission.forwarding``,
frozen on the session, then on the ask): configuration, not code.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

from django.utils.translation import gettext_noop

from nghitruong.council.councils.models import OrganizationKind
from nghitruong.platform.storage.moves import Flow, State
from nghitruong.session.submissions.models import Ask, StepKind
from nghitruong.session.submissions.models import AskState as S

BASIS: Final = "Điều 12 Quy chế làm việc mẫu (Nghị quyết 104/2025/UBTVQH15)"
FORWARDING_RULE: Final = "submission.forwarding"
# Whose papers the Office of the People's Committee sends; the council's own bodies, the Front and
# the courts send theirs themselves.
UNDER_THE_COMMITTEE: Final = frozenset({OrganizationKind.EXECUTIVE, OrganizationKind.AGENCY})


class Party(StrEnum):
    """Whom a stop belongs to, or who may see it."""

    BODY = "body"  # the people of the body that was asked
    FORWARDER = "forwarder"  # on duty at the Office of the People's Committee
    OFFICE = "office"  # the council's clerks and administrators, the chair
    COMMITTEE = "committee"  # members of the Bans, which verify
    HEAD = "head"  # the head of the office, or the chair
    READERS = "readers"  # delegates, once the paper is released


@dataclass(frozen=True)
class Stop:
    """One stop: who acts there, what sending on from it is called, who sees the paper's text."""

    state: str
    holder: Party
    step: StepKind
    act: str
    sees: frozenset[Party]
    only_forwarded: bool = False


_BODY, _WAY = frozenset({Party.BODY}), frozenset({Party.BODY, Party.FORWARDER})
WAY: Final = (
    Stop(S.PREPARING, Party.BODY, StepKind.SEND, gettext_noop("Gửi đi"), _BODY),
    Stop(
        S.FORWARDING,
        Party.FORWARDER,
        StepKind.FORWARD,
        gettext_noop("Chuyển sang Văn phòng của Hội đồng"),
        _WAY,
        only_forwarded=True,
    ),
    Stop(
        S.CHECKING,
        Party.OFFICE,
        StepKind.CHECK,
        gettext_noop("Đã kiểm tra, đủ điều kiện"),
        _WAY | {Party.OFFICE, Party.HEAD},
    ),
    Stop(
        S.CLEARED,
        Party.HEAD,
        StepKind.CIRCULATE,
        gettext_noop("Cho lưu hành"),
        _WAY | {Party.OFFICE, Party.HEAD, Party.COMMITTEE},
    ),
)
STOPS: Final[Mapping[str, Stop]] = {stop.state: stop for stop in WAY}

ASK: Flow = {
    S.PREPARING: State(
        S.PREPARING.label, frozenset({S.FORWARDING, S.CHECKING, S.CANCELLED}), BASIS
    ),
    S.FORWARDING: State(
        S.FORWARDING.label, frozenset({S.CHECKING, S.PREPARING, S.CANCELLED}), BASIS
    ),
    S.CHECKING: State(S.CHECKING.label, frozenset({S.CLEARED, S.PREPARING, S.CANCELLED}), BASIS),
    S.CLEARED: State(S.CLEARED.label, frozenset({S.PREPARING, S.CANCELLED}), BASIS),
    S.CANCELLED: State(S.CANCELLED.label),
}
# Where a paper may be returned to the body from, and where its body may still give a new text.
RETURNED_FROM: Final = (S.FORWARDING, S.CHECKING, S.CLEARED)


def passes_forwarding(profile: Mapping[str, Any], body_kind: str) -> bool:
    """Whether papers of such a body pass the Office of the People's Committee, by the rules frozen
    on the session; rules frozen before this one existed know no such stop."""
    rule = profile.get("rules", {}).get(FORWARDING_RULE, {})
    return rule.get("value") == "yes" and body_kind in UNDER_THE_COMMITTEE


def way_of(ask: Ask) -> tuple[Stop, ...]:
    """The stops this paper passes."""
    return tuple(stop for stop in WAY if ask.forwarded or not stop.only_forwarded)


def after(ask: Ask) -> str:
    """The state that sending on from here leads to; «» at the last stop: circulating is a release
    of the paper, not a state of the ask."""
    states = [stop.state for stop in way_of(ask)]
    place = states.index(ask.state)
    return states[place + 1] if place + 1 < len(states) else ""


def seen_by(party: Party) -> list[str]:
    """The states at which this party sees the paper's text."""
    return [stop.state for stop in WAY if party in stop.sees]
