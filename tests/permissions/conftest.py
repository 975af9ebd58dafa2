"""Two filled councils for every test of the walls."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from nghitruong.config.demo.people import Built
from tests.permissions.world import World, fill
from tests.support.cast import frozen_profile


@pytest.fixture(autouse=True)
def own_files(settings: Any, tmp_path: Path) -> None:
    settings.FILES_DIR = tmp_path / "files"


@pytest.fixture
def here(province: Built) -> World:
    """The province, where the people of the matrix belong."""
    return fill(province, frozen_profile(province.council), number=4)


@pytest.fixture
def there(here: World, commune: Built) -> World:
    """The commune: the other side of the wall."""
    return fill(commune, frozen_profile(commune.council), number=9)
