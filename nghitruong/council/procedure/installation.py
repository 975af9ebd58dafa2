"""The calendar of days off for the whole installation: its administrator's page."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from nghitruong.council.procedure import actions
from nghitruong.council.procedure.profiles import holiday_rows
from nghitruong.council.procedure.views import HolidayForm
from nghitruong.lib.days import weekday_date_vn
from nghitruong.platform.accounts.models import Account
from nghitruong.platform.errors import Refused


class CommonHolidayForm(HolidayForm):
    """A day off for everybody, with what announced it."""

    basis = forms.CharField(
        label=gettext_lazy("Căn cứ (thông báo, văn bản)"), max_length=300, required=False
    )


@require_http_methods(["GET", "HEAD", "POST"])
def holidays(request: HttpRequest) -> HttpResponse:
    """Days off of all councils: shipped dates to confirm, change or take out, others to add."""
    if not (request.user.is_authenticated and request.user.is_superuser):
        raise Http404
    account = request.user
    form = CommonHolidayForm(request.POST if "day" in request.POST else None)
    try:
        if request.method == "POST" and _changed(request, account, form):
            return redirect("common_holidays")
    except Refused as refused:
        messages.error(request, refused.sentence)
        return redirect("common_holidays")
    today = timezone.localdate()
    rows = [(row, weekday_date_vn(row.day)) for row in holiday_rows(None)]
    context: dict[str, Any] = {
        "form": form,
        "coming": [pair for pair in rows if pair[0].day >= today],
        "past": [pair for pair in rows if pair[0].day < today],
        "open": [row for row, _day in rows if not row.confirmed and row.day >= today],
    }
    return render(request, "procedure/common_holidays.html", context)


def _changed(request: HttpRequest, account: Account, form: CommonHolidayForm) -> bool:
    """Do what was asked; False when the form must be shown again."""
    for name, act in (
        ("confirm", actions.confirm_common_holiday),
        ("remove", actions.remove_common_holiday),
    ):
        if name in request.POST:
            try:
                day = date.fromisoformat(request.POST[name])
            except ValueError:
                raise Refused(
                    "bad_input", _("Không đọc được ngày. Hãy tải lại trang."), status=422
                ) from None
            act(day, by=account)
            messages.success(request, _("Đã ghi. Hạn của mọi Hội đồng được tính lại ngay."))
            return True
    if not form.is_valid():
        return False
    data = form.cleaned_data
    actions.set_common_holiday(
        data["day"],
        name=data["name"],
        working=data["working"],
        basis=data["basis"],
        by=account,
    )
    messages.success(request, _("Đã ghi. Hạn của mọi Hội đồng được tính lại ngay."))
    return True
