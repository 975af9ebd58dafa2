"""What a session's binder is expected to hold, as data.

By kind of session (Nghị quyết 104/2025/UBTVQH15 Điều 12; Luật 72/2025/QH15 Điều 34): the papers
without which the office does not send its packet. By kind of agenda item: the papers an item needs.
An expectation is a reminder, never a lock.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from nghitruong.council.papers.models import PaperKind as K

_DRAFTS: Final = (K.SUBMISSION, K.PROPOSAL)


@dataclass(frozen=True)
class Expected:
    """A paper of the tree: its section, what people call it, the kinds and words it is known by."""

    section: str
    label: str
    kinds: tuple[str, ...]
    words: tuple[str, ...] = ()


def _tree(*extra: Expected) -> tuple[Expected, ...]:
    return (
        Expected("chuong-trinh", "Chương trình kỳ họp", (K.PROGRAMME,)),
        *extra,
        Expected("danh-sach", "Danh sách đại biểu, khách mời", (K.NAMES,)),
    )


TREES: Final[dict[str, tuple[Expected, ...]]] = {
    "regular": _tree(
        Expected("bao-cao", "Báo cáo kinh tế - xã hội", (K.REPORT,), ("kinh te",)),
        Expected("bao-cao", "Báo cáo ngân sách", (K.REPORT,), ("ngan sach", "du toan")),
        Expected(
            "bao-cao", "Báo cáo của Thường trực Hội đồng nhân dân", (K.REPORT,), ("thuong truc",)
        ),
        Expected("bao-cao", "Báo cáo của Tòa án nhân dân", (K.REPORT,), ("toa an",)),
        Expected("bao-cao", "Báo cáo của Viện kiểm sát nhân dân", (K.REPORT,), ("kiem sat",)),
        Expected("cu-tri", "Tổng hợp ý kiến, kiến nghị cử tri", (K.VOTERS,)),
        Expected(
            "thong-bao", "Thông báo của Ủy ban Mặt trận Tổ quốc", (K.NOTICE,), ("mat tran", "mttq")
        ),
    ),
    "first": _tree(
        Expected("bao-cao", "Báo cáo kết quả bầu cử", (K.REPORT,), ("bau cu",)),
        Expected("to-trinh", "Tờ trình về nhân sự", (K.SUBMISSION,), ("bau", "nhan su")),
    ),
    "thematic": _tree(Expected("to-trinh", "Tờ trình", _DRAFTS)),
    "urgent": _tree(Expected("to-trinh", "Tờ trình", _DRAFTS)),
}  # fmt: skip

# Kind of item → groups of kinds of which one paper must be there each.
REQUIRED: Final[dict[str, tuple[tuple[str, tuple[str, ...]], ...]]] = {
    "report": (("báo cáo", (K.REPORT, K.VERIFICATION, K.VOTERS, K.NOTICE, K.RESPONSE)),),
    "submission": (
        ("tờ trình", _DRAFTS),
        ("dự thảo nghị quyết", (K.DRAFT,)),
        ("báo cáo thẩm tra", (K.VERIFICATION,)),
    ),
    "decision": (("dự thảo nghị quyết", (K.DRAFT,)),),
    "election": (("tờ trình", _DRAFTS),),
}
