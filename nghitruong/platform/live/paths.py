"""Where this installation's sockets lie. A Unix socket's path may not exceed 107 bytes."""

from __future__ import annotations

import hashlib
import os
import tempfile
from functools import lru_cache
from pathlib import Path

from django.conf import settings

LONGEST_NAME = 24  # bytes of the longest socket name we use, with its slash
LIMIT = 107  # sockaddr_un.sun_path without its ending zero (unix(7))


@lru_cache(maxsize=8)
def _short(wanted: str) -> Path:
    path = Path(wanted)
    if len(os.fsencode(path)) + LONGEST_NAME > LIMIT:
        name = hashlib.sha256(os.fsencode(path)).hexdigest()[:12]
        path = Path(tempfile.gettempdir()) / f"nghitruong-{os.getuid()}-{name}"
    path.mkdir(mode=0o700, parents=True, exist_ok=True)
    if path.stat().st_uid != os.getuid():
        raise PermissionError(f"{path}: thư mục chạy thuộc về người khác")
    return path


def run_dir() -> Path:
    """``settings.RUN_DIR``, or a folder derived from it under /tmp when its path is too long.

    Every process of an installation computes the same place; only its owner may enter.
    """
    return _short(str(settings.RUN_DIR))
