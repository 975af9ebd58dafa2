"""The hall for the tests of this folder; ``NT_SHOTS=folder`` keeps pictures of every step."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext

from tests.e2e.hall import Hall
from tests.support.installation import ROOT, Installation, InstallationFactory


@pytest.fixture
def hall(live_installation: Installation, open_context: Callable[..., BrowserContext]) -> Hall:
    """Chair, clerk, three delegates and the projector at the third sitting of the demo."""
    return Hall(live_installation, open_context)


@pytest.fixture
def look(hall: Hall) -> Callable[[str], None]:
    """Photograph all screens, when somebody asked for pictures."""
    folder = os.environ.get("NT_SHOTS", "")

    def take(name: str) -> None:
        if not folder:
            return
        Path(folder).mkdir(parents=True, exist_ok=True)
        for who in ("chair", "clerk", "projector", "cuc", "dung", "hoa"):
            page = getattr(hall, who)
            page.wait_for_timeout(300)
            page.screenshot(path=Path(folder) / f"{name}-{who}.png", full_page=who != "projector")

    return take


@pytest.fixture(scope="session")
def played(installations: InstallationFactory) -> Iterator[Installation]:
    """A demo in the middle of its third sitting: two results published, a third vote running."""
    installation = installations.make()
    try:
        subprocess.run(
            [sys.executable, "-m", "bench._demo"],
            env=installation.environment(),
            cwd=ROOT,
            check=True,
            timeout=120,
        )
        installation.start()
        yield installation
    finally:
        installations.discard(installation)
