"""Under CI=true a skipped test is a failed run: a hole must not look like a success."""

from __future__ import annotations

import os
from collections.abc import Generator

import pytest

CI = os.environ.get("CI", "").lower() in {"1", "true", "yes"}


class NothingSkipped:
    """Under CI=true a skipped test is a failed run: a hole must not look like a success."""

    def __init__(self) -> None:
        self.skipped: list[str] = []

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Remember skips (an expected failure is not one)."""
        if report.skipped and not hasattr(report, "wasxfail"):
            self.skipped.append(report.nodeid)

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        """A module that skips itself counts too."""
        if report.skipped:
            self.skipped.append(report.nodeid)

    @pytest.hookimpl(wrapper=True)
    def pytest_sessionfinish(self, session: pytest.Session) -> Generator[None]:
        """Turn the exit status into a failure."""
        yield
        if self.skipped and session.exitstatus == 0:
            session.exitstatus = pytest.ExitCode.TESTS_FAILED

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        """Say which, and why the run failed."""
        for nodeid in self.skipped:
            terminalreporter.write_line(f"CI=true but skipped: {nodeid}", red=True)


def pytest_configure(config: pytest.Config) -> None:
    """Install the rule on the process that decides the exit status."""
    if CI and not hasattr(config, "workerinput"):
        config.pluginmanager.register(NothingSkipped(), "nothing-skipped")
