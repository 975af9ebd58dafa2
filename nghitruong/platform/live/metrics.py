"""``/metrics`` in the Prometheus text format, for this machine only."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from nghitruong.platform.live import http
from nghitruong.platform.live.http import Scope, Send

if TYPE_CHECKING:
    from nghitruong.platform.live.app import LiveApp

PAGE = os.sysconf("SC_PAGE_SIZE")


def resident_bytes() -> int:
    """Memory this process holds."""
    with open("/proc/self/statm", "rb") as file:
        return int(file.read().split()[1]) * PAGE


async def metrics(app: LiveApp, scope: Scope, send: Send) -> None:
    """Answer a collector on this machine; to others there is no such page."""
    client = (scope.get("client") or ("",))[0]
    if client not in {"127.0.0.1", "::1"} or http.header(scope, b"x-forwarded-for"):
        await http.respond(send, 404)
        return
    done, hub = app.engine.counters, app.hub
    values = {
        "commands_total": done.commands,
        "command_batches_total": done.batches,
        "command_batch_seconds_total": f"{done.seconds:.6f}",
        "command_batch_largest": done.largest_batch,
        "command_replays_total": done.replays,
        "command_refusals_total": done.refused,
        "command_failures_total": done.failed,
        "command_retries_total": done.retries,
        "commands_waiting": app.engine.depth,
        "streams": len(hub.screens),
        "stream_topics": len(hub.topics),
        "stream_messages_total": hub.sent,
        "stream_laggards_total": hub.lagged,
        "stream_resets_total": hub.resets,
        "stream_read_errors_total": app.feed.errors,
        "snapshots_computed_total": app.snapshots.computed,
        "resident_bytes": resident_bytes(),
    }
    lines = [f"nghitruong_live_{name} {value}" for name, value in values.items()]
    await http.respond(send, 200, "\n".join([*lines, ""]).encode())
