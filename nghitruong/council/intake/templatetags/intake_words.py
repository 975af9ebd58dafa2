"""Signatures in words. A chip never says «valid» of what nobody here can vouch for."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django import template
from django.template.defaultfilters import date as date_format
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

register = template.Library()


@register.filter
def moment_of(value: str) -> str:
    """An ISO time as people write it, in local time."""
    try:
        moment = datetime.fromisoformat(value)
    except ValueError:
        return ""
    if timezone.is_naive(moment):
        moment = timezone.make_aware(moment)
    return date_format(timezone.localtime(moment), "H:i d/m/Y")


@register.simple_tag
def signature_chip(one: dict[str, Any]) -> SafeString:
    """The state of a signature, with a shape that says the same without colour."""
    label, kind, icon = {
        "valid": (_("Chữ ký số hợp lệ"), "yes", "signature"),
        "unknown_root": (_("Chữ ký nguyên vẹn, chưa xác minh nơi cấp"), "info", "signature"),
        "added": (_("Có nội dung thêm sau khi ký"), "warn", "file-alert"),
        "changed": (_("Chữ ký không khớp nội dung"), "no", "file-alert"),
    }.get(one.get("state", ""), (_("Chữ ký không đọc được"), "warn", "file-alert"))
    context = {"label": label, "kind": kind, "icon_name": icon}
    return render_to_string("ui/components/chip.html", context)


@register.filter
def signature_words(one: dict[str, Any]) -> str:
    """What was and what was not established."""
    words = {
        "valid": _("Nội dung đúng như khi ký; chứng thư dẫn tới gốc mà máy chủ tin cậy."),
        "unknown_root": _(
            "Nội dung đúng như khi ký. Máy chủ này chưa có chứng thư gốc của nơi cấp nên không xác "
            "nhận được người ký."
        ),
        "added": _("Phần đã ký còn nguyên, nhưng sau đó tệp được thêm nội dung không được ký."),
        "changed": _("Nội dung không còn đúng như khi ký."),
    }.get(one.get("state", ""), _("Không đọc được chữ ký này."))
    if one.get("expired"):
        words += " " + _("Chứng thư không còn (hoặc chưa) có hiệu lực vào lúc ký.")
    if "sha1" in one.get("algorithm", ""):
        words += " " + _("Chữ ký dùng thuật toán cũ SHA-1.")
    return words
