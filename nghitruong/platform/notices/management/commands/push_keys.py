"""``manage.py push_keys``: the key pair of web push."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from nghitruong.platform.notices.ways import push


class Command(BaseCommand):
    help = "Tạo cặp khóa báo trên máy (web push), nếu chưa có; khóa nằm trong thư mục dữ liệu."

    def handle(self, *args: Any, **options: Any) -> None:
        """Made once; printed as browsers know it."""
        made = push.make_keys()
        self.stdout.write("Đã tạo khóa." if made else "Khóa đã có từ trước, giữ nguyên.")
        self.stdout.write(f"Khóa công khai: {push.public_key()}")
