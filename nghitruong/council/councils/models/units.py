"""Provinces, old districts and communes within their dates."""

from __future__ import annotations

from django.db import models

from nghitruong.platform.storage.models import TimeOrdered


class UnitLevel(models.TextChoices):
    """Tiers are data: the district lives on in history (L72/2025 Đ1, Đ51)."""

    PROVINCE = "province", "cấp tỉnh"
    DISTRICT = "district", "cấp huyện (cũ)"
    COMMUNE = "commune", "cấp xã"


class AdministrativeUnit(TimeOrdered):
    """A province, old district or commune within its dates. Reference data, shared by all."""

    code = models.CharField("mã đơn vị", max_length=10)
    level = models.CharField("cấp", max_length=10, choices=UnitLevel)
    unit_type = models.CharField("loại", max_length=40)
    name = models.CharField("tên", max_length=120)
    full_name = models.CharField("tên đầy đủ", max_length=160)
    sort_key = models.CharField("khóa sắp xếp", max_length=400, db_index=True)
    fold = models.CharField("chữ không dấu", max_length=160, db_index=True)
    parent = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="children",
        verbose_name="thuộc",
    )
    valid_from = models.DateField("từ ngày", null=True)
    valid_to = models.DateField("đến hết ngày", null=True, blank=True)

    class Meta:
        verbose_name = "đơn vị hành chính"
        verbose_name_plural = "đơn vị hành chính"
        constraints = [
            models.UniqueConstraint(
                fields=["level", "code", "valid_from"], name="unit_level_code_from"
            )
        ]

    def __str__(self) -> str:
        return self.full_name


class UnitSuccession(TimeOrdered):
    """An old unit became (part of) a new one."""

    predecessor = models.ForeignKey(
        AdministrativeUnit, models.PROTECT, related_name="successions", verbose_name="đơn vị cũ"
    )
    successor = models.ForeignKey(
        AdministrativeUnit, models.PROTECT, related_name="precessions", verbose_name="đơn vị mới"
    )
    relation = models.CharField("quan hệ", max_length=20)  # whole, part, renamed
    is_default = models.BooleanField("mặc định", default=True)
    on = models.DateField("ngày")

    class Meta:
        verbose_name = "kế thừa đơn vị"
        verbose_name_plural = "kế thừa đơn vị"
        constraints = [
            models.UniqueConstraint(
                fields=["predecessor", "successor", "on"], name="succession_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.predecessor} → {self.successor}"
