"""The doorbell: a Huey queue for each lane of work, SQLite in a file of their own or Redis.

A ring that is lost loses nothing: the sweeper looks at the rows.
"""

from __future__ import annotations

import functools
import logging
from enum import StrEnum
from typing import Any

from django.conf import settings
from huey import RedisHuey, SqliteHuey

logger = logging.getLogger(__name__)


class Lane(StrEnum):
    """Work waits only behind work of its own kind, each lane having threads of its own.

    ``light`` takes moments (notices, codes, the index of a search); at ``desk`` somebody watches
    the progress (an import, a printed set, the scanner's folder); ``heavy`` takes minutes and
    nobody waits for it (conversion, OCR, what is done every night).
    """

    LIGHT = "light"
    DESK = "desk"
    HEAVY = "heavy"


@functools.cache
def queue(lane: Lane) -> Any:
    """The queue of a lane; its one task takes (name, key)."""
    name = f"nghitruong-{lane}"
    if settings.REDIS_URL:
        bell = RedisHuey(name, url=settings.REDIS_URL, results=False)
    else:
        bell = SqliteHuey(name, filename=str(settings.VAR_DIR / "jobs.sqlite3"), results=False)

    def run(name: str, key: str) -> None:
        from nghitruong.platform.jobs import running

        running.run(name, key)

    bell.run = bell.task(name="nghitruong.run")(run)
    return bell


def ring(lane: Lane, name: str, key: str) -> None:
    """Say that (name, key) is to be done; never raises."""
    try:
        queue(lane).run(name, key)
    except Exception:
        logger.warning("chuông báo việc không kêu, bộ rà sẽ nhặt lại", exc_info=True)


def waiting(lane: Lane) -> set[tuple[str, str]]:
    """What already stands in the queue."""
    return {(task.args[0], task.args[1]) for task in queue(lane).pending()}
