"""A full hall over real connections while the office works in another process."""

from __future__ import annotations

import asyncio
import contextlib
import json
import subprocess
import sys
import uuid
from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest

from bench.crash import Database
from tests.support.hall import CHOICES, ROOT, Hall
from tests.support.installation import Installation
from tests.support.served import tablets
from tests.support.tablets import Screen, Tablet, until

pytestmark = [pytest.mark.concurrency, pytest.mark.timeout(300)]


@contextlib.contextmanager
def office(installation: Installation, hall: Hall) -> Iterator[dict[str, Any]]:
    """The chair and the clerk at work; what they did is there after the block."""
    work = subprocess.Popen(
        [sys.executable, "-m", "tests.concurrency.office", hall.sitting, hall.poll],
        env=installation.environment(),
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    report: dict[str, Any] = {}
    try:
        assert work.stdout is not None
        assert work.stdout.readline() == "ready\n"
        yield report
        out, _ = work.communicate("stop\n", timeout=120)
        report.update(json.loads(out))
    finally:
        work.kill()
        work.wait()


async def busy(tablet: Tablet, poll: str, turns: int, start: int) -> Counter[str]:
    """A delegate who votes, changes the vote, asks to speak, withdraws, writes to the chair."""
    said: Counter[str] = Counter()
    for turn in range(start, start + turns):
        answers = [await tablet.tap("vote", poll=poll, choice=CHOICES[turn % 3])]
        if turn % 2:
            answers.append(await tablet.tap("ask", kind="speech"))
            answers.append(await tablet.tap("withdraw"))
        else:
            answers.append(await tablet.tap("note", text=f"Xin chào lần {turn}"))
        for answer in answers:
            said[f"{answer.status} {answer.body.get('code', '')}"] += 1
    return said


def check_rows(installation: Installation, people: list[Tablet]) -> None:
    """What is stored is what was acknowledged, once."""
    database = Database(installation.database_url)
    assert database.gaps() == 0
    votes, receipts, acts = database.votes(), database.receipts(), database.acts()
    for tablet in people:
        taps = {n: a for n, a in tablet.acknowledged.items() if "receipt" in a}
        last = list(taps.values())[-1]
        assert votes[tablet.person] == (last["receipt"], len(taps) - 1)
        assert acts[tablet.person] == len(taps)
        assert all(receipts[nonce] == answer["receipt"] for nonce, answer in taps.items())


def test_two_hundred_voters_while_the_office_writes_and_nobody_hears_of_a_lock(served):
    installation, hall = served(200)
    people = tablets(installation, hall)

    async def session() -> Counter[str]:
        watching = Screen(people[0])
        task = asyncio.create_task(watching.run())
        await asyncio.wait_for(watching.opened.wait(), 30)
        said: Counter[str] = Counter()
        for one in await asyncio.gather(
            *(busy(tablet, hall.poll, 2, n) for n, tablet in enumerate(people))
        ):
            said += one
        seqs = Database(installation.database_url).seqs
        hall_key, my_key = f"sitting:{hall.sitting}:hall", f"person:{people[0].person}"
        await until(lambda: watching.seqs["me"][-1] == seqs()[my_key], 15, "own events")
        assert not watching.broken()
        assert watching.seqs["hall"][-1] <= seqs()[hall_key]
        task.cancel()
        for tablet in people:
            await tablet.close()
        return said

    with office(installation, hall) as report:
        said = asyncio.run(session())
    assert report["errors"] == []
    assert report["done"] > 0
    last = max(people, key=lambda tablet: tablet.person).statuses  # any: all must be well
    assert set().union(*(tablet.statuses for tablet in people)) <= {200, 409}, last
    votes = sum("receipt" in a for t in people for a in t.acknowledged.values())
    refused = {key: n for key, n in said.items() if not key.startswith("200")}
    # The one whom the clerk sends out and in again may be refused; nobody else.
    assert votes >= 199 * 2, refused
    check_rows(installation, [t for t in people if set(t.statuses) == {200}])
    log = installation.log()
    assert "database is locked" not in log
    assert "deadlock" not in log, log[-3000:]


@pytest.mark.postgresql
def test_two_live_processes_on_one_database_keep_every_number_and_hear_each_other(served, beside):
    first, hall = served(60)
    second = beside(first)
    here, there = tablets(first, hall), tablets(second, hall)

    async def session() -> None:
        # Everybody watches at the other host than the one they vote at.
        screens = [Screen(t) for t in there[:10]]
        watching = [asyncio.create_task(screen.run()) for screen in screens]
        for screen in screens:
            await asyncio.wait_for(screen.opened.wait(), 30)
        await asyncio.gather(
            *(busy(tablet, hall.poll, 4, n) for n, tablet in enumerate(here[:30])),
            *(busy(tablet, hall.poll, 4, n) for n, tablet in enumerate(there[30:])),
        )
        seqs = Database(first.database_url).seqs()
        for screen in screens:
            await until(
                lambda s=screen: s.seqs["me"][-1] == seqs[f"person:{s.tablet.person}"], 15, "events"
            )
            assert not screen.broken()
            assert not screen.resets
        for task in watching:
            task.cancel()

    with office(first, hall) as report:
        asyncio.run(session())
    assert report["errors"] == []
    assert set().union(*(t.statuses for t in [*here, *there])) <= {200, 409}
    check_rows(first, [t for t in [*here[:30], *there[30:]] if set(t.statuses) == {200}])
    assert "deadlock" not in first.log() + second.log()


@pytest.mark.postgresql
def test_the_same_tap_sent_to_both_processes_at_once_is_one_vote(served, beside):
    first, hall = served(60)
    second = beside(first)
    here, there = tablets(first, hall), tablets(second, hall)

    async def session() -> None:
        for _ in range(5):
            nonces = [uuid.uuid4().hex for _ in here]
            told = await asyncio.gather(
                *(
                    side[n].post("vote", nonce, poll=hall.poll, choice="yes")
                    for n, nonce in enumerate(nonces)
                    for side in (here, there)
                )
            )
            assert {answer.status for answer in told} == {200}
            assert all(
                a.body["receipt"] == b.body["receipt"]
                for a, b in zip(told[::2], told[1::2], strict=True)
            )

    asyncio.run(session())
    assert set(Database(first.database_url).acts().values()) == {1}
