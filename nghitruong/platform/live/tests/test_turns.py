"""Pages are worked at in the order they came, a few at a time; what takes long holds up nobody."""

from __future__ import annotations

import asyncio

from nghitruong.platform.live import turns
from nghitruong.platform.live.turns import AT_ONCE, Turns


class Visit:
    """One request: which process has it, and when it ends."""

    def __init__(self, at: Turns[str], **options) -> None:
        self.end = asyncio.Event()
        self.web = None
        self.task = asyncio.create_task(self._run(at, options))

    async def _run(self, at, options):
        async with at.turn(**options) as web:
            self.web = web
            await self.end.wait()


async def settle():
    for _ in range(5):
        await asyncio.sleep(0)


def served(visits):
    return [visit.web for visit in visits]


async def end(*visits):
    for visit in visits:
        visit.end.set()
    await settle()


def test_a_process_gets_a_few_and_the_rest_wait_in_order():
    async def scenario():
        at = Turns(["a", "b"])
        visits = [Visit(at) for _ in range(2 * AT_ONCE + 3)]
        await settle()
        assert served(visits) == ["a", "b"] * AT_ONCE + [None] * 3
        await end(visits[1])
        assert served(visits)[-3:] == ["b", None, None]
        await end(visits[0], visits[2])
        assert served(visits)[-3:] == ["b", "a", "a"]
        await end(*visits)
        again = [Visit(at) for _ in range(2 * AT_ONCE)]  # every place came back
        await settle()
        assert None not in served(again)
        await end(*again)

    asyncio.run(scenario())


def test_who_goes_away_while_waiting_takes_no_place():
    async def scenario():
        at = Turns(["a"])
        visits = [Visit(at) for _ in range(AT_ONCE + 2)]
        await settle()
        visits[AT_ONCE].task.cancel()
        await end(visits[0])
        assert visits[-1].web == "a"
        late = Visit(at)
        await settle()
        assert late.web is None
        # Given a place and gone in the same moment: the place goes on to who is next.
        visits[1].end.set()
        visits[-1].end.set()
        await asyncio.sleep(0)
        late.task.cancel()
        await settle()
        rest = [Visit(at) for _ in range(AT_ONCE)]
        await settle()
        assert served(rest) == ["a"] * AT_ONCE
        await end(*rest)

    asyncio.run(scenario())


def test_what_takes_long_gives_its_place_away_and_still_counts_as_work(monkeypatch):
    monkeypatch.setattr(turns, "LONG_SECONDS", 0.01)

    async def scenario():
        at = Turns(["a", "b"])
        slow = [Visit(at) for _ in range(2 * AT_ONCE)]
        await settle()
        page = Visit(at)
        await settle()
        assert page.web is None
        while page.web is None:
            await asyncio.sleep(0.01)
        await end(slow[0], slow[2])  # both with «a», which has less to do now
        following = Visit(at)
        await settle()
        assert (page.web, following.web) in {("a", "a"), ("b", "a")}
        await end(page, following, *slow)

    asyncio.run(scenario())


def test_an_upload_neither_waits_nor_takes_a_place():
    async def scenario():
        at = Turns(["a"])
        uploads = [Visit(at, waits=False) for _ in range(AT_ONCE + 1)]
        pages = [Visit(at) for _ in range(AT_ONCE)]
        await settle()
        assert None not in served(uploads + pages)
        await end(*uploads, *pages)

    asyncio.run(scenario())
