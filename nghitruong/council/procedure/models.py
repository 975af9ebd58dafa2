"""A council's own values for rules, and days off."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from nghitruong.council.councils.models import Council, CouncilRow
from nghitruong.platform.storage.models import TimeOrdered


class RuleOverride(CouncilRow):
    """This council's value of a rule, with its reason and legal basis; the newest in force wins."""

    key = models.CharField("quy tắc", max_length=80)
    value = models.JSONField("giá trị")
    reason = models.CharField("lý do", max_length=300)
    legal_basis = models.CharField("căn cứ", max_length=300, blank=True)
    valid_from = models.DateField("từ ngày")
    decided_by = models.CharField("người quyết định", max_length=200)
    created_at = models.DateTimeField("ghi lúc", auto_now_add=True)

    class Meta:
        verbose_name = "quy định riêng"
        verbose_name_plural = "quy định riêng"
        constraints = [models.CheckConstraint(condition=~Q(reason=""), name="override_has_reason")]

    def __str__(self) -> str:
        return f"{self.key} = {self.value}"


class Holiday(TimeOrdered):
    """A day off, or a weekend day worked instead; for one council or (null) the installation."""

    council = models.ForeignKey(
        Council, models.CASCADE, null=True, blank=True, verbose_name="Hội đồng nhân dân"
    )
    day = models.DateField("ngày")
    name = models.CharField("tên", max_length=120)
    working = models.BooleanField("làm bù", default=False)
    confirmed = models.BooleanField("đã đối chiếu", default=True)
    basis = models.CharField("căn cứ", max_length=300, blank=True)

    class Meta:
        verbose_name = "ngày nghỉ"
        verbose_name_plural = "ngày nghỉ"
        constraints = [
            models.UniqueConstraint(fields=["council", "day"], name="holiday_once"),
            models.UniqueConstraint(
                fields=["day"], condition=Q(council__isnull=True), name="holiday_once_for_all"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.day:%d/%m/%Y} {self.name}"
