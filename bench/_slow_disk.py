"""A disk that takes longer for every sync: a few lines of C before the C library's own."""

from __future__ import annotations

import contextlib
import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path


@contextlib.contextmanager
def slow_disk(milliseconds: int = 10) -> Iterator[None]:
    """What is started inside finds that every sync takes so much longer."""
    folder = Path(os.environ["NGHITRUONG_VAR"])
    library = folder / "slow_disk.so"
    source = Path(__file__).with_name("_slow_disk.c")
    compiler = shutil.which("gcc") or shutil.which("cc")
    if compiler is None:
        raise RuntimeError("Thiếu gcc: hãy chạy `apt-get install -y gcc libc6-dev`.")
    subprocess.run(
        [compiler, "-O2", "-Wall", "-shared", "-fPIC", "-o", library, source, "-ldl"], check=True
    )
    added = {
        "LD_PRELOAD": str(library),
        "SLOW_DISK_MICROSECONDS": str(milliseconds * 1000),
    }
    os.environ.update(added)
    try:
        yield
    finally:
        for name in added:
            del os.environ[name]
