"""Devices that hold a person's papers."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from nghitruong.council.councils.models import CouncilRow, Person


class Device(CouncilRow):
    """A browser on which a person has taken a briefcase; a shared tablet has a row per person.

    ``key`` is made on the device and known to it and to us alone: with it the device asks, signed
    in or not, whether it was reported lost, by whomever of its people. An emptied device forgets
    its key; if it takes a briefcase again it is a new row.
    """

    person = models.ForeignKey(
        Person, models.CASCADE, related_name="devices", verbose_name="người dùng máy"
    )
    key = models.UUIDField("mã của máy", db_index=True)
    label = models.CharField("máy", max_length=80)
    # [{"session": number, "title", "papers", "bytes", "at"}], as the device last told.
    holdings = models.JSONField("đang giữ", default=list, blank=True)
    # The sign-in of this browser when it was last heard of; never shown.
    sign_in = models.CharField("phiên đăng nhập", max_length=40, blank=True)
    first_at = models.DateTimeField("lần đầu", auto_now_add=True)
    seen_at = models.DateTimeField("liên lạc lần cuối", auto_now=True)
    ordered_at = models.DateTimeField("báo mất lúc", null=True, blank=True)
    ordered_by_name = models.CharField("người báo mất", max_length=200, blank=True)
    reason = models.CharField("lý do", max_length=300, blank=True)
    wiped_at = models.DateTimeField("máy báo đã xóa lúc", null=True, blank=True)

    class Meta:
        verbose_name = "máy giữ tài liệu"
        verbose_name_plural = "máy giữ tài liệu"
        constraints = [
            models.UniqueConstraint(fields=["person", "key"], name="device_once_a_person"),
            models.CheckConstraint(
                condition=Q(ordered_at__isnull=True) | ~Q(reason=""),
                name="device_order_has_reason",
            ),
        ]

    def __str__(self) -> str:
        return self.label
