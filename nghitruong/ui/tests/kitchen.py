"""Every component on one page, for tests and for looking at. Serve it by hand:

python manage.py runserver 8101 --settings nghitruong.ui.tests.kitchen_settings
"""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.contrib.auth.models import Group
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import include, path

from nghitruong.ui import errors
from nghitruong.ui.lists import Column, ListPage


class KitchenForm(forms.Form):
    title = forms.CharField(label="Trích yếu", help_text="Ghi như trên văn bản.")
    kind = forms.ChoiceField(label="Loại", choices=[("nq", "Nghị quyết"), ("bc", "Báo cáo")])
    day = forms.DateField(label="Ngày ban hành", widget=forms.DateInput(attrs={"type": "date"}))
    secret = forms.BooleanField(label="Tài liệu có đóng dấu mật", required=False)
    way = forms.ChoiceField(
        label="Cách biểu quyết",
        choices=[("open", "Công khai"), ("secret", "Bỏ phiếu kín")],
        widget=forms.RadioSelect,
    )
    note = forms.CharField(
        label="Ghi chú", widget=forms.Textarea(attrs={"rows": 3}), required=False
    )


def sink(request: HttpRequest) -> HttpResponse:
    messages.success(request, "Đã ghi nhận.")
    messages.error(request, "Tệp này không phải PDF: hãy xuất lại từ phần mềm soạn thảo.")
    messages.warning(request, "Tài liệu gửi muộn 2 ngày so với quy định.")
    form = KitchenForm({"title": "", "kind": "nq"})
    return render(
        request,
        "ui/kitchen_sink.html",
        {
            "form": form,
            "crumbs": [("Kỳ họp", "#"), ("Kỳ họp thứ sáu", "#"), ("Phiên thứ hai", "")],
            "tabs": [("Chương trình", "#", True), ("Tài liệu", "#", False), ("Có mặt", "#", False)],
            "state": {"id": "", "slices": {}},
        },
    )


def groups(request: HttpRequest) -> HttpResponse:
    return ListPage(
        title="Đại biểu",
        noun="đại biểu",
        intro="Danh sách theo tên, thứ tự chữ cái tiếng Việt.",
        queryset=Group.objects.all(),
        columns=[
            Column("ten", "Họ và tên", "name", order=("name",), link=lambda row: f"#{row.pk}"),
            Column("so", "Số ghế", "pk", order=("pk",), number=True),
            Column("to", "Tổ đại biểu", lambda row: f"Tổ số {row.pk % 7 + 1}"),
        ],
        search=("name",),
        default_sort="ten",
    ).respond(request)


def fail(request: HttpRequest, status: int) -> HttpResponse:
    return errors.error_page(request, status)


def offline(request: HttpRequest) -> HttpResponse:
    return render(request, "ui/offline.html")


urlpatterns = [
    path("", sink, name="sink"),
    path("danh-sach/", groups, name="groups"),
    path("loi/<int:status>/", fail, name="fail"),
    path("khong-mang/", offline),
    path("tai-khoan/", include("allauth.account.urls")),
]
