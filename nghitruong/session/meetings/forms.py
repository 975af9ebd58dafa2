"""Forms of sessions, sittings and agenda items."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from nghitruong.council.councils.models import Organization, OrganizationKind
from nghitruong.council.councils.roles import Actor
from nghitruong.session.meetings.models import ItemKind, SessionKind, Sitting, SittingKind
from nghitruong.session.meetings.rules import REQUIRERS


def _date() -> forms.DateInput:
    return forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


def _moment() -> forms.DateTimeInput:
    return forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")


_MOMENTS = ["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S"]


class SessionForm(forms.Form):
    """A new session."""

    number = forms.IntegerField(label=_("Kỳ họp thứ"), min_value=1, max_value=200)
    kind = forms.ChoiceField(label=_("Loại kỳ họp"), choices=SessionKind.choices)
    expected_opening = forms.DateField(
        label=_("Ngày dự kiến khai mạc"),
        widget=_date(),
        help_text=_("Mọi hạn chuẩn bị tính từ ngày này; đổi ngày thì tất cả tính lại."),
    )
    required_by = forms.ChoiceField(
        label=_("Người yêu cầu"),
        choices=[("", _("(kỳ họp thường lệ)")), *((name, name) for name in REQUIRERS)],
        required=False,
        help_text=_("Bắt buộc với kỳ họp chuyên đề, đột xuất (Luật 72/2025/QH15, Điều 34)."),
    )
    title = forms.CharField(
        label=_("Tên kỳ họp"),
        max_length=200,
        required=False,
        help_text=_("Để trống thì tự đặt theo số và loại."),
    )
    place = forms.CharField(label=_("Địa điểm"), max_length=200, required=False)


class SessionEditForm(forms.Form):
    """What may be corrected without moving the plan."""

    title = forms.CharField(label=_("Tên kỳ họp"), max_length=200)
    place = forms.CharField(label=_("Địa điểm"), max_length=200, required=False)
    required_by = forms.CharField(label=_("Người yêu cầu"), max_length=200, required=False)


class OpeningForm(forms.Form):
    """Another opening date."""

    to = forms.DateField(label=_("Ngày dự kiến khai mạc mới"), widget=_date())


class TaskForm(forms.Form):
    """A task of this session alone."""

    title = forms.CharField(label=_("Việc"), max_length=300)
    due = forms.DateField(label=_("Hạn"), widget=_date())
    owner: forms.ModelChoiceField[Any] = forms.ModelChoiceField(
        label=_("Nơi chủ trì"), queryset=None, required=False, empty_label=_("(chưa giao)")
    )

    def __init__(self, actor: Actor, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        bodies = Organization.objects.filter(council=actor.council)
        self.fields["owner"].queryset = bodies.order_by("sort_order", "code")  # type: ignore[attr-defined]


class SittingForm(forms.Form):
    """A planned sitting."""

    kind = forms.ChoiceField(label=_("Loại phiên"), choices=SittingKind.choices)
    title = forms.CharField(label=_("Tên phiên"), max_length=200, required=False)
    starts_at = forms.DateTimeField(label=_("Bắt đầu"), widget=_moment(), input_formats=_MOMENTS)
    ends_at = forms.DateTimeField(
        label=_("Kết thúc"), widget=_moment(), input_formats=_MOMENTS, required=False
    )
    place = forms.CharField(label=_("Địa điểm"), max_length=200, required=False)
    closed_doors = forms.BooleanField(label=_("Họp kín"), required=False)


class SittingField(forms.ModelChoiceField):  # type: ignore[type-arg]
    """Sittings as the agenda heads them."""

    def label_from_instance(self, obj: Any) -> str:
        """«Phiên 2: Thảo luận»."""
        return sitting_name(obj)


def sitting_name(sitting: Sitting) -> str:
    """As the agenda's heading calls it."""
    return gettext("Phiên %(n)s: %(title)s") % {"n": sitting.number, "title": sitting.title}


class ItemForm(forms.Form):
    """An agenda item; ``sittings``: those a new one may go to (one that is there is moved)."""

    title = forms.CharField(label=_("Nội dung"), max_length=500)
    sitting = SittingField(
        label=_("Phiên họp"),
        queryset=None,
        required=False,
        empty_label=_("Chưa xếp vào phiên nào"),
        to_field_name="number",
    )
    kind = forms.ChoiceField(label=_("Loại nội dung"), choices=ItemKind.choices)
    presenter = forms.CharField(label=_("Người trình bày"), max_length=200, required=False)
    presenting_body: forms.ModelChoiceField[Any] = forms.ModelChoiceField(
        label=_("Cơ quan trình"), queryset=None, required=False, empty_label=_("(không có)")
    )
    minutes = forms.IntegerField(
        label=_("Thời lượng (phút)"), min_value=0, max_value=1440, initial=10
    )
    closed_doors = forms.BooleanField(label=_("Họp kín"), required=False)

    def __init__(
        self, actor: Actor, *args: Any, sittings: QuerySet[Sitting] | None = None, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        if sittings is None:
            del self.fields["sitting"]
        else:
            self.fields["sitting"].queryset = sittings  # type: ignore[attr-defined]
        bodies = Organization.objects.filter(council=actor.council).exclude(
            kind=OrganizationKind.GROUP
        )
        field: Any = self.fields["presenting_body"]
        field.queryset = bodies.order_by("sort_order", "code")


class InviteForm(forms.Form):
    """Guests chosen from the people the council knows and has not summoned yet."""

    people: forms.ModelMultipleChoiceField[Any] = forms.ModelMultipleChoiceField(
        label=_("Khách mời"), queryset=None
    )

    def __init__(self, invitable: Any, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["people"].queryset = invitable  # type: ignore[attr-defined]
