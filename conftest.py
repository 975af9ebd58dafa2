"""Shared by every test: engines, browsers, and the rule that CI skips nothing."""

from __future__ import annotations

import gc
import os

import hypothesis
import pytest
from django.template import Template

PLAIN_RENDER = Template._render

pytest_plugins = [
    "tests.support.nothing_skipped",
    "tests.support.clock",
    "tests.support.database",
    "tests.support.browser",
    "tests.support.installation",
    "tests.support.cast",
    "tests.support.served",
]

hypothesis.settings.register_profile("ci", deadline=None, derandomize=True, print_blob=True)
hypothesis.settings.register_profile("local", deadline=None)
hypothesis.settings.load_profile("ci" if os.environ.get("CI") == "true" else "local")


def pytest_collection_finish(session: pytest.Session) -> None:
    """What is loaded stays: the collector need not look at a hundred thousand objects again."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 20)


@pytest.fixture(scope="session", autouse=True)
def templates_as_in_production(django_test_environment: None) -> None:
    """Django's test runner copies the whole context at every include, for assertions nobody here
    makes (``response.context``): pages render as they do outside tests."""
    Template._render = PLAIN_RENDER  # type: ignore[method-assign]


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Deselect tests of the other engine; skipping is for what needs an explanation."""
    here = "postgresql" if "postgres" in os.environ.get("DATABASE_URL", "") else "sqlite"
    other = "sqlite" if here == "postgresql" else "postgresql"
    kept = [item for item in items if not item.get_closest_marker(other)]
    if len(kept) != len(items):
        config.hook.pytest_deselected(items=[i for i in items if i.get_closest_marker(other)])
        items[:] = kept
