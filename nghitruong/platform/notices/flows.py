"""States of a delivery as a table.

A person's own act may come before what the machines report: who opens a message before the mail
server has answered has opened it.
"""

from __future__ import annotations

from nghitruong.platform.notices.models import DeliveryState
from nghitruong.platform.storage.moves import Flow, State

DELIVERY: Flow = {
    DeliveryState.QUEUED: State(
        "chờ gửi", frozenset({DeliveryState.SENDING, DeliveryState.FAILED})
    ),
    # Back to queued: a try that failed and is made again after a pause.
    DeliveryState.SENDING: State(
        "đang gửi",
        frozenset({DeliveryState.SENT, DeliveryState.QUEUED, DeliveryState.FAILED}),
    ),
    DeliveryState.SENT: State("đã gửi", frozenset({DeliveryState.DELIVERED, DeliveryState.OPENED})),
    DeliveryState.DELIVERED: State("đã tới máy", frozenset({DeliveryState.OPENED})),
    DeliveryState.OPENED: State("đã mở"),
    DeliveryState.FAILED: State("không gửi được"),
}
