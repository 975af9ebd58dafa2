"""A thousand open screens: how late is the last one to hear, and does any miss anything?"""

from __future__ import annotations

import asyncio
import os
import re
import sys
import time
from typing import Any

from bench import _client as client
from bench._installation import on_engines, prepare, serving, show
from bench.vote_burst import Hall, open_streams, until

STREAMS = int(os.environ.get("STREAMS", "1000"))
EVENTS = 40
NOTICE = re.compile(rb'"text": ?"n(\d+)n"')


def _tell(world: Any, number: int) -> float:
    """Commit one event of the hall, as an action does; the moment of its commit."""
    from django.db import transaction
    from django_scopes import scope

    from nghitruong.platform.live import api
    from nghitruong.session.floor.events import NoticeChanged

    with scope(council=world.council.pk), transaction.atomic():
        api.emit(
            api.sitting_stream(world.sitting.pk, "hall"),
            NoticeChanged(notice={"id": str(number), "text": f"n{number}n", "at": ""}),
            council_id=world.council.pk,
        )
    return time.perf_counter()


async def _main(engine: str) -> None:
    from bench import _world

    world = await asyncio.to_thread(_world.build, 505)
    with serving() as server:
        heard: list[dict[client.Stream, float]] = [{} for _ in range(EVENTS)]
        order_broken = 0
        last: dict[client.Stream, int] = {}

        def on_message(stream: client.Stream, block: bytes, at: float) -> None:
            nonlocal order_broken
            found = NOTICE.search(block)
            if found:
                number = int(found[1])
                heard[number][stream] = at
                order_broken += last.get(stream, -1) >= number
                last[stream] = number

        hall = Hall()
        hall.heard = on_message  # type: ignore[method-assign]
        streams = await open_streams(server, world, STREAMS, hall)
        latest = []
        for number in range(EVENTS):
            told = await asyncio.to_thread(_tell, world, number)
            await until(lambda n=number: len(heard[n]) == STREAMS, 5)
            if len(heard[number]) == STREAMS:
                latest += [(at - told) * 1000 for at in heard[number].values()]
            await asyncio.sleep(0.1)
        lost = sum(STREAMS - len(one) for one in heard)
        show(
            at_most={"p99_ms": 60, "lost": 0, "out_of_order": 0, "rss_mb": 300},
            name="fanout",
            engine=engine,
            streams=STREAMS,
            events=EVENTS,
            p50_ms=client.percentile(latest, 0.5),
            p99_ms=client.percentile(latest, 0.99),
            lost=lost,
            out_of_order=order_broken,
            rss_mb=server.live.memory_info().rss / 1e6,
        )
        for stream in streams:
            stream.transport.close()


def cases(engine: str) -> None:
    """The case on one engine."""
    prepare()
    client.run(_main(engine))


if __name__ == "__main__":
    sys.exit(on_engines("bench.fanout", cases))
