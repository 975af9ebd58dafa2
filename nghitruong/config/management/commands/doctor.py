"""``nghitruong doctor``: is this machine ready for a session? Each line says what to do."""

from __future__ import annotations

import sys
from typing import Any

from django.core.management.base import BaseCommand

from nghitruong.config.doctor import examine


class Command(BaseCommand):
    help = "Kiểm tra máy và bản cài đặt; thoát với mã 1 khi có điều phải sửa"
    requires_system_checks = []

    def handle(self, *args: Any, **options: Any) -> None:
        """Print every finding; fail when one of them must be mended."""
        findings = list(examine())
        for finding in findings:
            self.stdout.write(str(finding))
        if any(finding.level == "fail" for finding in findings):
            self.stdout.write("Có điều phải sửa trước khi dùng (dấu ✗).")
            sys.exit(1)
