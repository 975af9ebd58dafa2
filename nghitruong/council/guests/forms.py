"""Giving a pass; coming in with one."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class PassForm(forms.Form):
    """Until when."""

    ends_on = forms.DateField(
        label=_("Dùng đến hết ngày"), widget=forms.DateInput(attrs={"type": "date"})
    )

    def clean_ends_on(self) -> date:
        """Not a day that is over."""
        day: date = self.cleaned_data["ends_on"]
        if day < timezone.localdate():
            raise forms.ValidationError(_("Ngày này đã qua. Hãy chọn từ hôm nay."))
        return day


class EntryForm(forms.Form):
    """Number and PIN, as printed on the pass."""

    number = forms.IntegerField(
        label=_("Số thẻ"),
        min_value=1,
        max_value=2_000_000_000,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )
    pin = forms.CharField(
        label=_("Mã PIN"),
        max_length=20,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "one-time-code"}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            field.widget.attrs["class"] = "form-control form-control-lg"


class GuestForm(forms.Form):
    """A guest the council does not know yet."""

    full_name = forms.CharField(label=_("Họ và tên"), max_length=120)
    title = forms.CharField(label=_("Chức danh, nơi công tác"), max_length=300, required=False)
