"""``nghitruong seal-audit``: chain every committed entry of the log now."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from nghitruong.platform.audit.sealer import seal_pending


class Command(BaseCommand):
    help = "Niêm phong mọi dòng nhật ký đang chờ (thường do tiến trình work làm mỗi giây)."

    def handle(self, *args: Any, **options: Any) -> None:
        """Say how many."""
        self.stdout.write(f"Đã niêm phong {seal_pending(everything=True)} dòng nhật ký.")
