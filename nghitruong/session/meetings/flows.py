"""States of a session as a table. Sittings' own states belong to their conduct."""

from __future__ import annotations

from nghitruong.platform.storage.moves import Flow, State
from nghitruong.session.meetings.models import SessionState

_CONVENING = "Điều 34 Luật số 72/2025/QH15"

SESSION: Flow = {
    SessionState.PREPARING: State(
        "đang chuẩn bị",
        frozenset(
            {
                SessionState.CONVENED,
                SessionState.IN_SESSION,
                SessionState.POSTPONED,
                SessionState.CANCELLED,
            }
        ),
    ),
    SessionState.CONVENED: State(
        "đã triệu tập",
        frozenset({SessionState.IN_SESSION, SessionState.POSTPONED, SessionState.CANCELLED}),
        _CONVENING,
    ),
    SessionState.IN_SESSION: State("đang họp", frozenset({SessionState.CLOSED})),
    SessionState.CLOSED: State("đã bế mạc"),
    SessionState.POSTPONED: State(
        "hoãn",
        frozenset({SessionState.PREPARING, SessionState.CONVENED, SessionState.CANCELLED}),
    ),
    SessionState.CANCELLED: State("không tổ chức"),
}

# What the button that leads to a state says.
ACTS = {
    SessionState.PREPARING: "Chuẩn bị lại",
    SessionState.IN_SESSION: "Bắt đầu kỳ họp",
    SessionState.CLOSED: "Bế mạc kỳ họp",
    SessionState.POSTPONED: "Hoãn kỳ họp",
    SessionState.CANCELLED: "Không tổ chức",
}
