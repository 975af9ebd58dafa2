"""``python -m nghitruong.session.voting.verify FILE``: recount an exported poll, offline.

Needs no database and no settings. Prints one line per check; exit status 0 when all hold, 1 when
something differs, 2 when the file cannot be read, 3 when the count holds but the file says that
it was annulled or never announced, so that nothing follows from it.

What is proved is the count. Announcement and annulment come after the record was frozen: the file
tells of them beside the record, outside its hash; the minutes and the audit chain prove them.
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import Any, Final, TextIO

from nghitruong.session.voting.record import verify

NO_FORCE: Final = 3


def standing(document: Any) -> tuple[int, list[str]]:
    """What the file says happened since the count: the exit status and lines to print."""
    state = document.get("state")
    if state == "annulled":
        return NO_FORCE, [
            f"✗ Cuộc biểu quyết này ĐÃ HỦY lúc {document.get('annulled_at')}. "
            f"Lý do: {document.get('annul_reason') or 'không ghi'}.",
            "  Số đếm trên không có giá trị.",
        ]
    if state == "closed":
        return NO_FORCE, ["✗ Kết quả CHƯA công bố: chủ tọa còn được hủy, chưa có giá trị."]
    if state == "published":
        said = f"Tệp ghi: đã công bố lúc {document.get('published_at')}."
    else:
        said = "Tệp không ghi kết quả đã công bố hay đã hủy."
    return 0, [f"{said} Điều này không nằm trong mã băm; hãy đối chiếu với biên bản hoặc nhật ký."]


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
        verdict = "đủ" if result.outcome.passed else "không đủ"
        print(
            f"✓ Đếm lại đúng: {result.counts.yes} tán thành, cần {result.outcome.needed} "
            f"trên {result.outcome.base_total}: {verdict} số phiếu để thông qua.",
            file=out,
        )
        status, lines = standing(document)
        print(*lines, sep="\n", file=out)
        return status
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
