"""Five hundred screens are cut at once and come back at once: when are all of them right again?

Two ways of coming back: by the last id (what was missed is sent again), and from nothing (a fresh
snapshot, as after a restore). A third cut is the server's own: it is killed and started again.
"""

from __future__ import annotations

import asyncio
import sys
from typing import Any

from bench import _client as client
from bench._installation import Server, on_engines, prepare, serving, show
from bench.fanout import _tell
from bench.vote_burst import Hall, open_streams, until

STREAMS = 500


class Screens:
    """The last notice each screen shows, and its place."""

    def __init__(self) -> None:
        self.text: dict[Any, str] = {}
        self.place: dict[Any, str] = {}

    def heard(self, stream: Any, block: bytes, at: float) -> None:
        """Take a message."""
        if b'"slice":"notice"' in block:
            self.text[stream] = client.message(block)["data"]["text"]
        place = client.last_id(block)
        if place:
            self.place[stream] = place


async def _back(server: Server, world: Any, screens: Screens, ids: list[str]) -> float:
    """All come back at once with their last ids; milliseconds until all show the same."""
    path = f"/live/{world.slug}/stream?sitting={world.sitting.pk}&since="
    started = client.now()
    screens.text.clear()
    streams = await asyncio.gather(
        *(
            client.open_stream(
                server.port,
                path + ids[n],
                world.cookie(world.people[n]),
                screens.heard,
            )
            for n in range(STREAMS)
        )
    )
    consistent = await until(
        lambda: len(screens.text) == STREAMS and len(set(screens.text.values())) == 1
    )
    taken = (client.now() - started) * 1000
    for stream in streams:
        stream.transport.close()
    return taken if consistent else -1.0


async def _main(engine: str) -> None:
    from bench import _world

    world = await asyncio.to_thread(_world.build, 505)
    with serving() as server:
        screens = Screens()
        hall = Hall()
        hall.heard = screens.heard  # type: ignore[method-assign]
        streams = await open_streams(server, world, STREAMS, hall)
        await asyncio.to_thread(_tell, world, 1)
        await until(lambda: len(screens.place) == STREAMS)
        ids = [screens.place[stream] for stream in streams]
        for stream in streams:
            stream.transport.abort()
        await asyncio.to_thread(_tell, world, 2)
        by_id = await _back(server, world, screens, ids)

        # The server is killed while they are away: its memory is empty when they come back.
        server.kill()
        await asyncio.to_thread(_tell, world, 3)
        await asyncio.to_thread(server.start)
        after_restart = await _back(server, world, screens, ids)

        started = client.now()
        query = f"/live/{world.slug}/snapshot?sitting={world.sitting.pk}"
        snapshots = await asyncio.gather(
            *(
                client.get_json(server.port, query, world.cookie(world.people[n]))
                for n in range(STREAMS)
            )
        )
        whole = (client.now() - started) * 1000
        same = len({str(one["state"].get("presence", {}).get("counts")) for one in snapshots}) == 1
        own = all(
            one["state"]["me"]["person_id"] == str(world.people[n])
            for n, one in enumerate(snapshots)
        )
        show(
            at_most={"consistent_ms": 2_000, "after_kill_ms": 2_000},
            true=("consistent",),
            name="reconnect",
            engine=engine,
            streams=STREAMS,
            consistent_ms=by_id,
            after_kill_ms=after_restart,
            snapshots_ms=whole,
            consistent=by_id >= 0 and after_restart >= 0 and same and own,
            rss_mb=server.live.memory_info().rss / 1e6,
        )


def cases(engine: str) -> None:
    """The case on one engine."""
    prepare()
    client.run(_main(engine))


if __name__ == "__main__":
    sys.exit(on_engines("bench.reconnect", cases))
