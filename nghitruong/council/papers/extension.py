"""Where layers above add to a paper: parts of its reading page, its packet, and what must go with
it when it turns out to be secret. Registered once, in ``AppConfig.ready``."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet

from nghitruong.council.councils.roles import Actor
from nghitruong.council.papers.models import Paper, PaperVersion
from nghitruong.platform.errors import Refused

# What the reading page's island is told besides the file itself; the last argument is the packet.
Part = Callable[[Actor, Paper, PaperVersion, list[Paper]], dict[str, Any]]
# The packet a paper belongs to, in its order (the paper itself included); None: not known here.
Packet = Callable[[Actor, Paper], "Sequence[Bound] | None"]
# Lines for the office beside a paper's details: (label, value).
Fact = Callable[[Actor, Paper], Iterable[tuple[str, str]]]
# Ways from the reading page: (label, address, icon).
Link = Callable[[Actor, Paper, PaperVersion], Iterable[tuple[str, str, str]]]
# Called inside the transaction that expunges a paper; returns digests of stored files to shred.
Expunger = Callable[[Paper, QuerySet[PaperVersion]], Iterable[str]]

# Why this person may not release a paper now; None: they may.
Hold = Callable[[Paper, Actor], Refused | None]
# Which papers a person sees besides what their role gives; conditions on Paper.
Sight = Callable[[Actor], Q]
# Which papers are not the office's yet: nobody but who sends them has anything to do with them.
Hiding = Callable[[Actor | None], Q]
# (papers about to be released, who let late ones circulate, why, by) → who did, by paper. Writes
# the decision; refuses late papers without one.
Late = Callable[[Sequence[Paper], str, str, Actor], dict[uuid.UUID, str]]
# Why these drafts may not be taken out of the system again, their rows deleted; None: they may.
Keep = Callable[[Sequence[Paper]], Refused | None]
# The copy to read of a version; None: read the original.
Copy = Callable[[PaperVersion], "ReadingCopy | None"]
# Columns for lists of papers: name → expression on Paper.
Columns = Callable[[], dict[str, Any]]
# Lines under a version: version key → {"template", "url", "to_say" (whether a reader should see
# them too), …}; one call for all versions.
Panel = Callable[[Actor, Sequence[PaperVersion]], dict[Any, dict[str, Any]]]


@dataclass(frozen=True)
class ReadingCopy:
    """A file made for reading, beside the untouched original."""

    sha256: str
    media_type: str
    size: int


@dataclass(frozen=True)
class Bound:
    """A paper in its packet: pages ``first``…``last`` of the packet are those of its text
    ``version``; zeros where pages are not counted through."""

    paper: Paper
    version: int = 0
    first: int = 0
    last: int = 0


# Called whenever a person opens a text; whether that is news, finds out who hears.
Opened = Callable[[Actor, PaperVersion], None]

_parts: list[Part] = []
_packets: list[Packet] = []
_facts: list[Fact] = []
_links: list[Link] = []
_expungers: list[Expunger] = []
_holds: list[Hold] = []
_keeps: list[Keep] = []
_copies: list[Copy] = []
_columns: list[Columns] = []
_panels: list[Panel] = []
_sights: list[Sight] = []
_hidings: list[Hiding] = []
_late: list[Late] = []
_opened: list[Opened] = []


def register_part(part: Part) -> None:
    """Add to every reading page's state."""
    if part not in _parts:
        _parts.append(part)


def register_packet(packet: Packet) -> None:
    """Say which papers stand before and after a paper; who registers last is asked first."""
    if packet not in _packets:
        _packets.insert(0, packet)


def register_fact(fact: Fact) -> None:
    """Add lines to the page where the office manages a paper."""
    if fact not in _facts:
        _facts.append(fact)


def register_link(link: Link) -> None:
    """Add ways to the menu of the reading page."""
    if link not in _links:
        _links.append(link)


def register_expunger(expunger: Expunger) -> None:
    """Take away what was made from a paper's text when the paper must leave the system."""
    if expunger not in _expungers:
        _expungers.append(expunger)


def state_of(
    actor: Actor, paper: Paper, version: PaperVersion, packet: list[Paper]
) -> dict[str, Any]:
    """All parts together; a later one wins."""
    state: dict[str, Any] = {}
    for part in _parts:
        state.update(part(actor, paper, version, packet))
    return state


def packet_of(actor: Actor, paper: Paper) -> list[Bound]:
    """The packet in order; only the paper itself when nobody knows of one."""
    for packet in _packets:
        found = packet(actor, paper)
        if found is not None:
            return list(found)
    return [Bound(paper)]


def facts_of(actor: Actor, paper: Paper) -> list[tuple[str, str]]:
    """All facts."""
    return [line for fact in _facts for line in fact(actor, paper)]


def links_of(actor: Actor, paper: Paper, version: PaperVersion) -> list[tuple[str, str, str]]:
    """All ways from the reading page."""
    return [line for link in _links for line in link(actor, paper, version)]


def expunge(paper: Paper, versions: QuerySet[PaperVersion]) -> set[str]:
    """Run all expungers; the digests they gave up."""
    return {digest for expunger in _expungers for digest in expunger(paper, versions)}


def register_hold(hold: Hold) -> None:
    """Stop a paper from being released while a person has to decide something."""
    if hold not in _holds:
        _holds.append(hold)


def register_keep(keep: Keep) -> None:
    """Stop drafts from being deleted while people have work of their own with them: rows that point
    at a paper go with it without a word."""
    if keep not in _keeps:
        _keeps.append(keep)


def register_copy(copy: Copy) -> None:
    """Offer a file that reads better than the original."""
    if copy not in _copies:
        _copies.append(copy)


def register_columns(more: Columns) -> None:
    """Add columns to lists of papers."""
    if more not in _columns:
        _columns.append(more)


def register_panel(panel: Panel) -> None:
    """Add lines under each version on the office's page."""
    if panel not in _panels:
        _panels.append(panel)


def register_sight(sight: Sight, *, hiding: Hiding | None = None) -> None:
    """Show more papers to some (never to the office: it sees all), and keep some from the office
    while they are not yet its own."""
    if sight not in _sights:
        _sights.append(sight)
        if hiding is not None:
            _hidings.append(hiding)


def register_late(late: Late) -> None:
    """Say which papers are past their day, and keep the decision to circulate them all the same."""
    if late not in _late:
        _late.append(late)


def sight_of(actor: Actor) -> Q:
    """What this person sees besides what their role gives."""
    seen = Q(pk__in=[])
    for sight in _sights:
        seen |= sight(actor)
    return seen


def hidden_from_office(actor: Actor | None = None) -> Q:
    """What even the office does not see yet; of a person of the office less than of the office as
    such."""
    hidden = Q(pk__in=[])
    for hiding in _hidings:
        hidden |= hiding(actor)
    return hidden


def late_permits(
    papers: Sequence[Paper], approved_by: str, reason: str, by: Actor
) -> dict[uuid.UUID, str]:
    """Who let which of these papers circulate late; refuses those that nobody let."""
    found: dict[uuid.UUID, str] = {}
    for late in _late:
        found |= late(papers, approved_by, reason, by)
    return found


def hold_on(paper: Paper, by: Actor) -> Refused | None:
    """The first reason why this person may not release it now."""
    return next((why for hold in _holds if (why := hold(paper, by)) is not None), None)


def kept(papers: Sequence[Paper]) -> Refused | None:
    """The first reason why these drafts must stay."""
    return next((why for keep in _keeps if (why := keep(papers)) is not None), None)


def reading_copy(version: PaperVersion) -> ReadingCopy | None:
    """The first copy anybody made."""
    return next((made for copy in _copies if (made := copy(version)) is not None), None)


def columns() -> dict[str, Any]:
    """All columns."""
    found: dict[str, Any] = {}
    for more in _columns:
        found |= more()
    return found


def panels_of(actor: Actor, versions: Sequence[PaperVersion]) -> dict[Any, list[dict[str, Any]]]:
    """Panels by version key."""
    found: dict[Any, list[dict[str, Any]]] = {version.pk: [] for version in versions}
    for panel in _panels:
        for key, lines in panel(actor, versions).items():
            found[key].append(lines)
    return found


def register_opened(told: Opened) -> None:
    """Hear of every opening of a text."""
    if told not in _opened:
        _opened.append(told)


def opened(actor: Actor, version: PaperVersion) -> None:
    """Tell all who asked to hear."""
    for told in _opened:
        told(actor, version)
