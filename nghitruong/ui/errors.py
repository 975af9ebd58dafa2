"""Error pages: what happened and what to do next, in plain Vietnamese; JSON for programs.

``nghitruong.config.urls`` names the four handlers; views and middleware call :func:`error_page`.
"""

from __future__ import annotations

import logging
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

log = logging.getLogger(__name__)

# Shown when even the template cannot be drawn (a front end that was not built, a full disk).
LAST_RESORT = (
    '<!doctype html><html lang="vi"><meta charset="utf-8"><title>Máy chủ gặp lỗi</title>'
    "<h1>Máy chủ gặp lỗi</h1><p>Việc vừa làm có thể chưa được ghi nhận. Hãy đợi một phút rồi tải "
    "lại trang; nếu vẫn vậy, báo quản trị viên của Hội đồng.</p></html>"
)


def _words(status: int) -> tuple[str, str, str]:
    """Title, what happened, what to do next."""
    known = {
        400: (
            _("Yêu cầu không đọc được"),
            _("Trang gửi lên máy chủ thiếu hoặc sai một phần nội dung."),
            _("Hãy quay lại trang trước, tải lại rồi làm lại việc đó."),
        ),
        403: (
            _("Việc này không được phép"),
            _("Với vai của quý vị trong hệ thống, trang hoặc việc này không mở được."),
            _("Nếu quý vị cần làm việc này, hãy liên hệ thư ký kỳ họp hoặc Văn phòng."),
        ),
        404: (
            _("Không có trang này"),
            _("Địa chỉ không đúng, hoặc nội dung không dành cho quý vị."),
            _("Hãy về trang đầu và đi lại từ mục lục."),
        ),
        405: (
            _("Trang này không mở được theo cách đó"),
            _("Địa chỉ này chỉ nhận việc gửi lên từ một trang khác nên không có gì để xem."),
            _("Hãy quay lại trang trước, tải lại và xem việc vừa làm đã được ghi nhận chưa."),
        ),
        409: (
            _("Việc này chưa làm được lúc này"),
            _("Tình trạng đã đổi trước khi yêu cầu của quý vị tới nơi."),
            _("Hãy tải lại trang để xem tình trạng mới rồi quyết định lại."),
        ),
        410: (
            _("Nội dung không còn ở đây"),
            _("Nội dung đã được gỡ hoặc thay bằng bản khác."),
            _("Hãy tìm bản mới từ mục lục, hoặc hỏi Văn phòng."),
        ),
        413: (
            _("Tệp quá lớn"),
            _("Tệp gửi lên vượt mức cho phép nên chưa được nhận."),
            _("Hãy giảm dung lượng hoặc tách tệp rồi gửi lại."),
        ),
        429: (
            _("Thử quá nhiều lần"),
            _("Máy chủ tạm dừng nhận yêu cầu này để bảo vệ tài khoản."),
            _("Hãy đợi vài phút rồi thử lại; nếu gấp, liên hệ người hỗ trợ trong hội trường."),
        ),
        500: (
            _("Máy chủ gặp lỗi"),
            _("Việc vừa làm có thể chưa được ghi nhận. Lỗi đã được ghi lại."),
            _("Hãy tải lại trang để xem việc đó đã được ghi chưa; nếu vẫn lỗi, báo quản trị viên."),
        ),
        503: (
            _("Hệ thống đang tạm nghỉ"),
            _("Máy chủ đang khởi động lại hoặc bảo trì. Những gì đã ghi nhận vẫn còn nguyên."),
            _("Hãy đợi một phút rồi tải lại trang."),
        ),
        507: (
            _("Máy chủ hết chỗ chứa"),
            _("Việc vừa làm CHƯA được ghi. Những gì đã ghi nhận vẫn còn nguyên."),
            _("Hãy báo ngay quản trị viên để giải phóng ổ đĩa rồi làm lại."),
        ),
    }
    return known.get(status, known[500])


def wants_json(request: HttpRequest) -> bool:
    """True for islands and programs: they ask for JSON or send it."""
    accept = request.headers.get("Accept", "")
    return request.content_type == "application/json" or (
        "application/json" in accept and "text/html" not in accept
    )


def error_page(
    request: HttpRequest,
    status: int,
    *,
    sentence: str = "",
    article: str = "",
    code: str = "",
) -> HttpResponse:
    """The page for ``status``; ``sentence`` replaces the general one, ``article`` is its law.

    Programs and htmx get ``{code, message, article}``: the page's script shows the sentence.
    """
    title, what, then = _words(status)
    if wants_json(request) or request.headers.get("HX-Request") == "true":
        answer = {"code": code or f"http_{status}", "message": sentence or f"{what} {then}"}
        if article:
            answer["article"] = article
        return JsonResponse(answer, status=status)
    context = {
        "status": status,
        "error_title": title,
        "what": sentence or what,
        # A refusal's own sentence already says what to do next.
        "then": "" if sentence else then,
        "article": article,
    }
    try:
        # Without the request for faults of the server: context processors may be what failed.
        page: str = render_to_string("ui/error.html", context, None if status >= 500 else request)
    except Exception:
        log.exception("trang lỗi không vẽ được")
        page = LAST_RESORT
    return HttpResponse(page, status=status)


class NotAllowedPage:
    """Middleware: Django answers 405 with nothing, and a blank page tells nobody what to do."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """The page, with Django's own list of what the address takes."""
        response = self.get_response(request)
        if response.status_code != 405 or response.streaming or response.content:
            return response
        page = error_page(request, 405)
        page["Allow"] = response.get("Allow", "")
        return page


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """``handler400``"""
    return error_page(request, 400)


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """``handler403``; a ``PermissionDenied`` with a text shows that text."""
    return error_page(request, 403, sentence=str(exception or ""))


def csrf_failed(request: HttpRequest, reason: str = "") -> HttpResponse:
    """``CSRF_FAILURE_VIEW``: nearly always a page left open across a login."""
    return error_page(
        request,
        403,
        code="csrf",
        sentence=_(
            "Trang này đã mở từ trước khi quý vị đăng nhập lại nên máy chủ không nhận. "
            "Hãy tải lại trang rồi làm lại; chưa có gì được ghi nhận."
        ),
    )


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """``handler404``"""
    return error_page(request, 404)


def server_error(request: HttpRequest) -> HttpResponse:
    """``handler500``"""
    return error_page(request, 500)
