"""Forms of papers."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import Q
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
        self._actor = actor
        self._offer_bodies(Q(kind__in=_SUBMITTERS))

    def _offer_bodies(self, which: Q) -> None:
        field: Any = self.fields["issuing_body"]
        field.queryset = Organization.objects.filter(which, council=self._actor.council).order_by(
            "sort_order", "code"
        )


class NewPaperForm(DescriptionForm):
    """Description of files about to be sent; the secrecy is asked for every time."""

    secrecy = forms.ChoiceField(
        label=_("Độ mật"),
        choices=[("", _("Không mật")), *Secrecy.choices],
        required=False,
        help_text=_("Tài liệu Mật trở lên không được đưa vào hệ thống (Luật 117/2025/QH15, Đ5)."),
    )


class EditForm(DescriptionForm):
    """Correcting a description: the title may not be emptied.

    What each field held when the page was drawn is sent along: only what the person changed is
    written, and what another changed meanwhile is noticed.
    """

    data: Any  # a copy of what was sent, to be completed

    def __init__(self, actor: Actor, paper: Paper, data: Any = None) -> None:
        names = ("kind", "title", "number", "dated", "issuing_body", "issuer")
        held = {name: getattr(paper, name) for name in names}
        super().__init__(actor, data and data.copy(), initial=held)
        # An import recognises any body of the council, and what the paper has is always a choice.
        self._offer_bodies(Q(kind__in=_SUBMITTERS) | Q(pk=paper.issuing_body_id))
        self.fields["title"].required = True
        self.fields["title"].help_text = ""
        for name in names:
            self.fields[name].show_hidden_initial = True
            if self.is_bound:  # a page drawn before it was sent along: what is there was seen
                self.data.setdefault(f"initial-{name}", self._sent(name))

    def _sent(self, name: str) -> str:
        """A field's value on the page, as the browser sends it."""
        value = self.fields[name].prepare_value(self.initial[name])
        return "" if value is None else str(value)

    def changes(self) -> dict[str, Any]:
        """The fields the person changed, with what they want."""
        return {name: self.cleaned_data[name] for name in self.changed_data}

    def seen(self) -> dict[str, Any]:
        """What those fields held on the page."""
        found: dict[str, Any] = {}
        for name in self.changed_data:
            try:
                found[name] = self.fields[name].to_python(self.data[f"initial-{name}"])
            except forms.ValidationError:  # a body that is gone
                found[name] = None
        return found

    def over(self, paper: Paper) -> EditForm:
        """The same words over the paper as it is by now: pressed again, they are meant."""
        again = EditForm(self._actor, paper, self.data)
        for name in again.fields:
            again.data[f"initial-{name}"] = again._sent(name)
            if name not in self.changed_data:
                again.data[name] = again._sent(name)
        return again


class ReasonForm(forms.Form):
    """A reason that goes on record."""

    reason = forms.CharField(label=_("Lý do"), max_length=300)


class StubForm(forms.Form):
    """A secret paper received on paper: no subject is asked for, none is kept."""

    degree = forms.ChoiceField(label=_("Độ mật"), choices=Secrecy.choices)
    number = forms.CharField(label=_("Số, ký hiệu"), max_length=60, required=False)
    issuer = forms.CharField(label=_("Cơ quan ban hành"), max_length=200, required=False)
