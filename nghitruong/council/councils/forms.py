"""What the office types about bodies and people."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from nghitruong.council.councils import attachments, queries
from nghitruong.council.councils.models import Council, Organization, OrganizationKind
from nghitruong.council.councils.roles import Actor


class Day(forms.DateField):
    """A civil date by the browser's own picker."""

    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class PersonForm(forms.Form):
    """What is known of a person."""

    full_name = forms.CharField(label=_("Họ và tên"), max_length=120)
    gender = forms.ChoiceField(
        label=_("Giới tính"),
        choices=[("", _("chưa ghi")), ("M", _("Nam")), ("F", _("Nữ"))],
        required=False,
    )
    birth_date = Day(label=_("Ngày sinh"), required=False)
    title = forms.CharField(label=_("Chức danh, nơi công tác"), max_length=300, required=False)
    phone = forms.CharField(label=_("Điện thoại"), max_length=20, required=False)
    email = forms.EmailField(label=_("Thư điện tử"), required=False)


# post → the words on papers, for the bodies where it is held
POSTS: dict[str, tuple[str, tuple[OrganizationKind, ...]]] = {
    "delegate": ("Đại biểu", (OrganizationKind.PLENARY,)),
    "council_chair": ("Chủ tịch HĐND", (OrganizationKind.STANDING,)),
    "council_vice_chair": ("Phó Chủ tịch HĐND", (OrganizationKind.STANDING,)),
    "standing_member": ("Ủy viên Thường trực HĐND", (OrganizationKind.STANDING,)),
    "committee_chair": ("Trưởng Ban", (OrganizationKind.COMMITTEE,)),
    "committee_vice_chair": ("Phó Trưởng Ban", (OrganizationKind.COMMITTEE,)),
    "committee_member": ("Ủy viên Ban", (OrganizationKind.COMMITTEE,)),
    "group_leader": ("Tổ trưởng", (OrganizationKind.GROUP,)),
    "group_deputy": ("Tổ phó", (OrganizationKind.GROUP,)),
    "group_member": ("Thành viên Tổ", (OrganizationKind.GROUP,)),
}


class SendForm(forms.Form):
    """A letter up or down, with copies of what other apps offer to send along."""

    receiver: forms.ModelChoiceField[Council] = forms.ModelChoiceField(
        queryset=None, label=_("Gửi tới"), empty_label=_("chọn Hội đồng cấp trên hoặc cấp dưới")
    )
    subject = forms.CharField(label=_("Trích yếu"), max_length=300)
    text = forms.CharField(
        label=_("Nội dung"),
        max_length=10_000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 6}),
    )
    attachments = forms.MultipleChoiceField(
        label=_("Gửi kèm bản sao tài liệu"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Nơi nhận có bản sao của lúc gửi, không thấy gì khác của Hội đồng."),
    )

    def __init__(self, actor: Actor, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        receiver: Any = self.fields["receiver"]
        receiver.queryset = queries.related_councils(actor.council)
        self._offered = {item.key: item for item in attachments.offered(actor)}
        field: Any = self.fields["attachments"]
        field.choices = [(key, item.label) for key, item in self._offered.items()]
        if not self._offered:
            del self.fields["attachments"]

    def files_chosen(self) -> list[dict[str, Any]]:
        """The chosen copies as the letter keeps them."""
        chosen = self.cleaned_data.get("attachments", [])
        return [self._offered[key].as_dict() for key in chosen]


class AppointForm(forms.Form):
    """A post in a body from a day on."""

    organization: forms.ModelChoiceField[Organization] = forms.ModelChoiceField(
        queryset=None, label=_("Tổ chức")
    )
    post = forms.ChoiceField(label=_("Chức vụ"))
    post_label = forms.CharField(
        label=_("Chức vụ ghi trên văn bản"),
        max_length=120,
        required=False,
        help_text=_("Để trống thì dùng tên chức vụ đã chọn."),
    )
    starts_on = Day(label=_("Từ ngày"))
    full_time = forms.BooleanField(label=_("Hoạt động chuyên trách"), required=False)

    def __init__(self, *args: Any, by: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        today = timezone.localdate()
        bodies: forms.ModelChoiceField[Organization] = self.fields["organization"]  # type: ignore[assignment]
        bodies.queryset = queries.organizations_for(by, on=today)
        choices: forms.ChoiceField = self.fields["post"]  # type: ignore[assignment]
        choices.choices = [
            *((post, label) for post, (label, _kinds) in POSTS.items()),
            ("member", _("Thành viên, chức vụ khác")),
        ]
        self.fields["starts_on"].initial = today

    def clean(self) -> dict[str, Any]:
        """A post belongs to its kind of body."""
        data = super().clean() or {}
        body, post = data.get("organization"), data.get("post", "")
        known = POSTS.get(post)
        if body and known and body.kind not in known[1]:
            self.add_error("post", _("Chức vụ này không thuộc tổ chức đã chọn."))
        if body and body.kind == OrganizationKind.PLENARY and post == "member":
            self.add_error("post", _("Trong Hội đồng chỉ có đại biểu."))
        if known and not data.get("post_label"):
            data["post_label"] = known[0]
        return data


class SeatForm(forms.Form):
    """A delegate's seat."""

    number = forms.IntegerField(label=_("Số ghế"), min_value=1, max_value=999)
    label = forms.CharField(label=_("Vị trí ngồi"), max_length=20, required=False)
    constituency = forms.CharField(label=_("Đơn vị bầu cử"), max_length=200, required=False)


class EndForm(forms.Form):
    """The last day of something, and why."""

    ends_on = Day(label=_("Ngày cuối cùng"))
    at_once = forms.BooleanField(
        label=_("Có hiệu lực ngay từ lúc này, không đợi hết ngày"),
        required=False,
        help_text=_(
            "Đang họp thì thôi biểu quyết và thôi tính vào tổng số đại biểu ngay; phiếu đã bỏ giữ "
            "nguyên, biên bản vẫn ghi tên. Chọn ô này thì ngày ghi ở trên không dùng đến."
        ),
    )
    reason = forms.CharField(label=_("Lý do"), max_length=300)


class ReasonForm(forms.Form):
    """Why."""

    reason = forms.CharField(label=_("Lý do"), max_length=300)


class BodyForm(forms.Form):
    """A body of or around the council."""

    kind = forms.ChoiceField(
        label=_("Loại"),
        choices=[
            (kind.value, kind.label)
            for kind in (
                OrganizationKind.COMMITTEE,
                OrganizationKind.GROUP,
                OrganizationKind.AGENCY,
                OrganizationKind.FRONT,
            )
        ],
    )
    name = forms.CharField(label=_("Tên"), max_length=200)


class UploadForm(forms.Form):
    """A list of delegates."""

    file = forms.FileField(
        label=_("Bảng danh sách"),
        help_text=_("Excel (.xlsx, .xls), ODS hoặc CSV; dòng tiêu đề có cột «Họ và tên»."),
        widget=forms.ClearableFileInput(attrs={"accept": ".xlsx,.xls,.ods,.csv"}),
    )
