"""The states of a sitting as a table; words from the people who use them (Bắt đầu, Tạm nghỉ,
Tiếp tục, Kết thúc phiên họp)."""

from __future__ import annotations

from typing import Final

from nghitruong.platform.storage.moves import Flow, State
from nghitruong.session.meetings.models import SittingState

SITTING: Final[Flow] = {
    SittingState.PLANNED: State(
        "chưa bắt đầu", frozenset({SittingState.OPEN}), "NQ 104/2025/UBTVQH15 Đ14"
    ),
    SittingState.OPEN: State(
        "đang họp",
        frozenset({SittingState.SUSPENDED, SittingState.CLOSED}),
        "NQ 104/2025/UBTVQH15 Đ15",
    ),
    SittingState.SUSPENDED: State(
        "tạm nghỉ",
        frozenset({SittingState.OPEN, SittingState.CLOSED}),
        "NQ 104/2025/UBTVQH15 Đ15",
    ),
    # A closed sitting is a record: the next one is another sitting.
    SittingState.CLOSED: State("đã kết thúc", frozenset(), "NQ 104/2025/UBTVQH15 Đ15(6)"),
}
