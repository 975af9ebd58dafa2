"""Sign-in pages beyond allauth's own."""

from __future__ import annotations

from typing import Any, cast

from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from nghitruong.platform.accounts import actions
from nghitruong.platform.accounts.forms import PasswordForm
from nghitruong.platform.accounts.models import Account


def locked_out(
    request: HttpRequest, response: Any = None, credentials: Any = None, *args: Any, **kwargs: Any
) -> HttpResponse:
    """Too many wrong passwords for one name: say so, and what to do."""
    sentence = _(
        "Tên đăng nhập này đã gõ sai mật khẩu quá nhiều lần. Hãy đợi 6 phút rồi thử lại, "
        "hoặc nhờ Tổ hỗ trợ cấp lại mật khẩu ngay. Người khác vẫn đăng nhập bình thường."
    )
    if "application/json" in request.headers.get("Accept", ""):
        return JsonResponse({"code": "locked_out", "message": sentence}, status=429)
    return render(request, "accounts/locked_out.html", {"sentence": sentence}, status=429)


@login_required
@never_cache
@sensitive_post_parameters("current", "new", "again")
@require_http_methods(["GET", "POST"])
def change_password(request: HttpRequest) -> HttpResponse:
    """One's own password; the first thing after signing in with a one-time one."""
    account = cast(Account, request.user)
    first = account.must_change_password
    form = PasswordForm(request.POST or None, account=account)
    if request.method == "POST" and form.is_valid():
        actions.change_password(account, form.cleaned_data["new"])
        update_session_auth_hash(request, account)
        messages.success(request, _("Đã đổi mật khẩu."))
        return redirect("/")
    return render(
        request,
        "accounts/change_password.html",
        {"form": form, "first": first},
        status=422 if form.errors else 200,
    )
