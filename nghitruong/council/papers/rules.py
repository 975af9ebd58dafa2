"""Who may do what with papers, and what a file must be. Every refusal says what to do next."""

from __future__ import annotations

from datetime import timedelta

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from nghitruong.council.councils.models import DutyKind
from nghitruong.council.councils.roles import Actor
from nghitruong.council.papers import extension
from nghitruong.council.papers.models import (
    Paper,
    PaperState,
    PaperVersion,
    Secrecy,
    SecretStub,
)
from nghitruong.council.papers.secrecy import ARTICLE
from nghitruong.platform.errors import NotAllowed, Refused

UPLOAD_EXPIRES = timedelta(hours=24)  # an unfinished file nobody touches is kept so long
CIRCULATION = "Điều 12 Quy chế làm việc mẫu (Nghị quyết 104/2025/UBTVQH15)"

PROBLEMS = {
    "empty": _lazy("Tệp rỗng, không có byte nào. Hãy mở tệp trên máy để kiểm tra rồi tải lại."),
    "unknown": _lazy(
        "Bên trong tệp không phải loại nào hệ thống nhận (PDF, Word, Excel, PowerPoint, ảnh JPEG, "
        "PNG, TIFF, âm thanh MP3, M4A, phim MP4), dù tên có đuôi gì. Hãy mở tệp trên máy, lưu lại "
        "thành PDF rồi tải lên; mục nào đã khai vẫn còn."
    ),
    "heic": _lazy(
        "Đây là ảnh HEIC của iPhone, iPad, nhiều máy không mở được nên không được nhận. Hãy vào "
        "Cài đặt > Camera > Định dạng, chọn «Tương thích nhất» rồi chụp lại; hoặc mở ảnh, chọn "
        "Chia sẻ > In để lưu thành PDF rồi tải lên; mục nào đã khai vẫn còn."
    ),
    "script": _lazy(
        "Tệp loại này (SVG, HTML) có thể chứa mã lệnh nên không được nhận. Hãy xuất ra PDF hoặc "
        "ảnh PNG rồi tải lên; mục nào đã khai vẫn còn."
    ),
    "archive": _lazy(
        "Đây là tệp nén, không phải một tài liệu. Hãy mở tệp nén rồi tải từng tài liệu, hoặc nhập "
        "cả tệp nén ở trang tài liệu của kỳ họp."
    ),
    "program": _lazy(
        "Đây là chương trình máy tính, không phải tài liệu, nên không được nhận. Hãy chọn đúng tệp "
        "văn bản rồi tải lên; mục nào đã khai vẫn còn."
    ),
    "bomb": _lazy(
        "Tệp nén bất thường: bung ra quá lớn so với dung lượng. Hãy mở tệp trên máy, lưu lại thành "
        "PDF rồi tải lên."
    ),
    "broken": _lazy(
        "Tệp bị hỏng, không đọc được. Hãy mở tệp trên máy, in hoặc lưu lại thành PDF mới rồi tải "
        "lên; mục nào đã khai vẫn còn."
    ),
    "encrypted": _lazy(
        "Tệp đặt mật khẩu nên đại biểu không đọc được. Hãy bỏ mật khẩu (in ra PDF mới) rồi "
        "tải lên; mục nào đã khai vẫn còn."
    ),
    "no_pages": _lazy("Tệp PDF không có trang nào. Hãy xuất lại tệp từ bản gốc rồi tải lên."),
    "macro": _lazy(
        "Tệp có mã lệnh (macro) nên không được nhận. Hãy lưu lại thành tệp thường không có macro "
        "(.docx, .xlsx) hoặc PDF rồi tải lên; mục nào đã khai vẫn còn."
    ),
    "too_slow": _lazy(
        "Tệp quá phức tạp, máy chủ không đọc xong trong một phút. Hãy in ra PDF mới rồi tải lên."
    ),
}


def is_office(actor: Actor) -> bool:
    """Sees papers still in preparation: the secretariat, the administrator and the chair."""
    return actor.is_office or actor.is_chair


def can_manage(actor: Actor) -> bool:
    """Whether :func:`may_manage` would let this person."""
    duties = (DutyKind.CLERK_PAPERS, DutyKind.OFFICE_HEAD, DutyKind.ADMIN)
    return actor.on_duty(*duties) or actor.is_chair


def may_manage(actor: Actor) -> None:
    """Receives, replaces, releases and withdraws papers: the clerk of papers, the head of the
    office, the chair."""
    if not can_manage(actor):
        raise NotAllowed(
            "papers_not_yours",
            _(
                "Chỉ thư ký phụ trách tài liệu hoặc chủ tọa làm được việc này. Hãy nhờ "
                "họ, hoặc đề nghị quản trị viên giao thêm nhiệm vụ."
            ),
            article=CIRCULATION,
        )


def may_read(actor: Actor) -> bool:
    """Reads released papers of the council."""
    return actor.is_delegate or is_office(actor)


def check_length(length: int, *, archive: bool = False) -> None:
    """A file neither empty nor above the limit of this installation; a zip of many has its own."""
    if length <= 0:
        raise Refused("empty", str(PROBLEMS["empty"]), status=422)
    most = settings.ARCHIVE_MAX_BYTES if archive else settings.UPLOAD_MAX_BYTES
    if length > most:
        limit = most // (1024 * 1024)
        size = f"{length / (1024 * 1024):.1f}".replace(".", ",")
        raise Refused(
            "too_large",
            _(
                "Tệp nặng %(size)s MB, quá mức %(limit)s MB mỗi tệp. Hãy giảm độ phân "
                "giải khi quét, hoặc tách thành nhiều tệp rồi tải lên."
            )
            % {"size": size, "limit": limit},
            status=413,
        )


def secret_refused(stub: SecretStub) -> Refused:
    """The sentence after a secret paper was turned away and its stub written."""
    where = {
        "choice": _("Tài liệu được khai là"),
        "name": _("Tên tệp cho thấy tài liệu thuộc độ"),
        "text": _("Trang đầu của tệp có dấu độ"),
    }[stub.found_in]
    return Refused(
        "state_secret",
        _(
            "%(where)s «%(label)s»: bí mật nhà nước không được đưa vào hệ thống "
            "này. Tệp đã bị xóa hoàn toàn; sổ tài liệu mật chỉ ghi số, độ mật và "
            "cơ quan ban hành. Hãy giao bản giấy theo quy định. Nếu tên tệp chỉ "
            "trùng chữ, hãy đổi tên tệp rồi tải lại."
        )
        % {"where": where, "label": Secrecy(stub.degree).label},
        article=ARTICLE,
        status=422,
    )


def check_releasable(paper: Paper, by: Actor) -> None:
    """Only a paper with a text, not withdrawn and not held for a person's decision, is released."""
    if paper.state == PaperState.WITHDRAWN:
        raise Refused(
            "withdrawn",
            _("«%(title)s» đã rút nên không gửi đại biểu được. Hãy tải lên thành tài liệu mới.")
            % {"title": paper.title},
        )
    refused = extension.hold_on(paper, by)
    if refused is not None:
        raise refused
    if PaperVersion.objects.filter(paper=paper, unread=True).exists():
        raise not_read_yet(paper)


def not_read_yet(paper: Paper) -> Refused:
    """A scan is read in the background; nobody but the office sees it before."""
    return Refused(
        "not_read_yet",
        _(
            "Máy chủ đang đọc chữ của «%(title)s» để tìm dấu mật nên chưa dùng "
            "được. Hãy chờ vài phút rồi làm lại; tiến độ ở trang thông tin tài "
            "liệu."
        )
        % {"title": paper.title},
        article=ARTICLE,
    )


def reason_given(reason: str, what: str) -> str:
    """A reason written by the person, without blanks around it."""
    reason = " ".join(reason.split())
    if not reason:
        raise Refused(
            "reason_missing",
            _("Hãy ghi lý do %(what)s; lý do sẽ được lưu vào nhật ký.") % {"what": what},
            status=422,
        )
    return reason[:300]
