"""The doorbell: tells live processes that streams have new rows. Losing a ring loses nothing:
receivers read rows after their last seq and sweep once a second."""

from __future__ import annotations

import json
import socket
from collections.abc import Sequence
from pathlib import Path

from django.conf import settings


def socket_path() -> Path:
    """Where the live process of this host listens (a Unix datagram socket)."""
    return Path(settings.RUN_DIR) / "doorbell.sock"


def ring(bells: Sequence[tuple[str, int]]) -> None:
    """Send ``[(stream, seq), …]``; never blocks and never fails the caller."""
    message = json.dumps(list(bells)).encode()
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as sender:
        sender.setblocking(False)
        try:
            sender.sendto(message, str(socket_path()))
        except OSError:
            return  # nobody listens, or the receiver is full: the sweep will find the rows
