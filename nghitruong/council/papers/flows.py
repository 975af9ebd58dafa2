"""States of a paper as a table."""

from __future__ import annotations

from nghitruong.council.papers.models import PaperState
from nghitruong.platform.storage.moves import Flow, State

PAPER: Flow = {
    PaperState.DRAFT: State(
        "đang chuẩn bị", frozenset({PaperState.RELEASED, PaperState.WITHDRAWN})
    ),
    PaperState.RELEASED: State(
        "đã phát hành", frozenset({PaperState.WITHDRAWN}), "Điều 12 Nghị quyết 104/2025/UBTVQH15"
    ),
    PaperState.WITHDRAWN: State("đã rút"),
}
