"""``nghitruong restore DIR``: put a backup in the place of this installation's data."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from nghitruong.config.backup import restore
from nghitruong.platform.errors import Refused


class Command(BaseCommand):
    help = "Khôi phục từ một bản sao lưu (hệ thống phải đang dừng)"
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        """The backup folder, and whether existing data may be put aside."""
        parser.add_argument("folder", type=Path, metavar="DIR")
        parser.add_argument(
            "--force", action="store_true", help="thay dữ liệu đang có (bản cũ được giữ lại)"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Restore and say what came back."""
        try:
            manifest = restore(options["folder"].resolve(), force=options["force"])
        except Refused as refused:
            raise CommandError(refused.sentence) from refused
        self.stdout.write(
            f"Đã khôi phục bản sao lưu lúc {manifest['made_at']}: "
            f"cơ sở dữ liệu và {len(manifest['files'])} tệp. Mọi người cần đăng nhập lại."
        )
