"""The tests' day: Friday 20/11/2026, whatever the day is they run on.

The council of the tests opens its session on 08/12/2026 and papers are due fifteen days before:
on a later day every one of them would be late. The clock goes on as it does outside, only its
distance is fixed for the run. What runs in processes of its own (a served installation, browsers)
keeps the real time, as do the tests that speak with it and those marked ``real_time``.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
import time_machine

MOMENT = datetime(2026, 11, 20, 1, 30, tzinfo=UTC)
DISTANCE = time.time() - MOMENT.timestamp()  # seconds
OUTSIDE = {"installations", "served"}
REAL = {"e2e", "concurrency", "real_time"}


@pytest.fixture(autouse=True)
def tests_day(request: pytest.FixtureRequest) -> Iterator[None]:
    """Every test that speaks with no other process runs on that day."""
    marked = {mark.name for mark in request.node.iter_markers()}
    if REAL & marked or OUTSIDE & set(request.fixturenames):
        yield
        return
    with time_machine.travel(time.time() - DISTANCE, tick=True):
        yield
