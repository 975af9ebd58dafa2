"""The half circle of seats: colour AND mark AND words, drawn by the server."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any, Final

# label, mark, css: never colour alone
MARKS: Final[dict[str | None, tuple[str, str, str]]] = {
    "yes": ("Tán thành", "✓", "yes"),
    "no": ("Không tán thành", "✕", "no"),
    "abstain": ("Không biểu quyết", "–", "abstain"),
    None: ("Không tham gia biểu quyết", "·", "none"),
}
ABSENT: Final = ("Vắng mặt", "V", "absent")
NOT_ENTITLED: Final = ("Tạm đình chỉ", "T", "absent")


def words_of(choice: str | None, *, absent: bool, entitled: bool) -> tuple[str, str, str]:
    """Label, mark and css of a seat: the choice; without one, whether anybody sat there."""
    if choice is not None:
        return MARKS[choice]
    if not entitled:
        return NOT_ENTITLED
    return ABSENT if absent else MARKS[None]


@dataclass(frozen=True, slots=True)
class Seat:
    """One seat of the picture; numbers are texts with a dot, whatever the language."""

    x: str
    y: str
    r: str
    font: str
    box: tuple[str, str, str, str]  # x, y, side, corner: the square of a seat nobody sat on
    name: str
    group: str
    label: str
    mark: str
    css: str


def places(count: int) -> list[tuple[float, float, float]]:
    """Where seats stand (x, y, radius) in rows of a half circle, from left to right."""
    if count <= 0:
        return []
    rows = max(1, min(9, round(math.sqrt(count / 2.2))))
    radii = [1 + (0.6 if rows == 1 else 1.2 * row / (rows - 1)) for row in range(rows)]
    whole, left = sum(radii), count
    per_row = []
    for row, radius in enumerate(radii):
        seats = left if row == rows - 1 else min(left, round(count * radius / whole))
        left -= seats
        per_row.append(seats)
    size = min(
        0.5 / rows,
        *(
            math.pi * radius / max(seats, 2) / 2.3
            for radius, seats in zip(radii, per_row, strict=True)
        ),
    )
    found = []
    for radius, seats in zip(radii, per_row, strict=True):
        for index in range(seats):
            angle = math.pi / 2 if seats == 1 else math.pi - math.pi * index / (seats - 1)
            found.append((angle, radius * math.cos(angle), -radius * math.sin(angle)))
    found.sort(key=lambda place: (-place[0], place[2]))
    return [(x, y, size) for _angle, x, y in found]


def draw(seats: list[dict[str, Any]]) -> list[Seat]:
    """The picture of a result's seats, in their order."""
    drawn = []
    for (x, y, r), seat in zip(places(len(seats)), seats, strict=True):
        label, mark, css = words_of(
            seat["choice"], absent=seat["absent"], entitled=seat["entitled"]
        )
        drawn.append(
            Seat(
                f"{x:.3f}",
                f"{y:.3f}",
                f"{r:.3f}",
                f"{r * 1.2:.3f}",
                (f"{x - r * 0.8:.3f}", f"{y - r * 0.8:.3f}", f"{r * 1.6:.3f}", f"{r * 0.2:.3f}"),
                seat["name"],
                seat["group"],
                label,
                mark,
                css,
            )
        )
    return drawn


def legend(seats: list[Seat]) -> list[tuple[str, str, str]]:
    """Label, mark and css of everything the picture shows, in the order of the counts."""
    shown = {seat.label for seat in seats}
    return [words for words in (*MARKS.values(), ABSENT, NOT_ENTITLED) if words[0] in shown]
