"""Eight clients that load pages one after another, and one job, until a line comes on stdin.

Other people's tablets are other machines: what they cost here yields to the server
(``BEHIND_LIVE``), as the job does in the work process.

``python -m bench._pages PORT SLUG COOKIE``
"""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sys
import tempfile
import threading
import time

from bench import _client as client
from bench._installation import ROOT

CLIENTS = 8
BEHIND_LIVE = 10  # nice


async def main(port: int, slug: str, cookie: str) -> None:
    """Load pages."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    threading.Thread(
        target=lambda: (sys.stdin.readline(), loop.call_soon_threadsafe(stop.set)), daemon=True
    ).start()
    pages = [f"/{slug}/", f"/{slug}/ky-hop/", f"/{slug}/ky-hop/1/", f"/{slug}/dai-bieu/"]
    taken: list[float] = []
    statuses: dict[str, int] = {}

    async def one(number: int) -> None:
        import aiohttp

        headers = {"Cookie": cookie}
        async with aiohttp.ClientSession(headers=headers) as session:
            while not stop.is_set():
                page = pages[(number + len(taken)) % len(pages)]
                started = time.perf_counter()
                async with session.get(
                    f"http://127.0.0.1:{port}{page}", allow_redirects=False
                ) as reply:
                    await reply.read()
                    statuses[str(reply.status)] = statuses.get(str(reply.status), 0) + 1
                taken.append(time.perf_counter() - started)

    folder = os.environ["NGHITRUONG_VAR"]

    def job() -> int:
        jobs = 0
        while not stop.is_set():  # a real one, as long and as hungry as jobs get
            with tempfile.TemporaryDirectory(dir=folder) as target:
                subprocess.run(
                    [sys.executable, "manage.py", "backup", f"{target}/sao-luu"],
                    cwd=ROOT,
                    stdout=subprocess.DEVNULL,
                    stderr=subprocess.DEVNULL,
                )
            jobs += 1
        return jobs

    job_done = asyncio.create_task(asyncio.to_thread(job))
    await asyncio.gather(*(one(number) for number in range(CLIENTS)))
    jobs = await job_done
    print(
        json.dumps(
            {
                "pages": len(taken),
                "page_statuses": statuses,
                "page_p95_ms": round(client.percentile(taken, 0.95) * 1000, 1),
                "jobs": jobs,
            }
        )
    )


if __name__ == "__main__":
    os.nice(BEHIND_LIVE)
    client.run(main(int(sys.argv[1]), sys.argv[2], sys.argv[3]))
