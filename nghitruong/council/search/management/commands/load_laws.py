"""``manage.py load_laws [FOLDER]``: fill the reference library from a data folder."""

from __future__ import annotations

import os
import time
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from nghitruong.council.search import indexing
from nghitruong.council.search.loading import READERS, load
from nghitruong.platform.jobs import api as jobs


class Command(BaseCommand):
    help = "Nạp thư viện luật và nghị quyết từ thư mục dữ liệu; chạy lại chỉ nạp phần đã đổi."

    def add_arguments(self, parser: CommandParser) -> None:
        """The folder, and which corpora."""
        parser.add_argument("folder", nargs="?", default=os.environ.get("NGHITRUONG_DATA", ""))
        parser.add_argument("--only", nargs="*", choices=list(READERS), default=None)
        parser.add_argument("--no-index", action="store_true", help="không dựng lại chỉ mục")

    def handle(self, *args: Any, **options: Any) -> None:
        """Load, say what changed, have the index made again if something did."""
        folder = Path(options["folder"])
        if not options["folder"] or not (folder / "rules").is_dir():
            raise CommandError(
                "Không thấy thư mục dữ liệu: cần thư mục có rules/ và corpus/ "
                "(ghi sau lệnh, hoặc đặt biến NGHITRUONG_DATA)."
            )
        started = time.perf_counter()
        report = load(folder, options["only"])
        self.stdout.write(
            f"Nạp {report.texts} văn bản, {report.articles} điều; giữ nguyên {report.unchanged}, "
            f"bỏ {report.gone}; {time.perf_counter() - started:.0f} giây."
        )
        if (report.texts or report.gone) and not options["no_index"]:
            jobs.enqueue(indexing.REBUILD, "all")
            self.stdout.write("Chỉ mục tìm kiếm sẽ được dựng lại trong ít phút.")
