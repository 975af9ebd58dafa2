"""``nghitruong serve``: start the whole system."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from nghitruong.config import tls
from nghitruong.config.serve import CannotServe, Supervisor


class Command(BaseCommand):
    """Starts live, web and work and keeps them running until Ctrl-C or SIGTERM."""

    help = "Chạy hệ thống: cổng trực tiếp, trang, việc nền."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Where to listen and with which certificate."""
        parser.add_argument("--host", default="127.0.0.1", help="địa chỉ, mặc định 127.0.0.1")
        parser.add_argument("--port", type=int, default=8000, help="cổng, mặc định 8000")
        parser.add_argument("--bind", default="", help="địa chỉ:cổng, thay cho --host và --port")
        parser.add_argument("--certfile", default="", help="chứng chỉ TLS (PEM)")
        parser.add_argument("--keyfile", default="", help="khóa của chứng chỉ (PEM)")
        parser.add_argument(
            "--no-tls", action="store_true", help="HTTP thường, dù đã có chứng chỉ của tls init"
        )
        parser.add_argument(
            "--plain-port",
            type=int,
            default=0,
            help="khi chạy HTTPS: cổng HTTP chỉ để cài chứng chỉ rồi chuyển sang HTTPS",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Run until told to stop."""
        host, port = options["host"], options["port"]
        certfile = options["certfile"] or settings.CERTFILE
        keyfile = options["keyfile"] or settings.KEYFILE
        made = tls.files()
        if options["no_tls"]:
            certfile = keyfile = ""
        elif not certfile and not keyfile and made.exist():
            certfile, keyfile = str(made.certificate), str(made.key)
        if options["bind"]:
            host, _, text = options["bind"].rpartition(":")
            if not host or not text.isdecimal():
                raise CommandError("--bind cần dạng địa_chỉ:cổng, ví dụ 127.0.0.1:8000")
            host, port = host.strip("[]"), int(text)
        try:
            Supervisor(
                host,
                port,
                certfile=certfile,
                keyfile=keyfile,
                plain_port=options["plain_port"],
                say=lambda line: self.stdout.write(line, ending="\n") or self.stdout.flush(),
            ).run()
        except CannotServe as reason:
            raise CommandError(str(reason)) from None
