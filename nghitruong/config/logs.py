"""Logs as JSON lines. Never a choice in a vote, a password, a ticket or a guest's pass."""

from __future__ import annotations

import json
import logging
import re

_PASS = re.compile(r"(/khach/[^/\s]+/)[^/\s\"'<>]+")


def without_pass(text: str) -> str:
    """The square on a guest's pass is an address; its secret part is taken out."""
    return _PASS.sub(r"\1…", text)


class JsonFormatter(logging.Formatter):
    """One JSON object a line: time, level, logger, message, request id, traceback."""

    def format(self, record: logging.LogRecord) -> str:
        """Render ``record`` on one line."""
        entry: dict[str, object] = {
            "at": self.formatTime(record, "%Y-%m-%dT%H:%M:%S%z"),
            "level": record.levelname,
            "logger": record.name,
            "message": without_pass(record.getMessage()),
        }
        request_id = getattr(record, "request_id", None)
        if request_id:
            entry["request_id"] = request_id
        if record.exc_info:
            entry["traceback"] = without_pass(self.formatException(record.exc_info))
        return json.dumps(entry, ensure_ascii=False)
