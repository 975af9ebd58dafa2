from __future__ import annotations

from nghitruong.council.papers.tests.conftest import cast, council, signed_in, var

__all__ = ["cast", "council", "signed_in", "var"]
