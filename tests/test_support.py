"""The tools of the tests work: a hole in them would look like a success."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
import redis
from playwright.sync_api import Page

from tests.support.valkey import valkey_server

ROOT = Path(__file__).resolve().parent.parent


@pytest.mark.parametrize(("ci", "code"), [("true", 1), ("", 0)])
def test_a_skipped_test_fails_the_run_only_under_ci(tmp_path: Path, ci: str, code: int) -> None:
    (tmp_path / "test_skip.py").write_text(
        "import pytest\ndef test_it():\n    pytest.skip('not here')\n"
    )
    done = subprocess.run(
        [
            sys.executable,
            "-m",
            "pytest",
            "-q",
            "-p",
            "no:cacheprovider",
            "-c",
            "/dev/null",
            "--rootdir",
            str(tmp_path),
            "-p",
            "tests.support.nothing_skipped",
            str(tmp_path / "test_skip.py"),
        ],
        cwd=tmp_path,
        env={
            **os.environ,
            "CI": ci,
            "PYTHONPATH": str(ROOT),
            "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1",  # this one plugin is the matter
        },
        capture_output=True,
        text=True,
    )
    assert done.returncode == code, done.stdout + done.stderr
    assert ("CI=true but skipped" in done.stdout) == bool(ci)


def test_a_redis_compatible_server_answers() -> None:
    with valkey_server() as url:
        client = redis.Redis.from_url(url)
        assert client.ping()
        client.close()


@pytest.mark.e2e
def test_the_systems_chromium_draws_a_page(page: Page) -> None:
    page.set_content("<h1>Nghị Trường</h1>")
    assert page.get_by_role("heading").inner_text() == "Nghị Trường"
