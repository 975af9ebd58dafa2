"""A live process for tests: its engine, its listeners, what they were sent."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager

import pytest
from django.db import connections

from nghitruong.platform.live.app import LiveApp


@asynccontextmanager
async def running():
    app = LiveApp()
    await app.start()
    try:
        yield app
    finally:
        await app.stop()


def in_thread(work, *arguments):
    """Database work outside the loop, its connection closed afterwards."""

    def run():
        try:
            return work(*arguments)
        finally:
            connections.close_all()

    return asyncio.to_thread(run)


def play(scenario):
    asyncio.run(asyncio.wait_for(scenario(), 60))


@pytest.fixture(autouse=True)
def here(settings, tmp_path, registry):
    settings.RUN_DIR = tmp_path
    settings.REDIS_URL = ""
