"""``nghitruong verify-poll FILE``: recount an exported poll; no database is opened."""

from __future__ import annotations

import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from nghitruong.session.voting.verify import run


class Command(BaseCommand):
    help = "Tính lại một cuộc biểu quyết từ tệp JSON đã xuất, không cần cơ sở dữ liệu."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", help="tệp JSON của cuộc biểu quyết")
        parser.add_argument("--sha256", default="", help="mã băm đã in trong biên bản")

    def handle(self, *args: Any, **options: Any) -> None:
        status = run(options["file"], expected_sha256=options["sha256"], out=sys.stdout)
        if status:
            sys.exit(status)
