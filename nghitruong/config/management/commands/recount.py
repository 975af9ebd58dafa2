"""``nghitruong recount --dir DIR``: recount the published polls of a folder with our own code."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from nghitruong.session.voting.recount import read, recount


class Command(BaseCommand):
    help = "Kiểm lại các cuộc biểu quyết đã công bố trong một thư mục (totals.csv, votes.csv.gz)."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("folder", nargs="?", default="", help="thư mục dữ liệu")
        parser.add_argument("--dir", default="", help="thư mục dữ liệu")
        parser.add_argument("--explain", action="store_true", help="nói rõ khác ở đâu")

    def handle(self, *args: Any, **options: Any) -> None:
        folder = options["dir"] or options["folder"]
        if not folder:
            raise CommandError("Hãy cho biết thư mục: nghitruong recount --dir DIR")
        try:
            polls, different = recount(read(Path(folder)))
        except (OSError, KeyError, ValueError) as error:
            raise CommandError(f"Không đọc được {folder}: {error}") from error
        if options["explain"]:
            for vote_id, result in different.items():
                for line in result.differences:
                    self.stderr.write(f"{vote_id} {line}")
        self.stdout.write(json.dumps({"polls": polls, "different": list(different)}))
