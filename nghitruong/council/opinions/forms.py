"""Forms of opinions."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from nghitruong.council.opinions.models import Decision
from nghitruong.council.opinions.rules import TEXT_MOST


class OpinionForm(forms.Form):
    """What a delegate says; the place stands in the address, the nonce is made with the page."""

    text = forms.CharField(
        label=_("Ý kiến của tôi"),
        max_length=TEXT_MOST,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text=_("Nêu điều chưa hợp lý và đề nghị sửa thế nào."),
    )
    nonce = forms.UUIDField(widget=forms.HiddenInput)


class AnswerForm(forms.Form):
    """The drafting agency's answer."""

    decision = forms.ChoiceField(
        label=_("Kết quả"), choices=Decision.choices, widget=forms.RadioSelect
    )
    text = forms.CharField(
        label=_("Nội dung tiếp thu hoặc lý do giải trình"),
        max_length=TEXT_MOST,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_("Tiếp thu: ghi rõ đã sửa ở điều, khoản nào, bản nào. Giải trình: ghi lý do."),
    )


class ReturnForm(forms.Form):
    """Why the Ban does not find it taken up."""

    reason = forms.CharField(
        label=_("Điều Ban chưa đồng ý"),
        max_length=TEXT_MOST,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
