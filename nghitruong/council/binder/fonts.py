"""Fonts for what the binder draws: a serif and its bold that have all Vietnamese letters."""

from __future__ import annotations

import subprocess
from functools import lru_cache
from pathlib import Path
from typing import Final

from django.utils.translation import gettext as _

from nghitruong.platform.errors import Refused
from nghitruong.platform.jobs.apart import surroundings

FAMILIES: Final = ("Liberation Serif", "Tinos", "Times New Roman", "DejaVu Serif")
NEEDED: Final = (
    "ăâđêôơưẠẢẤẦẨẪẬẮẰẲẴẶẸẺẼẾỀỂỄỆỈỊỌỎỐỒỔỖỘỚỜỞỠỢỤỦỨỪỬỮỰỲỴỶỸ"
    "ạảấầẩẫậắằẳẵặẹẻẽếềểễệỉịọỏốồổỗộớờởỡợụủứừửữựỳỵỷỹ–"
)


def _has_letters(path: Path) -> bool:
    from reportlab.pdfbase.ttfonts import TTFError, TTFontFile

    try:
        face = TTFontFile(str(path))
    except (TTFError, OSError):
        return False
    return all(ord(char) in face.charToGlyph for char in NEEDED)


def _files_of(family: str, style: str) -> list[Path]:
    try:
        done = subprocess.run(
            ["fc-list", f"{family}:style={style}", "file"],
            env=surroundings({"HOME": str(Path.home())}),  # fonts may be the user's own
            capture_output=True,
            text=True,
            timeout=20,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired):
        return []
    return [Path(line.rstrip(": ")) for line in done.stdout.splitlines() if line.strip()]


@lru_cache(maxsize=1)
def find() -> tuple[Path, Path]:
    """(regular, bold) TrueType files. Refused, with what to install, where there are none."""
    for family in FAMILIES:
        pair = []
        for style in ("Regular", "Bold") if family != "DejaVu Serif" else ("Book", "Bold"):
            files = [p for p in _files_of(family, style) if p.suffix.lower() == ".ttf"]
            good = next((path for path in sorted(files) if _has_letters(path)), None)
            if good is not None:
                pair.append(good)
        if len(pair) == 2:
            return pair[0], pair[1]
    raise Refused(
        "font_missing",
        _(
            "Máy chủ chưa có phông chữ đủ dấu tiếng Việt (gói fonts-liberation2) "
            "nên chưa đóng được tập in. Hãy nhờ quản trị viên cài rồi thử lại."
        ),
    )
