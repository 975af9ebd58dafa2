"""Who may work on the binder, and when. Papers' own rules hold beside these."""

from __future__ import annotations

from django.utils.translation import gettext as _

from nghitruong.council.binder.models import ImportState, PaperImport
from nghitruong.council.papers.secrecy import ARTICLE
from nghitruong.platform.errors import Refused

SECRET_SENTENCE = (
    "Tệp có dấu độ mật nên đã bị xóa hoàn toàn, kể cả tên tệp. Sổ tài liệu mật đã có một dòng; "
    f"hãy ghi thêm số vào sổ và giao bản giấy theo quy định ({ARTICLE})."
)


def check_open(batch: PaperImport) -> None:
    """Files and corrections go only to an import that was not closed yet."""
    if batch.state != ImportState.OPEN:
        raise Refused(
            "import_closed",
            _("Lượt nhập này %(state)s nên không nhận thêm. Hãy mở lượt nhập mới.")
            % {"state": batch.get_state_display()},
        )
