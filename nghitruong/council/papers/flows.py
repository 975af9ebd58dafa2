"""States of a paper as a table: from, to, by which act."""

from __future__ import annotations

from nghitruong.council.papers.models import PaperState

MOVES: dict[str, tuple[frozenset[str], str]] = {
    "release": (frozenset({PaperState.DRAFT}), PaperState.RELEASED),
    "withdraw": (frozenset({PaperState.DRAFT, PaperState.RELEASED}), PaperState.WITHDRAWN),
}
