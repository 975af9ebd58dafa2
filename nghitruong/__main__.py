"""The ``nghitruong`` command: every management command under one name."""

from __future__ import annotations

import os
import sys


def main() -> None:
    """Run a management command with this project's settings."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "nghitruong.config.settings")
    from django.core.management import execute_from_command_line

    # ``nghitruong verify-audit`` reads better than Python's module name verify_audit.
    program, *words = sys.argv
    if words and not words[0].startswith("-"):
        words[0] = words[0].replace("-", "_")
    execute_from_command_line([program, *words])


if __name__ == "__main__":
    main()
