"""``nghitruong intake_report DIR``: what the intake pipeline and the proposals say of each file."""

from __future__ import annotations

import json
import tempfile
from dataclasses import asdict
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from nghitruong.council.binder import proposals
from nghitruong.council.intake.pipeline.run import process
from nghitruong.lib.text import nfc


class Command(BaseCommand):
    help = "Cho từng tệp của một thư mục qua bộ tiếp nhận; in mỗi tệp một dòng JSON."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("folder", help="thư mục tài liệu (đọc, không ghi gì vào đó)")
        parser.add_argument("--texts", default="", help="thư mục để ghi chữ đọc được của từng tệp")

    def handle(self, *args: Any, **options: Any) -> None:
        folder = Path(options["folder"])
        if not folder.is_dir():
            raise CommandError(f"Không có thư mục {folder}")
        texts = Path(options["texts"]) if options["texts"] else None
        if texts is not None:
            texts.mkdir(parents=True, exist_ok=True)
        for path in sorted(folder.rglob("*")):
            if path.is_file() and path.name != "manifest.csv":
                line = self.report(path, str(path.relative_to(folder)), texts)
                self.stdout.write(json.dumps(line, ensure_ascii=False))
                self.stdout.flush()

    @staticmethod
    def report(path: Path, name: str, texts: Path | None) -> dict[str, Any]:
        """One file's line."""
        with tempfile.TemporaryDirectory(prefix="intake-") as out:
            found = process(path, Path(out), name=path.name)
        folder = str(Path(name).parent) if "/" in name else ""
        said = proposals.read(nfc(path.name), nfc(folder), [page.text for page in found.texts])
        if texts is not None:
            (texts / f"{path.name}.txt").write_text(found.text)
        return {
            "file": nfc(name),
            "verdict": found.verdict,
            "reason": found.reason,
            "pages": found.pages,
            "text_from": found.text_from,
            "chars": found.chars,
            "number": said.number,
            "issuer": said.issuer,
            "date": said.dated.isoformat() if said.dated else "",
            "kind": said.kind_name,
            "title": said.title,
            "signatures": [asdict(signature) for signature in found.signatures],
            "seconds": round(found.seconds, 1),
        }
