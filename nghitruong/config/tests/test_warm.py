"""No process loads the views in the middle of its work: that would hold the hall up."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

# The last thing each of them does before its first work, replaced by a look at what is loaded.
STARTS = {
    "live": "from nghitruong.config import live; live.make_server = look; live.main(['0'])",
    "work": "from nghitruong.config import work; work.Tasks = look; work.main([])",
    "web": (
        "from gunicorn.app.base import BaseApplication;"
        "BaseApplication.run = lambda self: look(self.load());"
        "from nghitruong.config import web; web.main([])"
    ),
}
LOOK = (
    "import os, sys, threading\n"
    "def look(*_, **__):\n"
    "    print('nghitruong.config.urls' in sys.modules, flush=True); os._exit(0)\n"
)


@pytest.mark.parametrize("process", STARTS)
def test_the_addresses_are_loaded_before_the_first_work(process: str, tmp_path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", LOOK + STARTS[process]],
        env={**os.environ, "NGHITRUONG_VAR": str(tmp_path)},
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    assert done.stdout.strip().endswith("True"), done.stdout + done.stderr
