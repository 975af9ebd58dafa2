"""Changing one's password."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib.auth import password_validation
from django.utils.translation import gettext_lazy as _

from nghitruong.platform.accounts.models import Account


class PasswordForm(forms.Form):
    """The present password (not asked for while it is a one-time one), and a new one twice."""

    current = forms.CharField(
        label=_("Mật khẩu đang dùng"),
        strip=False,
        widget=forms.PasswordInput(
            attrs={"autocomplete": "current-password", "class": "form-control"}
        ),
    )
    new = forms.CharField(
        label=_("Mật khẩu mới"),
        strip=False,
        help_text=_("Ít nhất 8 ký tự, không phải mật khẩu hay gặp."),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password", "class": "form-control"}),
    )
    again = forms.CharField(
        label=_("Gõ lại mật khẩu mới"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password", "class": "form-control"}),
    )

    def __init__(self, *args: Any, account: Account, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.account = account
        if account.must_change_password:
            # They typed the one-time password a moment ago.
            del self.fields["current"]

    def clean_current(self) -> str:
        """It must open the account."""
        current: str = self.cleaned_data["current"]
        if not self.account.check_password(current):
            raise forms.ValidationError(_("Mật khẩu đang dùng chưa đúng."))
        return current

    def clean_new(self) -> str:
        """Long enough, not a common one, not the one-time password again."""
        new: str = self.cleaned_data["new"]
        password_validation.validate_password(new, self.account)
        if self.account.check_password(new):
            raise forms.ValidationError(_("Mật khẩu mới phải khác mật khẩu đang dùng."))
        return new

    def clean(self) -> dict[str, Any]:
        """Twice the same."""
        data = super().clean() or {}
        if data.get("new") and data.get("again") and data["new"] != data["again"]:
            self.add_error("again", _("Hai lần gõ mật khẩu mới chưa giống nhau."))
        return data
