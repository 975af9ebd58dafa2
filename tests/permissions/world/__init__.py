"""Two councils with one of everything, so that every URL of one can be asked with the other's keys.

Numbers differ on purpose (session 4 here, 9 there): a foreign number must not hit by chance.
:func:`fill` lays the ground (a session with a sitting, an item, a paper), then each area puts its
own rows on it and says which part of a URL means them.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from django_scopes import scope

from nghitruong.config.demo.people import Built
from tests.permissions.world import council, hall, papers, sending, session
from tests.permissions.world.ground import Keys, lay


@dataclass
class World:
    """A council's rows by the name of the URL's part that means them: ``("papers", "paper")``."""

    built: Built
    keys: Keys = field(default_factory=dict)

    def key(self, name: str, part: str) -> Any:
        """The key for a URL's part: first for the URL, then its app, then for all."""
        app = name.split(":")[0]
        for place in (name, app, ""):
            if (place, part) in self.keys:
                return self.keys[place, part]
        raise LookupError(f"tests/permissions/world: thiếu khóa cho {name}, phần «{part}»")


def fill(built: Built, frozen: dict[str, Any], *, number: int) -> World:
    """One of everything; ``number`` makes this council's numbers its own."""
    world = World(built)
    with scope(council=built.council.pk):
        ground = lay(built, frozen, number=number)
        for area in (papers, sending, session, hall, council):
            world.keys |= area.rows(ground)
    return world
