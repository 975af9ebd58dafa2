"""Asking for a paper, opening a room, narrowing the lists."""

from __future__ import annotations

from typing import Any

import django_filters
from django import forms
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from nghitruong.council.councils.models import Organization, OrganizationKind, Person
from nghitruong.council.councils.queries import people_serving
from nghitruong.council.councils.roles import Actor
from nghitruong.council.papers.models import PaperKind
from nghitruong.session.meetings.models import AgendaItem, Session
from nghitruong.session.submissions import queries, rules
from nghitruong.session.submissions.models import Ask, AskState, Room


def _bodies(actor: Actor, kinds: tuple[OrganizationKind, ...]) -> QuerySet[Organization]:
    bodies = Organization.objects.filter(council=actor.council, kind__in=kinds)
    return bodies.order_by("sort_order", "code")


class AskForm(forms.Form):
    """One paper asked of one body."""

    body: forms.ModelChoiceField[Any] = forms.ModelChoiceField(
        label=_("Cơ quan"), queryset=None, empty_label=_("Chọn cơ quan")
    )
    kind = forms.ChoiceField(
        label=_("Loại tài liệu"), choices=[("", _("Chọn loại")), *PaperKind.choices]
    )
    title = forms.CharField(label=_("Tên dự kiến"), max_length=500)
    item: forms.ModelChoiceField[Any] = forms.ModelChoiceField(
        label=_("Nội dung chương trình"),
        queryset=None,
        required=False,
        empty_label=_("(chưa gắn với nội dung nào)"),
    )
    due = forms.DateField(
        label=_("Hạn riêng"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=_("Để trống thì tính theo quy chế của kỳ họp."),
    )
    note = forms.CharField(label=_("Yêu cầu thêm"), max_length=500, required=False)

    def __init__(self, actor: Actor, session: Session, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        bodies: Any = self.fields["body"]
        bodies.queryset = _bodies(actor, rules.ASKED_KINDS)
        items: Any = self.fields["item"]
        items.queryset = AgendaItem.objects.filter(session=session).order_by("order")


class NumberForm(forms.Form):
    """What a body says of the file it sends: all else was said when it was asked."""

    number = forms.CharField(label=_("Số, ký hiệu"), max_length=60, required=False)
    dated = forms.DateField(
        label=_("Ngày văn bản"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    reason = forms.CharField(
        label=_("Thay đổi so với bản trước"),
        max_length=300,
        required=False,
        help_text=_("Chỉ cần ghi khi gửi bản thay thế."),
    )


class AskFilter(django_filters.FilterSet):
    """Narrowing the list of asks."""

    ky_hop = django_filters.ModelChoiceFilter(
        field_name="session",
        label=_("Kỳ họp"),
        queryset=lambda request: queries.sessions_with_asks(request.actor),  # type: ignore[arg-type]  # the stubs know no callable
        empty_label=_("Tất cả"),
    )
    buoc = django_filters.ChoiceFilter(
        field_name="stage",
        label=_("Bước"),
        choices=lambda: [
            (stage, queries.stage_label(stage)) for stage in (*AskState.values, queries.CIRCULATED)
        ],
        empty_label=_("Tất cả"),
    )
    loai = django_filters.ChoiceFilter(
        field_name="kind", label=_("Loại"), choices=PaperKind.choices, empty_label=_("Tất cả")
    )

    class Meta:
        model = Ask
        fields: list[str] = []


class RoomForm(forms.Form):
    """A room and who reads in it."""

    name = forms.CharField(label=_("Tên phòng"), max_length=200)
    purpose = forms.CharField(label=_("Mục đích"), max_length=500, required=False)
    bodies: forms.ModelMultipleChoiceField[Any] = forms.ModelMultipleChoiceField(
        label=_("Tổ chức được đọc"),
        queryset=None,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    people: forms.ModelMultipleChoiceField[Any] = forms.ModelMultipleChoiceField(
        label=_("Người được đọc thêm"),
        queryset=None,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, actor: Actor, room: Room | None, *args: Any, **kwargs: Any) -> None:
        readers = list(room.readers.all()) if room is not None else []
        if room is not None:
            kwargs["initial"] = {
                "name": room.name,
                "purpose": room.purpose,
                "bodies": [row.body_id for row in readers if row.body_id],
                "people": [row.person_id for row in readers if row.person_id],
            }
        super().__init__(*args, **kwargs)
        bodies: Any = self.fields["bodies"]
        bodies.queryset = _bodies(actor, tuple(OrganizationKind))
        people: Any = self.fields["people"]
        serving = people_serving(actor, timezone.localdate()).values("pk")
        already = [row.person_id for row in readers if row.person_id]  # whoever stopped serving too
        people.queryset = Person.objects.filter(
            Q(pk__in=serving) | Q(pk__in=already), council=actor.council
        ).order_by("sort_key")
