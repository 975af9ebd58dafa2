"""What runs while a hall votes: pages that are loaded, browsers that paint."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import Any

from bench import _client as client
from bench._installation import ROOT, Server


class Beside:
    """A process that runs while the hall votes; a line on its stdin ends it and it prints JSON."""

    module = ""
    ready = False  # it says so itself before the bursts begin

    def __init__(self, server: Server, world: Any) -> None:
        self.arguments = self.words(server, world)

    def words(self, server: Server, world: Any) -> list[str]:
        """Its command line."""
        raise NotImplementedError

    def start(self) -> None:
        """Begin."""
        self.process = subprocess.Popen(
            [sys.executable, "-m", self.module, *self.arguments],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )
        if self.ready:
            assert self.process.stdout is not None
            if self.process.stdout.readline().strip() != b"ready":
                raise RuntimeError(f"{self.module}: không sẵn sàng")

    def stop(self) -> dict[str, Any]:
        """End; what it measured."""
        out, _ = self.process.communicate(b"\n")
        return self.measured(json.loads(out))

    def measured(self, said: Any) -> dict[str, Any]:
        """Keys of the result."""
        return dict(said)


class Load(Beside):
    """Eight clients that load pages and one job."""

    module = "bench._pages"

    def words(self, server: Server, world: Any) -> list[str]:
        from bench._world import login

        return [str(server.port), world.slug, login(world.chair)]


class Paint(Beside):
    """Three browsers on the delegate's screen."""

    module = "bench._paint"
    ready = True

    def words(self, server: Server, world: Any) -> list[str]:
        from bench._world import login

        url = f"http://127.0.0.1:{server.port}/{world.slug}/ky-hop/1/phien/1/"
        return [url, *(login(delegate) for delegate in world.delegates)]

    def measured(self, said: Any) -> dict[str, Any]:
        together = [ms for one in said for ms, _ in one]
        by_slice: dict[str, list[float]] = {}
        for ms, name in (event for one in said for event in one):
            by_slice.setdefault(name, []).append(ms)
        return {
            "browsers": len(said),
            "painted_events": len(together),
            "paint_p50_ms": client.percentile(together, 0.5),
            "paint_p99_ms": client.percentile(together, 0.99),
            "paint_slice_p50_ms": {
                name: round(client.percentile(times, 0.5), 1) for name, times in by_slice.items()
            },
        }
