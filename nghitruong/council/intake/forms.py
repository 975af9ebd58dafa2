"""The scanner's folder, switched on or off."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from nghitruong.council.papers.models import PaperKind


class ScannerForm(forms.Form):
    """Where scanned files go. ``sessions`` are (key, name) of sessions still in preparation; they
    belong to a layer above, which registers how to list them."""

    enabled = forms.BooleanField(label=_("Nhận tệp từ thư mục máy quét"), required=False)
    kind = forms.ChoiceField(label=_("Loại tài liệu ban đầu"), choices=PaperKind.choices)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kind"].help_text = _("Sửa lại cho từng tài liệu sau khi nhận.")
