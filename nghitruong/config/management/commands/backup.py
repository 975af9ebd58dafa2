"""``nghitruong backup DIR``: copy this installation away while it runs."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from nghitruong.config.backup import backup
from nghitruong.platform.errors import Refused


class Command(BaseCommand):
    help = "Sao lưu dữ liệu và tệp vào một thư mục mới, không phải dừng hệ thống"

    def add_arguments(self, parser: ArgumentParser) -> None:
        """The folder to make."""
        parser.add_argument("folder", type=Path, metavar="DIR")

    def handle(self, *args: Any, **options: Any) -> None:
        """Back up and say what was copied."""
        try:
            manifest = backup(options["folder"].resolve())
        except Refused as refused:
            raise CommandError(refused.sentence) from refused
        self.stdout.write(
            f"Đã sao lưu vào {options['folder']}: cơ sở dữ liệu "
            f"({manifest['database']['size']} byte) và {len(manifest['files'])} tệp."
        )
