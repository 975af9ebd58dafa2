"""What the binder does in the background."""

from __future__ import annotations

from nghitruong.council.binder.actions import packets, receiving
from nghitruong.platform.jobs import api as jobs


def register() -> None:
    """Called once, when the app starts."""
    # Not heavy: somebody looks at the progress, and must not stand behind minutes of OCR.
    jobs.register(receiving.OPEN, receiving.open_arrival, tries=3, failed=receiving.failed)
    jobs.register_sweeper(receiving.OPEN, receiving.waiting)
    jobs.register(packets.BIND, packets.bind_packet, tries=2, failed=packets.failed)
    jobs.register_sweeper(packets.BIND, packets.waiting)
