"""The states of a poll as a table, and the only way from one to another."""

from __future__ import annotations

from typing import Any, Final

from django.utils.translation import gettext as _

from nghitruong.platform.errors import Refused
from nghitruong.platform.storage.moves import Flow, State
from nghitruong.session.voting.models import Poll, PollState

POLL: Final[Flow] = {
    PollState.PREPARED: State(
        "đã chuẩn bị", frozenset({PollState.OPEN, PollState.ANNULLED}), "NQ 104/2025/UBTVQH15 Đ15"
    ),
    PollState.OPEN: State(
        "đang biểu quyết",
        frozenset({PollState.CLOSED, PollState.ANNULLED}),
        "NQ 104/2025/UBTVQH15 Đ15",
    ),
    PollState.CLOSED: State(
        "đã kết thúc, chưa công bố",
        frozenset({PollState.PUBLISHED, PollState.ANNULLED}),
        "Luật 72/2025/QH15 Đ35",
    ),
    # What was announced is a record; a mistake found later only goes into the minutes.
    PollState.PUBLISHED: State("đã công bố", frozenset(), "Luật 72/2025/QH15 Đ35"),
    PollState.ANNULLED: State("đã hủy", frozenset(), "Luật 72/2025/QH15 Đ35"),
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


def moved_on(state: str) -> Refused:
    """The refusal of a step that was offered for another state than the poll is in by now."""
    return Refused(
        "poll_moved_on",
        _(
            "Màn hình chưa cập nhật: cuộc biểu quyết này %(state)s. Chưa có gì bị hủy; hãy tải lại "
            "trang, xem lại rồi hủy nếu vẫn cần."
        )
        % {"state": POLL[state].label},
    )


def check(poll: Poll, to: str) -> None:
    """Raise :class:`Refused` when the poll's state does not lead to ``to``."""
    if to not in POLL[poll.state].moves:
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
