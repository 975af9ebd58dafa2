"""``nghitruong demo``: the invented province and commune, once."""

from __future__ import annotations

from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from nghitruong.config.demo import prepared
from nghitruong.config.demo.asks import build_asks
from nghitruong.config.demo.lately import build_lately
from nghitruong.config.demo.people import build_commune, build_province
from nghitruong.config.demo.session import build_commune_session, build_province_session
from nghitruong.council.councils.models import AdministrativeUnit, Council


class Command(BaseCommand):
    """Builds «dữ liệu minh họa» deterministically; running it again changes nothing."""

    help = "Dựng dữ liệu minh họa: HĐND tỉnh Lào Cai, HĐND xã Mậu A, một kỳ họp cuối năm."

    def handle(self, *args: Any, **options: Any) -> None:
        """Refuse an installation with real councils; do nothing when the demo is there."""
        if Council.objects.filter(is_demo=False).exists():
            raise CommandError(
                "Bản cài đặt này có Hội đồng thật; dữ liệu minh họa chỉ dựng ở bản cài đặt riêng."
            )
        if Council.objects.exists():
            self.stdout.write("Dữ liệu minh họa đã có, không thay đổi gì.")
            return
        if not AdministrativeUnit.objects.exists():
            call_command("import_units", verbosity=0)
        with transaction.atomic():
            province = build_province()
            commune = build_commune()
            session = build_province_session(province)
            build_asks(province, session)
            build_commune_session(commune)
            for built in (province, commune):
                prepared.keep_all(built.council)
            build_lately(province, session)
        self.stdout.write("Đã dựng dữ liệu minh họa: /lao-cai/ và /mau-a/.")
