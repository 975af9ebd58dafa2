"""What the binder does in the background."""

from __future__ import annotations

from nghitruong.council.binder.actions import packets, receiving
from nghitruong.platform.jobs import api as jobs


def register() -> None:
    """Called once, when the app starts."""
    # At the desk: somebody looks at the progress, and must not stand behind minutes of OCR; and a
    # zip of 120 papers must not stand before a code somebody waits for to sign in.
    desk = jobs.Lane.DESK
    jobs.register(
        receiving.OPEN, receiving.open_arrival, lane=desk, tries=3, failed=receiving.failed
    )
    jobs.register_sweeper(receiving.OPEN, receiving.waiting)
    jobs.register(packets.BIND, packets.bind_packet, lane=desk, tries=2, failed=packets.failed)
    jobs.register_sweeper(packets.BIND, packets.waiting)
