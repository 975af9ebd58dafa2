"""``nghitruong tls init|renew|show``: https for a network without Internet."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from cryptography import x509
from django.core.management.base import BaseCommand, CommandError

from nghitruong.config import tls


class Command(BaseCommand):
    help = "Chứng chỉ HTTPS của riêng bản cài đặt: tls init TÊN-MÁY, tls renew, tls show"
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        """What to do, and the names."""
        acts = parser.add_subparsers(dest="act", required=True)
        init = acts.add_parser("init", help="làm chứng chỉ gốc và chứng chỉ máy chủ")
        init.add_argument("names", nargs="+", metavar="TÊN", help="tên máy hoặc địa chỉ IP")
        acts.add_parser("renew", help="gia hạn chứng chỉ máy chủ, giữ chứng chỉ gốc")
        acts.add_parser("show", help="tên, hạn, vân tay")

    def handle(self, *args: Any, **options: Any) -> None:
        """Do it, then say what to do next."""
        try:
            if options["act"] == "init":
                tls.make(tls.Names.read(options["names"]))
            elif options["act"] == "renew":
                tls.renew()
        except tls.TlsError as error:
            raise CommandError(str(error)) from None
        where, certificate = tls.files(), tls.current()
        if certificate is None:
            raise CommandError("Chưa có chứng chỉ: hãy chạy nghitruong tls init TÊN-MÁY")
        names = tls.Names.of(certificate).allowed_hosts()
        authority = x509.load_pem_x509_certificate(where.authority.read_bytes())
        say = self.stdout.write
        say(f"Thư mục: {where.folder} (chỉ chủ sở hữu đọc được)")
        say(f"Dùng cho: {', '.join(names)}")
        say(f"Hết hạn: {certificate.not_valid_after_utc:%d/%m/%Y}; gia hạn: nghitruong tls renew")
        say(f"Vân tay SHA-256 của chứng chỉ gốc: {tls.fingerprint(authority)}")
        if options["act"] == "init":
            say("")
            say("Tiếp theo:")
            say("  1. nghitruong serve --host 0.0.0.0 --port 443 --plain-port 80")
            say("     (không có quyền mở cổng dưới 1024: --port 8443 --plain-port 8080)")
            say(f"  2. Trên từng máy tính bảng mở http://{names[0]}/cai-chung-chi/ và làm theo;")
            say("     so vân tay ở trên với vân tay trang đó hiện ra.")
        elif options["act"] == "renew":
            say("Khởi động lại hệ thống để dùng chứng chỉ mới; các máy không phải cài gì lại.")
