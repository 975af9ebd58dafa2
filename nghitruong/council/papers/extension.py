"""Where layers above add to a paper: parts of its reading page, its packet, and what must go with
it when it turns out to be secret. Registered once, in ``AppConfig.ready``."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from django.db.models import QuerySet

from nghitruong.council.councils.roles import Actor
from nghitruong.council.papers.models import Paper, PaperVersion

# What the reading page's island is told besides the file itself.
Part = Callable[[Actor, Paper, PaperVersion], dict[str, Any]]
# The packet a paper belongs to, in its order (the paper itself included); None: not known here.
Packet = Callable[[Actor, Paper], Sequence[Paper] | None]
# Lines for the office beside a paper's details: (label, value).
Fact = Callable[[Actor, Paper], Iterable[tuple[str, str]]]
# Called inside the transaction that expunges a paper; returns digests of stored files to shred.
Expunger = Callable[[Paper, QuerySet[PaperVersion]], Iterable[str]]

_parts: list[Part] = []
_packets: list[Packet] = []
_facts: list[Fact] = []
_expungers: list[Expunger] = []


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


def register_expunger(expunger: Expunger) -> None:
    """Take away what was made from a paper's text when the paper must leave the system."""
    if expunger not in _expungers:
        _expungers.append(expunger)


def state_of(actor: Actor, paper: Paper, version: PaperVersion) -> dict[str, Any]:
    """All parts together; a later one wins."""
    state: dict[str, Any] = {}
    for part in _parts:
        state.update(part(actor, paper, version))
    return state


def packet_of(actor: Actor, paper: Paper) -> list[Paper]:
    """The packet in order; only the paper itself when nobody knows of one."""
    for packet in _packets:
        found = packet(actor, paper)
        if found is not None:
            return list(found)
    return [paper]


def facts_of(actor: Actor, paper: Paper) -> list[tuple[str, str]]:
    """All facts."""
    return [line for fact in _facts for line in fact(actor, paper)]


def expunge(paper: Paper, versions: QuerySet[PaperVersion]) -> set[str]:
    """Run all expungers; the digests they gave up."""
    return {digest for expunger in _expungers for digest in expunger(paper, versions)}
