"""Moving a row from state to state: a table says which moves exist, one filtered UPDATE makes them.

Each app keeps its table in ``flows.py``; :func:`move` counts the rows it changed, so of two people
who press at once exactly one succeeds and the other is told what happened.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db import models
from django.utils.translation import gettext as _

from nghitruong.platform.errors import Refused


@dataclass(frozen=True, slots=True)
class State:
    """One line of a flow: its Vietnamese label, the states it may go to, its legal basis."""

    label: str
    moves: frozenset[str] = frozenset()
    basis: str = ""


Flow = Mapping[str, State]


def sources(flow: Flow, to: str) -> list[str]:
    """The states from which ``to`` may be reached."""
    if to not in flow:
        raise KeyError(to)
    return [name for name, state in flow.items() if to in state.moves]


def move(row: models.Model, flow: Flow, to: str, **changes: Any) -> None:
    """Move ``row.state`` to ``to`` and set ``changes`` with it, in the caller's transaction.

    Raises :class:`Refused` (``cannot_move``, 409) when the row, as the database holds it now, is
    not in a state that leads there: somebody was first, or the screen was old.
    """
    manager = type(row)._default_manager
    updated = manager.filter(pk=row.pk, state__in=sources(flow, to)).update(state=to, **changes)
    if updated != 1:
        now = manager.filter(pk=row.pk).values_list("state", flat=True).first()
        label = flow[now].label if isinstance(now, str) and now in flow else str(now)
        raise Refused(
            "cannot_move",
            _(
                "“%(row)s” hiện %(now)s nên không chuyển được sang “%(to)s”. "
                "Màn hình vừa được cập nhật; hãy xem lại rồi thử tiếp."
            )
            % {"row": str(row), "now": label, "to": flow[to].label},
        )
    for name, value in {"state": to, **changes}.items():
        setattr(row, name, value)
