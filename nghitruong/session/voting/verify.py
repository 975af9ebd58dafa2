"""``python -m nghitruong.session.voting.verify FILE``: recount an exported poll, offline.

Needs no database and no settings. Prints one line per check; exit status 0 when all hold, 1 when
something differs, 2 when the file cannot be read.
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import TextIO

from nghitruong.session.voting.record import verify


def run(file: str, *, expected_sha256: str = "", out: TextIO = sys.stdout) -> int:
    """Verify one file and print what was found; returns the exit status."""
    try:
        document = json.loads(Path(file).read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError) as error:
        print(f"✗ Không đọc được tệp {file}: {error}", file=out)
        return 2
    result = verify(document, expected_sha256=expected_sha256)
    record = document.get("record") if isinstance(document, dict) else None
    question = record.get("poll", {}).get("question", "") if isinstance(record, dict) else ""
    if question:
        print(f"Nội dung biểu quyết: {question}", file=out)
    for check in result.checks:
        print(check.line(), file=out)
    if result.sha256:
        print(f"SHA-256 của hồ sơ: {result.sha256}", file=out)
    if result.ok and result.counts and result.outcome:
        verdict = "được thông qua" if result.outcome.passed else "không được thông qua"
        print(
            f"✓ Tính lại đúng: {result.counts.yes} tán thành, cần {result.outcome.needed} "
            f"trên {result.outcome.base_total}: {verdict}.",
            file=out,
        )
        return 0
    print("✗ Hồ sơ không khớp: kết quả tính lại khác với điều đã ghi.", file=out)
    return 1


def main(arguments: list[str] | None = None) -> int:
    """Command line."""
    parser = argparse.ArgumentParser(description="Tính lại một cuộc biểu quyết từ hồ sơ đã xuất.")
    parser.add_argument("file", help="tệp JSON của cuộc biểu quyết")
    parser.add_argument("--sha256", default="", help="mã băm đã in trong biên bản, trên màn hình")
    given = parser.parse_args(arguments)
    return run(given.file, expected_sha256=given.sha256)


if __name__ == "__main__":
    sys.exit(main())
