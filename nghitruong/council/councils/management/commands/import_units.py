"""``manage.py import_units``: the administrative units of the country, as shipped."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from nghitruong.council.councils.importers.units import import_units


class Command(BaseCommand):
    help = "Nhập đơn vị hành chính hiện nay và trước đây; chạy lại không thay đổi gì."

    def handle(self, *args: Any, **options: Any) -> None:
        """Import and say what changed."""
        report = import_units()
        self.stdout.write(f"Đã thêm {report.units} đơn vị và {report.successions} quan hệ kế thừa.")
