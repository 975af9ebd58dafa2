"""The screens' store (ui/islands/lib/store.ts) in Python: what a screen makes of its events."""

from __future__ import annotations

from typing import Any

MERGED = {"presence", "me"}


def merge(before: dict[str, Any] | None, changes: dict[str, Any] | None) -> dict[str, Any]:
    """As ``merge`` in store.ts: objects merge, null removes, everything else replaces."""
    after = dict(before or {})
    for key, value in (changes or {}).items():
        if value is None:
            after.pop(key, None)
        elif isinstance(value, dict) and isinstance(after.get(key), dict):
            after[key] = merge(after[key], value)
        else:
            after[key] = value
    return after


def apply(state: dict[str, Any], data: dict[str, Any]) -> dict[str, Any]:
    """One event ``{"slice", "value"}`` on a screen's state."""
    name = data["slice"]
    value = merge(state.get(name), data["value"]) if name in MERGED else data["value"]
    return {**state, name: value}


def shown(value: Any) -> Any:
    """A state as a screen can tell it: an absent key and a null are the same to it."""
    if isinstance(value, dict):
        return {key: shown(part) for key, part in value.items() if part is not None}
    if isinstance(value, list):
        return [shown(part) for part in value]
    return value
