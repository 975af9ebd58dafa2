"""``nghitruong update-catalogues``: bring ``locale/en`` up to date with the source."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from nghitruong.config.catalogue import update_english


class Command(BaseCommand):
    help = "Thêm câu mới, bỏ câu không còn dùng trong bản tiếng Anh (locale/en)."

    def handle(self, *args: Any, **options: Any) -> None:
        """Say how many."""
        added, dropped = update_english()
        self.stdout.write(f"Thêm {added} câu cần dịch, bỏ {dropped} câu không còn dùng.")
