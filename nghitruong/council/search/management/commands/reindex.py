"""``manage.py reindex``: make the search index anew, now."""

from __future__ import annotations

import time
from typing import Any

from django.core.management.base import BaseCommand

from nghitruong.council.search import backends, indexing


class Command(BaseCommand):
    help = "Dựng lại chỉ mục tìm kiếm; chỉ mục cũ vẫn trả lời cho đến khi xong."

    def handle(self, *args: Any, **options: Any) -> None:
        """Rebuild and say how many passages."""
        started = time.perf_counter()
        count = indexing.rebuild()
        self.stdout.write(
            f"{backends.current().name}: {count} đoạn, {time.perf_counter() - started:.1f} giây."
        )
