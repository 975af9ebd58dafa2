"""What bench/crash looks at: tablets that never stop voting, the rows themselves, the screens."""

from __future__ import annotations

import asyncio
import contextlib
import json
import random
import sqlite3
import time
import uuid
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

import psycopg

from tests.support.hall import CHOICES, Hall
from tests.support.installation import Installation
from tests.support.tablets import Screen, Tablet, until

VOTERS = 60
SCREENS = 10
BACK_SECONDS = 60.0  # for everybody to be answered again; a limit, not a target


@dataclass
class Result:
    """What one case found, over all its rounds."""

    name: str
    case: str
    engine: str
    synchronous: str = ""
    voters: int = VOTERS
    kills: int = 0
    acknowledged: int = 0
    unanswered_at_kill: int = 0
    unsynced_bytes: int = 0
    acknowledged_lost: int = 0
    counted_twice: int = 0
    seq_gaps: int = 0
    receipts_wrong: int = 0
    screens: int = SCREENS
    screens_wrong: int = 0
    screen_resets: int = 0
    recovery_s: list[float] = field(default_factory=list)

    @property
    def bad(self) -> int:
        """Everything that must be zero."""
        return (
            self.acknowledged_lost
            + self.counted_twice
            + self.seq_gaps
            + self.receipts_wrong
            + self.screens_wrong
        )

    def show(self) -> None:
        """One JSON object on a line of its own."""
        content = dict(self.__dict__)
        times = sorted(content.pop("recovery_s"))
        content["recovery_p50_s"] = round(times[len(times) // 2], 2) if times else None
        content["recovery_max_s"] = round(times[-1], 2) if times else None
        print(json.dumps(content, ensure_ascii=False), flush=True)


class Voter:
    """A tablet that never stops voting, and never the same way twice in a row."""

    def __init__(self, tablet: Tablet, poll: str) -> None:
        self.tablet, self.poll = tablet, poll
        self.turn = 0
        self.waiting = ""  # the nonce without an answer yet

    def body(self, turn: int) -> dict[str, str]:
        """Of the tap with this number."""
        return {"poll": self.poll, "choice": CHOICES[turn % len(CHOICES)]}

    async def vote(self, going: asyncio.Event) -> None:
        """Tap until told to stop; the last tap is answered before this returns."""
        while going.is_set():
            self.turn += 1
            self.waiting = f"{self.turn:06d}-{uuid.uuid4().hex}"
            answer = await self.tablet.tap("vote", self.waiting, **self.body(self.turn))
            if answer.status != 200:
                raise RuntimeError(f"{answer.status} {answer.body}")
            self.waiting = ""

    async def repeat(self, nonce: str) -> bool:
        """Send an old tap once more: the same answer must come."""
        answer = await self.tablet.tap("vote", nonce, **self.body(int(nonce[:6])))
        first = self.tablet.acknowledged[nonce]
        return answer.status == 200 and answer.body["receipt"] == first["receipt"]


class Database:
    """Looks at the rows themselves, past the application."""

    def __init__(self, url: str) -> None:
        self.url = url

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        """A plain query that both engines understand."""
        if self.url.startswith("sqlite"):
            path = self.url.removeprefix("sqlite:///")
            with contextlib.closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as reader:
                return list(reader.execute(query))
        with psycopg.connect(self.url) as connection:
            return list(connection.execute(query))  # type: ignore[arg-type]  # our own texts

    def receipts(self) -> dict[str, str]:
        """nonce → the receipt code in the stored answer."""
        return {
            nonce: _json(outcome)["b"].get("receipt", "")
            for nonce, outcome in self.rows(
                "SELECT nonce, outcome FROM live_receipt WHERE command = 'vote'"
            )
        }

    def votes(self) -> dict[str, tuple[str, int]]:
        """person → (receipt code, changes); a second row of a person would be an error itself."""
        rows = self.rows("SELECT person_id, receipt, changes FROM voting_vote")
        found = {_hex(person): (receipt, changes) for person, receipt, changes in rows}
        if len(found) != len(rows):
            raise RuntimeError("a delegate has two votes")
        return found

    def acts(self) -> dict[str, int]:
        """person → how many votes the audit log has."""
        rows = self.rows(
            "SELECT actor_id, count(*) FROM audit_entry WHERE action = 'voting.cast'"
            " GROUP BY actor_id"
        )
        return {_hex(person): count for person, count in rows}

    def gaps(self) -> int:
        """Streams whose events are not 1…seq, each once."""
        rows = self.rows(
            "SELECT s.key, s.seq, count(e.seq), min(e.seq), max(e.seq) FROM live_stream s"
            " LEFT JOIN live_event e ON e.stream = s.key GROUP BY s.key, s.seq"
        )
        return sum(
            1 for _, seq, count, low, high in rows if seq and (count, low, high) != (seq, 1, seq)
        )

    def seqs(self) -> dict[str, int]:
        """Stream → its last number."""
        return dict(self.rows("SELECT key, seq FROM live_stream"))


def _hex(value: object) -> str:
    return uuid.UUID(str(value)).hex


def _json(value: Any) -> Any:
    return json.loads(value) if isinstance(value, str) else value


class Case:
    """One installation, its hall, its tablets; rounds of disaster."""

    def __init__(self, installation: Installation, hall: Hall, result: Result) -> None:
        self.installation, self.hall, self.result = installation, hall, result
        self.database = Database(installation.database_url)
        tablets = [
            Tablet(installation.port, hall.slug, hall.sitting, person, ticket)
            for person, ticket in list(hall.people.items())[:VOTERS]
        ]
        self.voters = [Voter(tablet, hall.poll) for tablet in tablets]
        self.screens = [Screen(tablet) for tablet in tablets[:SCREENS]]
        self.luck = random.Random(2026)  # the same moments and the same sectors every time

    async def run(self, rounds: int, disaster: Callable[[int], Awaitable[None]]) -> None:
        """``rounds`` times: vote, disaster, vote on, stop, look."""
        watching = [asyncio.create_task(screen.run()) for screen in self.screens]
        try:
            for screen in self.screens:
                await asyncio.wait_for(screen.opened.wait(), 30)
            for number in range(rounds):
                await self.round(number, disaster)
        finally:
            for task in watching:
                task.cancel()
            await asyncio.gather(*watching, return_exceptions=True)
            for voter in self.voters:
                await voter.tablet.close()

    async def round(self, number: int, disaster: Callable[[int], Awaitable[None]]) -> None:
        """One disaster in the middle of votes."""
        going = asyncio.Event()
        going.set()
        before = {v.tablet.person: len(v.tablet.acknowledged) for v in self.voters}
        voting = [asyncio.create_task(voter.vote(going)) for voter in self.voters]
        try:
            await until(lambda: self._all_more_than(before, 1), BACK_SECONDS, "first votes")
            await asyncio.sleep(self.luck.uniform(0.05, 0.6))
            self.result.unanswered_at_kill += sum(bool(v.waiting) for v in self.voters)
            known = {v.tablet.person: set(v.tablet.acknowledged) for v in self.voters}
            began = time.monotonic()
            await disaster(number)
            self.result.kills += 1
            after = {v.tablet.person: len(v.tablet.acknowledged) for v in self.voters}
            await until(lambda: self._all_more_than(after, 0), BACK_SECONDS, "votes afterwards")
            self.result.recovery_s.append(time.monotonic() - began)
        finally:
            going.clear()
            done = await asyncio.gather(*voting, return_exceptions=True)
        for one in done:
            if isinstance(one, BaseException):
                raise one
        if self.result.synchronous == "NORMAL":
            self._look_for_loss(known)
        else:
            await self._look()

    def _all_more_than(self, before: dict[str, int], count: int) -> bool:
        return all(
            len(v.tablet.acknowledged) > before[v.tablet.person] + count for v in self.voters
        )

    def _look_for_loss(self, known: dict[str, set[str]]) -> None:
        """The unsafe case: count what is gone, then forget it."""
        stored = self.database.receipts()
        self.result.acknowledged += sum(map(len, known.values()))
        self.result.acknowledged_lost += sum(
            nonce not in stored for nonces in known.values() for nonce in nonces
        )
        for voter in self.voters:
            voter.tablet.acknowledged.clear()

    async def _look(self) -> None:
        """Everything that must hold after every round."""
        result = self.result
        for voter in self.voters:
            nonces = list(voter.tablet.acknowledged)
            for nonce in {nonces[0], nonces[-1], self.luck.choice(nonces)}:
                result.receipts_wrong += not await voter.repeat(nonce)
        stored, votes, acts = (
            self.database.receipts(),
            self.database.votes(),
            self.database.acts(),
        )
        result.acknowledged = sum(len(v.tablet.acknowledged) for v in self.voters)
        for voter in self.voters:
            taps = voter.tablet.acknowledged
            result.acknowledged_lost += sum(
                stored.get(nonce) != answer["receipt"] for nonce, answer in taps.items()
            )
            last = list(taps.values())[-1]
            receipt, changes = votes[voter.tablet.person]
            result.acknowledged_lost += receipt != last["receipt"]
            result.counted_twice += abs(changes + 1 - len(taps))
            result.counted_twice += abs(acts.get(voter.tablet.person, 0) - len(taps))
        result.seq_gaps += self.database.gaps()
        await self._look_at_screens(votes)

    async def _look_at_screens(self, votes: dict[str, tuple[str, int]]) -> None:
        seqs = self.database.seqs()
        hall = seqs[f"sitting:{self.hall.sitting}:hall"]

        def caught_up() -> bool:
            return all(
                screen.seqs["me"][-1] == seqs[f"person:{screen.tablet.person}"]
                and screen.seqs["hall"][-1] == hall
                for screen in self.screens
            )

        with contextlib.suppress(TimeoutError):
            await until(caught_up, 15, "screens")
        for screen in self.screens:
            person = screen.tablet.person
            shown = (screen.slices.get("me") or {}).get("vote") or screen.slices.get("vote") or {}
            wrong = (
                bool(screen.broken())
                or screen.seqs["me"][-1] != seqs[f"person:{person}"]
                or screen.seqs["hall"][-1] != hall
                or shown.get("receipt") != votes[person][0]
            )
            self.result.screens_wrong += wrong
        self.result.screen_resets = sum(screen.resets for screen in self.screens)
