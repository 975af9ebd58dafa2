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


def gettext_noop(text: str) -> str:
    """Marks a sentence for the catalogues; Django's own would ask for settings, and the pipeline
    runs without any."""
    return text


PROBLEMS: Final[dict[str, Problem]] = {
    "empty": Problem("refused", gettext_noop("Tệp rỗng, không có byte nào.")),
    "unknown": Problem("refused", gettext_noop("Không nhận ra loại tệp này.")),
    "heic": Problem(
        "refused",
        gettext_noop(
            "Ảnh HEIC của iPhone, iPad không đọc được ở đây. Hãy chụp lại sau khi chọn Cài đặt > "
            "Camera > Định dạng > Tương thích nhất, hoặc lưu ảnh thành PDF."
        ),
    ),
    "script": Problem(
        "refused",
        gettext_noop("Tệp có thể chứa mã lệnh (SVG, HTML). Hãy xuất ra PDF hoặc ảnh PNG."),
    ),
    "archive": Problem(
        "refused", gettext_noop("Đây là tệp nén. Hãy mở tệp nén rồi gửi từng tài liệu.")
    ),
    "program": Problem("refused", gettext_noop("Đây là chương trình, không phải tài liệu.")),
    "broken": Problem("refused", gettext_noop("Tệp bị hỏng, không đọc được.")),
    "encrypted": Problem("refused", gettext_noop("Tệp đặt mật khẩu nên đại biểu không đọc được.")),
    "no_pages": Problem("refused", gettext_noop("Tệp PDF không có trang nào.")),
    "macro": Problem("refused", gettext_noop("Tệp có mã lệnh (macro) nên không được nhận.")),
    "bomb": Problem("refused", gettext_noop("Tệp nén bất thường, bung ra quá lớn.")),
    "too_slow": Problem(
        "refused", gettext_noop("Tệp quá phức tạp, máy chủ không đọc xong trong thời hạn.")
    ),
    "no_libreoffice": Problem(
        "degraded",
        gettext_noop(
            "Máy chủ chưa có LibreOffice nên chưa chuyển được sang PDF để đọc tại chỗ; tệp gốc vẫn "
            "tải về được."
        ),
    ),
    "no_tesseract": Problem(
        "degraded",
        gettext_noop(
            "Máy chủ chưa có Tesseract (tiếng Việt) nên chưa đọc được chữ trong ảnh quét; trang "
            "vẫn xem được."
        ),
    ),
    "conversion_failed": Problem(
        "degraded",
        gettext_noop("Không chuyển được sang PDF để đọc tại chỗ; tệp gốc vẫn tải về được."),
    ),
    "ocr_partial": Problem(
        "degraded", gettext_noop("Một số trang quét chưa đọc được chữ; các trang đó vẫn xem được.")
    ),
    "ocr_limit": Problem(
        "degraded",
        gettext_noop(
            "Tài liệu quét quá dài: chỉ đọc chữ của những trang đầu; mọi trang vẫn xem được."
        ),
    ),
    "page_broken": Problem(
        "degraded", gettext_noop("Một số trang không đọc được; hãy xem lại tệp gốc.")
    ),
    "pages_limit": Problem(
        "degraded",
        gettext_noop("Tài liệu quá dài: chỉ xử lý những trang đầu; tệp gốc vẫn đủ trang."),
    ),
    "no_text": Problem("degraded", gettext_noop("Không có chữ nào đọc được trong tệp.")),
    "broken_font": Problem(
        "note", gettext_noop("Bảng mã chữ của tệp bị lỗi; chữ được đọc lại từ hình ảnh trang.")
    ),
    "old_encoding": Problem(
        "note",
        gettext_noop("Tệp dùng bảng mã cũ (TCVN3 hoặc VNI); chữ đã được chuyển sang Unicode."),
    ),
    "wrong_extension": Problem(
        "note", gettext_noop("Đuôi tên tệp không đúng với nội dung bên trong.")
    ),
    "signature_changed": Problem(
        "degraded", gettext_noop("Nội dung không còn đúng như khi ký số.")
    ),
    "signature_added": Problem(
        "degraded", gettext_noop("Sau chữ ký số cuối cùng, tệp còn bị thêm nội dung không được ký.")
    ),
    "signature_between": Problem(
        "note",
        gettext_noop("Giữa hai chữ ký số, tệp được thêm nội dung; chữ ký cuối phủ toàn bộ tệp."),
    ),
    "signature_unreadable": Problem("degraded", gettext_noop("Có chữ ký số không đọc được.")),
    "rotated": Problem(
        "note", gettext_noop("Một số trang quét bị xoay; chữ đã được đọc theo đúng chiều.")
    ),
}


def verdict_of(codes: list[str]) -> str:
    """``accepted``, ``degraded`` or ``refused``: the gravest of the remarks."""
    found = {PROBLEMS[code].gravity for code in codes}
    if "refused" in found:
        return "refused"
    return "degraded" if "degraded" in found else "accepted"
