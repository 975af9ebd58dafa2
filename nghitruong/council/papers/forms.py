"""Forms of papers."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from nghitruong.council.councils.models import Organization, OrganizationKind
from nghitruong.council.councils.roles import Actor
from nghitruong.council.papers.models import Paper, PaperKind, Secrecy

_SUBMITTERS = (
    OrganizationKind.STANDING,
    OrganizationKind.COMMITTEE,
    OrganizationKind.OFFICE,
    OrganizationKind.EXECUTIVE,
    OrganizationKind.AGENCY,
    OrganizationKind.FRONT,
)


class DescriptionForm(forms.Form):
    """What a paper is; used for a new file and for correcting a description."""

    kind = forms.ChoiceField(label=_("Loại tài liệu"), choices=PaperKind.choices)
    title = forms.CharField(
        label=_("Tên tài liệu"),
        max_length=500,
        required=False,
        help_text=_("Để trống thì lấy theo tên tệp."),
    )
    number = forms.CharField(label=_("Số, ký hiệu"), max_length=60, required=False)
    dated = forms.DateField(
        label=_("Ngày văn bản"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    issuing_body: forms.ModelChoiceField[Any] = forms.ModelChoiceField(
        label=_("Cơ quan trình"),
        queryset=None,
        required=False,
        empty_label=_("(cơ quan khác)"),
    )
    issuer = forms.CharField(
        label=_("Tên cơ quan ban hành"),
        max_length=200,
        required=False,
        help_text=_("Chỉ cần ghi khi cơ quan không có trong danh sách trên."),
    )

    def __init__(self, actor: Actor, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["issuing_body"]
        field.queryset = Organization.objects.filter(
            council=actor.council, kind__in=_SUBMITTERS
        ).order_by("sort_order", "code")


class NewPaperForm(DescriptionForm):
    """Description of files about to be sent; the secrecy is asked for every time."""

    secrecy = forms.ChoiceField(
        label=_("Độ mật"),
        choices=[("", _("Không mật")), *Secrecy.choices],
        required=False,
        help_text=_("Tài liệu Mật trở lên không được đưa vào hệ thống (Luật 117/2025/QH15, Đ5)."),
    )


class EditForm(DescriptionForm):
    """Correcting a description: the title may not be emptied."""

    def __init__(self, actor: Actor, paper: Paper, *args: Any, **kwargs: Any) -> None:
        kwargs["initial"] = {
            name: getattr(paper, name)
            for name in ("kind", "title", "number", "dated", "issuing_body", "issuer")
        }
        super().__init__(actor, *args, **kwargs)
        self.fields["title"].required = True
        self.fields["title"].help_text = ""


class ReasonForm(forms.Form):
    """A reason that goes on record."""

    reason = forms.CharField(label=_("Lý do"), max_length=300)


class StubForm(forms.Form):
    """A secret paper received on paper: no subject is asked for, none is kept."""

    degree = forms.ChoiceField(label=_("Độ mật"), choices=Secrecy.choices)
    number = forms.CharField(label=_("Số, ký hiệu"), max_length=60, required=False)
    issuer = forms.CharField(label=_("Cơ quan ban hành"), max_length=200, required=False)
