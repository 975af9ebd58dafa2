"""The business of the demo's sessions: the official texts, and the lines of the agendas.

The order follows a real year-end session (reports of NQ 114/2025 Đ15, voters' petitions,
questioning, 28 draft resolutions, a by-election, next year's plans).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from nghitruong.council.papers.models import PaperKind
from nghitruong.session.meetings.models import ItemKind

# file, kind, number, issuer, date, title: official texts as they are.
OFFICIAL: tuple[tuple[str, PaperKind, str, str, date | None, str], ...] = (
    (
        "luat-72-2025-qh15.docx",
        PaperKind.REFERENCE,
        "72/2025/QH15",
        "Quốc hội",
        date(2025, 6, 16),
        "Luật Tổ chức chính quyền địa phương",
    ),
    (
        "luat-83-2025-qh15.docx",
        PaperKind.REFERENCE,
        "83/2025/QH15",
        "Quốc hội",
        date(2025, 6, 25),
        "Luật sửa đổi Luật Bầu cử đại biểu Quốc hội và đại biểu Hội đồng nhân dân",
    ),
    (
        "luat-87-2025-qh15.docx",
        PaperKind.REFERENCE,
        "87/2025/QH15",
        "Quốc hội",
        date(2025, 6, 25),
        "Luật sửa đổi Luật Ban hành văn bản quy phạm pháp luật",
    ),
    (
        "congbao-luat-55-2024-pccc.pdf",
        PaperKind.REFERENCE,
        "55/2024/QH15",
        "Quốc hội",
        date(2024, 11, 29),
        "Luật Phòng cháy, chữa cháy và cứu nạn, cứu hộ (Công báo)",
    ),
    (
        "qh-luat-40-2013-pccc.pdf",
        PaperKind.REFERENCE,
        "40/2013/QH13",
        "Quốc hội",
        date(2013, 11, 22),
        "Luật sửa đổi Luật Phòng cháy và chữa cháy (bản quét)",
    ),
    (
        "cp-nd-47-2020-broken-font.pdf",
        PaperKind.REFERENCE,
        "47/2020/NĐ-CP",
        "Chính phủ",
        date(2020, 4, 9),
        "Nghị định về quản lý, kết nối và chia sẻ dữ liệu số",
    ),
    (
        "btc-tt-02-2021.pdf",
        PaperKind.REFERENCE,
        "02/2021/TT-BTC",
        "Bộ Tài chính",
        date(2021, 1, 8),
        "Thông tư về phí thẩm định phòng cháy, chữa cháy",
    ),
    (
        "hanoi-qd-67-2024-ubnd.pdf",
        PaperKind.REFERENCE,
        "67/2024/QĐ-UBND",
        "UBND TP Hà Nội",
        None,
        "Quyết định bãi bỏ các quyết định 19/2019 và 07/2023",
    ),
    (
        "hdnd-hanoi-nq-11-2025.pdf",
        PaperKind.REFERENCE,
        "11/2025/NQ-HĐND",
        "HĐND TP Hà Nội",
        None,
        "Nghị quyết của HĐND thành phố Hà Nội (tham khảo)",
    ),
    (
        "hdnd-tuangiao-gm-2020.pdf",
        PaperKind.NOTICE,
        "06/GM-HĐND",
        "HĐND huyện Tuần Giáo",
        None,
        "Giấy mời họp Thường trực HĐND mở rộng (mẫu tham khảo)",
    ),
    (
        "604-qd-ttg-700112.docx",
        PaperKind.REFERENCE,
        "604/QĐ-TTg",
        "Thủ tướng Chính phủ",
        None,
        "Quyết định điều chỉnh Chiến lược phát triển khoa học, công nghệ",
    ),
    (
        "kh-truong-hoc-nd30-2026.docx",
        PaperKind.REFERENCE,
        "",
        "Trường THPT Đốc Binh Kiều",
        None,
        "Kế hoạch tuần sinh hoạt công dân (thể thức Nghị định 30)",
    ),
)


@dataclass(frozen=True)
class Line:
    """A line of the agenda: sitting number, kind, title, presenter's body, minutes, drafts."""

    sitting: int
    kind: ItemKind
    title: str
    body: str | None
    minutes: int
    drafts: tuple[int, ...] = ()


# The province: what comes before the 28 drafts, and after them.
BEFORE_DRAFTS: tuple[Line, ...] = (
    Line(1, ItemKind.CEREMONY, "Chào cờ, tuyên bố lý do, giới thiệu đại biểu", "VP", 15),
    Line(1, ItemKind.OTHER, "Phát biểu khai mạc kỳ họp", "TT", 10),
    Line(1, ItemKind.DECISION, "Biểu quyết thông qua chương trình kỳ họp", "TT", 5),
    Line(
        1,
        ItemKind.REPORT,
        "Báo cáo tình hình kinh tế - xã hội năm 2026, nhiệm vụ năm 2027",
        "UBND",
        20,
        (2,),
    ),
    Line(1, ItemKind.REPORT, "Báo cáo tình hình thực hiện ngân sách năm 2026", "STC", 15, (3,)),
    Line(1, ItemKind.REPORT, "Báo cáo công tác phòng, chống tham nhũng", "UBND", 10),
    Line(1, ItemKind.REPORT, "Báo cáo giải quyết khiếu nại, tố cáo", "UBND", 10),
    Line(1, ItemKind.REPORT, "Báo cáo công tác của Tòa án nhân dân tỉnh", "TAND", 10),
    Line(1, ItemKind.REPORT, "Báo cáo công tác của Viện kiểm sát nhân dân tỉnh", "VKSND", 10),
    Line(1, ItemKind.REPORT, "Thông báo của Mặt trận Tổ quốc về xây dựng chính quyền", "MTTQ", 10),
    Line(1, ItemKind.REPORT, "Tổng hợp ý kiến, kiến nghị của cử tri", "MTTQ", 15),
    Line(1, ItemKind.REPORT, "Kết quả giải quyết kiến nghị của cử tri", "UBND", 15),
    Line(1, ItemKind.REPORT, "Báo cáo thẩm tra của các Ban", "PC", 30),
    Line(2, ItemKind.DEBATE, "Thảo luận tại hội trường", None, 150),
    Line(
        2,
        ItemKind.QUESTIONING,
        "Chất vấn nhóm vấn đề: quản lý đất đai, môi trường",
        "SNNMT",
        90,
    ),
    Line(2, ItemKind.QUESTIONING, "Chất vấn nhóm vấn đề: giao thông nông thôn", "SXD", 90),
    Line(
        2,
        ItemKind.DECISION,
        "Nghị quyết về chất vấn và trả lời chất vấn tại kỳ họp",
        "TT",
        10,
        (28,),
    ),
    Line(3, ItemKind.ELECTION, "Bầu bổ sung 01 Phó Chủ tịch UBND tỉnh", "UBND", 60),
)
AFTER_DRAFTS: tuple[Line, ...] = (
    Line(3, ItemKind.DECISION, "Kế hoạch tổ chức các kỳ họp thường lệ năm 2027", "TT", 5),
    Line(3, ItemKind.CEREMONY, "Phát biểu bế mạc, chào cờ", "TT", 15),
)
COMMUNE: tuple[Line, ...] = (
    Line(1, ItemKind.CEREMONY, "Chào cờ, khai mạc", "TT", 10),
    Line(1, ItemKind.DECISION, "Biểu quyết thông qua chương trình kỳ họp", "TT", 5),
    Line(1, ItemKind.REPORT, "Báo cáo kinh tế - xã hội của Ủy ban nhân dân", "UBND", 20),
    Line(1, ItemKind.DEBATE, "Thảo luận", None, 60),
    Line(1, ItemKind.DECISION, "Nghị quyết về nhiệm vụ năm 2027", "UBND", 10),
)
