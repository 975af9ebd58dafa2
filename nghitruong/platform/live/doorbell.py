"""The doorbell: tells live processes that streams have new rows. Losing a ring loses nothing:
receivers read rows after their last seq and sweep once a second.

On one host it is a Unix datagram; with ``NGHITRUONG_REDIS_URL`` it is published there too, for
the live processes of other hosts.
"""

from __future__ import annotations

import logging
import socket
import threading
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import orjson
from django.conf import settings

from nghitruong.platform.live.paths import run_dir

logger = logging.getLogger(__name__)

CHANNEL = "nghitruong:doorbell"
PER_MESSAGE = 400  # bells in a message; a datagram stays far below the kernel's limit

_redis: Any = None
_redis_lock = threading.Lock()


def socket_path() -> Path:
    """Where the live process of this host listens (a Unix datagram socket)."""
    return run_dir() / "doorbell.sock"


def ring(bells: Sequence[tuple[str, int]]) -> None:
    """Send ``[(stream, seq), …]``; never blocks for long and never fails the caller."""
    bells = list(bells)
    for start in range(0, len(bells), PER_MESSAGE):
        message = orjson.dumps(bells[start : start + PER_MESSAGE])
        _ring_here(message)
        if settings.REDIS_URL:
            _ring_elsewhere(message)


def parse(message: bytes) -> list[tuple[str, int]]:
    """The bells of a message; a broken message is an empty list (the sweep finds the rows)."""
    try:
        return [(str(stream), int(seq)) for stream, seq in orjson.loads(message)]
    except (ValueError, TypeError):
        return []


def _ring_here(message: bytes) -> None:
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as sender:
        sender.setblocking(False)
        try:
            sender.sendto(message, str(socket_path()))
        except OSError:
            return  # nobody listens, or the receiver is full: the sweep will find the rows


def _ring_elsewhere(message: bytes) -> None:
    import redis

    global _redis
    try:
        with _redis_lock:
            if _redis is None:
                _redis = redis.Redis.from_url(
                    settings.REDIS_URL, socket_timeout=0.2, socket_connect_timeout=0.2
                )
            client = _redis
        client.publish(CHANNEL, message)
    except redis.RedisError:
        logger.warning("doorbell: redis does not answer; screens of other hosts wait for a sweep")


class RedisListener(threading.Thread):
    """Hears the rings of other hosts; reconnects by itself for as long as it lives."""

    def __init__(self, url: str, on_message: Callable[[bytes], object]) -> None:
        super().__init__(name="redis-doorbell", daemon=True)
        self.url = url
        self.on_message = on_message
        self.subscribed = threading.Event()
        self._stop_asked = threading.Event()

    def run(self) -> None:
        """Listen; a lost connection is tried again every second."""
        import redis

        while not self._stop_asked.is_set():
            client = redis.Redis.from_url(self.url, socket_connect_timeout=2)
            pubsub = client.pubsub(ignore_subscribe_messages=True)  # type: ignore[no-untyped-call]  # redis
            try:
                pubsub.subscribe(CHANNEL)
                self.subscribed.set()
                while not self._stop_asked.is_set():
                    message = pubsub.get_message(timeout=0.5)
                    if message is not None:
                        self.on_message(message["data"])
            except redis.RedisError:
                self.subscribed.clear()
                self._stop_asked.wait(1.0)
            finally:
                client.close()

    def stop(self) -> None:
        """End within half a second."""
        self._stop_asked.set()
