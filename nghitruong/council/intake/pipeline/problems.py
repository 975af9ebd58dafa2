"""Every remark about a file: its code, how grave it is, and the sentence people read."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

Gravity = Literal["refused", "degraded", "note"]


@dataclass(frozen=True)
class Problem:
    """``refused``: not taken as a paper. ``degraded``: usable, with a lack. ``note``: worth
    knowing."""

    gravity: Gravity
    sentence: str


PROBLEMS: Final[dict[str, Problem]] = {
    "empty": Problem("refused", "Tệp rỗng, không có byte nào."),
    "unknown": Problem("refused", "Không nhận ra loại tệp này."),
    "script": Problem(
        "refused", "Tệp có thể chứa mã lệnh (SVG, HTML). Hãy xuất ra PDF hoặc ảnh PNG."
    ),
    "archive": Problem("refused", "Đây là tệp nén. Hãy mở tệp nén rồi gửi từng tài liệu."),
    "program": Problem("refused", "Đây là chương trình, không phải tài liệu."),
    "broken": Problem("refused", "Tệp bị hỏng, không đọc được."),
    "encrypted": Problem("refused", "Tệp đặt mật khẩu nên đại biểu không đọc được."),
    "no_pages": Problem("refused", "Tệp PDF không có trang nào."),
    "macro": Problem("refused", "Tệp có mã lệnh (macro) nên không được nhận."),
    "bomb": Problem("refused", "Tệp nén bất thường, bung ra quá lớn."),
    "too_slow": Problem("refused", "Tệp quá phức tạp, máy chủ không đọc xong trong thời hạn."),
    "no_libreoffice": Problem(
        "degraded",
        "Máy chủ chưa có LibreOffice nên chưa chuyển được sang PDF để đọc tại chỗ; tệp gốc vẫn "
        "tải về được.",
    ),
    "no_tesseract": Problem(
        "degraded",
        "Máy chủ chưa có Tesseract (tiếng Việt) nên chưa đọc được chữ trong ảnh quét; trang vẫn "
        "xem được.",
    ),
    "conversion_failed": Problem(
        "degraded", "Không chuyển được sang PDF để đọc tại chỗ; tệp gốc vẫn tải về được."
    ),
    "ocr_partial": Problem(
        "degraded", "Một số trang quét chưa đọc được chữ; các trang đó vẫn xem được."
    ),
    "ocr_limit": Problem(
        "degraded",
        "Tài liệu quét quá dài: chỉ đọc chữ của những trang đầu; mọi trang vẫn xem được.",
    ),
    "page_broken": Problem("degraded", "Một số trang không đọc được; hãy xem lại tệp gốc."),
    "pages_limit": Problem(
        "degraded", "Tài liệu quá dài: chỉ xử lý những trang đầu; tệp gốc vẫn đủ trang."
    ),
    "no_text": Problem("degraded", "Không có chữ nào đọc được trong tệp."),
    "broken_font": Problem(
        "note", "Bảng mã chữ của tệp bị lỗi; chữ được đọc lại từ hình ảnh trang."
    ),
    "old_encoding": Problem(
        "note", "Tệp dùng bảng mã cũ (TCVN3 hoặc VNI); chữ đã được chuyển sang Unicode."
    ),
    "wrong_extension": Problem("note", "Đuôi tên tệp không đúng với nội dung bên trong."),
    "signature_changed": Problem("degraded", "Nội dung không còn đúng như khi ký số."),
    "signature_added": Problem(
        "degraded", "Sau chữ ký số cuối cùng, tệp còn bị thêm nội dung không được ký."
    ),
    "signature_between": Problem(
        "note", "Giữa hai chữ ký số, tệp được thêm nội dung; chữ ký cuối phủ toàn bộ tệp."
    ),
    "signature_unreadable": Problem("degraded", "Có chữ ký số không đọc được."),
    "rotated": Problem("note", "Một số trang quét bị xoay; chữ đã được đọc theo đúng chiều."),
}


def verdict_of(codes: list[str]) -> str:
    """``accepted``, ``degraded`` or ``refused``: the gravest of the remarks."""
    found = {PROBLEMS[code].gravity for code in codes}
    if "refused" in found:
        return "refused"
    return "degraded" if "degraded" in found else "accepted"
