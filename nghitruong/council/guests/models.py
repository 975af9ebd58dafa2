"""Passes, and the papers given to guests one by one."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from nghitruong.council.councils.models import CouncilRow, Person
from nghitruong.council.papers.models import Paper


class GuestPass(CouncilRow):
    """A way in for one guest. Neither the QR token nor the PIN is stored: only their digests."""

    person = models.ForeignKey(
        Person, models.PROTECT, related_name="guest_passes", verbose_name="khách"
    )
    number = models.PositiveIntegerField("số thẻ")
    token_digest = models.CharField("băm mã vuông", max_length=64, unique=True)
    pin_digest = models.CharField("băm mã PIN", max_length=64)
    tries = models.PositiveSmallIntegerField("số lần gõ sai", default=0)
    ends_on = models.DateField("dùng đến hết ngày")
    issued_at = models.DateTimeField("cấp lúc")
    issued_by_name = models.CharField("người cấp", max_length=200)
    used_at = models.DateTimeField("vào lúc", null=True, blank=True)
    revoked_at = models.DateTimeField("thu hồi lúc", null=True, blank=True)
    revoked_by_name = models.CharField("người thu hồi", max_length=200, blank=True)

    class Meta:
        verbose_name = "thẻ khách"
        verbose_name_plural = "thẻ khách"
        constraints = [
            models.UniqueConstraint(fields=["council", "number"], name="guest_pass_number_once"),
            models.UniqueConstraint(
                fields=["person"],
                condition=Q(revoked_at__isnull=True),
                name="guest_pass_one_in_force",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person}, thẻ số {self.number}"


class GuestPaper(CouncilRow):
    """A released paper this guest may read."""

    person = models.ForeignKey(
        Person, models.CASCADE, related_name="guest_papers", verbose_name="khách"
    )
    paper = models.ForeignKey(
        Paper, models.CASCADE, related_name="guest_readers", verbose_name="tài liệu"
    )
    given_at = models.DateTimeField("cho đọc lúc", auto_now_add=True)
    given_by_name = models.CharField("người cho đọc", max_length=200)

    class Meta:
        verbose_name = "tài liệu cho khách"
        verbose_name_plural = "tài liệu cho khách"
        constraints = [models.UniqueConstraint(fields=["person", "paper"], name="guest_paper_once")]

    def __str__(self) -> str:
        return f"{self.person}: {self.paper}"
