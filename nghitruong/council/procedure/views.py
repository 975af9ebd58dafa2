"""The council's rule profile with each article, its own values, and its days off."""

from __future__ import annotations

import uuid
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from nghitruong.council.councils import rules
from nghitruong.council.councils.middleware import CouncilRequest
from nghitruong.council.procedure import actions, queries
from nghitruong.council.procedure.catalogue import Rule, profiles
from nghitruong.council.procedure.profiles import (
    BACK_TO_DEFAULT,
    ResolvedRule,
    holiday_rows,
    profile_for,
)
from nghitruong.lib.days import weekday_date_vn
from nghitruong.platform.errors import Refused

_GROUPS = {
    "session": gettext_lazy("Kỳ họp"),
    "vote": gettext_lazy("Biểu quyết"),
    "standing": gettext_lazy("Thường trực HĐND"),
    "verify": gettext_lazy("Thẩm tra"),
    "election": gettext_lazy("Bầu, phê chuẩn"),
    "resolution": gettext_lazy("Nghị quyết"),
    "question": gettext_lazy("Chất vấn"),
    "speech": gettext_lazy("Thảo luận"),
    "hearing": gettext_lazy("Giải trình"),
    "oversight": gettext_lazy("Giám sát"),
    "petition": gettext_lazy("Kiến nghị cử tri"),
    "txct": gettext_lazy("Tiếp xúc cử tri"),
    "citizen": gettext_lazy("Tiếp công dân, đơn thư"),
    "complaint": gettext_lazy("Khiếu nại"),
    "denunciation": gettext_lazy("Tố cáo"),
    "records": gettext_lazy("Văn thư, lưu trữ"),
    "pdp": gettext_lazy("Dữ liệu cá nhân"),
    "hr": gettext_lazy("Hồ sơ cán bộ"),
    "salary": gettext_lazy("Tiền lương"),
}
_UNITS = {
    "day": gettext_lazy("ngày"),
    "working_day": gettext_lazy("ngày làm việc"),
    "month": gettext_lazy("tháng"),
    "minute": gettext_lazy("phút"),
    "count": gettext_lazy("lần"),
}
_BASES = {
    "total": gettext_lazy("tổng số đại biểu"),
    "in_office": gettext_lazy("số đại biểu hiện có"),
    "members": gettext_lazy("tổng số thành viên"),
    "voters": gettext_lazy("tổng số cử tri"),
}
_CHOICES = {
    "in_office": gettext_lazy("số đại biểu đang giữ nhiệm vụ"),
    "statutory": gettext_lazy("số đại biểu được bầu theo luật"),
    "yes": gettext_lazy("có"),
    "no": gettext_lazy("không"),
    "council_chair_vote": gettext_lazy("theo ý kiến Chủ tịch HĐND"),
}


def value_text(rule: Rule, value: Any) -> str:
    """A value as officials say it: «quá 1/2 tổng số đại biểu», «15 ngày trước ngày khai mạc»."""
    if rule.unit == "ratio":
        words = _("quá") if rule.compare == "more_than" else _("ít nhất")
        return f"{words} {value} {_BASES.get(rule.base, rule.base)}"
    if rule.unit == "choice":
        return str(_CHOICES.get(str(value), value))
    if rule.unit == "date":
        month, day = str(value).split("-")
        return _("ngày %(day)s/%(month)s") % {"day": day, "month": month}
    if rule.unit == "day_of_month":
        return _("ngày %(day)s hằng tháng") % {"day": value}
    text = f"{value} {_UNITS[rule.unit]}"
    if rule.direction:
        side = _("trước") if rule.direction == "before" else _("kể từ")
        text += f" {side} {rule.anchor}"
    return text


@require_safe
def rule_list(request: CouncilRequest) -> HttpResponse:
    """Every rule that binds the council today, by subject."""
    profile = profile_for(request.council, timezone.localdate())
    groups: dict[str, list[tuple[ResolvedRule, str]]] = {}
    for key, row in profile.rules.items():
        prefix = key.partition(".")[0]
        title = str(_GROUPS.get(prefix, prefix))
        groups.setdefault(title, []).append((row, value_text(row.rule, row.value)))
    own = sum(row.override is not None for row in profile.rules.values())
    return render(
        request,
        "procedure/rules.html",
        {
            "profile": profile,
            "profile_title": profiles()[profile.name].title,
            "groups": groups,
            "own": own,
            "office": request.actor.is_office,
        },
    )


class OverrideForm(forms.Form):
    """The council's own value of one rule."""

    value = forms.CharField(label=gettext_lazy("Giá trị của Hội đồng"), max_length=40)
    legal_basis = forms.CharField(
        label=gettext_lazy("Căn cứ (văn bản, điều khoản)"), max_length=300, required=False
    )
    reason = forms.CharField(label=gettext_lazy("Lý do"), max_length=300)
    valid_from = forms.DateField(
        label=gettext_lazy("Áp dụng từ ngày"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )

    def __init__(self, rule: Rule, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if rule.unit == "choice":
            choices = [(choice, _CHOICES.get(choice, choice)) for choice in rule.choices]
            self.fields["value"] = forms.ChoiceField(
                label=gettext_lazy("Giá trị của Hội đồng"), choices=choices
            )
        elif rule.unit == "ratio":
            self.fields["value"].help_text = _("Viết như 2/3.")
        elif rule.unit == "date":
            self.fields["value"].help_text = _("Viết tháng-ngày, như 12-20.")
        elif rule.unit in _UNITS:
            self.fields["value"].help_text = str(_UNITS[rule.unit])
        if rule.overridable_by == "law":
            self.fields["legal_basis"].required = True


@require_http_methods(["GET", "HEAD", "POST"])
def rule(request: CouncilRequest, key: str) -> HttpResponse:
    """One rule: its article and note, what the council decided about it, and the form."""
    profile = profile_for(request.council, timezone.localdate())
    if key not in profile.rules:
        raise Http404
    row = profile.rules[key]
    initial = {"value": row.value, "valid_from": timezone.localdate()}
    if request.method == "POST":
        rules.require_office(request.actor)
    form = OverrideForm(row.rule, request.POST or None, initial=initial)
    if request.method == "POST" and request.POST.get("reset") == "1":
        return _reset(request, key)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            actions.override_rule(
                key,
                data["value"],
                reason=data["reason"],
                legal_basis=data["legal_basis"],
                valid_from=data["valid_from"],
                by=request.actor,
            )
        except Refused as refused:
            form.add_error(None, refused.sentence)
        else:
            messages.success(
                request, _("Đã ghi. Kỳ họp đang chuẩn bị giữ quy tắc đã chốt trước đó.")
            )
            return redirect("procedure:rule", request.council.slug, key)
    history = [
        (
            change,
            _("trở về mặc định")
            if change.value == BACK_TO_DEFAULT
            else value_text(row.rule, change.value),
        )
        for change in queries.overrides_for(request.actor, key)
    ]
    return render(
        request,
        "procedure/rule.html",
        {
            "row": row,
            "rule": row.rule,
            "text": value_text(row.rule, row.value),
            "default": value_text(row.rule, row.rule.value),
            "form": form if request.actor.is_office else None,
            "history": history,
        },
    )


def _reset(request: CouncilRequest, key: str) -> HttpResponse:
    try:
        actions.reset_rule(key, reason=request.POST.get("reason", ""), by=request.actor)
    except Refused as refused:
        messages.error(request, refused.sentence)
    else:
        messages.success(request, _("Đã trở về giá trị mặc định."))
    return redirect("procedure:rule", request.council.slug, key)


class HolidayForm(forms.Form):
    """A day off, or a day worked."""

    day = forms.DateField(
        label=gettext_lazy("Ngày"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    name = forms.CharField(label=gettext_lazy("Tên"), max_length=120)
    working = forms.BooleanField(
        label=gettext_lazy("Ngày này làm việc (làm bù hoặc không nghỉ)"), required=False
    )


@require_http_methods(["GET", "HEAD", "POST"])
def holidays(request: CouncilRequest) -> HttpResponse:
    """Days off that deadlines are counted with."""
    form = HolidayForm(request.POST or None)
    if request.method == "POST":
        rules.require_office(request.actor)
        if form.is_valid():
            data = form.cleaned_data
            actions.set_holiday(
                data["day"], name=data["name"], working=data["working"], by=request.actor
            )
            messages.success(request, _("Đã ghi. Các hạn được tính lại ngay."))
            return redirect("procedure:holidays", request.council.slug)
    rows = [(row, weekday_date_vn(row.day)) for row in holiday_rows(request.council)]
    today = timezone.localdate()
    return render(
        request,
        "procedure/holidays.html",
        {
            "coming": [pair for pair in rows if pair[0].day >= today],
            "past": [pair for pair in rows if pair[0].day < today],
            "form": form if request.actor.is_office else None,
        },
    )


@require_POST
def remove_holiday(request: CouncilRequest, pk: uuid.UUID) -> HttpResponse:
    """Take back a day this council added."""
    row = queries.own_holiday_for(request.actor, pk)
    actions.remove_holiday(row, by=request.actor)
    messages.success(request, _("Đã bỏ ngày này khỏi lịch riêng của Hội đồng."))
    return redirect("procedure:holidays", request.council.slug)
