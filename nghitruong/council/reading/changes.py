"""A change of a note as a device sends it, checked to the last number: other screens draw it.

Places are fractions of the page as it is shown (its /Rotate applied), from the top left corner.
"""

from __future__ import annotations

import math
import uuid
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from nghitruong.council.reading.models import AnnotationKind
from nghitruong.lib.text import nfc
from nghitruong.platform.errors import Refused

COLOURS = ("yellow", "green", "blue", "pink")
TEXT_MOST = 4_000  # characters of a note, and of a highlighted passage
QUADS_MOST = 400
POINTS_MOST = 6_000  # numbers in all strokes of one ink note
CHANGES_MOST = 200  # in one sending
CLOCK_MOST = 2**53  # what a browser counts exactly
ROOM = 0.5  # a stroke may leave the page by half of it before it is nonsense


@dataclass(frozen=True)
class Change:
    """One note as it stands on a device."""

    key: uuid.UUID
    kind: str
    page: int
    data: dict[str, Any]
    text: str
    clock: int
    device: str
    removed: bool

    @property
    def order(self) -> tuple[int, str]:
        """Which of two changes of the same note is the later."""
        return self.clock, self.device


def _bad() -> Refused:
    return Refused(
        "bad_note",
        _("Máy chủ không đọc được ghi chú này nên chưa lưu. Hãy tải lại trang rồi ghi lại."),
        status=422,
    )


def _number(value: Any, low: float, high: float) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise _bad()
    if not low <= value <= high:
        raise _bad()
    return round(float(value), 5)


def _whole(value: Any, low: int, high: int) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not low <= value <= high:
        raise _bad()
    return value


def _list(value: Any, most: int) -> list[Any]:
    if not isinstance(value, list) or len(value) > most:
        raise _bad()
    return value


def _text(value: Any) -> str:
    if not isinstance(value, str) or "\x00" in value:
        raise _bad()
    if len(value) > TEXT_MOST:
        raise Refused(
            "note_too_long",
            _("Ghi chú dài quá %(text_most)s chữ nên chưa lưu. Hãy tách thành nhiều ghi chú.")
            % {"text_most": TEXT_MOST},
            status=422,
        )
    return nfc(value)


def _place(value: Any) -> float:
    return _number(value, -ROOM, 1 + ROOM)


def _colour(value: Any) -> str:
    if value not in COLOURS:
        raise _bad()
    return str(value)


def _data(kind: str, data: Any) -> dict[str, Any]:
    """Only what that kind has, and nothing else."""
    if not isinstance(data, dict):
        raise _bad()
    if kind == AnnotationKind.HIGHLIGHT:
        quads = [
            [_place(number) for number in _list(quad, 4)] for quad in _list(data.get("quads"), 400)
        ]
        if not quads or any(len(quad) != 4 for quad in quads):
            raise _bad()
        return {
            "quads": quads,  # [left, top, width, height]
            "colour": _colour(data.get("colour")),
            "quote": _text(data.get("quote", ""))[:TEXT_MOST],
        }
    if kind == AnnotationKind.INK:
        strokes = [
            [_place(number) for number in _list(stroke, POINTS_MOST)]
            for stroke in _list(data.get("strokes"), QUADS_MOST)
        ]
        total = sum(len(stroke) for stroke in strokes)
        if not strokes or total > POINTS_MOST or any(len(s) < 2 or len(s) % 2 for s in strokes):
            raise _bad()
        return {
            "strokes": strokes,  # [x, y, x, y …]
            "width": _number(data.get("width"), 0.0005, 0.05),  # of the page's width
            "colour": _colour(data.get("colour")),
        }
    if kind == AnnotationKind.NOTE:
        at = [_place(number) for number in _list(data.get("at"), 2)]
        if len(at) != 2:
            raise _bad()
        return {"at": at}
    return {}


def read(value: Any, *, pages: int | None) -> Change:
    """The change in ``value``, or ``Refused``."""
    if not isinstance(value, dict):
        raise _bad()
    try:
        key = uuid.UUID(str(value.get("id")))
        device = str(uuid.UUID(str(value.get("device"))))
    except ValueError:
        raise _bad() from None
    kind = value.get("kind")
    if kind not in AnnotationKind.values:
        raise _bad()
    removed = value.get("removed") is True
    return Change(
        key=key,
        kind=str(kind),
        page=_whole(value.get("page"), 1, pages or 100_000),
        data={} if removed else _data(str(kind), value.get("data")),
        text="" if removed else _text(value.get("text", "")),
        clock=_whole(value.get("clock"), 1, CLOCK_MOST),
        device=device,
        removed=removed,
    )
