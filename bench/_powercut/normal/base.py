"""``synchronous=NORMAL``: a commit does not wait for the disk. Never for use."""

from __future__ import annotations

from typing import Any

from nghitruong.platform.storage.sqlite3 import base


class DatabaseWrapper(base.DatabaseWrapper):
    """As ours, but a power cut may take back what was acknowledged."""

    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        """Open, and stop waiting for the disk."""
        conn = super().get_new_connection(conn_params)
        conn.execute("PRAGMA synchronous=NORMAL")
        return conn
