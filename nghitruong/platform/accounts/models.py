"""Accounts: who may sign in. A person, a membership and a seat are other things (councils)."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.auth.models import AbstractUser
from django.db import models

from nghitruong.platform.storage.ids import new_id


class Account(AbstractUser):
    """A sign-in: user name and password. One account may act for persons in several councils."""

    id = models.UUIDField("mã", primary_key=True, default=new_id, editable=False)
    display_name = models.CharField("tên hiển thị", max_length=200, blank=True)
    must_change_password = models.BooleanField("phải đổi mật khẩu", default=False)
    is_demo = models.BooleanField("tài khoản minh họa", default=False)
    first_name = None  # type: ignore[assignment]  # a Vietnamese name is one string
    last_name = None  # type: ignore[assignment]

    REQUIRED_FIELDS: ClassVar[list[str]] = []

    class Meta:
        verbose_name = "tài khoản"
        verbose_name_plural = "tài khoản"

    def __str__(self) -> str:
        return self.display_name or self.username

    def get_full_name(self) -> str:
        """The name to show."""
        return self.display_name or self.username

    def get_short_name(self) -> str:
        """The same: Vietnamese address people by the whole name in writing."""
        return self.get_full_name()
