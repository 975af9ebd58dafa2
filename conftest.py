"""Shared by every test: engines, browsers, and the rule that CI skips nothing."""

from __future__ import annotations

import os

import hypothesis
import pytest

pytest_plugins = [
    "tests.support.nothing_skipped",
    "tests.support.database",
    "tests.support.browser",
    "tests.support.installation",
    "tests.support.cast",
    "tests.support.served",
]

hypothesis.settings.register_profile("ci", deadline=None, derandomize=True, print_blob=True)
hypothesis.settings.register_profile("local", deadline=None)
hypothesis.settings.load_profile("ci" if os.environ.get("CI") == "true" else "local")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Deselect tests of the other engine; skipping is for what needs an explanation."""
    here = "postgresql" if "postgres" in os.environ.get("DATABASE_URL", "") else "sqlite"
    other = "sqlite" if here == "postgresql" else "postgresql"
    kept = [item for item in items if not item.get_closest_marker(other)]
    if len(kept) != len(items):
        config.hook.pytest_deselected(items=[i for i in items if i.get_closest_marker(other)])
        items[:] = kept
