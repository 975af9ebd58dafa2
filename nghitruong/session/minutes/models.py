"""Versions of minutes."""

from __future__ import annotations

from django.db import models

from nghitruong.council.councils.models import CouncilRow
from nghitruong.session.meetings.models import Sitting


class MinutesVersion(CouncilRow):
    """One generated file of a sitting's minutes."""

    sitting = models.ForeignKey(
        Sitting, models.PROTECT, related_name="minutes_versions", verbose_name="phiên họp"
    )
    number = models.PositiveSmallIntegerField("bản")
    sha256 = models.CharField("mã băm tệp", max_length=64)
    size = models.PositiveIntegerField("dung lượng")
    made_at = models.DateTimeField("lập lúc", auto_now_add=True)
    made_by_name = models.CharField("người lập", max_length=200)
    reason = models.CharField("lý do lập lại", max_length=300, blank=True)
    audit_position = models.PositiveBigIntegerField("vị trí nhật ký", default=0)
    audit_hash = models.CharField("mã băm nhật ký", max_length=64, blank=True)

    class Meta:
        verbose_name = "bản biên bản"
        verbose_name_plural = "bản biên bản"
        constraints = [
            models.UniqueConstraint(fields=["sitting", "number"], name="minutes_version_once")
        ]

    def __str__(self) -> str:
        return f"{self.sitting}, bản {self.number}"
