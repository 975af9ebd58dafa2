"""Giving a duty, naming an account, narrowing the list."""

from __future__ import annotations

from typing import Any

import django_filters
from django import forms
from django.core.validators import RegexValidator
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from nghitruong.council.councils.models import DutyKind, Person
from nghitruong.council.councils.periods import in_force
from nghitruong.council.councils.roles import CLERK_DUTIES, Actor
from nghitruong.council.councils.rules import may_give

ALL_CLERK = "clerk"  # not a duty: all five of them, as where one person is the whole secretariat


class DutyForm(forms.Form):
    """Which duty, of those the actor may give."""

    kind = forms.ChoiceField(
        label=_("Nhiệm vụ"), widget=forms.Select(attrs={"class": "form-select"})
    )

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # Nothing chosen beforehand: a duty must never be given by not looking.
        choices = [("", _("Chọn nhiệm vụ")), (ALL_CLERK, _("Mọi nhiệm vụ thư ký"))] + [
            (kind.value, kind.label) for kind in DutyKind if may_give(actor, kind)
        ]
        field = self.fields["kind"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101  # for mypy
        field.choices = choices

    def kinds(self) -> list[DutyKind]:
        """The duties chosen."""
        chosen = self.cleaned_data["kind"]
        if chosen == ALL_CLERK:
            return [kind for kind in DutyKind if kind in CLERK_DUTIES]
        return [DutyKind(chosen)]


class UsernameForm(forms.Form):
    """The name to sign in with."""

    username = forms.CharField(
        label=_("Tên đăng nhập"),
        max_length=60,
        help_text=_("Chữ thường không dấu, chữ số, dấu chấm; dễ đọc trên giấy."),
        widget=forms.TextInput(
            attrs={"class": "form-control", "autocapitalize": "none", "spellcheck": "false"}
        ),
        validators=[
            RegexValidator(
                r"^[A-Za-z0-9._-]+\Z", _("Chỉ dùng chữ không dấu, chữ số và các dấu . - _")
            )
        ],
    )


class AccountFilter(django_filters.FilterSet):
    """By duty, and by whether they can sign in."""

    nhiem_vu = django_filters.ChoiceFilter(
        label=_("Nhiệm vụ"), choices=DutyKind.choices, method="with_duty", empty_label=_("Tất cả")
    )
    tinh_trang = django_filters.ChoiceFilter(
        label=_("Tình trạng"),
        choices=[
            ("chua-co", _("chưa có tài khoản")),
            ("chua-doi", _("chưa đổi mật khẩu lần đầu")),
            ("dang-dung", _("đang dùng")),
            ("khoa", _("đang khóa")),
        ],
        method="with_state",
        empty_label=_("Tất cả"),
    )

    class Meta:
        model = Person
        fields: list[str] = []

    def with_duty(self, people: QuerySet[Person], name: str, value: str) -> QuerySet[Person]:
        """Who has the duty today."""
        from nghitruong.council.councils.models import Duty

        holders = Duty.objects.filter(in_force(timezone.localdate()), kind=value)
        return people.filter(pk__in=holders.values("person"))

    def with_state(self, people: QuerySet[Person], name: str, value: str) -> QuerySet[Person]:
        """The words of the column «Tình trạng»."""
        return {
            "chua-co": people.filter(account__isnull=True),
            "chua-doi": people.filter(account__is_active=True, account__must_change_password=True),
            "dang-dung": people.filter(
                account__is_active=True, account__must_change_password=False
            ),
            "khoa": people.filter(account__is_active=False),
        }[value]
