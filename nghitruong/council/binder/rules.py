"""Who may work on the binder, and when. Papers' own rules hold beside these."""

from __future__ import annotations

from django.utils.translation import gettext as _

from nghitruong.council.binder.models import ImportState, PaperImport
from nghitruong.council.papers.secrecy import ARTICLE
from nghitruong.platform.errors import Refused

_RENAME = " Nếu chỉ trùng chữ, hãy đổi tên {what} rồi gửi lại và hủy dòng ấy trong sổ."
_WHERE = {
    "text": ("Trang đầu của tệp có dấu độ mật", ""),
    "name": ("Tên tệp có chữ chỉ độ mật", _RENAME.format(what="tệp")),
    "folder": ("Tên thư mục chứa tệp có chữ chỉ độ mật", _RENAME.format(what="thư mục")),
}


def secret_sentence(found_in: str) -> str:
    """What is said of a file that was erased: where the mark was seen (text, name, folder) and,
    where it may be a chance of words, what to do."""
    where, rename = _WHERE[found_in]
    return (
        f"{where} nên tệp đã bị xóa hoàn toàn, kể cả tên tệp. Sổ tài liệu mật đã có một dòng; hãy "
        f"ghi thêm số vào sổ và giao bản giấy theo quy định ({ARTICLE}).{rename}"
    )


def check_open(batch: PaperImport) -> None:
    """Files and corrections go only to an import that was not closed yet."""
    if batch.state != ImportState.OPEN:
        raise Refused(
            "import_closed",
            _("Lượt nhập này %(state)s nên không nhận thêm. Hãy mở lượt nhập mới.")
            % {"state": batch.get_state_display()},
        )
