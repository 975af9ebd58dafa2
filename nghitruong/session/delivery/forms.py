"""What was printed."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _


class PrintForm(forms.Form):
    """Sets × pages."""

    sets = forms.IntegerField(
        label=_("Số bộ đã in"),
        min_value=1,
        max_value=10_000,
        initial=2,  # the two sets of the chair
    )
    pages = forms.IntegerField(label=_("Số trang mỗi bộ"), min_value=1, max_value=100_000)
    note = forms.CharField(label=_("In cho ai"), max_length=200, required=False)
