"""``nghitruong verify-audit``: read the log again, compare it with the chain and printed heads.

Exit status 0: every council's log is intact. 1: something is wrong, one sentence for each fault.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from nghitruong.council.councils.models import Council
from nghitruong.platform.audit.chain import Head, parse_heads
from nghitruong.platform.audit.verify import verify


class Command(BaseCommand):
    help = "Kiểm tra nhật ký: đọc lại mọi dòng, tính lại chuỗi, so với các mã băm đã in."

    def add_arguments(self, parser: CommandParser) -> None:
        """Which council, which printed heads."""
        parser.add_argument("--council", help="đường dẫn của Hội đồng, ví dụ lao-cai")
        parser.add_argument(
            "--head",
            action="append",
            default=[],
            help="mã đã in, dạng vị_trí:mã_băm; dùng nhiều lần",
        )
        parser.add_argument("--file", help="tệp văn bản có các mã đã in")

    def handle(self, *args: Any, **options: Any) -> None:
        """Check, print, and fail when anything is wrong."""
        councils = Council.objects.order_by("slug")
        if options["council"]:
            councils = councils.filter(slug=options["council"])
            if not councils:
                raise CommandError(f"Không có Hội đồng nào ở đường dẫn {options['council']}.")
        heads = self._heads(options)
        if heads and len(councils) != 1:
            raise CommandError("Mã đã in là của một Hội đồng: hãy thêm --council ĐƯỜNG_DẪN.")
        faults = 0
        for council in councils:
            report = verify(council.pk, heads)
            faults += len(report.faults)
            for fault in report.faults:
                self.stdout.write(f"{council.slug}: {fault}")
            verdict = "nguyên vẹn" if report.intact else f"có {len(report.faults)} lỗi"
            waiting = f", {report.unsealed} dòng chờ niêm phong" if report.unsealed else ""
            compared = f", đã so {report.heads_checked} mã in" if report.heads_checked else ""
            self.stdout.write(
                f"{council.slug}: {verdict}, {report.head.position} dòng đã niêm phong"
                f"{waiting}{compared}; mã hiện nay {report.head}"
            )
        if faults:
            raise SystemExit(1)

    def _heads(self, options: dict[str, Any]) -> list[Head]:
        heads: list[Head] = []
        texts = list(options["head"])
        if options["file"]:
            path = Path(options["file"])
            if not path.is_file():
                raise CommandError(f"Không có tệp {path}.")
            texts.append(path.read_text())
        for text in texts:
            found = parse_heads(text)
            if not found:
                raise CommandError(f"Không thấy mã dạng vị_trí:mã_băm trong: {text[:80]}")
            heads.extend(found)
        return heads
