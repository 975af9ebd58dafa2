"""allauth's policy here: nobody signs up by themselves, and every sentence is ours."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from nghitruong.platform.accounts.middleware import renew


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]  # allauth has no types
    """Accounts are made by the office, one person each."""

    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "account_inactive": _("Tài khoản này đang bị khóa. Hãy hỏi quản trị viên của Hội đồng."),
        "invalid_login": _("Tên đăng nhập hoặc mật khẩu chưa đúng."),
        "username_password_mismatch": _(
            "Tên đăng nhập hoặc mật khẩu chưa đúng. Hãy xem lại chữ hoa, chữ thường và bộ gõ "
            "tiếng Việt (nên tắt khi gõ mật khẩu)."
        ),
        "too_many_login_attempts": _("Thử quá nhiều lần. Hãy đợi vài phút rồi thử lại."),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Never."""
        return False

    def login(self, request: HttpRequest, user: Any) -> None:
        """The session of today: its first page need not write it again."""
        super().login(request, user)
        renew(request)

    def add_message(self, *args: Any, **kwargs: Any) -> None:
        """No greeting above the page: the page itself shows who is signed in."""
