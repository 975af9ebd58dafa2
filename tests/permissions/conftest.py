"""Two filled councils for every test of the walls."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from nghitruong.config.demo.people import Built
from tests.permissions.world import World, fill
from tests.permissions.world.files import PDF, PICTURE, store
from tests.support.cast import frozen_profile
from tests.support.replay import replayed


@pytest.fixture(autouse=True)
def own_files(settings: Any, tmp_path: Path) -> None:
    settings.FILES_DIR = tmp_path / "files"


@pytest.fixture
def here(province: Built) -> World:
    """The province, where the people of the matrix belong."""
    return _filled(province, number=4)


@pytest.fixture
def there(here: World, commune: Built) -> World:
    """The commune: the other side of the wall."""
    return _filled(commune, number=9)


def _filled(built: Built, *, number: int) -> World:
    key = ("permissions", built.council.pk, number)
    world = replayed(key, lambda: fill(built, frozen_profile(built.council), number=number))
    for data in (PDF, PICTURE):  # the files' folder is each test's own
        store(data)
    return world
