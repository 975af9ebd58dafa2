"""``nghitruong sweep-files``: files in the store without a row; with ``--remove`` they go."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from nghitruong.platform.files.orphans import SAFE_SECONDS, sweep


class Command(BaseCommand):
    help = "Liệt kê tệp trong kho mà không dòng nào nhắc đến; thêm --remove để xóa."

    def add_arguments(self, parser: CommandParser) -> None:
        """Only listing is the default."""
        parser.add_argument("--remove", action="store_true", help="xóa những tệp đó")
        parser.add_argument(
            "--days",
            type=float,
            default=SAFE_SECONDS / 86400,
            help="chỉ xét tệp cũ hơn số ngày này (mặc định 3)",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """List, then the sum."""
        if options["days"] < 1:
            options["days"] = 1.0  # never what somebody may be storing right now
        report = sweep(remove=options["remove"], safe_seconds=options["days"] * 86400)
        for name in report.orphans:
            self.stdout.write(name)
        self.stdout.write(str(report))
        if report.orphans and not options["remove"]:
            self.stdout.write("Chưa xóa gì. Để xóa: nghitruong sweep-files --remove")
