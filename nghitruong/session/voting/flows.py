"""The states of a poll as a table, and the only way from one to another."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from nghitruong.platform.errors import Refused
from nghitruong.session.voting.models import Poll, PollState


@dataclass(frozen=True)
class State:
    """One state: what it means, where it is written, who sees the numbers, where it may lead."""

    label: str
    source: str
    numbers_seen_by: str
    moves: frozenset[str]


TABLE: dict[str, State] = {
    PollState.PREPARED: State(
        "đã chuẩn bị", "NQ 104/2025 Đ15", "chưa có", frozenset({PollState.OPEN, PollState.ANNULLED})
    ),
    PollState.OPEN: State(
        "đang biểu quyết",
        "NQ 104/2025 Đ15",
        "chủ tọa, thư ký",
        frozenset({PollState.CLOSED, PollState.ANNULLED}),
    ),
    PollState.CLOSED: State(
        "đã kết thúc, chưa công bố",
        "L72/2025 Đ35",
        "chủ tọa, thư ký",
        frozenset({PollState.PUBLISHED, PollState.ANNULLED}),
    ),
    PollState.PUBLISHED: State("đã công bố", "L72/2025 Đ35", "mọi người dự họp", frozenset()),
    PollState.ANNULLED: State(
        "đã hủy", "L72/2025 Đ35; hủy trước khi công bố", "chủ tọa, thư ký", frozenset()
    ),
}

_WHY_NOT = {
    PollState.PREPARED: "Cuộc biểu quyết này chưa bắt đầu. Bấm «Bắt đầu biểu quyết» trước.",
    PollState.OPEN: "Đang biểu quyết nội dung này. Bấm «Kết thúc biểu quyết» trước.",
    PollState.CLOSED: "Cuộc biểu quyết này đã kết thúc và đã kiểm phiếu. "
    "Hãy công bố kết quả, hoặc hủy và biểu quyết lại.",
    PollState.PUBLISHED: "Kết quả biểu quyết đã công bố nên không thay đổi được nữa; "
    "nếu có sai sót, chỉ ghi vào biên bản.",
    PollState.ANNULLED: "Cuộc biểu quyết này đã hủy. Hãy chuẩn bị biểu quyết lại.",
}


def refuse(state: str) -> Refused:
    """The refusal that says what the present state asks for."""
    return Refused(f"poll_{state}", _(_WHY_NOT[PollState(state)]))


def check(poll: Poll, to: str) -> None:
    """Raise :class:`Refused` when the poll's state does not lead to ``to``."""
    if to not in TABLE[poll.state].moves:
        raise refuse(poll.state)


def move(poll: Poll, to: str, **fields: Any) -> None:
    """Set the state and ``fields`` if nobody was faster: a filtered UPDATE whose rows are counted.

    Raises :class:`Refused` when the present state does not lead to ``to``.
    """
    check(poll, to)
    updated = Poll.objects.filter(pk=poll.pk, state=poll.state).update(state=to, **fields)
    if updated != 1:
        now = Poll.objects.values_list("state", flat=True).get(pk=poll.pk)
        raise refuse(now)
    poll.state = to
    for name, value in fields.items():
        setattr(poll, name, value)
