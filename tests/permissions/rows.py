"""The words the matrix is written in: the roles, and a row that says who may ask a URL how.

What a step needs to be asked with is a function of the world, which knows its keys.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

# Role → the member of the cast who has it (and no other role that matters here).
ROLES: dict[str, str] = {
    "delegate": "cuc",
    "chair": "an",
    "clerk": "binh",
    "agency": "giang",
    "guest": "em",
    "press": "kim",
    "support": "ich",
    "admin": "khai",
}
ALL = frozenset(ROLES)
OFFICE = frozenset({"clerk", "admin"})
PREPARES = frozenset({"chair", "clerk"})
HALL = frozenset({"chair", "clerk", "delegate"})
OUTSIDERS = ALL - HALL
MANAGES = PREPARES | {"admin"}  # sessions and their papers
READS = MANAGES | {"delegate"}
SPEAKS = frozenset({"chair", "delegate"})
LOG = frozenset({"chair", "clerk", "admin"})
ACCOUNTS = frozenset({"clerk", "admin", "support"})
NOBODY: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Row:
    """``method`` is how the URL is asked; ``data`` what is sent (a function of the world where it
    needs keys); ``hidden`` are the roles that may not even know (404) where others are told why
    not; ``ids_checked`` False where the key in the URL is not an object of a council."""

    allow: frozenset[str]
    method: str = "GET"
    denied: int = 403
    hidden: frozenset[str] = frozenset()
    data: Any = field(default_factory=dict)
    ids_checked: bool = True

    def refusal(self, role: str) -> int:
        """The status a role without the right gets."""
        return 404 if role in self.hidden else self.denied


Rows = tuple[Row, ...]


def page(allow: frozenset[str], **options: Any) -> Rows:
    """A page that is read."""
    return (Row(allow, **options),)


def act(allow: frozenset[str], data: Any = None, **options: Any) -> Rows:
    """Something done by POST."""
    return (Row(allow, method="POST", data=data or {}, **options),)


def form(allow: frozenset[str], data: Any = None, **options: Any) -> Rows:
    """A page with a form and its POST, for the same people."""
    return page(allow, **options) + act(allow, data, **options)


def step_data(world: Any) -> dict[str, Any]:
    """Everything a step of the sitting may ask for."""
    return {
        "membership": world.key("", "membership"),
        "presence": "present",
        "members": world.key("", "membership"),
        "person": world.key("", "person"),
        "item": world.key("", "item"),
        "minutes": "5",
        "request": world.key("", "request"),
        "speech": world.key("", "speech"),
        "seconds": "60",
        "note": world.key("", "note"),
        "name": "Hoàng Văn Giang",
        "kind": "speech",
        "text": "Thông báo",
    }


def prepare_data(world: Any) -> dict[str, Any]:
    """A poll on the item."""
    return {"item": world.key("", "item"), "question": "Tán thành không?", "text": "none"}


def assist_data(world: Any) -> dict[str, Any]:
    """A vote given by hand."""
    return {"entry": world.key("", "roll"), "choice": "yes", "reason": "Máy hỏng"}
